/** What mutation of data sets begins with: valid ones made by chance, the same ones every time, and a few made by hand. */
import { deflateRawSync } from 'node:zlib';
import { Random } from '../random.ts';
import { generateDataSet } from './generate.ts';
import { encodingOfKind, type InputKind, inputOf, KINDS } from './input.ts';
import { encodeModel, type ModelElement, type ModelItem, VRS } from './model.ts';

const SEED = 20260131;
const DATA_SETS_A_KIND = 8;

/** Inputs of every kind. */
export function readCorpus(): readonly Uint8Array[] {
  const random = new Random(SEED);
  const generated = KINDS.flatMap((kind) =>
    Array.from({ length: DATA_SETS_A_KIND }, (_, index) => {
      const isEncapsulated = kind === 'encapsulated';
      return inputOfModel(kind, generateDataSet(random, { depth: index % 4, isEncapsulated }));
    }),
  );
  return [...generated, ...KINDS.flatMap(byHand), directory()];
}

function inputOfModel(kind: InputKind, elements: readonly ModelElement[]): Uint8Array {
  const bytes = encodeModel(elements, encodingOfKind(kind));
  if (kind === 'deflated') return inputOf(kind, new Uint8Array(deflateRawSync(bytes)));
  return inputOf(kind, kind === 'part10' ? withMeta(bytes) : bytes);
}

/** Preamble, prefix, transfer syntax. */
function withMeta(bytes: Uint8Array): Uint8Array {
  const explicit = { isImplicitVr: false, isBigEndian: false };
  const group = encodeModel(
    [
      { tag: 0x00020001, vr: 'OB', value: { bytes: Uint8Array.of(0, 1) } },
      { tag: 0x00020002, vr: 'UI', value: text('1.2.840.10008.5.1.4.1.1.7\0') },
      { tag: 0x00020003, vr: 'UI', value: text('1.2.3\0') },
      { tag: 0x00020010, vr: 'UI', value: text('1.2.840.10008.1.2.1\0') },
      { tag: 0x00020012, vr: 'UI', value: text('1.2.4\0') },
    ],
    explicit,
  );
  const length = new Uint8Array(new Uint32Array([group.length]).buffer);
  const head = encodeModel([{ tag: 0x00020000, vr: 'UL', value: { bytes: length } }], explicit);
  return new Uint8Array(Buffer.concat([new Uint8Array(128), Buffer.from('DICM'), head, group, bytes]));
}

/** What chance doesn't make. */
function byHand(kind: InputKind): Uint8Array[] {
  const everyVr = VRS.filter((vr) => vr !== 'SQ').map((vr, index): ModelElement => {
    return { tag: 0x00111001 + index, vr, value: { bytes: new Uint8Array(8).fill(0x31) } };
  });
  const named = (elements: readonly ModelElement[]): ModelElement => ({
    tag: 0x00081115,
    vr: 'SQ',
    value: { items: [{ elements, isUndefinedLength: true }], isUndefinedLength: true },
  });
  const japanese: ModelElement[] = [
    { tag: 0x00080005, vr: 'CS', value: text('\\ISO 2022 IR 87\\ISO 2022 IR 13 ') },
    { tag: 0x00100010, vr: 'PN', value: text('Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B ') },
  ];
  const korean: ModelElement[] = [
    { tag: 0x00080005, vr: 'CS', value: text('\\ISO 2022 IR 149') },
    { tag: 0x00100010, vr: 'PN', value: text('\x1b$)C\xb1\xe8\xc8\xf1\xc1\xdf ') },
  ];
  const image: ModelElement[] = [
    { tag: 0x00080000, vr: 'UL', value: { bytes: Uint8Array.of(10, 0, 0, 0) } },
    { tag: 0x00080060, vr: 'CS', value: text('CT') },
    { tag: 0x00280103, vr: 'US', value: { bytes: Uint8Array.of(1, 0) } },
    { tag: 0x00280106, vr: 'SS', value: { bytes: Uint8Array.of(0xff, 0xff) } },
    { tag: 0x00283002, vr: 'US', value: { bytes: Uint8Array.of(1, 0, 2, 0, 3, 0) } },
    {
      tag: 0x00880200,
      vr: 'SQ',
      value: { items: [{ elements: everyVr, isUndefinedLength: false }], isUndefinedLength: false },
    },
    { tag: 0x7fe00010, vr: 'OB', value: { bytes: new Uint8Array(20) } },
  ];
  return [everyVr, [...korean.slice(0, 1), named(japanese), ...korean.slice(1)], image, []].map((elements) =>
    inputOfModel(kind, elements),
  );
}

/** A directory of two levels, whose records point at each other by their offsets in the file. PS3.3 F.3. */
function directory(): Uint8Array {
  const unlinked = Buffer.from(directoryOf([0, 0, 0]));
  const offsets: number[] = [];
  // The first byte of the input says its kind and is not in the file.
  for (let at = unlinked.indexOf(ITEM); at >= 0; at = unlinked.indexOf(ITEM, at + 1)) offsets.push(at - 1);
  return directoryOf(offsets);
}

const ITEM = Buffer.from('feff00e0', 'hex');

function directoryOf([patient = 0, image = 0, other = 0]: readonly number[]): Uint8Array {
  const record = (next: number, lower: number, type: string, file: readonly ModelElement[]): ModelItem => ({
    isUndefinedLength: false,
    elements: [
      { tag: 0x00041400, vr: 'UL', value: number(next) },
      { tag: 0x00041410, vr: 'US', value: { bytes: Uint8Array.of(0xff, 0xff) } },
      { tag: 0x00041420, vr: 'UL', value: number(lower) },
      { tag: 0x00041430, vr: 'CS', value: text(type) },
      ...file,
    ],
  });
  const file: readonly ModelElement[] = [{ tag: 0x00041500, vr: 'CS', value: text('IMAGES\\IM1 ') }];
  const items = [record(other, image, 'PATIENT ', []), record(0, 0, 'IMAGE ', file), record(0, 0, 'PRIVATE ', file)];
  return inputOfModel('part10', [
    { tag: 0x00041130, vr: 'CS', value: text('DISC') },
    { tag: 0x00041200, vr: 'UL', value: number(patient) },
    { tag: 0x00041202, vr: 'UL', value: number(other) },
    { tag: 0x00041220, vr: 'SQ', value: { items, isUndefinedLength: false } },
  ]);
}

function number(value: number): { readonly bytes: Uint8Array } {
  return { bytes: new Uint8Array(new Uint32Array([value]).buffer) };
}

function text(value: string): { readonly bytes: Uint8Array } {
  return { bytes: new Uint8Array(Buffer.from(value, 'latin1')) };
}
