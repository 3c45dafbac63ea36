/** Integer strings, VR IS. PS3.5 6.2. */
import { invalidValue, required } from './invalid-value.js';

/**
 * An integer string: its text as it was written and its number. PS3.5 6.2, IS.
 */
export class IntegerString {
  /** As it was written, without spaces around it. */
  readonly text: string;
  /** -2147483648 to 2147483647. */
  readonly value: number;

  private constructor(text: string, value: number) {
    this.text = text;
    this.value = value;
  }

  /** @throws DataSetError `invalid-value` unless the number is whole and within 32 bits. */
  static of(value: number): IntegerString {
    if (!isInteger32(value)) throw invalidValue('a whole number of 32 bits', value);
    return new IntegerString(String(value), value + 0);
  }

  /**
   * Reads an integer string.
   *
   * @throws DataSetError `invalid-value`, also for a number beyond 32 bits.
   */
  static parse(text: string): IntegerString {
    return required(IntegerString.tryParse(text), 'an integer string', text);
  }

  /** As {@link IntegerString.parse}; `undefined` for what is no integer string. */
  static tryParse(text: string): IntegerString | undefined {
    const trimmed = text.trim();
    // Adding 0 makes a negative zero an ordinary one.
    const value = Number(trimmed) + 0;
    return /^[+-]?\d+$/.test(trimmed) && isInteger32(value) ? new IntegerString(trimmed, value) : undefined;
  }

  /** For sorting: by number. */
  static compare(a: IntegerString, b: IntegerString): number {
    return a.value - b.value;
  }

  /** True for the same number, however it is written. */
  equals(other: IntegerString): boolean {
    return this.value === other.value;
  }

  /** The text as it was written. */
  toString(): string {
    return this.text;
  }
}

function isInteger32(value: number): boolean {
  return Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff;
}
