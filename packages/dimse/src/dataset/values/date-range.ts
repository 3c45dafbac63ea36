/** Ranges of dates. PS3.4 C.2.2.2.5.1. */
import { DicomDate } from './dicom-date.js';
import { required } from './invalid-value.js';
import { checkedBounds, formatBounds, parseBounds, type RangeBounds } from './range-bounds.js';

const values = {
  parse: (text: string) => DicomDate.tryParse(text),
  isAfter: (start: DicomDate, end: DicomDate) => DicomDate.compare(start, end) > 0,
};

/**
 * Days from one to another, both included; either may be missing. A single day is a range as well. PS3.4 C.2.2.2.5.1.
 *
 * @example
 * ```ts
 * import { DateRange, DicomDate } from '@dicomwire/dimse/dataset';
 *
 * const january = DateRange.parse('20260101-20260131');
 * console.log(january.contains(DicomDate.parse('20260131'))); // true
 * console.log(DateRange.parse('-20251231').contains(DicomDate.parse('20260101'))); // false
 * ```
 */
export class DateRange {
  /** The first day; `undefined` where the range is open. */
  readonly start: DicomDate | undefined;
  /** The last day; `undefined` where the range is open. */
  readonly end: DicomDate | undefined;

  private constructor({ start, end }: RangeBounds<DicomDate>) {
    this.start = start;
    this.end = end;
  }

  /** @throws DataSetError `invalid-value` when both are missing, or `start` is after `end`. */
  static of(start: DicomDate | undefined, end: DicomDate | undefined): DateRange {
    return new DateRange(checkedBounds({ start, end }, values));
  }

  /**
   * Reads `20260101-20260131`, `20260101-`, `-20260131` and a single date; spaces around the hyphen are let pass.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): DateRange {
    return required(DateRange.tryParse(text), 'a range of dates (YYYYMMDD-YYYYMMDD)', text);
  }

  /** As {@link DateRange.parse}; `undefined` for what is no range. */
  static tryParse(text: string): DateRange | undefined {
    const bounds = parseBounds(text, values);
    return bounds === undefined ? undefined : new DateRange(bounds);
  }

  /** True when the day is one of these. */
  contains(date: DicomDate): boolean {
    if (this.start !== undefined && DicomDate.compare(date, this.start) < 0) return false;
    return this.end === undefined || DicomDate.compare(date, this.end) <= 0;
  }

  /** As DICOM writes it: `20260101-20260131`. */
  toString(): string {
    return formatBounds(this);
  }
}
