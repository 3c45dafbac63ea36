/**
 * What a user and a provider of C-FIND agree on beforehand: SOP class extended negotiation. PS3.4 C.5.1.1, K.5.1.
 */

/** How queries are matched beyond the baseline. */
export interface QueryNegotiation {
  /** Keys of any level in any combination; without it the unique keys of all levels above have to be there. PS3.4 C.4.1.2.2.1. */
  readonly relationalQueries: boolean;
  /** Ranges of a date and of its time are one range of moments. PS3.4 C.2.2.2.5.4. */
  readonly dateTimeMatching: boolean;
  /** Names match by what they mean or sound like. PS3.4 C.2.2.2.1.1. */
  readonly fuzzySemanticMatching: boolean;
  /** Times are adjusted by Timezone Offset From UTC (0008,0201). PS3.4 C.2.2.2.1.3. */
  readonly timezoneQueryAdjustment: boolean;
  /** Query/Retrieve View (0008,0053) may ask for classic or enhanced instances. PS3.4 C.4.1.2.2.2. */
  readonly enhancedMultiFrameImageConversion: boolean;
  /** `""` asks for attributes without a value. PS3.4 C.2.2.2.7. */
  readonly emptyValueMatching: boolean;
  /** Of several values each has to be there. PS3.4 C.2.2.2.8. */
  readonly multipleValueMatching: boolean;
}

/** One byte each, in this order. PS3.4 Tables C.5-1 and C.5-2. */
const fields = [
  'relationalQueries',
  'dateTimeMatching',
  'fuzzySemanticMatching',
  'timezoneQueryAdjustment',
  'enhancedMultiFrameImageConversion',
  'emptyValueMatching',
  'multipleValueMatching',
] as const satisfies readonly (keyof QueryNegotiation)[];

/** The baseline: nothing was agreed on. */
export const noQueryNegotiation: QueryNegotiation = decodeQueryNegotiation(new Uint8Array(0));

/** Service-class-application-information; what is missing is not agreed on, and only 1 says yes. */
export function decodeQueryNegotiation(bytes: Uint8Array): QueryNegotiation {
  const [relational, dateTime, fuzzy, timezone, conversion, empty, multiple] = fields.map((_, at) => bytes[at] === 1);
  return {
    relationalQueries: relational === true,
    dateTimeMatching: dateTime === true,
    fuzzySemanticMatching: fuzzy === true,
    timezoneQueryAdjustment: timezone === true,
    enhancedMultiFrameImageConversion: conversion === true,
    emptyValueMatching: empty === true,
    multipleValueMatching: multiple === true,
  };
}

/**
 * What to propose for a SOP class; `undefined` where nothing is asked for. Bytes at the end that would be 0 are left out, since older
 * providers know only the first ones.
 *
 * @param isWorklist - its first two bytes are always 1, and it has three at least. PS3.4 K.5.1.1.
 */
export function encodeQueryNegotiation(asked: Partial<QueryNegotiation>, isWorklist = false): Uint8Array | undefined {
  const bytes = fields.map((field, at) => (asked[field] === true || (isWorklist && at < 2) ? 1 : 0));
  const length = bytes.lastIndexOf(1) + 1;
  if (length === 0 || (isWorklist && length <= 2)) return undefined;
  return Uint8Array.from(bytes.slice(0, length));
}

/** The answer to a proposal: as many bytes, 1 where both want it. PS3.4 C.5.1.1.2. */
export function answerQueryNegotiation(offered: Partial<QueryNegotiation>, proposed: Uint8Array): Uint8Array {
  return Uint8Array.from(proposed.subarray(0, fields.length), (value, at) => {
    const field = fields[at];
    return value === 1 && field !== undefined && offered[field] === true ? 1 : 0;
  });
}
