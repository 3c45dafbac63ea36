/** Dates with times and offsets from UTC, VR DT. PS3.5 6.2. */
import { DicomDate, daysOfMonth, digits, isDay, utcMs } from './dicom-date.js';
import {
  areTimeParts,
  DicomTime,
  earliestOfDay,
  formatTime,
  fractionDigitsOf,
  spanMicroseconds,
  type TimeParts,
  type TimePrecision,
  timeParts,
} from './dicom-time.js';
import { invalidValue, required } from './invalid-value.js';

/** Parts of a date and time from the left; none may follow one that is missing. */
export interface DateTimeParts extends Omit<TimeParts, 'hour'> {
  /** 0 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month?: number | undefined;
  /** Day of the month, from 1. */
  readonly day?: number | undefined;
  /** 0 to 23. */
  readonly hour?: number | undefined;
  /** Offset from UTC, -720 to 840; `undefined` for the local time of whoever wrote it. */
  readonly offsetMinutes?: number | undefined;
}

/** How exact a date and time is: its last component that is known. */
export type DateTimePrecision = 'year' | 'month' | 'day' | TimePrecision;

/**
 * A date and time, as exact as it was written, with its offset from UTC if it has one. PS3.5 6.2, DT.
 *
 * A value without an offset is in the local time zone of whoever wrote it, or in that of Timezone Offset From UTC (0008,0201).
 *
 * @example
 * ```ts
 * import { DicomDateTime } from '@dicomwire/dimse/dataset';
 *
 * const moment = DicomDateTime.parse('20260131101530.25+0100');
 * console.log(moment.toDate().toISOString()); // 2026-01-31T09:15:30.250Z
 * console.log(DicomDateTime.parse('2026').precision); // year
 * ```
 */
export class DicomDateTime {
  /** 0 to 9999. */
  readonly year: number;
  /** 1 to 12; `undefined` where it isn't known, as all that follows may be. */
  readonly month: number | undefined;
  /** Day of the month, from 1. */
  readonly day: number | undefined;
  /** 0 to 23. */
  readonly hour: number | undefined;
  /** 0 to 59. */
  readonly minute: number | undefined;
  /** 0 to 60, the last for leap seconds. */
  readonly second: number | undefined;
  /** Millionths of a second, 0 to 999999. */
  readonly microsecond: number | undefined;
  /** Digits of the fraction that were written, 0 to 6. */
  readonly fractionDigits: number;
  /** Offset from UTC: 60 for `+0100`; `undefined` where none was written. */
  readonly offsetMinutes: number | undefined;

  private constructor(parts: DateTimeParts) {
    this.year = parts.year;
    this.month = parts.month;
    this.day = parts.day;
    this.hour = parts.hour;
    this.minute = parts.minute;
    this.second = parts.second;
    this.microsecond = parts.microsecond;
    this.fractionDigits = parts.hour === undefined ? 0 : fractionDigitsOf({ ...parts, hour: parts.hour });
    this.offsetMinutes = parts.offsetMinutes;
  }

  /** @throws DataSetError `invalid-value` for what no calendar or clock shows, or an offset that no place has. */
  static of(parts: DateTimeParts): DicomDateTime {
    if (!areDateTimeParts(parts)) throw invalidValue('a date and time', JSON.stringify(parts));
    return new DicomDateTime(parts);
  }

  /** A date and a time of day, such as Study Date and Study Time, as one. */
  static fromDateAndTime(date: DicomDate, time?: DicomTime | undefined, offsetMinutes?: number): DicomDateTime {
    const { year, month, day } = date;
    return DicomDateTime.of({ year, month, day, ...time, offsetMinutes });
  }

