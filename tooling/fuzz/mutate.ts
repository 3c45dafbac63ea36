import { type Annotation, annotate } from '@dicomwire/pdu';
import type { Random } from './random.ts';
import { bytesOf, copyOf, groupsOf, type Part, structureOf } from './structure.ts';

type Group = ReturnType<typeof groupsOf>[number];

/** Longest input that mutation makes: beyond the longest captures, short enough for thousands a second. */
const LONGEST = 20_000;

/** Values at which codecs stumble. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0f, 0x10, 0x20, 0x21, 0x30, 0x40, 0x50, 0x57, 0x7f, 0x80, 0xfe, 0xff];

/** `bytes` with a few changes: to its structure, lengths mostly put right afterwards, to its bytes, or both. */
export function mutate(bytes: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  const structured = random.once(4) ? bytes : mutateStructure(bytes, others, random);
  const mutated = structured !== bytes && !random.once(3) ? structured : mutateBytes(structured, random);
  return mutated.subarray(0, LONGEST);
}

function mutateStructure(bytes: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  const root = structureOf(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const group = random.pick(groupsOf(root));
    if (group.parts.length > 0) change(group, random.below(group.parts.length), others, random);
  }
  const mutated = bytesOf(root, !random.once(5)).subarray(0, LONGEST);
  if (random.once(3)) skewLength(mutated, random);
  return mutated;
}

/** Makes one length field a little wrong. */
function skewLength(bytes: Uint8Array, random: Random): void {
  const lengths = annotate(bytes).flatMap(lengthsOf);
  if (lengths.length === 0) return;
  const { offset, byteLength } = random.pick(lengths);
  const last = offset + byteLength - 1;
  bytes[last] = (bytes[last] ?? 0) + random.below(17) - 8;
}

function lengthsOf(annotation: Annotation): Annotation[] {
  const { name, fields, byteLength } = annotation;
  if (fields.length > 0) return fields.flatMap(lengthsOf);
  return name.endsWith('Length') && byteLength > 0 ? [annotation] : [];
}

/** Changes what stands at `index` among the parts of a PDU or item, or of the whole. */
function change(group: Group, index: number, others: readonly Uint8Array[], random: Random): void {
  const { parts } = group;
  const part = parts[index];
  if (part === undefined) return;
  switch (random.below(7)) {
    case 0:
      parts.splice(index, 1);
      break;
    case 1: {
      // Many at times: beyond the caps on counts.
      const times = random.once(8) ? 300 : 1 + random.below(4);
      parts.splice(index, 0, ...Array.from({ length: times }, () => copyOf(part)));
      break;
    }
    case 2: {
      const other = random.below(parts.length);
      const there = parts[other];
      if (there === undefined) break;
      parts[other] = part;
      parts[index] = there;
      break;
    }
    case 3: {
      const donor: Part = random.pick(groupsOf(structureOf(random.pick(others))));
      parts.splice(index, random.below(2), copyOf(donor));
      break;
    }
    default:
      if ('bytes' in part) part.bytes = changedValue(part.bytes, random);
  }
}

function changedValue(bytes: Uint8Array, random: Random): Uint8Array {
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length + 1));
    case 1:
      return joined(bytes, random.bytes(1 + random.below(20)));
    case 2:
      return new Uint8Array(random.once(10) ? 5000 : random.below(80)).fill(random.pick(EDGES));
    case 3:
      return random.bytes(bytes.length);
    default: {
      const changed = bytes.slice();
      changed[random.below(bytes.length)] = random.once(2) ? random.pick(EDGES) : random.below(256);
      return changed;
    }
  }
}

function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  for (let left = 1 + random.below(5); left > 0; left--) {
    const at = random.below(changed.length);
    switch (random.below(6)) {
      case 0:
        changed = changed.slice(0, at);
        break;
      case 1:
        changed.copyWithin(at, random.below(changed.length), random.below(changed.length));
        break;
      case 2:
        changed = joined(changed.subarray(0, at), random.bytes(1 + random.below(8)), changed.subarray(at));
        break;
      case 3:
        changed = joined(changed.subarray(0, at), changed.subarray(at + 1 + random.below(8)));
        break;
      default:
        if (at < changed.length) changed[at] = random.once(2) ? random.pick(EDGES) : random.below(256);
    }
  }
  return changed;
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}
