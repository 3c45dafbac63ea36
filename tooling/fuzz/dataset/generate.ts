/** Valid data sets made by chance. */
import type { Random } from '../random.ts';
import type { ModelElement, ModelItem } from './model.ts';

const ASCII = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz0123456789-+_.,:^=/*?';

/** Elements of the standard with each VR, in order of tags. Character sets and pixel data come besides. */
const KNOWN: readonly (readonly [tag: number, vr: string])[] = [
  [0x0008001a, 'UI'],
  [0x00080020, 'DA'],
  [0x0008002a, 'DT'],
  [0x00080030, 'TM'],
  [0x00080050, 'SH'],
  [0x00080054, 'AE'],
  [0x00080060, 'CS'],
  [0x00080119, 'UC'],
  [0x00080120, 'UR'],
  [0x00081030, 'LO'],
  [0x00081115, 'SQ'],
  [0x00081140, 'SQ'],
  [0x00100010, 'PN'],
  [0x00101010, 'AS'],
  [0x001021b0, 'LT'],
  [0x00186018, 'UL'],
  [0x00186020, 'SL'],
  [0x0018605a, 'FL'],
  [0x00189073, 'FD'],
  [0x00200013, 'IS'],
  [0x00200032, 'DS'],
  [0x00209165, 'AT'],
  [0x00280010, 'US'],
  [0x00281201, 'OW'],
  [0x0040a160, 'UT'],
  [0x0040a730, 'SQ'],
  [0x00420011, 'OB'],
  [0x00660016, 'OF'],
  [0x00660040, 'OL'],
  [0x00700006, 'ST'],
  [0x00720082, 'SV'],
  [0x7fe00001, 'OV'],
  [0x7fe00009, 'OD'],
];

/** What is to be made. */
export interface GenerateOptions {
  /** Sequences within each other at most. */
  readonly depth: number;
  /** Pixel data may be fragments; then, and only then, the encoding is to be explicit VR little endian. */
  readonly isEncapsulated: boolean;
}

/** A data set as the standard wants it: tags ascend, lengths are even, text is of the default repertoire. */
export function generateDataSet(random: Random, { depth, isEncapsulated }: GenerateOptions): ModelElement[] {
  const elements = generateElements(random, depth);
  if (random.once(2)) return elements;
  if (!isEncapsulated)
    elements.push({ tag: 0x7fe00010, vr: 'OW', value: { bytes: random.bytes(2 * random.below(30)) } });
  else {
    const fragments = Array.from({ length: 1 + random.below(4) }, () => random.bytes(2 * random.below(20)));
    elements.push({ tag: 0x7fe00010, vr: 'OB', value: { fragments: [new Uint8Array(0), ...fragments] } });
  }
  return elements;
}

function generateElements(random: Random, depth: number): ModelElement[] {
  const standard = KNOWN.filter(() => random.once(4)).map(([tag, vr]) => generateElement(random, tag, vr, depth));
  if (!random.once(3)) return standard;
  const privates: ModelElement[] = [
    { tag: 0x00110010, vr: 'LO', value: { bytes: latin1('MADE BY CHANCE', 0x20) } },
    generateElement(random, 0x00111001, random.pick(['UN', 'LO', 'OB', 'US', 'FD']), depth),
    generateElement(random, 0x00111002, random.pick(['SQ', 'UN', 'DS']), depth),
  ];
  if (depth > 0) privates.push({ tag: 0x00111003, vr: 'UN', value: generateSequence(random, depth, true) });
  return [...standard, ...privates].sort((one, other) => one.tag - other.tag);
}

function generateElement(random: Random, tag: number, vr: string, depth: number): ModelElement {
  if (vr !== 'SQ') return { tag, vr, value: { bytes: generateValue(random, vr) } };
  const sequence =
    depth > 0 ? generateSequence(random, depth, random.once(2)) : { items: [], isUndefinedLength: random.once(2) };
  return { tag, vr, value: sequence };
}

