/** Decimal strings, VR DS. PS3.5 6.2. */
import { formatDecimal } from './format-decimal.js';
import { invalidValue, required } from './invalid-value.js';

/** A decimal number without zeros around its digits: 0.digits times ten to the power. */
interface Decimal {
  /** -1, 0 or 1. */
  readonly sign: number;
  /** Significant digits; none for zero. */
  readonly digits: string;
  /** Places from the point to the left of the first digit. */
  readonly power: number;
}

/**
 * A decimal string: its text as it was written, its number as near as a double comes, and a comparison that is exact. PS3.5 6.2, DS.
 *
 * @example
 * ```ts
 * import { DecimalString } from '@dicomwire/dimse/dataset';
 *
 * const spacing = DecimalString.parse('0.10000000000001');
 * console.log(spacing.text, spacing.value); // 0.10000000000001 0.10000000000001
 * console.log(DecimalString.parse('1.50').equals(DecimalString.parse('15e-1'))); // true
 * console.log(String(DecimalString.of(1 / 3))); // 0.33333333333333
 * ```
 */
export class DecimalString {
  /** As it was written, without spaces around it. */
  readonly text: string;
  /** The nearest double; infinite beyond their range. */
  readonly value: number;

  private constructor(text: string) {
    this.text = text;
    this.value = Number(text);
  }

  /**
   * A number in at most 16 characters, with as many of its digits as they hold.
   *
   * @throws DataSetError `invalid-value` for NaN and infinities.
   */
  static of(value: number): DecimalString {
    if (!Number.isFinite(value)) throw invalidValue('a finite number', value);
    return new DecimalString(formatDecimal(value));
  }

  /**
   * Reads a decimal string. Those of more than the 16 characters that the standard allows are let pass.
   *
   * @throws DataSetError `invalid-value`.
   */
  static parse(text: string): DecimalString {
    return required(DecimalString.tryParse(text), 'a decimal string', text);
  }

  /** As {@link DecimalString.parse}; `undefined` for what is no decimal string. */
  static tryParse(text: string): DecimalString | undefined {
    const trimmed = text.trim();
    return pattern.test(trimmed) ? new DecimalString(trimmed) : undefined;
  }

  /** For sorting: by the numbers that are written, to the last digit. */
  static compare(a: DecimalString, b: DecimalString): number {
    return compareDecimals(toDecimal(a.text), toDecimal(b.text));
  }

  /** True for the same number, however it is written. */
  equals(other: DecimalString): boolean {
    return DecimalString.compare(this, other) === 0;
  }

  /** The text as it was written. */
  toString(): string {
    return this.text;
  }
}

const pattern = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,12}))?$/;

function toDecimal(text: string): Decimal {
  const [, sign, mantissa = '', exponent = '0'] = pattern.exec(text) ?? [];
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  const digits = withoutTrailingZeros(all.slice(leading));
  if (digits === '') return { sign: 0, digits, power: 0 };
  return { sign: sign === '-' ? -1 : 1, digits, power: whole.length - leading + Number(exponent) };
}

function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign || a.sign === 0) return a.sign - b.sign;
  if (a.power !== b.power) return a.sign * Math.sign(a.power - b.power);
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -a.sign : a.sign;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
