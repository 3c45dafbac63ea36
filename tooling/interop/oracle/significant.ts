/** Padding that PS3.5 Table 6.2-1 says means nothing, which some readers leave in place. */
import type { Scalar } from './reading.ts';

/** Leading spaces are padding as well as trailing ones. */
const PADDED_BOTH_WAYS: ReadonlySet<string> = new Set(['AE', 'CS', 'DS', 'IS', 'LO', 'SH']);
/** Trailing spaces are padding. */
const PADDED_BEHIND: ReadonlySet<string> = new Set(['DA', 'DT', 'LT', 'PN', 'ST', 'TM', 'UC', 'UR', 'UT']);

/** The values without it; a value of nothing else is no value. */
export function significantTexts(vr: string, values: readonly Scalar[]): readonly Scalar[] {
  const texts = values.map((value) => (typeof value === 'string' ? significantText(vr, value) : value));
  return texts.length === 1 && texts[0] === '' ? [] : texts;
}

function significantText(vr: string, text: string): string {
  if (PADDED_BOTH_WAYS.has(vr)) return text.replace(/^ +| +$/g, '');
  return PADDED_BEHIND.has(vr) ? text.replace(/ +$/, '') : text;
}
