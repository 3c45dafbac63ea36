/** Texts and numbers that are no value of a VR. */
import { DataSetError } from '../errors.js';

/** The value, or an error that says what should have been there. */
export function required<Value>(value: Value | undefined, expected: string, found: string | number): Value {
  if (value === undefined) throw invalidValue(expected, found);
  return value;
}

/** An error that quotes what was found, shortened: it may come from a peer. */
export function invalidValue(expected: string, found: string | number): DataSetError {
  const text = String(found);
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return new DataSetError('invalid-value', `${shown} is not ${expected}`);
}
