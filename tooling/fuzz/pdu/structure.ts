/** Bytes as a tree of PDUs, items and fields that can be changed and put together again. */
import { type Annotation, annotate } from '@dicomwire/pdu';

/** A field when it has bytes, a PDU or an item when it has parts. */
export type Part = { readonly name: string; bytes: Uint8Array } | { readonly name: string; readonly parts: Part[] };

/** The structure of bytes, malformed ones too. */
export function structureOf(bytes: Uint8Array): Part {
  return { name: '', parts: annotate(bytes).map(partOf) };
}

/** The bytes of a structure. `repairsLengths`: length fields are made to say what they should. */
export function bytesOf(part: Part, repairsLengths: boolean): Uint8Array {
  return Uint8Array.from(octetsOf(part, repairsLengths));
}

/** All parts that have parts. */
export function groupsOf(part: Part): Extract<Part, { parts: Part[] }>[] {
  return 'parts' in part ? [part, ...part.parts.flatMap(groupsOf)] : [];
}

/** A copy that shares nothing. */
export function copyOf(part: Part): Part {
  return 'parts' in part
    ? { name: part.name, parts: part.parts.map(copyOf) }
    : { name: part.name, bytes: part.bytes.slice() };
}

function partOf({ name, bytes, fields }: Annotation): Part {
  return fields.length > 0 ? { name, parts: fields.map(partOf) } : { name, bytes: bytes.slice() };
}

function octetsOf(part: Part, repairsLengths: boolean): number[] {
  if ('bytes' in part) return [...part.bytes];
  const octets = part.parts.map((inner) => octetsOf(inner, repairsLengths));
  if (repairsLengths) {
    part.parts.forEach((inner, index) => {
      const covered =
        'bytes' in inner && inner.name.endsWith('Length') ? coveredBy(part.parts, octets, index) : undefined;
      if (covered !== undefined) octets[index] = bigEndian(covered, octets[index]?.length ?? 0);
    });
  }
  return octets.flat();
}

/** Bytes that the length field at `index` counts. */
function coveredBy(parts: readonly Part[], octets: readonly number[][], index: number): number {
  const name = parts[index]?.name ?? '';
  const isOfOneField = parts[index + 1]?.name === name.replace(/Length$/, '');
  const isOfList = name === 'relatedGeneralSopClassIdentificationLength';
  let covered = 0;
  for (let at = index + 1; at < parts.length; at++) {
    if (isOfOneField && at > index + 1) break;
    if (isOfList && !parts[at]?.name.startsWith('relatedGeneralSopClass[')) break;
    covered += octets[at]?.length ?? 0;
  }
  return covered;
}

function bigEndian(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** (width - 1 - index)) % 256);
}
