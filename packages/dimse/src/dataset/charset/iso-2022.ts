/** Character sets that can be extended by escape sequences, and single ones of their kind. ISO/IEC 2022 as PS3.5 6.1.2.5 uses it. */
import { type CodeElements, codeElements } from './code-elements.js';
import { decoderOf } from './decoders.js';
import { Iso2022Reader } from './iso-2022-reader.js';
import { Iso2022Writer } from './iso-2022-writer.js';
import { decodeLatin1, encodeLatin1 } from './latin-1.js';
import type { Delimiters, OnProblem, TextCodec } from './text-codec.js';
import type { Unencodable } from './unencodable.js';

/** Text of one or several sets that know of code extension. */
export class Iso2022Codec implements TextCodec {
  private readonly elements: CodeElements;

  constructor(sets: readonly string[]) {
    this.elements = codeElements(sets);
  }

  decode(bytes: Uint8Array, delimiters: Delimiters, onProblem?: OnProblem): string {
    const { g0, terms } = this.elements;
    const isRoman = g0.designation === '(J';
    if (isPlain(bytes, isRoman)) return decodeLatin1(bytes);
    if (isRoman && isShiftJis(bytes)) {
      onProblem?.(`${terms} has Shift JIS in it`);
      return decoderOf('shift_jis').decode(bytes);
    }
    const reader = new Iso2022Reader(bytes, this.elements, delimiters);
    const text = reader.read();
    if (reader.problem !== undefined) onProblem?.(reader.problem);
    return text;
  }

  encode(text: string, delimiters: Delimiters, unencodable: Unencodable = 'error'): Uint8Array {
    if (isPlainText(text, this.elements.g0.designation === '(J')) return encodeLatin1(text);
    return new Iso2022Writer(this.elements, delimiters, unencodable).write(text);
  }
}

/** True for bytes that are the same in ASCII. */
function isPlain(bytes: Uint8Array, isRoman: boolean): boolean {
  for (const byte of bytes) {
    if (byte >= 0x80 || byte === 0x1b || (isRoman && (byte === 0x5c || byte === 0x7e))) return false;
  }
  return true;
}

/** True for text whose bytes are those of ASCII. */
function isPlainText(text: string, isRoman: boolean): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80 || code === 0x1b || (isRoman && (code === 0x5c || code === 0x7e))) return false;
  }
  return true;
}

/** JIS X 0201 has no such bytes, the first halves of kanji in Shift JIS, which is met under its name. */
function isShiftJis(bytes: Uint8Array): boolean {
  return !bytes.includes(0x1b) && bytes.some((byte) => (byte >= 0x80 && byte <= 0xa0) || byte >= 0xe0);
}
