/** Changes that only make sense for data sets. */
import type { Group, Part } from '../part.ts';
import type { Random } from '../random.ts';
import { VRS } from './model.ts';

/** Tags with a meaning of their own, as they stand in little endian. */
const TAGS: readonly string[] = [
  'feff00e0', // item
  'feff0de0', // item delimitation
  'feffdde0', // sequence delimitation
  'e07f1000', // pixel data
  '08000500', // specific character set
  '28000301', // pixel representation
  '28000001', // bits allocated
  '28000601', // US or SS
  '08000000', // group length
  '02001000', // transfer syntax
  '09001000', // private creator
  '09000110', // private
  '00001000',
  'ffffffff',
];

const OTHER_VRS: readonly string[] = ['XX', 'OX', '??', '  ', '\0\0', 'sq', 'UN', 'SQ', 'OB'];

/** Values that decoders of text and numbers stumble at. */
const TEXTS: readonly string[] = [
  'ISO 2022 IR 87',
  '\\ISO 2022 IR 149',
  'ISO_IR 192',
  'ISO_IR 100\\ISO 2022 IR 126',
  'GB18030',
  'GBK',
  '\x1b$B;3ED\x1b(B',
  '\x1b$)C\xfb\xf3^\x1b$)C',
  '\x1b',
  '\\\\\\',
  '=^=^=',
  '1e999',
  '-0',
  '0x10',
  'Infinity',
  '\xff\xfe\x80',
  '\0\0',
  '19991332',
  '1.2.840.10008.1.2.1.99',
];

/** Changes what stands at `index` in a group; false when there is nothing special about it. */
export function changeSpecially(group: Group, index: number, random: Random): boolean {
  const part = group.parts[index];
  if (part === undefined) return false;
  if ('parts' in part) {
    if (part.name === 'content') return false;
    group.parts[index] = random.once(3)
      ? undefinedLength(part)
      : wrapped(part, random.once(6) ? 70 : 1 + random.below(3));
    return true;
  }
  const bytes = changedField(part.name, random);
  if (bytes === undefined) return false;
  part.bytes = bytes;
  return true;
}

function changedField(name: string, random: Random): Uint8Array | undefined {
  switch (name) {
    case 'kind':
      return Uint8Array.of(random.below(256));
    case 'tag': {
      const tag = new Uint8Array(Buffer.from(random.pick(TAGS), 'hex'));
      return random.once(3) ? Uint8Array.of(tag[1] ?? 0, tag[0] ?? 0, tag[3] ?? 0, tag[2] ?? 0) : tag;
    }
    case 'vr':
      return latin1(random.pick(random.once(3) ? OTHER_VRS : VRS));
    case 'value':
      return latin1(random.pick(TEXTS));
    default:
      return undefined;
  }
}

/** In items of sequences of undefined length, so many times. */
function wrapped(part: Part, times: number): Part {
  let inner = part;
  for (let left = times; left > 0; left--) {
    const item: Part = {
      name: 'item',
      parts: [
        field('tag', 'feff00e0'),
        field('undefined', 'ffffffff'),
        { name: 'content', parts: [inner] },
        delimiter('feff0de000000000'),
      ],
    };
    inner = {
      name: 'element',
      parts: [
        field('tag', '40000103'),
        field('vr', '5351'),
        field('reserved', '0000'),
        field('undefined', 'ffffffff'),
        { name: 'content', parts: [item] },
        delimiter('feffdde000000000'),
      ],
    };
  }
  return inner;
}

/** With undefined length and a delimiter, when it had a length. */
function undefinedLength(group: Group): Group {
  const at = group.parts.findIndex(({ name }) => name === 'littleLength' || name === 'bigLength');
  const length = group.parts[at];
  if (length === undefined || !('bytes' in length)) return group;
  const parts = group.parts.slice();
  parts[at] = { name: 'undefined', bytes: new Uint8Array(length.bytes.length).fill(0xff) };
  return {
    name: group.name,
    parts: [...parts, delimiter(group.name === 'item' ? 'feff0de000000000' : 'feffdde000000000')],
  };
}

function delimiter(digits: string): Part {
  return { name: 'delimiter', parts: [field('tag', digits.slice(0, 8)), field('littleLength', digits.slice(8))] };
}

function field(name: string, digits: string): Part {
  return { name, bytes: new Uint8Array(Buffer.from(digits, 'hex')) };
}

function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