  /**
   * Reads `20260131101530.25+0100` or the beginning of it up to any component, with or without an offset.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): DicomDateTime {
    return required(DicomDateTime.tryParse(text), 'a date and time (YYYYMMDDHHMMSS.FFFFFF&ZZXX)', text);
  }

  /** As {@link DicomDateTime.parse}; `undefined` for what is no date and time. */
  static tryParse(text: string): DicomDateTime | undefined {
    const match =
      /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?)?)?)?)?(?:([+-])(\d\d)(\d\d))?$/.exec(
        text.trim(),
      );
    if (match === null) return undefined;
    const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetRest] = match;
    if (Number(offsetRest ?? 0) > 59) return undefined;
    const offset = Number(offsetHours) * 60 + Number(offsetRest);
    const parts: DateTimeParts = {
      year: Number(year),
      month: month === undefined ? undefined : Number(month),
      day: day === undefined ? undefined : Number(day),
      ...(hour === undefined ? {} : timeParts(hour, minute, second, fraction)),
      offsetMinutes: sign === undefined ? undefined : sign === '+' || offset === 0 ? offset : -offset,
    };
    return areDateTimeParts(parts) ? new DicomDateTime(parts) : undefined;
  }

  /**
   * A moment, to the millisecond and with its offset.
   *
   * @param offsetMinutes - offset from UTC to write it in; default: that of the local time zone.
   */
  static fromDate(date: Date, offsetMinutes: number = -date.getTimezoneOffset()): DicomDateTime {
    const [day, time] = [DicomDate.fromDate(date, offsetMinutes), DicomTime.fromDate(date, offsetMinutes)];
    return DicomDateTime.fromDateAndTime(day, time, offsetMinutes);
  }

  /**
   * For sorting: by the earliest moment, then by the latest one. Values without an offset are taken to be in UTC; see
   * {@link DicomDateTime.withOffset}.
   */
  static compare(a: DicomDateTime, b: DicomDateTime): number {
    const difference = a.earliestMicroseconds() - b.earliestMicroseconds();
    const order = difference === 0n ? a.latestMicroseconds() - b.latestMicroseconds() : difference;
    return order < 0n ? -1 : Number(order > 0n);
  }

  /** True for the same moment in the same precision, in whatever offset they are written. */
  equals(other: DicomDateTime): boolean {
    return DicomDateTime.compare(this, other) === 0;
  }

  /** The last component that is known. */
  get precision(): DateTimePrecision {
    if (this.hour !== undefined) return DicomTime.of({ ...this, hour: this.hour }).precision;
    if (this.day !== undefined) return 'day';
    return this.month === undefined ? 'year' : 'month';
  }

  /** The day as it was written, in its own offset; `undefined` where it isn't known. */
  get date(): DicomDate | undefined {
    const { year, month, day } = this;
    return month === undefined || day === undefined ? undefined : DicomDate.of(year, month, day);
  }

  /** The time of day as it was written, in its own offset; `undefined` where it isn't known. */
  get time(): DicomTime | undefined {
    return this.hour === undefined ? undefined : DicomTime.of({ ...this, hour: this.hour });
  }

  /** The same where it has an offset, else with this one, such as that of Timezone Offset From UTC (0008,0201). */
  withOffset(offsetMinutes: number): DicomDateTime {
    return this.offsetMinutes === undefined ? DicomDateTime.of({ ...this, offsetMinutes }) : this;
  }

  /**
   * Microseconds from 1970-01-01 UTC to the first moment that this may mean.
   *
   * @param offsetMinutes - offset from UTC where none was written. Default: 0.
   */
  earliestMicroseconds(offsetMinutes = 0): bigint {
    const { year, month = 1, day = 1, hour } = this;
    const inDay = hour === undefined ? 0 : earliestOfDay({ ...this, hour });
    const offset = (this.offsetMinutes ?? offsetMinutes) * 60_000;
    return BigInt(utcMs(year, month, day) - offset) * 1000n + BigInt(inDay);
  }

  /**
   * Microseconds from 1970-01-01 UTC to the last moment that this may mean: `2026` reaches to the end of that year.
   *
   * @param offsetMinutes - offset from UTC where none was written. Default: 0.
   */
  latestMicroseconds(offsetMinutes = 0): bigint {
    return this.earliestMicroseconds(offsetMinutes) + BigInt(this.span()) - 1n;
  }

  /**
   * The first moment that this may mean, to the millisecond.
   *
   * @param offsetMinutes - offset from UTC where none was written; default: the local time zone.
   */
  toDate(offsetMinutes?: number): Date {
    const offset = this.offsetMinutes ?? offsetMinutes;
    if (offset !== undefined) return new Date(Number(this.earliestMicroseconds(offset) / 1000n));
    const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0, microsecond = 0 } = this;
    const date = new Date(2000, 0, 1);
    date.setFullYear(year, month - 1, day);
    date.setHours(hour, minute, second, Math.floor(microsecond / 1000));
    return date;
  }

  /** `2026-01-31T10:15:30.25+01:00`, as far as it is known. */
  toIsoString(): string {
    const { year, month, day, hour } = this;
    const date = [digits(year, 4), ...[month, day].flatMap((part) => (part === undefined ? [] : digits(part, 2)))];
    const time = hour === undefined ? '' : `T${formatTime({ ...this, hour }, ':')}`;
    return date.join('-') + time + formatOffset(this.offsetMinutes, ':');
  }

  /** As DICOM writes it: `20260131101530.25+0100`, as far as it is known. */
  toString(): string {
    const { year, month, day, hour } = this;
    const date = digits(year, 4) + [month, day].map((part) => (part === undefined ? '' : digits(part, 2))).join('');
    return date + (hour === undefined ? '' : formatTime({ ...this, hour }, '')) + formatOffset(this.offsetMinutes, '');
  }

  /** Microseconds that this may mean. */
  private span(): number {
    const { year, month, day, hour } = this;
    if (hour !== undefined) return spanMicroseconds({ ...this, hour });
    const monthDays =
      month === undefined ? (utcMs(year + 1, 1, 1) - utcMs(year, 1, 1)) / 86_400_000 : daysOfMonth(year, month);
    return (day === undefined ? monthDays : 1) * 86_400_000_000;
  }
}

function areDateTimeParts(parts: DateTimeParts): boolean {
  const { year, month, day, hour, minute, second, microsecond, offsetMinutes = 0 } = parts;
  if (!isDay(year, month ?? 1, day ?? 1)) return false;
  if (month === undefined && day !== undefined) return false;
  if (!Number.isInteger(offsetMinutes) || offsetMinutes < -720 || offsetMinutes > 840) return false;
  if (hour === undefined) return minute === undefined && second === undefined && microsecond === undefined;
  return day !== undefined && areTimeParts({ ...parts, hour });
}

function formatOffset(offsetMinutes: number | undefined, separator: string): string {
  if (offsetMinutes === undefined) return '';
  const minutes = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}${separator}${digits(minutes % 60, 2)}`;
}
