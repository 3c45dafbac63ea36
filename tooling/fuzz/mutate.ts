import { copyOf, type Group, groupsOf, lengthFieldsOf, type Part, type Structure } from './part.ts';
import type { Random } from './random.ts';

/** A change of the bytes' meaning that a target knows of; false when it found nothing to change. */
export type SpecialChange = (group: Group, index: number, random: Random) => boolean;

/** What mutation goes by. */
export interface MutationRules extends Structure {
  /** Inputs that parts are taken from. */
  readonly others: readonly Uint8Array[];
  readonly random: Random;
  /** Bytes of the longest input that mutation makes: beyond the longest in the corpus, short enough for many a second. */
  readonly longest: number;
  readonly changeSpecially?: SpecialChange | undefined;
}

/** Values at which codecs stumble. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0f, 0x10, 0x20, 0x21, 0x30, 0x40, 0x50, 0x57, 0x7f, 0x80, 0xfe, 0xff];

/** `bytes` with a few changes: to its structure, lengths mostly put right afterwards, to its bytes, or both. */
export function mutate(bytes: Uint8Array, rules: MutationRules): Uint8Array {
  const { random } = rules;
  const structured = random.once(4) ? bytes : mutateStructure(bytes, rules);
  const mutated = structured !== bytes && !random.once(3) ? structured : mutateBytes(structured, random);
  return mutated.subarray(0, rules.longest);
}

function mutateStructure(bytes: Uint8Array, rules: MutationRules): Uint8Array {
  const { random, changeSpecially } = rules;
  const root = rules.structureOf(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const group = random.pick(groupsOf(root));
    if (group.parts.length === 0) continue;
    const index = random.below(group.parts.length);
    if (changeSpecially !== undefined && random.once(2) && changeSpecially(group, index, random)) continue;
    change(group, index, rules);
  }
  const mutated = rules.bytesOf(root, !random.once(5)).subarray(0, rules.longest);
  if (random.once(3)) skewLength(mutated, rules);
  return mutated;
}

/** Makes one length field a little wrong. */
function skewLength(bytes: Uint8Array, rules: MutationRules): void {
  const lengths = lengthFieldsOf(rules.structureOf(bytes));
  if (lengths.length === 0) return;
  const { offset, byteLength } = rules.random.pick(lengths);
  const least = rules.isLittleEndian(bytes) ? offset : offset + byteLength - 1;
  bytes[least] = (bytes[least] ?? 0) + rules.random.below(17) - 8;
}

/** Changes what stands at `index` among the parts of a group. */
function change({ parts }: Group, index: number, { others, random, structureOf }: MutationRules): void {
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
