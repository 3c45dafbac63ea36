/** Bytes as a tree of PDUs, items and fields that can be changed and put together again. */
import { type Annotation, annotate } from '@dicomwire/pdu';
import type { Group, Part, Structure } from '../part.ts';

/** Structure by `annotate`. */
export const pduStructure: Structure = { structureOf, bytesOf, isLittleEndian: () => false };

/** The structure of bytes, malformed ones too. */
function structureOf(bytes: Uint8Array): Group {
  return { name: '', parts: annotate(bytes).map(partOf) };
}

/** The bytes of a structure. `repairsLengths`: length fields are made to say what they should. */
function bytesOf(part: Part, repairsLengths: boolean): Uint8Array {
  return Uint8Array.from(octetsOf(part, repairsLengths));
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
