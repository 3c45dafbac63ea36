/** What the text of a VR may be: length, characters, form. PS3.5 6.2, Table 6.2-1. */
import type { Vr } from '../vr.js';

interface ValueRule {
  /** Characters that one value may have at most; of a PN each component group. */
  readonly maxCharacters?: number;
  /** What a value that isn't empty looks like. */
  readonly form?: RegExp;
  /** What should have been there. */
  readonly expected: string;
}

/** One time of day, one date and time, without range. */
const time = String.raw`\d\d(?:\d\d(?:\d\d(?:\.\d{1,6})?)?)?`;
const dateTime = String.raw`\d{4}(?:\d\d(?:\d\d(?:\d\d(?:\d\d(?:\d\d(?:\.\d{1,6})?)?)?)?)?)?(?:[+-]\d{4})?`;

/** Of paragraphs: line ends, form feed, tabulator and escape sequences. PS3.5 6.1.3. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const paragraphs = /^[^\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]*$/;
/** Of everything else: escape sequences alone. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const line = /^[^\x00-\x1a\x1c-\x1f\x7f]*$/;

const rules: Readonly<Partial<Record<Vr, ValueRule>>> = /* @__PURE__ */ table();

/**
 * What is wrong with a text as one value of a VR: `undefined` when nothing is. What keys of queries may be is right as well: ranges, patterns,
 * and the empty value `""` (PS3.4 C.2.2.2). Components of UIDs with leading zeros are let pass: they are wrong and yet in use, and a query for them
 * must be possible.
 */
export function textProblem(vr: Vr, text: string): string | undefined {
  const rule = rules[vr];
  if (rule === undefined || text === '' || text === '*' || text === '""') return undefined;
  const { maxCharacters = Number.POSITIVE_INFINITY, form, expected } = rule;
  const isTooLong = text.length > maxCharacters && longest(vr, text) > maxCharacters;
  const isRight = !isTooLong && form?.test(text) !== false && isInRange(vr, text);
  return isRight ? undefined : `${quoted(text)} is not ${expected}`;
}

/** Characters, not the units that JavaScript counts; of the longest group of a name. */
function longest(vr: Vr, text: string): number {
  if (vr !== 'PN') return [...text].length;
  const groups = text.split('=');
  return groups.length > 3 ? Number.POSITIVE_INFINITY : Math.max(...groups.map((group) => [...group].length));
}

function isInRange(vr: Vr, text: string): boolean {
  if (vr === 'PN') return !text.includes('=') || text.split('=', 5).length <= 3;
  if (vr !== 'IS') return true;
  const number = Number(text);
  return number >= -0x8000_0000 && number <= 0x7fff_ffff;
}

/** A value, or two of them with a hyphen between, one of which may be missing. PS3.4 C.2.2.2.5. */
function rangeOf(value: string): RegExp {
  return new RegExp(`^ *(?:${value}|${value} *-|- *${value}|${value} *- *${value}) *$`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function table(): Partial<Record<Vr, ValueRule>> {
  return {
    AE: { maxCharacters: 16, form: /^[\x20-\x5b\x5d-\x7e]*$/, expected: '16 printable ASCII characters' },
    AS: { form: /^\d{3}[DWMY]$/, expected: 'an age (nnnD, nnnW, nnnM or nnnY)' },
    CS: { maxCharacters: 16, form: /^[A-Z0-9 _*?]*$/, expected: '16 capital letters, digits, spaces and underscores' },
    DA: { form: rangeOf(String.raw`\d{8}`), expected: 'a date (YYYYMMDD) or a range of dates' },
    DS: {
      maxCharacters: 16,
      form: /^ *[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? *$/,
      expected: 'a decimal number of 16 characters',
    },
    DT: { form: rangeOf(dateTime), expected: 'a date and time (YYYYMMDDHHMMSS.FFFFFF&ZZXX) or a range' },
    IS: { maxCharacters: 12, form: /^ *[+-]?\d+ *$/, expected: 'a whole number of 12 characters' },
    LO: { maxCharacters: 64, form: line, expected: '64 characters, no control characters among them' },
    LT: { maxCharacters: 10240, form: paragraphs, expected: '10240 characters' },
    PN: { maxCharacters: 64, form: line, expected: 'a name of at most three groups of 64 characters' },
    SH: { maxCharacters: 16, form: line, expected: '16 characters, no control characters among them' },
    ST: { maxCharacters: 1024, form: paragraphs, expected: '1024 characters' },
    TM: { form: rangeOf(time), expected: 'a time (HHMMSS.FFFFFF) or a range of times' },
    UC: { form: line, expected: 'text without control characters' },
    UI: {
      maxCharacters: 64,
      form: /^(?:\d+(?:\.\d+)*|[\d.*?]*[*?][\d.*?]*)$/,
      expected: 'a UID of 64 digits and full stops',
    },
    UR: { form: /^[\x21-\x7e]+$/, expected: 'a URI, which has no spaces' },
    UT: { form: paragraphs, expected: 'text without control characters other than line ends' },
  };
}