function generateSequence(random: Random, depth: number, isUndefinedLength: boolean) {
  const items = Array.from({ length: random.below(4) }, (): ModelItem => {
    return { elements: random.once(5) ? [] : generateElements(random, depth - 1), isUndefinedLength: random.once(2) };
  });
  return { items, isUndefinedLength };
}

function generateValue(random: Random, vr: string): Uint8Array {
  const times = random.once(6) ? 0 : 1 + random.below(random.once(4) ? 5 : 1);
  const several = (one: () => string) => Array.from({ length: times }, one).join('\\');
  const digits = (count: number) => Array.from({ length: count }, () => String(random.below(10))).join('');
  const text = (longest: number) =>
    Array.from({ length: 1 + random.below(longest) }, () => ASCII[random.below(ASCII.length)]).join('');
  switch (vr) {
    case 'UI':
      return latin1(
        several(() => `1.2.${1 + random.below(9)}${digits(random.below(9))}`),
        0,
      );
    case 'DA':
      return latin1(
        several(() => `20${digits(2)}0${1 + random.below(9)}1${digits(1)}`),
        0x20,
      );
    case 'TM':
      return latin1(
        several(() => `1${digits(1)}3${digits(1)}.${digits(3)}`.replace('.', '59.')),
        0x20,
      );
    case 'DT':
      return latin1(
        several(() => `20${digits(2)}0101120000.${digits(6)}+0100`),
        0x20,
      );
    case 'AS':
      return latin1(
        several(() => `${digits(3)}Y`),
        0x20,
      );
    case 'DS':
      return latin1(
        several(
          () => `${random.pick(['', '-', '+', ' '])}${digits(2)}.${digits(5)}${random.pick(['', 'e-3', 'E4', ' '])}`,
        ),
        0x20,
      );
    case 'IS':
      return latin1(
        several(() => `${random.pick(['', '-', '+', ' '])}${1 + random.below(9)}${digits(random.below(8))}`),
        0x20,
      );
    case 'CS':
    case 'AE':
    case 'SH':
      return latin1(
        several(() => text(16).toUpperCase()),
        0x20,
      );
    case 'LO':
    case 'UC':
      return latin1(
        several(() => text(30)),
        0x20,
      );
    case 'PN':
      // No blanks, and no delimiter without something after it: readers differ in what they make of these.
      return latin1(
        several(() => `${text(20).replace(/[= ^]/g, '-')}^${text(9).replace(/[= ^]/g, '-')}`),
        0x20,
      );
    case 'LT':
    case 'ST':
    case 'UT':
      return latin1(times === 0 ? '' : `${text(60)}\\${text(9)}\r\n`, 0x20);
    case 'UR':
      return latin1(times === 0 ? '' : `http://${digits(5)}/x`, 0x20);
    case 'FL':
    case 'OF':
      return floats(
        Array.from({ length: times }, () => Math.fround(random.below(2 ** 30) / 1024 - 2 ** 19)),
        4,
      );
    case 'FD':
    case 'OD':
      return floats(
        Array.from({ length: times }, () => random.below(2 ** 30) / 7 - 2 ** 26),
        8,
      );
    case 'OB':
    case 'UN':
    case 'OW':
    case 'US':
    case 'SS':
      return random.bytes(2 * times);
    case 'OV':
    case 'SV':
    case 'UV':
      return random.bytes(8 * times);
    default:
      return random.bytes(4 * times);
  }
}

function floats(values: readonly number[], width: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * width));
  for (const [index, value] of values.entries()) {
    if (width === 4) view.setFloat32(index * width, value, true);
    else view.setFloat64(index * width, value, true);
  }
  return new Uint8Array(view.buffer);
}

function latin1(text: string, padding: number): Uint8Array {
  const bytes = new Uint8Array(text.length + (text.length % 2)).fill(padding);
  bytes.set(Buffer.from(text, 'latin1'));
  return bytes;
}
