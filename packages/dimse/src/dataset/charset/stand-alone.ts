/** Character sets that know nothing of code extension: UTF-8, GB18030, GBK. PS3.3 Table C.12-5. */
import { decoderOf } from './decoders.js';
import { definedTerm } from './defined-terms.js';
import { decodedCharacters, pairs } from './repertoire.js';
import type { Delimiters, OnProblem, TextCodec } from './text-codec.js';
import { lackingCharacter, type Unencodable } from './unencodable.js';

const labels: Readonly<Record<string, string>> = { 192: 'utf-8', GB18030: 'gb18030', GBK: 'gbk' };

/** UTF-8, GB18030 and GBK: one set for all text. Bytes that look like delimiters within a character are none, so values are divided as text. */
export class StandAloneCodec implements TextCodec {
  private readonly set: string;

  constructor(set: string) {
    this.set = set;
  }

  decode(bytes: Uint8Array, _delimiters: Delimiters, onProblem?: OnProblem): string {
    const text = decoderOf(labels[this.set] ?? 'utf-8').decode(bytes);
    if (onProblem !== undefined && text.includes('\ufffd')) onProblem(`Bytes that ${this.term} does not have`);
    return text;
  }

  encode(text: string, _delimiters: Delimiters, unencodable: Unencodable = 'error'): Uint8Array {
    const wellFormed = text.replace(/[\ud800-\udfff]/gu, (half) => {
      if (unencodable === 'error') throw lackingCharacter(half, this.term);
      return '?';
    });
    return this.set === '192' ? new TextEncoder().encode(wellFormed) : this.encodeGb(wellFormed, unencodable);
  }

  private encodeGb(text: string, unencodable: Unencodable): Uint8Array {
    const bytes: number[] = [];
    for (const character of text) {
      const codes = gbCodesOf(character) ?? (this.set === 'GB18030' ? fourBytesOf(character) : undefined);
      if (codes === undefined && unencodable === 'error') throw lackingCharacter(character, this.term);
      bytes.push(...(codes ?? [0x3f]));
    }
    return Uint8Array.from(bytes);
  }

  private get term(): string {
    return definedTerm(this.set, false);
  }
}

/** A byte of ASCII or a pair of GBK. */
function gbCodesOf(character: string): readonly number[] | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return [code];
  const pair = gbPairs().get(character);
  return pair === undefined ? undefined : [pair >> 8, pair & 0xff];
}

let gbTable: Map<string, number> | undefined;

function gbPairs(): ReadonlyMap<string, number> {
  gbTable ??= reversed('gb18030', pairs([0x81, 0xfe], [0x40, 0xfe]), ([high = 0, low = 0]) => (high << 8) | low);
  return gbTable;
}

/** Code points above the BMP begin at this number of four-byte codes. */
const firstSupplementary = 189_000;
let linearTable: Map<string, number> | undefined;

/** GB18030 numbers all other characters of Unicode in order; four bytes tell the number in digits of 10, 126, 10 and what is left. */
function fourBytesOf(character: string): readonly number[] | undefined {
  const code = character.codePointAt(0) ?? 0;
  linearTable ??= reversed(
    'gb18030',
    Array.from({ length: 39_420 }, (_, linear) => fourBytes(linear)),
    (_, linear) => linear,
  );
  const linear = code > 0xffff ? firstSupplementary + code - 0x10000 : linearTable.get(character);
  return linear === undefined ? undefined : fourBytes(linear);
}

function fourBytes(linear: number): number[] {
  const third = Math.floor(linear / 10);
  const second = Math.floor(third / 126);
  return [Math.floor(second / 10) + 0x81, (second % 10) + 0x30, (third % 126) + 0x81, (linear % 10) + 0x30];
}

function reversed(
  label: string,
  codes: number[][],
  codeAt: (code: readonly number[], index: number) => number,
): Map<string, number> {
  const table = new Map<string, number>();
  const characters = decodedCharacters(label, codes);
  for (const [index, code] of codes.entries()) {
    const character = characters.charAt(index);
    if (character !== '\ufffd' && !table.has(character)) table.set(character, codeAt(code, index));
  }
  return table;
}
