/** Dates, VR DA. PS3.5 6.2. */
import { invalidValue, required } from './invalid-value.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * A day of the Gregorian calendar. PS3.5 6.2, DA.
 *
 * @example
 * ```ts
 * import { DicomDate } from '@dicomwire/dimse/dataset';
 *
 * const date = DicomDate.parse('20260131');
 * console.log(date.month, date.toIsoString()); // 1 2026-01-31
 * console.log(DicomDate.compare(date, DicomDate.parse('2025.12.24')) > 0); // true
 * console.log(DicomDate.tryParse('20260231')); // undefined
 * ```
 */
export class DicomDate {
  /** 0 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** Day of the month, from 1. */
  readonly day: number;

  private constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** @throws DataSetError `invalid-value` when the calendar has no such day. */
  static of(year: number, month: number, day: number): DicomDate {
    if (!isDay(year, month, day)) throw invalidValue('a day of the calendar', `${year}-${month}-${day}`);
    return new DicomDate(year, month, day);
  }

  /**
   * Reads `20260131`, and `2026.01.31` as it was written before DICOM.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): DicomDate {
    return required(DicomDate.tryParse(text), 'a date (YYYYMMDD)', text);
  }

  /** As {@link DicomDate.parse}; `undefined` for what is no date. */
  static tryParse(text: string): DicomDate | undefined {
    const match = /^(\d{4})(\.?)(\d\d)\2(\d\d)$/.exec(text.trim());
    if (match === null) return undefined;
    const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
    return isDay(year, month, day) ? new DicomDate(year, month, day) : undefined;
  }

  /**
   * The day on which a moment falls.
   *
   * @param offsetMinutes - offset from UTC of the clock on the wall; default: the local time zone.
   * @throws DataSetError `invalid-value` outside of the years 0 to 9999.
   */
  static fromDate(date: Date, offsetMinutes: number = -date.getTimezoneOffset()): DicomDate {
    const wall = new Date(date.getTime() + offsetMinutes * minuteMs);
    return DicomDate.of(wall.getUTCFullYear(), wall.getUTCMonth() + 1, wall.getUTCDate());
  }

  /** For sorting: negative when `a` is before `b`, 0 for the same day. */
  static compare(a: DicomDate, b: DicomDate): number {
    return a.year - b.year || a.month - b.month || a.day - b.day;
  }

  /** True for the same day. */
  equals(other: DicomDate): boolean {
    return DicomDate.compare(this, other) === 0;
  }

  /** Days since 1970-01-01. */
  get epochDays(): number {
    return utcMs(this.year, this.month, this.day) / dayMs;
  }

  /**
   * The moment at which the day begins.
   *
   * @param offsetMinutes - offset from UTC, as in Timezone Offset From UTC (0008,0201); default: the local time zone.
   */
  toDate(offsetMinutes?: number): Date {
    if (offsetMinutes !== undefined) return new Date(utcMs(this.year, this.month, this.day) - offsetMinutes * minuteMs);
    const date = new Date(2000, 0, 1);
    date.setFullYear(this.year, this.month - 1, this.day);
    return date;
  }

  /** `2026-01-31`. */
  toIsoString(): string {
    return `${digits(this.year, 4)}-${digits(this.month, 2)}-${digits(this.day, 2)}`;
  }

  /** As DICOM writes it: `20260131`. */
  toString(): string {
    return digits(this.year, 4) + digits(this.month, 2) + digits(this.day, 2);
  }
}

/** A number with leading zeros. */
export function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/** Milliseconds since 1970 at which a day of UTC begins; `Date.UTC` takes the years 0 to 99 for others. */
export function utcMs(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** Days of a month. */
export function daysOfMonth(year: number, month: number): number {
  return new Date(utcMs(year, month + 1, 0)).getUTCDate();
}

/** True for a day that the calendar has. */
export function isDay(year: number, month: number, day: number): boolean {
  if (![year, month, day].every(Number.isInteger)) return false;
  if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= daysOfMonth(year, month);
}
