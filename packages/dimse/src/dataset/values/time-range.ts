/** Ranges of times of day. PS3.4 C.2.2.2.5.2. */
import { DicomTime } from './dicom-time.js';
import { required } from './invalid-value.js';
import { checkedBounds, formatBounds, parseBounds, type RangeBounds } from './range-bounds.js';

const values = {
  parse: (text: string) => DicomTime.tryParse(text),
  isAfter: (start: DicomTime, end: DicomTime) => start.earliestMicroseconds > end.latestMicroseconds,
};

/**
 * Times of a day from one to another, both included; either may be missing. Ends reach as far as they may mean: `1000-1100` lasts to
 * 11:00:59.999999. A range can't cross midnight. PS3.4 C.2.2.2.5.2.
 */
export class TimeRange {
  /** The first time; `undefined` where the range begins at midnight. */
  readonly start: DicomTime | undefined;
  /** The last time; `undefined` where the range ends at midnight. */
  readonly end: DicomTime | undefined;

  private constructor({ start, end }: RangeBounds<DicomTime>) {
    this.start = start;
    this.end = end;
  }

  /** @throws DataSetError `invalid-value` when both are missing, or `start` is after `end`. */
  static of(start: DicomTime | undefined, end: DicomTime | undefined): TimeRange {
    return new TimeRange(checkedBounds({ start, end }, values));
  }

  /**
   * Reads `1000-1130`, `1000-`, `-1130` and a single time; spaces around the hyphen are let pass.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): TimeRange {
    return required(TimeRange.tryParse(text), 'a range of times (HHMMSS-HHMMSS)', text);
  }

  /** As {@link TimeRange.parse}; `undefined` for what is no range. */
  static tryParse(text: string): TimeRange | undefined {
    const bounds = parseBounds(text, values);
    return bounds === undefined ? undefined : new TimeRange(bounds);
  }

  /** True when the time is, or for one that isn't exact may be, within. */
  contains(time: DicomTime): boolean {
    if (this.start !== undefined && time.latestMicroseconds < this.start.earliestMicroseconds) return false;
    return this.end === undefined || time.earliestMicroseconds <= this.end.latestMicroseconds;
  }

  /** As DICOM writes it: `1000-1130`. */
  toString(): string {
    return formatBounds(this);
  }
}
