/** The type of what a path leads to: that of its last part. Worked out from the text alone, so that it costs the type checker little. */
import type { Keyword } from '../dictionary.js';
import type { ElementTypes } from '../element-types.generated.js';
import type { PlainValue } from '../plain-value.js';
import type { ShapeInputs, ShapeValues } from '../value-types.js';

/** What an element may hold whose type the dictionary doesn't tell: one value, a list of values, or items. */
export type AnyValue<Item> = PlainValue | readonly PlainValue[] | readonly Item[] | undefined;

/** What may be written to an element whose type the dictionary doesn't tell; null leaves it empty. */
export type AnyInput<Item> = PlainValue | readonly PlainValue[] | readonly Item[] | null;

/** The last part of a path: `ScheduledProcedureStepID` of `RequestAttributesSequence[0].ScheduledProcedureStepID`. */
export type LastOfPath<Path extends string> = Path extends `${string}].${infer Rest}` ? LastOfPath<Rest> : Path;

/** Type of what a path leads to; of a path that ends with a number, one value or item. */
export type PathValue<Path extends string, Item> = LastValue<LastOfPath<Path>, Item>;

// `infer K extends Keyword` keeps the checker from intersecting whatever comes with each of 5,000 keywords: a wrong call would take it half a minute.
/** The type of the value that a path ends at, by its last part. */
export type LastValue<Last extends string, Item> = Last extends infer K extends Keyword
  ? ShapeValues<Item>[ElementTypes[K]]
  : Last extends `${infer Name}[${number}]`
    ? Name extends infer K extends Keyword
      ? OneOf<ShapeValues<Item>[ElementTypes[K]]> | undefined
      : PlainValue | Item | undefined
    : AnyValue<Item>;

/** One value of a list; what is no list as it is. */
export type OneOf<Value> = Value extends readonly (infer Single)[] ? Single : Value;

/** Type of what may be written at a path. */
export type PathInput<Path extends string, Item, Input> = LastInput<LastOfPath<Path>, Item, Input>;

/** The type of what may be written where a path ends, by its last part. */
export type LastInput<Last extends string, Item, Input> = Last extends infer K extends Keyword
  ? ShapeInputs<Item>[ElementTypes[K]]
  : Last extends `${string}[${number}]`
    ? Input
    : AnyInput<Input>;
