/** Times of day, VR TM. PS3.5 6.2. */
import { digits } from './dicom-date.js';
import { invalidValue, required } from './invalid-value.js';

/** How exact a time is: its last component that is known. */
export type TimePrecision = 'hour' | 'minute' | 'second' | 'fraction';

/** Parts of a time from the left; none may follow one that is missing. */
export interface TimeParts {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute?: number | undefined;
  /** 0 to 60, the last for leap seconds. */
  readonly second?: number | undefined;
  /** Millionths of a second, 0 to 999999. */
  readonly microsecond?: number | undefined;
  /** Digits of the fraction that are known, 1 to 6. Default: as many as it takes to write it. */
  readonly fractionDigits?: number | undefined;
}

/**
 * A time of day, as exact as it was written: `10` is some time between ten and eleven. PS3.5 6.2, TM.
 *
 * @example
 * ```ts
 * import { DicomTime } from '@dicomwire/dimse/dataset';
 *
 * const time = DicomTime.parse('101530.25');
 * console.log(time.hour, time.microsecond, String(time)); // 10 250000 101530.25
 * console.log(DicomTime.parse('1015').precision); // minute
 * ```
 */
export class DicomTime {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59; `undefined` where it isn't known. */
  readonly minute: number | undefined;
  /** 0 to 60, the last for leap seconds; `undefined` where it isn't known. */
  readonly second: number | undefined;
  /** Millionths of a second, 0 to 999999; `undefined` where no fraction was written. */
  readonly microsecond: number | undefined;
  /** Digits of the fraction that were written, 0 to 6. */
  readonly fractionDigits: number;

  private constructor(parts: TimeParts) {
    this.hour = parts.hour;
    this.minute = parts.minute;
    this.second = parts.second;
    this.microsecond = parts.microsecond;
    this.fractionDigits = fractionDigitsOf(parts);
  }

  /** @throws DataSetError `invalid-value` for what no clock shows. */
  static of(parts: TimeParts): DicomTime {
    if (!areTimeParts(parts)) throw invalidValue('a time of day', JSON.stringify(parts));
    return new DicomTime(parts);
  }

  /**
   * Reads `101530.25` or the beginning of it up to any component, and `10:15:30.25` as it was written before DICOM.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): DicomTime {
    return required(DicomTime.tryParse(text), 'a time (HHMMSS.FFFFFF)', text);
  }

  /** As {@link DicomTime.parse}; `undefined` for what is no time. */
  static tryParse(text: string): DicomTime | undefined {
    const match = /^(\d\d)(?:(:?)(\d\d)(?:\2(\d\d)(?:\.(\d{1,6}))?)?)?$/.exec(text.trim());
    if (match === null) return undefined;
    const parts = timeParts(match[1] ?? '', match[3], match[4], match[5]);
    return areTimeParts(parts) ? new DicomTime(parts) : undefined;
  }

  /**
   * What the clock on the wall shows at a moment, to the millisecond.
   *
   * @param offsetMinutes - offset from UTC of that clock; default: the local time zone.
   */
  static fromDate(date: Date, offsetMinutes: number = -date.getTimezoneOffset()): DicomTime {
    const wall = new Date(date.getTime() + offsetMinutes * 60_000);
    return DicomTime.of({
      hour: wall.getUTCHours(),
      minute: wall.getUTCMinutes(),
      second: wall.getUTCSeconds(),
      microsecond: wall.getUTCMilliseconds() * 1000,
      fractionDigits: 3,
    });
  }

  /** For sorting: by the earliest moment, then by the latest one, so that 0 means the same time in the same precision. */
  static compare(a: DicomTime, b: DicomTime): number {
    return a.earliestMicroseconds - b.earliestMicroseconds || a.latestMicroseconds - b.latestMicroseconds;
  }

  /** True for the same time in the same precision. */
  equals(other: DicomTime): boolean {
    return DicomTime.compare(this, other) === 0;
  }

  /** The last component that is known. */
  get precision(): TimePrecision {
    if (this.microsecond !== undefined) return 'fraction';
    if (this.second !== undefined) return 'second';
    return this.minute === undefined ? 'hour' : 'minute';
  }

  /** Microseconds from midnight to the first moment that this may mean. */
  get earliestMicroseconds(): number {
    return earliestOfDay(this);
  }

  /** Microseconds from midnight to the last moment that this may mean: `10` reaches to 10:59:59.999999. */
  get latestMicroseconds(): number {
    return earliestOfDay(this) + spanMicroseconds(this) - 1;
  }

  /** `10:15:30.25`, as far as it is known. */
  toIsoString(): string {
    return formatTime(this, ':');
  }

  /** As DICOM writes it: `101530.25`, as far as it is known. */
  toString(): string {
    return formatTime(this, '');
  }
}

/** Parts of a time from their digits. */
export function timeParts(hour: string, minute?: string, second?: string, fraction?: string): TimeParts {
  return {
    hour: Number(hour),
    minute: minute === undefined ? undefined : Number(minute),
    second: second === undefined ? undefined : Number(second),
    microsecond: fraction === undefined ? undefined : Number(fraction.padEnd(6, '0')),
    fractionDigits: fraction?.length,
  };
}

/** True when a clock can show these, and nothing follows what is missing. */
export function areTimeParts({ hour, minute, second, microsecond, fractionDigits }: TimeParts): boolean {
  if (!isWithin(hour, 23) || !isWithin(minute ?? 0, 59) || !isWithin(second ?? 0, 60)) return false;
  if (!isWithin(microsecond ?? 0, 999_999)) return false;
  if (minute === undefined && second !== undefined) return false;
  if (second === undefined && microsecond !== undefined) return false;
  if (fractionDigits === undefined || microsecond === undefined) return true;
  return isWithin(fractionDigits - 1, 5) && microsecond % 10 ** (6 - fractionDigits) === 0;
}

/** Digits of the fraction that are known, or that it takes. */
export function fractionDigitsOf({ microsecond, fractionDigits }: TimeParts): number {
  if (microsecond === undefined) return 0;
  return fractionDigits ?? Math.max(1, digits(microsecond, 6).replace(/0+$/, '').length);
}

/** Microseconds from midnight to the first moment that a time may mean. */
export function earliestOfDay({ hour, minute = 0, second = 0, microsecond = 0 }: TimeParts): number {
  return ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond;
}

/** Microseconds that a time may mean. */
export function spanMicroseconds(parts: TimeParts): number {
  if (parts.microsecond !== undefined) return 10 ** (6 - fractionDigitsOf(parts));
  if (parts.second !== undefined) return 1_000_000;
  return parts.minute === undefined ? 3_600_000_000 : 60_000_000;
}

/** Digits of a time as far as it is known. */
export function formatTime(parts: TimeParts, separator: string): string {
  const { hour, minute, second, microsecond } = parts;
  const known = [hour, minute, second].filter((part) => part !== undefined).map((part) => digits(part, 2));
  const fraction = microsecond === undefined ? '' : `.${digits(microsecond, 6).slice(0, fractionDigitsOf(parts))}`;
  return known.join(separator) + fraction;
}

function isWithin(value: number, highest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= highest;
}
