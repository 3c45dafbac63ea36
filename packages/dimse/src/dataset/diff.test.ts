import { describe, expect, test } from 'vitest';
import { DataSet, type DataSetInput } from './data-set.js';
import { diffDataSets } from './diff-data-sets.js';
import { encodeDataSet } from './encode.js';
import { parseDataSet } from './parse.js';
import { hex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const syntaxes = [
  explicit,
  TransferSyntax.ImplicitVRLittleEndian,
  TransferSyntax.ExplicitVRBigEndian,
  TransferSyntax.DeflatedExplicitVRLittleEndian,
];

const input: DataSetInput = {
  SpecificCharacterSet: 'ISO_IR 100',
  PatientName: 'Müller^Jörg',
  ImageType: ['ORIGINAL', 'PRIMARY'],
  Rows: 512,
  PixelSpacing: ['0.50', 0.5],
  EncapsulatedDocument: Uint8Array.of(1, 2, 3),
  FileOffsetInContainer: 7n,
  ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2' }, {}],
};

function through(uid: string, dataSet: DataSet): DataSet {
  return parseDataSet(encodeDataSet(dataSet, uid), uid);
}

describe('equal', () => {
  test.each(syntaxes)('is a data set to what was written of it in %s', (uid) => {
    const dataSet = DataSet.from(input);
    expect(diffDataSets(dataSet, through(uid, dataSet))).toEqual([]);
    expect(through(uid, dataSet).equals(dataSet)).toBe(true);
  });

  test.each<[string, string, string]>([
    ['padding', "10002000'LO'0400'A   '", "10002000'LO'0200'A '"],
    ['group lengths', "10000000'UL'0400 0a000000 10002000'LO'0200'A '", "10002000'LO'0200'A '"],
    ['kinds of length', "40007502'SQ'0000ffffffff feffdde000000000", "40007502'SQ'000000000000"],
    ['the zero byte after an odd number of bytes', "42001100'OB'00000200000001 00", "42001100'OB'00000100000001"],
    ['UN for what the dictionary knows', "10002000'UN'0000020000004142", "10002000'LO'0200'AB'"],
  ])('make %s no difference', (_name, left, right) => {
    expect(parseDataSet(hex(left), explicit).equals(parseDataSet(hex(right), explicit))).toBe(true);
  });

  test('are the same characters in two character sets, that element aside', () => {
    const latin = DataSet.from(input);
    const unicode = DataSet.from({ ...input, SpecificCharacterSet: 'ISO_IR 192' });
    expect(diffDataSets(through(explicit, latin), through(explicit, unicode)).map(({ path }) => path)).toEqual([
      'SpecificCharacterSet',
    ]);
  });
});

describe('differences', () => {
  test.each<[string, DataSetInput, object]>([
    ['a value', { Rows: 256 }, { path: 'Rows', kind: 'changed', left: { values: [512] }, right: { values: [256] } }],
    ['a digit', { PixelSpacing: ['0.5', 0.5] }, { path: 'PixelSpacing', kind: 'changed' }],
    ['a value less', { ImageType: ['ORIGINAL'] }, { path: 'ImageType', kind: 'changed' }],
    ['no value', { Rows: null }, { path: 'Rows', kind: 'changed', right: { vr: 'US', values: [] } }],
    ['bytes', { EncapsulatedDocument: Uint8Array.of(1, 2, 4) }, { path: 'EncapsulatedDocument', kind: 'changed' }],
    [
      'an element less',
      { Rows: undefined },
      { path: 'Rows', kind: 'removed', left: { values: [512] }, right: undefined },
    ],
    ['an element more', { Columns: 1 }, { path: 'Columns', kind: 'added', left: undefined, right: { values: [1] } }],
    [
      'a value in an item',
      { ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.3' }, {}] },
      { path: 'ReferencedSeriesSequence[0].SeriesInstanceUID', tagPath: [0x00081115, 0, 0x0020000e], kind: 'changed' },
    ],
    [
      'an item less',
      { ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2' }] },
      { path: 'ReferencedSeriesSequence[1]', kind: 'removed', right: undefined },
    ],
    [
      'an item more',
      { ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2' }, {}, {}] },
      { path: 'ReferencedSeriesSequence[2]', kind: 'added', left: undefined },
    ],
  ])('are told: %s', (_name, change, expected) => {
    const [left, right] = [DataSet.from(input), DataSet.from({ ...input, ...change })];
    for (const [a, b] of [
      [left, right],
      [through(explicit, left), through(explicit, right)],
    ] as const) {
      const found = diffDataSets(a, b);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject(expected);
      expect(a.equals(b)).toBe(false);
    }
  });

  test('of the VR alone are told as such', () => {
    const left = new DataSet().set(0x00280106, 'US', 5);
    const right = new DataSet().set(0x00280106, 'SS', 5);
    expect(diffDataSets(left, right)).toMatchObject([
      { path: 'SmallestImagePixelValue', kind: 'vr', left: { vr: 'US' }, right: { vr: 'SS' } },
    ]);
  });

  test('of private elements are told by tag', () => {
    const left = new DataSet().set(0x00091001, 'LO', 'a');
    expect(diffDataSets(left, new DataSet().set(0x00091001, 'LO', 'b'))[0]?.path).toBe('(0009,1001)');
  });

  test('of fragments are told', () => {
    const make = (byte: number) =>
      new DataSet().setFragments(0x7fe00010, 'OB', [new Uint8Array(0), Uint8Array.of(byte, 0)]);
    expect(diffDataSets(make(1), make(1))).toEqual([]);
    expect(diffDataSets(make(1), make(2))[0]?.kind).toBe('changed');
    expect(diffDataSets(make(1), new DataSet().set('PixelData', Uint8Array.of(1, 0)))[0]?.kind).toBe('changed');
  });

  test('that are ignored are not told', () => {
    const left = DataSet.from({ Rows: 1, ReferencedSeriesSequence: [{ SeriesInstanceUID: '1' }] });
    const right = DataSet.from({ Rows: 2, ReferencedSeriesSequence: [{ SeriesInstanceUID: '2' }] });
    const ignore = (tag: number, path: string) => tag === 0x00280010 || path.endsWith('].SeriesInstanceUID');
    expect(diffDataSets(left, right, { ignore })).toEqual([]);
  });
});

describe('a clone', () => {
  const parsed = () => through(explicit, DataSet.from(input));

  test.each<[string, () => DataSet]>([
    ['built', () => DataSet.from(input)],
    ['parsed', parsed],
    [
      'parsed and changed',
      () => {
        const dataSet = parsed().set('Rows', 3);
        dataSet.set('ReferencedSeriesSequence[0].SeriesInstanceUID', '1.9');
        return dataSet;
      },
    ],
  ])('of one that was %s is equal, and written alike', (_name, make) => {
    const dataSet = make();
    const clone = dataSet.clone();
    expect(clone).toBeInstanceOf(DataSet);
    expect(diffDataSets(dataSet, clone)).toEqual([]);
    expect(encodeDataSet(clone, explicit)).toEqual(encodeDataSet(dataSet, explicit));
    expect(clone.isModified).toBe(dataSet.isModified);
  });

  test.each<[string, (dataSet: DataSet) => unknown]>([
    ['a value', (dataSet) => dataSet.set('Rows', 1)],
    ['an element less', (dataSet) => dataSet.delete('Rows')],
    ['a value in an item', (dataSet) => dataSet.set('ReferencedSeriesSequence[0].SeriesInstanceUID', '1.9')],
    ['an item less', (dataSet) => dataSet.delete('ReferencedSeriesSequence[1]')],
    ['another character set', (dataSet) => dataSet.set('SpecificCharacterSet', 'ISO_IR 192')],
  ])('does not see %s in the other, nor the other way round', (_name, change) => {
    for (const make of [() => DataSet.from(input), parsed]) {
      for (const isOpened of [true, false]) {
        const dataSet = make();
        if (isOpened) for (const { element } of dataSet.walk()) expect(element.values).toBeDefined();
        const clone = dataSet.clone();
        change(clone);
        expect(diffDataSets(dataSet, DataSet.from(input))).toEqual([]);
        const second = dataSet.clone();
        change(dataSet);
        expect(diffDataSets(second, DataSet.from(input))).toEqual([]);
      }
    }
  });

  test('shares the bytes', () => {
    const bytes = encodeDataSet(DataSet.from(input), explicit);
    expect(encodeDataSet(parseDataSet(bytes, explicit).clone(), explicit).buffer).toBe(bytes.buffer);
  });

  test('of an item keeps the character set of what was around it', () => {
    const dataSet = DataSet.from({
      SpecificCharacterSet: 'ISO_IR 100',
      ReferencedSeriesSequence: [{ SeriesDescription: 'Schädel' }],
    });
    const [item] = through(explicit, dataSet).items('ReferencedSeriesSequence');
    expect(item?.clone().get('SeriesDescription')).toBe('Schädel');
  });

  test('of a sequence that holds itself is refused', () => {
    const dataSet = new DataSet();
    dataSet.set('ReferencedSeriesSequence', [dataSet]);
    expect(() => dataSet.clone()).toThrow(expect.objectContaining({ code: 'nesting-too-deep' }));
  });
});
