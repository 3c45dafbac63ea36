/** Ranges of moments. PS3.4 C.2.2.2.5.3. */
import type { DateRange } from './date-range.js';
import { DicomDateTime } from './dicom-date-time.js';
import { required } from './invalid-value.js';
import { checkedBounds, formatBounds, parseBounds, type RangeBounds } from './range-bounds.js';
import type { TimeRange } from './time-range.js';

const values = {
  parse: (text: string) => DicomDateTime.tryParse(text),
  isAfter: (start: DicomDateTime, end: DicomDateTime) => start.earliestMicroseconds() > end.latestMicroseconds(),
};

/**
 * Moments from one to another, both included; either may be missing. Ends reach as far as they may mean: `2025-2026` lasts to the end
 * of 2026. PS3.4 C.2.2.2.5.3.
 *
 * @example
 * ```ts
 * import { DateTimeRange, DicomDateTime } from '@dicomwire/dimse/dataset';
 *
 * const shift = DateTimeRange.parse('202601310800-0500-202601311600-0500');
 * console.log(shift.contains(DicomDateTime.parse('20260131140000+0000'))); // true
 * ```
 */
export class DateTimeRange {
  /** The first moment; `undefined` where the range is open. */
  readonly start: DicomDateTime | undefined;
  /** The last moment; `undefined` where the range is open. */
  readonly end: DicomDateTime | undefined;

  private constructor({ start, end }: RangeBounds<DicomDateTime>) {
    this.start = start;
    this.end = end;
  }

  /** @throws DataSetError `invalid-value` when both are missing, or `start` is after `end`. */
  static of(start: DicomDateTime | undefined, end: DicomDateTime | undefined): DateTimeRange {
    return new DateTimeRange(checkedBounds({ start, end }, values));
  }

  /**
   * The range from the first date at the first time to the last date at the last time, as combined date-time matching takes a range of
   * dates and one of times. PS3.4 C.2.2.2.5.
   *
   * @throws DataSetError `invalid-value` when the range would be empty: the times of a single day are out of order.
   */
  static fromDatesAndTimes(dates: DateRange, times: TimeRange, offsetMinutes?: number): DateTimeRange {
    const { start, end } = dates;
    return DateTimeRange.of(
      start === undefined ? undefined : DicomDateTime.fromDateAndTime(start, times.start, offsetMinutes),
      end === undefined ? undefined : DicomDateTime.fromDateAndTime(end, times.end, offsetMinutes),
    );
  }

  /**
   * Reads `a-b`, `a-`, `-b` and a single date and time, each with or without an offset; spaces around the dividing hyphen are let pass.
   * `2026-0500` is the year 2026 with an offset, since no range goes backwards.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): DateTimeRange {
    return required(DateTimeRange.tryParse(text), 'a range of dates and times', text);
  }

  /** As {@link DateTimeRange.parse}; `undefined` for what is no range. */
  static tryParse(text: string): DateTimeRange | undefined {
    const bounds = parseBounds(text, values);
    return bounds === undefined ? undefined : new DateTimeRange(bounds);
  }

  /**
   * True when the moment is, or for one that isn't exact may be, within.
   *
   * @param offsetMinutes - offset from UTC for values and ends that have none. Default: 0.
   */
  contains(moment: DicomDateTime, offsetMinutes = 0): boolean {
    const { start, end } = this;
    if (start !== undefined && moment.latestMicroseconds(offsetMinutes) < start.earliestMicroseconds(offsetMinutes)) {
      return false;
    }
    return end === undefined || moment.earliestMicroseconds(offsetMinutes) <= end.latestMicroseconds(offsetMinutes);
  }

  /** As DICOM writes it: `20260131-20260201`. */
  toString(): string {
    return formatBounds(this);
  }
}
