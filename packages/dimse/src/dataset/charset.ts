/**
 * Specific character sets: text to bytes and back. PS3.3 C.12.1.1.2, PS3.5 6.1.
 *
 * Single-byte sets, UTF-8, GB18030 and GBK. Sets with code extensions (ISO 2022) are read by the set that they begin with;
 * bytes that it doesn't have become U+FFFD.
 */
import { DataSetError } from './errors.js';

/** Text in one specific character set. */
export interface TextCodec {
  /** Never throws; what can't be read becomes U+FFFD. */
  decode(bytes: Uint8Array): string;
  /** @throws DataSetError `unsupported-character-set` when the text holds a character that the set doesn't have. */
  encode(text: string): Uint8Array;
}

/** Labels of `TextDecoder` by defined term. JIS X 0201 is the single-byte part of Shift JIS. */
const labels = new Map<string, string>([
  ['ISO_IR 101', 'iso-8859-2'],
  ['ISO_IR 109', 'iso-8859-3'],
  ['ISO_IR 110', 'iso-8859-4'],
  ['ISO_IR 144', 'iso-8859-5'],
  ['ISO_IR 127', 'iso-8859-6'],
  ['ISO_IR 126', 'iso-8859-7'],
  ['ISO_IR 138', 'iso-8859-8'],
  ['ISO_IR 148', 'windows-1254'],
  ['ISO_IR 203', 'iso-8859-15'],
  ['ISO_IR 13', 'shift_jis'],
  ['ISO_IR 166', 'windows-874'],
  ['ISO_IR 192', 'utf-8'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

const codecs = new Map<string, TextCodec>();

/** The codec for the values of Specific Character Set (0008,0005); none or an unknown one is the default repertoire. */
export function textCodec(characterSets: readonly string[]): TextCodec {
  const term = baseTerm(characterSets[0] ?? '');
  let codec = codecs.get(term);
  if (codec === undefined) {
    codec = makeCodec(term);
    codecs.set(labels.has(term) || term === 'ISO_IR 100' ? term : '', codec);
  }
  return codec;
}

/** `ISO 2022 IR 100` begins with the same set as `ISO_IR 100`; spellings such as `ISO IR 100` are met too. */
function baseTerm(term: string): string {
  const trimmed = term.trim().toUpperCase();
  const number = /^ISO[_ -]?(?:2022[_ -])?IR[_ -]?(\d+)$/.exec(trimmed)?.[1];
  const normal = number === undefined ? trimmed : `ISO_IR ${number}`;
  return labels.has(normal) || normal === 'ISO_IR 100' ? normal : '';
}

function makeCodec(term: string): TextCodec {
  // What stands outside the default repertoire without saying its set is nearly always Latin-1.
  if (term === '') return { decode: decodeLatin1, encode: (text) => encodeLatin1(text, 0x7f, term) };
  if (term === 'ISO_IR 100') return { decode: decodeLatin1, encode: (text) => encodeLatin1(text, 0xff, term) };
  const decoder = new TextDecoder(labels.get(term) ?? 'utf-8', { ignoreBOM: true });
  const decode = (bytes: Uint8Array) => decoder.decode(bytes);
  if (term === 'ISO_IR 192') {
    const encoder = new TextEncoder();
    return { decode, encode: (text) => encoder.encode(text) };
  }
  return { decode, encode: (text) => encodeByTable(text, reversed(term, decoder), term) };
}

const asciiDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text of the default repertoire, and ISO 8859-1 beyond it. */
export function decodeLatin1(bytes: Uint8Array): string {
  if (bytes.length < 32) {
    let text = '';
    for (let at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]!);
    return text;
  }
  if (bytes.every((byte) => byte < 0x80)) return asciiDecoder.decode(bytes);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return parts.join('');
}

/** Text whose characters are the bytes' numbers. @throws DataSetError above `highest`. */
export function encodeLatin1(text: string, highest: number, term: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > highest) throw lacking(String.fromCodePoint(text.codePointAt(at)!), term);
    bytes[at] = code;
  }
  return bytes;
}

const tables = new Map<string, ReadonlyMap<string, number>>();

/** Character to byte (or pair of bytes, first in the high byte), from the decoder itself. */
function reversed(term: string, decoder: InstanceType<typeof TextDecoder>): ReadonlyMap<string, number> {
  const known = tables.get(term);
  if (known !== undefined) return known;
  const table = new Map<string, number>();
  const hasPairs = term === 'GBK' || term === 'GB18030';
  for (let code = 0; code < 0x100; code++) addCharacter(table, decoder.decode(Uint8Array.of(code)), code);
  for (let code = 0x8140; hasPairs && code <= 0xfefe; code++) {
    addCharacter(table, decoder.decode(Uint8Array.of(code >> 8, code & 0xff)), code);
  }
  tables.set(term, table);
  return table;
}

function addCharacter(table: Map<string, number>, character: string, code: number): void {
  const isOne = [...character].length === 1 && character !== '\ufffd';
  if (isOne && !table.has(character)) table.set(character, code);
}

function encodeByTable(text: string, table: ReadonlyMap<string, number>, term: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = table.get(character);
    if (code === undefined) throw lacking(character, term);
    if (code > 0xff) bytes.push(code >> 8);
    bytes.push(code & 0xff);
  }
  return Uint8Array.from(bytes);
}

function lacking(character: string, term: string): DataSetError {
  const set = term === '' ? 'The default character repertoire' : `The character set ${term}`;
  const advice = "set SpecificCharacterSet to 'ISO_IR 192' for Unicode";
  return new DataSetError('unsupported-character-set', `${set} has no ${JSON.stringify(character)}; ${advice}`);
}
