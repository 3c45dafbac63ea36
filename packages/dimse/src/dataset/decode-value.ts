/** Bytes of a value to values of TypeScript, by VR. PS3.5 6.2. */
import { swapped } from './byte-order.js';
import { decodeLatin1 } from './charset/latin-1.js';
import { delimitersOf, type OnProblem, type TextCodec } from './charset/text-codec.js';
import type { PlainValue } from './plain-value.js';
import { type Vr, vrTraits } from './vr.js';

/**
 * Decodes a value field. Text loses its padding; numbers that aren't whole are left out; a DS or IS that is no number is NaN.
 * Binary VRs (OB, OW, UN, …) give their bytes in little endian order: a view, or a copy where big endian had to be turned.
 */
export function decodeValues(
  vr: Vr,
  bytes: Uint8Array,
  isBigEndian: boolean,
  codec: TextCodec,
  onProblem?: OnProblem,
): readonly PlainValue[] {
  if (bytes.length === 0) return [];
  const traits = vrTraits[vr];
  switch (traits.kind) {
    case 'text':
      return toValues(vr, decodeTexts(vr, bytes, codec, onProblem));
    case 'number':
    case 'bigint':
    case 'tag':
      return decodeNumbers(vr, bytes, isBigEndian);
    case 'binary':
      return [isBigEndian ? swapped(vr, bytes) : bytes];
    case 'sequence':
      return [];
  }
}

/** Texts of a value field without padding, one for each value. */
export function decodeTexts(vr: Vr, bytes: Uint8Array, codec: TextCodec, onProblem?: OnProblem): readonly string[] {
  if (!vrTraits[vr].usesCharacterSet) return splitText(vr, decodeLatin1(bytes));
  return splitText(vr, codec.decode(bytes, delimitersOf(vr), onProblem));
}

/** Texts of decoded text, without padding, one for each value. */
export function splitText(vr: Vr, text: string): readonly string[] {
  if (!vrTraits[vr].isSplit) return [trimEnd(text)];
  if (!text.includes('\\')) return [trim(vr, text)];
  return text.split('\\').map((part) => trim(vr, part));
}

function toValues(vr: Vr, texts: readonly string[]): readonly PlainValue[] {
  if (texts.length === 1 && texts[0] === '') return [];
  if (vr !== 'DS' && vr !== 'IS') return texts;
  return texts.map(numberOfText);
}

/** The number that a DS or IS is; NaN when it is none. */
export function numberOfText(text: string): number {
  // Number() takes more than the standard allows: hexadecimal digits, the word Infinity.
  return /^[-+.0-9eE]+$/.test(text) ? Number(text) : Number.NaN;
}

/** Leading spaces mean something in names and free text, nowhere else. */
function trim(vr: Vr, text: string): string {
  const ended = trimEnd(text);
  return vr === 'PN' || vr === 'UC' ? ended : ended.trimStart();
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return end === text.length ? text : text.slice(0, end);
}

function decodeNumbers(vr: Vr, bytes: Uint8Array, isBigEndian: boolean): readonly PlainValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = vr === 'AT' ? 4 : vrTraits[vr].unitBytes;
  const values: PlainValue[] = [];
  for (let at = 0; at + width <= bytes.length; at += width) values.push(readNumber(vr, view, at, !isBigEndian));
  return values;
}

function readNumber(vr: Vr, view: DataView, at: number, isLittle: boolean): number | bigint {
  switch (vr) {
    case 'US':
      return view.getUint16(at, isLittle);
    case 'SS':
      return view.getInt16(at, isLittle);
    case 'UL':
      return view.getUint32(at, isLittle);
    case 'SL':
      return view.getInt32(at, isLittle);
    case 'FL':
      return view.getFloat32(at, isLittle);
    case 'FD':
      return view.getFloat64(at, isLittle);
    case 'SV':
      return view.getBigInt64(at, isLittle);
    case 'UV':
      return view.getBigUint64(at, isLittle);
    default:
      return view.getUint16(at, isLittle) * 0x10000 + view.getUint16(at + 2, isLittle);
  }
}
