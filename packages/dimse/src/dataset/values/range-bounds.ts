/** Splitting the text of a range at its hyphen. PS3.4 C.2.2.2.5. */
import { invalidValue } from './invalid-value.js';

/** Both ends of a range; a missing one is open, both are never missing. */
export interface RangeBounds<Value> {
  /** The first value within. */
  readonly start: Value | undefined;
  /** The last value within. */
  readonly end: Value | undefined;
}

/** How the values of a range are read and put in order. */
export interface RangeValues<Value> {
  /** A value, or `undefined`. */
  parse(text: string): Value | undefined;
  /** True when nothing that `start` may mean is before or at `end`. */
  isAfter(start: Value, end: Value): boolean;
}

/**
 * Reads `a-b`, `a-`, `-b` and a single value. A hyphen may also be the sign of an offset (`2026-0500`, PS3.5 6.2, DT): a text that is
 * one value is that value, and of several hyphens the last at which two values in order meet divides them.
 */
export function parseBounds<Value>(text: string, values: RangeValues<Value>): RangeBounds<Value> | undefined {
  const whole = values.parse(text);
  if (whole !== undefined) return { start: whole, end: whole };
  // Two offsets and the dividing hyphen: what has more of them is no range, and isn't tried at each.
  const hyphens = [...text.slice(0, 100)].flatMap((character, at) => (character === '-' ? [at] : []));
  for (const at of hyphens.reverse()) {
    const bounds = boundsAt(text, at, values);
    if (bounds !== undefined && areInOrder(bounds, values)) return bounds;
  }
  return undefined;
}

/** @throws DataSetError `invalid-value` unless there is an end, and the start isn't after it. */
export function checkedBounds<Value>(bounds: RangeBounds<Value>, values: RangeValues<Value>): RangeBounds<Value> {
  const isEmpty = bounds.start === undefined && bounds.end === undefined;
  if (isEmpty || !areInOrder(bounds, values)) {
    throw invalidValue('a range with its ends in order', formatBounds(bounds));
  }
  return bounds;
}

/** `a-b`, `a-` or `-b`; a single value where both ends are the same. */
export function formatBounds({ start, end }: RangeBounds<unknown>): string {
  return start === end ? String(start) : `${start ?? ''}-${end ?? ''}`;
}

function boundsAt<Value>(text: string, at: number, values: RangeValues<Value>): RangeBounds<Value> | undefined {
  const [before, after] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (before === '' && after === '') return undefined;
  const start = before === '' ? undefined : values.parse(before);
  const end = after === '' ? undefined : values.parse(after);
  if ((start === undefined && before !== '') || (end === undefined && after !== '')) return undefined;
  return { start, end };
}

function areInOrder<Value>({ start, end }: RangeBounds<Value>, values: RangeValues<Value>): boolean {
  return start === undefined || end === undefined || !values.isAfter(start, end);
}
