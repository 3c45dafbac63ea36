/** Which character sets take part in a text, and which of them it begins with. PS3.5 6.1.2.5.1. */
import { definedTerm } from './defined-terms.js';
import { asciiRepertoire, designated, isToG1, type Repertoire } from './repertoire.js';

/** A character set and the escape sequence, without its ESC, that designates it. */
export interface CodeElement {
  readonly designation: string;
  readonly set: Repertoire;
  /** True for G1, whose bytes have their high bit set; G0 has the others. */
  readonly isG1: boolean;
}

/** The sets of (0008,0005). */
export interface CodeElements {
  /** What is active at the beginning of each value, line and component: value 1. */
  readonly g0: CodeElement;
  /** As `g0`; `undefined` where value 1 has nothing for bytes with their high bit set. */
  readonly g1: CodeElement | undefined;
  /** All of them, in their order. */
  readonly all: readonly CodeElement[];
  /** Values of (0008,0005), for messages; empty for the default repertoire. */
  readonly terms: string;
}

/** Escape sequences by ISO-IR number, without ESC: to G0, then to G1. PS3.3 Tables C.12-3 and C.12-4. */
const designations: Readonly<Record<string, string>> = {
  6: '(B',
  13: '(J )I',
  58: '$)A',
  87: '$B',
  100: '(B -A',
  101: '(B -B',
  109: '(B -C',
  110: '(B -D',
  126: '(B -F',
  127: '(B -G',
  138: '(B -H',
  144: '(B -L',
  148: '(B -M',
  149: '$)C',
  159: '$(D',
  166: '(B -T',
  203: '(B -b',
};

/** The elements of sets, by their ISO-IR numbers. */
export function codeElements(sets: readonly string[]): CodeElements {
  const [first = '(B', ...others] = sets.map((set) => designations[set] ?? '');
  // Value 1 has one byte for each character; where it hasn't, which is wrong, ASCII goes before it.
  const initial = first.startsWith('$') ? '(B' : first;
  const names = [initial, first, ...others].join(' ').split(' ');
  const all = [...new Set(names)].flatMap(elementsOf);
  const count = initial.split(' ').length;
  const [g0 = asciiElement, g1] = all.slice(0, count);
  const terms = sets.map((set) => definedTerm(set, sets.length > 1)).join('\\');
  return { g0, g1, all, terms: terms === 'ISO_IR 6' ? '' : terms };
}

const asciiElement: CodeElement = { designation: '(B', set: asciiRepertoire, isG1: false };

function elementsOf(designation: string): readonly CodeElement[] {
  const set = designated(designation);
  return set === undefined ? [] : [{ designation, set, isG1: isToG1(designation) }];
}
