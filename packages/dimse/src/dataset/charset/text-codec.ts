/** Text to bytes and back. */
import type { Vr } from '../vr.js';
import type { Unencodable } from './unencodable.js';

/** Characters of a text that divide it: values, components and groups of names. Code extension begins anew after each. PS3.5 6.1.2.5.3. */
export type Delimiters = '' | '\\' | '\\^=';

/** Text in the character sets of a data set. */
export interface TextCodec {
  /** Never throws: what can't be read becomes U+FFFD, and `onProblem` is told once. */
  decode(bytes: Uint8Array, delimiters: Delimiters, onProblem?: OnProblem): string;
  /** @throws DataSetError `unsupported-character-set` when a character can't be written and `unencodable` is `error`, the default. */
  encode(text: string, delimiters: Delimiters, unencodable?: Unencodable): Uint8Array;
}

/** Told of what was wrong with bytes that were read all the same. */
export type OnProblem = (problem: string) => void;

/** What divides the text of a VR. */
export function delimitersOf(vr: Vr): Delimiters {
  if (vr === 'PN') return '\\^=';
  return vr === 'LO' || vr === 'SH' || vr === 'UC' ? '\\' : '';
}
