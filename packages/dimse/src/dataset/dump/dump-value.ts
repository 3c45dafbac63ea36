/** Values as a dump shows them. */
import { textCodec } from '../charset/specific-character-set.js';
import { decodeValues } from '../decode-value.js';
import type { ElementMap } from '../element-map.js';
import type { PlainValue } from '../plain-value.js';
import { formatTag } from '../tag.js';
import { uidInfo } from '../uid-names.js';
import { type Vr, vrTraits } from '../vr.js';
import { printable } from './printable.js';

/** A value as it is shown. */
export interface DumpedValue {
  readonly text: string;
  /** Number of values. */
  readonly multiplicity: number;
}

const nothing: DumpedValue = { text: '(no value)', multiplicity: 0 };

/** The value of an element that is no sequence. */
export function dumpValue(map: ElementMap, tag: number, vr: Vr, maxCharacters: number): DumpedValue {
  const { kind } = vrTraits[vr];
  if (kind === 'text') return dumpTexts(vr, map.texts(tag), maxCharacters);
  if (kind === 'binary') return dumpBytes(vr, bytesOf(map, tag), maxCharacters);
  const values = map
    .values(tag)
    .flatMap((value) => (value instanceof Uint8Array ? decodeValues(vr, value, false, textCodec([])) : [value]));
  if (values.length === 0) return nothing;
  return {
    text: joined(values.length, (index) => shownNumber(vr, values[index]!), maxCharacters),
    multiplicity: values.length,
  };
}

/** Bytes of a binary VR in little endian order: hexadecimal numbers of its unit, or floating-point numbers. */
export function dumpBytes(vr: Vr, bytes: Uint8Array, maxCharacters: number): DumpedValue {
  if (bytes.length === 0) return nothing;
  const { unitBytes } = vrTraits[vr];
  const count = Math.ceil(bytes.length / unitBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shown = (index: number) => shownUnit(vr, view, index * unitBytes, unitBytes);
  return { text: joined(count, shown, maxCharacters), multiplicity: 1 };
}

function bytesOf(map: ElementMap, tag: number): Uint8Array {
  const [value] = map.values(tag);
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

function dumpTexts(vr: Vr, texts: readonly string[], maxCharacters: number): DumpedValue {
  if (texts.length === 0) return nothing;
  // What is not shown needs no looking at.
  const text = printable(texts.join('\\').slice(0, 2 * maxCharacters + 2));
  const characters = text.length > maxCharacters ? [...text.slice(0, 2 * maxCharacters)] : [];
  const isCut = characters.length > maxCharacters;
  const shown = isCut ? `[${characters.slice(0, maxCharacters).join('')}…]` : `[${text}]`;
  const keyword = vr === 'UI' && texts.length === 1 ? uidInfo(texts[0] ?? '')?.keyword : undefined;
  return { text: keyword ? `${shown} =${keyword}` : shown, multiplicity: texts.length };
}

/** As many as fit. */
function joined(count: number, shown: (index: number) => string, maxCharacters: number): string {
  let text = shown(0);
  for (let index = 1; index < count; index++) {
    if (text.length >= maxCharacters) return `${text}\\…`;
    text += `\\${shown(index)}`;
  }
  return text;
}

function shownNumber(vr: Vr, value: PlainValue): string {
  if (vr === 'AT') return formatTag(Number(value));
  return vr === 'FL' ? shortFloat(Number(value)) : String(value);
}

function shownUnit(vr: Vr, view: DataView, at: number, unitBytes: number): string {
  if (at + unitBytes > view.byteLength) return '?';
  if (vr === 'OF') return shortFloat(view.getFloat32(at, true));
  if (vr === 'OD') return String(view.getFloat64(at, true));
  let digits = '';
  for (let index = unitBytes - 1; index >= 0; index--)
    digits += view
      .getUint8(at + index)
      .toString(16)
      .padStart(2, '0');
  return digits;
}

/** The fewest digits that tell a 32-bit float from its neighbours. */
function shortFloat(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
