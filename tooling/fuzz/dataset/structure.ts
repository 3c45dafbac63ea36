/** Elements, items and their headers as a tree. Whatever the bytes: what can't be told apart stays one field. PS3.5 7. */
import type { Group, Part, Structure } from '../part.ts';
import { encodingOfKind, kindOf } from './input.ts';
import { LONG_VRS, type ModelEncoding } from './model.ts';

/** Structure of inputs of the data set target. */
export const dataSetStructure: Structure = {
  structureOf,
  bytesOf,
  isLittleEndian: (input) => kindOf(input) !== 'bigEndian',
};

/** Structure of elements alone, implicit VR little endian: command sets. */
export const commandStructure: Structure = {
  ...dataSetStructure,
  structureOf: (bytes) => ({ name: '', parts: elementsOf(bytes, { isImplicitVr: true, isBigEndian: false }, 0) }),
  isLittleEndian: () => true,
};

const UNDEFINED = 0xffffffff;
const ITEM_GROUP = 0xfffe;
/** Deeper ones stay one field. */
const DEEPEST = 80;

function bytesOf(part: Part, repairsLengths: boolean): Uint8Array {
  const pieces: Uint8Array[] = [];
  addPieces(part, repairsLengths, pieces);
  return new Uint8Array(Buffer.concat(pieces));
}

function structureOf(input: Uint8Array): Group {
  const kind = kindOf(input);
  const body = input.subarray(1);
  const parts: Part[] = [{ name: 'kind', bytes: input.slice(0, 1) }];
  const hasPreamble = kind === 'part10' && body.length >= 132;
  if (hasPreamble) parts.push(field('preamble', body, 0, 128), field('prefix', body, 128, 132));
  const elements = hasPreamble ? body.subarray(132) : body;
  if (kind === 'deflated') parts.push(field('deflated', elements, 0, elements.length));
  else parts.push({ name: 'elements', parts: elementsOf(elements, encodingOfKind(kind), 0) });
  return { name: '', parts };
}

function elementsOf(bytes: Uint8Array, encoding: ModelEncoding, depth: number): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = elementAt(bytes, at, encoding, depth);
    if (element === undefined) break;
    parts.push(element.group);
    at = element.end;
  }
  if (at < bytes.length) parts.push(field('rest', bytes, at, bytes.length));
  return parts;
}

/** An element, item or delimiter; one of undefined length with all up to its delimiter, if that is here. */
function elementAt(
  bytes: Uint8Array,
  at: number,
  encoding: ModelEncoding,
  depth: number,
  isFragment = false,
): { readonly group: Group; readonly end: number } | undefined {
  if (at + 8 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = !encoding.isBigEndian;
  const isItem = view.getUint16(at, isLittle) === ITEM_GROUP;
  const vr = String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0);
  const hasVr = !encoding.isImplicitVr && !isItem && /^[A-Z]{2}$/.test(vr);
  const isLong = hasVr && LONG_VRS.has(vr);
  if (isLong && at + 12 > bytes.length) return undefined;
  const parts: Part[] = [field('tag', bytes, at, at + 4)];
  if (hasVr) parts.push(field('vr', bytes, at + 4, at + 6));
  if (isLong) parts.push(field('reserved', bytes, at + 6, at + 8));
  const valueAt = at + (isLong ? 12 : 8);
  const lengthAt = valueAt - (hasVr && !isLong ? 2 : 4);
  const length = hasVr && !isLong ? view.getUint16(lengthAt, isLittle) : view.getUint32(lengthAt, isLittle);
  const isUndefined = length === UNDEFINED;
  const order = isLittle ? 'little' : 'big';
  parts.push(field(isUndefined ? 'undefined' : `${order}Length`, bytes, lengthAt, valueAt));
  const end = isUndefined ? bytes.length : Math.min(valueAt + length, bytes.length);
  if (isUndefined) {
    // A sequence in UN is implicit VR little endian, PS3.5 6.2.2 Note 4.
    const within = hasVr && vr === 'UN' ? { isImplicitVr: true, isBigEndian: false } : encoding;
    const holdsFragments = vr === 'OB' || vr === 'OW';
    const end = addContent(parts, bytes, valueAt, within, depth, holdsFragments);
    return { group: { name: isItem ? 'item' : 'element', parts }, end };
  }
  const holdsElements = (isItem && !isFragment) || vr === 'SQ' || (!hasVr && looksLikeItem(bytes, valueAt, isLittle));
  if (holdsElements && depth < DEEPEST && end > valueAt) {
    parts.push({ name: 'content', parts: elementsOf(bytes.subarray(valueAt, end), encoding, depth + 1) });
  } else parts.push(field('value', bytes, valueAt, end));
  return { group: { name: isItem ? 'item' : 'element', parts }, end };
}

/** Adds everything up to a delimiter. @returns the offset after it. */
function addContent(
  parts: Part[],
  bytes: Uint8Array,
  start: number,
  encoding: ModelEncoding,
  depth: number,
  holdsFragments: boolean,
): number {
  const content: Part[] = [];
  parts.push({ name: 'content', parts: content });
  let at = start;
  while (at < bytes.length && depth < DEEPEST) {
    const inner = elementAt(bytes, at, encoding, depth + 1, holdsFragments);
    if (inner === undefined) break;
    at = inner.end;
    if (isDelimiter(inner.group)) {
      parts.push({ ...inner.group, name: 'delimiter' });
      return at;
    }
    content.push(inner.group);
  }
  if (at < bytes.length) content.push(field('rest', bytes, at, bytes.length));
  return bytes.length;
}

function isDelimiter({ parts }: Group): boolean {
  const [tag] = parts;
  if (tag === undefined || !('bytes' in tag)) return false;
  return ['feff0de0', 'feffdde0', 'fffee00d', 'fffee0dd'].includes(Buffer.from(tag.bytes).toString('hex'));
}

function looksLikeItem(bytes: Uint8Array, at: number, isLittle: boolean): boolean {
  const tag = Buffer.from(bytes.subarray(at, at + 4)).toString('hex');
  return tag === (isLittle ? 'feff00e0' : 'fffee000');
}

function field(name: string, bytes: Uint8Array, start: number, end: number): Part {
  return { name, bytes: bytes.slice(start, end) };
}

/** Adds the bytes of a part to a list. @returns how many there are. */
function addPieces(part: Part, repairsLengths: boolean, pieces: Uint8Array[]): number {
  if ('bytes' in part) {
    pieces.push(part.bytes);
    return part.bytes.length;
  }
  let [total, covered, lengthAt] = [0, 0, -1];
  let length: { readonly name: string; readonly bytes: Uint8Array } | undefined;
  for (const inner of part.parts) {
    const added = addPieces(inner, repairsLengths, pieces);
    total += added;
    covered += added;
    if ('bytes' in inner && /^(?:little|big)Length$/.test(inner.name) && length === undefined) {
      length = inner;
      lengthAt = pieces.length - 1;
      covered = 0;
    }
  }
  if (repairsLengths && length !== undefined) {
    pieces[lengthAt] = numberOf(covered, length.bytes.length, length.name === 'littleLength');
  }
  return total;
}

function numberOf(value: number, width: number, isLittle: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** index) % 256);
  return isLittle ? bytes : bytes.reverse();
}
