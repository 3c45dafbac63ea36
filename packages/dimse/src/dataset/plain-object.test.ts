import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataSet, type DataSetInput, type DataSetObject } from './data-set.js';
import { diffDataSets } from './diff-data-sets.js';
import { encodeDataSet } from './encode.js';
import { parseDataSet } from './parse.js';
import { hex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));

const input: DataSetInput = {
  ImageType: ['ORIGINAL', 'PRIMARY'],
  StudyInstanceUID: null,
  PatientName: 'DOE^JANE',
  SliceThickness: 1.5,
  PixelSpacing: ['0.50', 0.5],
  InstanceNumber: 7,
  Rows: 512,
  SmallestImagePixelValue: -3,
  FrameIncrementPointer: [0x00181063],
  PixelData: Uint8Array.of(1, 2),
  FileOffsetInContainer: 7n,
  ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2', ReferencedInstanceSequence: [] }, {}],
};

test('a data set becomes the object that it was made from', () => {
  expect(DataSet.from(input).toObject()).toEqual({
    ...input,
    ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2', ReferencedInstanceSequence: null }, {}],
  });
  const parsed = parseDataSet(encodeDataSet(DataSet.from(input), explicit), explicit);
  expect(parsed.toObject()).toEqual(DataSet.from(input).toObject());
});

describe('what can’t stand behind a keyword stands behind its tag', () => {
  test.each<[string, DataSet, DataSetObject]>([
    [
      'private elements',
      new DataSet().set(0x00090010, 'LO', 'ACME').set(0x00091001, 'SQ', [{ PatientID: '1' }]),
      { '(0009,0010)': { vr: 'LO', value: 'ACME' }, '(0009,1001)': { vr: 'SQ', value: [{ PatientID: '1' }] } },
    ],
    ['repeating groups', new DataSet().set(0x60020010, 'US', 4), { '(6002,0010)': { vr: 'US', value: 4 } }],
    ['another VR', new DataSet().set(0x00280010, 'LO', '512'), { '(0028,0010)': { vr: 'LO', value: '512' } }],
    [
      'several values where there should be one',
      new DataSet().set(0x00080018, 'UI', ['1.2', '1.3']),
      { '(0008,0018)': { vr: 'UI', value: ['1.2', '1.3'] } },
    ],
    [
      'OB where OW would be chosen',
      new DataSet().set(0x7fe00010, 'OB', Uint8Array.of(1, 2)),
      { '(7FE0,0010)': { vr: 'OB', value: Uint8Array.of(1, 2) } },
    ],
    [
      'fragments',
      new DataSet().setFragments(0x7fe00010, 'OB', [new Uint8Array(0), Uint8Array.of(1, 2)]),
      { '(7FE0,0010)': { vr: 'OB', fragments: [new Uint8Array(0), Uint8Array.of(1, 2)] } },
    ],
    [
      'values elsewhere',
      new DataSet().setBulkData(0x7fe00010, 'OW', { kind: 'uri', uri: 'http://a' }),
      { '(7FE0,0010)': { vr: 'OW', bulkData: { kind: 'uri', uri: 'http://a' } } },
    ],
  ])('%s', (_name, dataSet, expected) => {
    expect(dataSet.toObject()).toEqual(expected);
    expect(diffDataSets(DataSet.from(dataSet.toObject()), dataSet)).toEqual([]);
  });

  test('group lengths are left out', () => {
    expect(parseDataSet(hex("10000000'UL'0400 0a000000 10002000'LO'0200'A '"), explicit).toObject()).toEqual({
      PatientID: 'A',
    });
  });

  test.each<[string, object]>([
    ['no VR', { '(0009,1001)': { value: 'x' } }],
    ['a VR that is none', { '(0009,1001)': { vr: 'XX', value: 'x' } }],
    ['a value alone', { '(0009,1001)': 'x' }],
    ['fragments of a VR that has none', { '(7FE0,0010)': { vr: 'LO', fragments: [] } }],
    ['a keyword that is none', { NoSuchKeyword: 1 }],
    ['a keyword in an item that is none', { ReferencedSeriesSequence: [{ NoSuchKeyword: 1 }] }],
    ['a text where items should be', { ReferencedSeriesSequence: ['x'] }],
  ])('building refuses %s', (_name, wrong) => {
    expect(() => DataSet.from(wrong)).toThrow(expect.objectContaining({ name: 'DataSetError' }));
  });
});

/** Real numbers as people and programs write them. */
const decimal = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom('1.50', '007', '+3', '.5', '5.', '1e3', '-0', ''),
  )
  .filter((text) => text.length <= 16);

test(`an object gives back exactly what was parsed (FUZZ_SEED=${seed})`, () => {
  const items = fc.record({ SliceThickness: decimal, PatientID: fc.stringMatching(/^[A-Z]{0,5}$/) });
  fc.assert(
    fc.property(
      fc.array(decimal),
      fc.integer({ min: -0x8000, max: 0x7fff }),
      fc.array(items),
      (texts, number, nested) => {
        const made = DataSet.from({
          ImageOrientationPatient: texts,
          SmallestImagePixelValue: number,
          ReferencedSeriesSequence: nested,
        });
        const parsed = parseDataSet(encodeDataSet(made, explicit), explicit);
        const again = DataSet.from(parsed.toObject());
        expect(encodeDataSet(again, explicit)).toEqual(encodeDataSet(parsed, explicit));
      },
    ),
    { seed, numRuns: 200 },
  );
});
