/** Ages, VR AS. PS3.5 6.2. */
import { type DicomDate, digits } from './dicom-date.js';
import { invalidValue, required } from './invalid-value.js';

/** Days, weeks, months, years. */
export type AgeUnit = 'D' | 'W' | 'M' | 'Y';

/** Days that a unit lasts, on the average of the Gregorian calendar. */
const unitDays: Readonly<Record<AgeUnit, number>> = { D: 1, W: 7, M: 30.436875, Y: 365.2425 };

/**
 * An age in days, weeks, months or years. PS3.5 6.2, AS.
 *
 * @example
 * ```ts
 * import { Age, DicomDate } from '@dicomwire/dimse/dataset';
 *
 * const age = Age.parse('042Y');
 * console.log(age.value, age.unit); // 42 Y
 * console.log(String(Age.between(DicomDate.parse('20251224'), DicomDate.parse('20260131')))); // 005W
 * ```
 */
export class Age {
  /** 0 to 999. */
  readonly value: number;
  /** What the value counts. */
  readonly unit: AgeUnit;

  private constructor(value: number, unit: AgeUnit) {
    this.value = value;
    this.unit = unit;
  }

  /** @throws DataSetError `invalid-value` unless the value is whole and of at most three digits. */
  static of(value: number, unit: AgeUnit): Age {
    if (!Number.isInteger(value) || value < 0 || value > 999) throw invalidValue('a number from 0 to 999', value);
    return new Age(value, unit);
  }

  /**
   * Reads `042Y`; `42Y` and `42y` are let pass.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): Age {
    return required(Age.tryParse(text), 'an age (nnnD, nnnW, nnnM or nnnY)', text);
  }

  /** As {@link Age.parse}; `undefined` for what is no age. */
  static tryParse(text: string): Age | undefined {
    const match = /^(\d{1,3})([DWMY])$/.exec(text.trim().toUpperCase());
    const unit = match?.[2];
    return isUnit(unit) ? new Age(Number(match?.[1]), unit) : undefined;
  }

  /**
   * The age on a day in completed units: days for the first four weeks, weeks to three months, months to two years, then years.
   *
   * @throws DataSetError `invalid-value` when the day is before birth, or 1000 years after it.
   */
  static between(birth: DicomDate, day: DicomDate): Age {
    const days = day.epochDays - birth.epochDays;
    const isLater = day.day >= birth.day;
    const months = (day.year - birth.year) * 12 + day.month - birth.month - (isLater ? 0 : 1);
    if (months >= 24) return Age.of(Math.floor(months / 12), 'Y');
    if (months >= 3) return Age.of(months, 'M');
    return days >= 28 ? Age.of(Math.floor(days / 7), 'W') : Age.of(days, 'D');
  }

  /** For sorting: by {@link Age.approximateDays}. */
  static compare(a: Age, b: Age): number {
    return a.approximateDays - b.approximateDays;
  }

  /** True for the same value in the same unit. */
  equals(other: Age): boolean {
    return this.value === other.value && this.unit === other.unit;
  }

  /** Days, with months and years of average length. */
  get approximateDays(): number {
    return this.value * unitDays[this.unit];
  }

  /** As DICOM writes it: `042Y`. */
  toString(): string {
    return digits(this.value, 3) + this.unit;
  }
}

function isUnit(unit: string | undefined): unit is AgeUnit {
  return unit !== undefined && Object.hasOwn(unitDays, unit);
}
