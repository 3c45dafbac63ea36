import { describe, expect, expectTypeOf, test } from 'vitest';
import { DataSet } from './data-set.js';
import { encodeDataSet } from './encode.js';
import { parseDataSet, parseElements } from './parse.js';
import { hex, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const implicit = TransferSyntax.ImplicitVRLittleEndian;
const bigEndian = TransferSyntax.ExplicitVRBigEndian;

function sample(): DataSet {
  return DataSet.from({
    PatientName: 'DOE^JOHN',
    Rows: 512,
    ImageType: ['ORIGINAL', 'PRIMARY'],
    PixelSpacing: [0.5, '0.50'],
    StudyInstanceUID: null,
    AccessionNumber: undefined,
    ReferencedSeriesSequence: [
      { SeriesInstanceUID: '1.2.3', ReferencedInstanceSequence: [{ ReferencedSOPInstanceUID: '1.2.3.4' }, {}] },
    ],
  });
}

describe('types', () => {
  test('VR and VM decide the type of a value', () => {
    const dataSet = sample();
    expectTypeOf(dataSet.get('PatientName')).toEqualTypeOf<string | undefined>();
    expectTypeOf(dataSet.get('Rows')).toEqualTypeOf<number | undefined>();
    expectTypeOf(dataSet.get('ImageType')).toEqualTypeOf<readonly string[]>();
    expectTypeOf(dataSet.get('PixelSpacing')).toEqualTypeOf<readonly number[]>();
    expectTypeOf(dataSet.get('SmallestImagePixelValue')).toEqualTypeOf<number | undefined>();
    expectTypeOf(dataSet.get('PixelData')).toEqualTypeOf<Uint8Array | undefined>();
    expectTypeOf(dataSet.get('ReferencedSeriesSequence')).toEqualTypeOf<readonly DataSet[]>();
    expectTypeOf(dataSet.get('FrameIncrementPointer')).toEqualTypeOf<readonly number[]>();
    expectTypeOf(dataSet.get('ExtendedOffsetTable')).toEqualTypeOf<Uint8Array | undefined>();
    expectTypeOf(dataSet.get('FileOffsetInContainer')).toEqualTypeOf<bigint | undefined>();
    expectTypeOf(dataSet.set).toBeCallableWith('Rows', 1);
    // @ts-expect-error a keyword that is none
    expect(() => dataSet.get('NoSuchKeyword')).toThrow(expect.objectContaining({ code: 'unknown-keyword' }));
    // @ts-expect-error a text for a number
    expect(() => dataSet.set('Rows', 'many')).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });
});

describe.each([
  ['built', (dataSet: DataSet) => dataSet],
  ['explicit little endian', (dataSet: DataSet) => parseDataSet(encodeDataSet(dataSet, explicit), explicit)],
  ['implicit little endian', (dataSet: DataSet) => parseDataSet(encodeDataSet(dataSet, implicit), implicit)],
  ['explicit big endian', (dataSet: DataSet) => parseDataSet(encodeDataSet(dataSet, bigEndian), bigEndian)],
  [
    'deflated',
    (dataSet: DataSet) =>
      parseDataSet(
        encodeDataSet(dataSet, TransferSyntax.DeflatedExplicitVRLittleEndian),
        TransferSyntax.DeflatedExplicitVRLittleEndian,
      ),
  ],
])('a data set, %s', (_name, through) => {
  test('gives what was put in', () => {
    const dataSet = through(sample());
    expect(dataSet.get('PatientName')).toBe('DOE^JOHN');
    expect(dataSet.get('Rows')).toBe(512);
    expect(dataSet.get('ImageType')).toEqual(['ORIGINAL', 'PRIMARY']);
    expect(dataSet.texts('PixelSpacing')).toEqual(['0.5', '0.50']);
    expect(dataSet.get(0x00100010)).toBe('DOE^JOHN');
  });

  test('tells empty from absent', () => {
    const dataSet = through(sample());
    expect([dataSet.has('StudyInstanceUID'), dataSet.get('StudyInstanceUID')]).toEqual([true, undefined]);
    expect([dataSet.has('AccessionNumber'), dataSet.get('AccessionNumber')]).toEqual([false, undefined]);
    expect([dataSet.get('OtherPatientNames'), dataSet.get('ReferencedStudySequence')]).toEqual([[], []]);
  });

  test('nests', () => {
    const [series] = through(sample()).get('ReferencedSeriesSequence');
    expect(series?.get('SeriesInstanceUID')).toBe('1.2.3');
    const instances = series?.get('ReferencedInstanceSequence');
    expect(instances?.map((instance) => instance.get('ReferencedSOPInstanceUID'))).toEqual(['1.2.3.4', undefined]);
  });

  test('iterates in order of tags', () => {
    const dataSet = through(sample());
    expect([...dataSet].map((element) => element.tag)).toEqual(dataSet.tags());
    expect(dataSet.tags()).toEqual([...dataSet.tags()].sort((a, b) => a - b));
    expect([...dataSet].map((element) => element.vr)).toEqual(['CS', 'SQ', 'PN', 'UI', 'US', 'DS']);
    expect(dataSet.size).toBe(6);
  });

  test('takes changes, in items too', () => {
    const dataSet = through(sample());
    dataSet.set('Rows', 256).set('PatientID', 'X').delete('ImageType');
    dataSet.get('ReferencedSeriesSequence')[0]?.set('SeriesInstanceUID', '1.9');
    expect(dataSet.isModified).toBe(true);
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect([again.get('Rows'), again.get('PatientID'), again.has('ImageType')]).toEqual([256, 'X', false]);
    expect(again.get('ReferencedSeriesSequence')[0]?.get('SeriesInstanceUID')).toBe('1.9');
    expect(again.get('PatientName')).toBe('DOE^JOHN');
  });
});

describe('untouched elements', () => {
  // A space of padding before the value, an odd length, an undefined length: nothing that we would write.
  const odd =
    "10001000'LO'0300' ab' 40007502'SQ'0000ffffffff feff00e0ffffffff 28001000'US'02000100 feff0de000000000 feffdde000000000";

  test('go back byte for byte when others change', () => {
    const dataSet = parseDataSet(hex(`${odd} 60000000'SH'0200'a '`), explicit);
    dataSet.set(0x00610010, 'LO', 'ME');
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(toHex(hex(`${odd} 60000000'SH'0200'a '61001000'LO'0200'ME'`)));
  });

  test('around a changed item go back byte for byte, and undefined lengths stay', () => {
    const dataSet = parseDataSet(hex(odd), explicit);
    dataSet.items(0x00400275)[0]?.set('Rows', 2);
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(toHex(hex(odd.replace('02000100', '02000200'))));
  });

  test('a data set that nobody touched is not copied', () => {
    const bytes = hex(odd);
    expect(encodeDataSet(parseDataSet(bytes, explicit), explicit).buffer).toBe(bytes.buffer);
  });

  test('a deflated one neither', () => {
    const uid = TransferSyntax.DeflatedExplicitVRLittleEndian;
    const bytes = encodeDataSet(sample(), uid);
    expect(encodeDataSet(parseDataSet(bytes, uid), uid)).toBe(bytes);
  });

  test('looking at a value changes nothing', () => {
    const dataSet = parseDataSet(hex(odd), explicit);
    for (const element of dataSet) expect([element.values, element.items.length]).toBeDefined();
    expect(dataSet.isModified).toBe(false);
  });
});

describe('group lengths', () => {
  const withLength = "08000000'UL'0400 0a000000 08006000'CS'0200'CT' 10001000'PN'0200'A '";

  test('go when their group changes, and stay otherwise', () => {
    const dataSet = parseDataSet(hex(withLength), explicit);
    dataSet.set('PatientName', 'B');
    expect(dataSet.has(0x00080000)).toBe(true);
    dataSet.set('Modality', 'MR');
    expect(dataSet.has(0x00080000)).toBe(false);
  });

  test('go when the encoding changes', () => {
    const converted = encodeDataSet(parseDataSet(hex(withLength), explicit), implicit);
    expect(parseDataSet(converted, implicit).tags()).toEqual([0x00080060, 0x00100010]);
  });
});

describe('ambiguous VRs', () => {
  test('US or SS follows the pixel representation, from around an item too', () => {
    const bytes = encodeDataSet(
      DataSet.from({
        PixelRepresentation: 1,
        SmallestImagePixelValue: -5,
        ModalityLUTSequence: [{ LUTDescriptor: [1, -2, 16] }],
      }),
      implicit,
    );
    const dataSet = parseDataSet(bytes, implicit);
    expect(dataSet.get('SmallestImagePixelValue')).toBe(-5);
    expect(dataSet.get('ModalityLUTSequence')[0]?.get('LUTDescriptor')).toEqual([1, -2, 16]);
    expect(parseDataSet(encodeDataSet(dataSet, explicit), explicit).vr('SmallestImagePixelValue')).toBe('SS');
  });

  test('pixel data without a VR is OW', () => {
    const dataSet = parseDataSet(hex('e07f10000400000001020304'), implicit);
    expect(dataSet.vr('PixelData')).toBe('OW');
    expect(toHex(encodeDataSet(dataSet, bigEndian))).toBe('7fe000104f570000000000040201' + '0403');
  });
});

describe('UN', () => {
  test('with a known tag is read by the dictionary, as implicit little endian', () => {
    const dataSet = parseDataSet(hex("00280010'UN'0000000000020002"), bigEndian);
    expect(dataSet.get('Rows')).toBe(512);
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(toHex(hex("28001000'UN'0000020000000002")));
  });

  test('of undefined length is an implicit sequence', () => {
    const bytes = hex("09001010'UN'0000ffffffff feff00e00a000000 2800100002000000 0002 feffdde000000000");
    const dataSet = parseDataSet(bytes, explicit);
    expect(dataSet.items(0x00091010)[0]?.get('Rows')).toBe(512);
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(toHex(bytes));
    expect(toHex(encodeDataSet(dataSet, bigEndian))).toBe(
      toHex(hex("00091010'UN'0000ffffffff feff00e00a000000 2800100002000000 0002 feffdde000000000")),
    );
  });
});

test('a VR that contradicts the dictionary keeps the promised type', () => {
  const dataSet = parseDataSet(hex("28001000'IS'0400'512 ' 28001100'LO'0400'512 ' 10001000'US'02000700"), explicit);
  expect([dataSet.get('Rows'), dataSet.get('Columns'), dataSet.get('PatientName')]).toEqual([512, 512, '7']);
});

test('tags out of order and twice are found, kept and written back as they were', () => {
  const bytes = hex("10001000'PN'0200'A ' 08006000'CS'0200'CT' 10001000'PN'0200'B '");
  const dataSet = parseDataSet(bytes, explicit);
  expect([dataSet.get('PatientName'), dataSet.get('Modality'), dataSet.size]).toEqual(['A', 'CT', 3]);
  expect(encodeDataSet(dataSet, explicit)).toEqual(bytes);
  dataSet.set('PatientName', 'C');
  expect([dataSet.get('PatientName'), dataSet.size]).toEqual(['C', 2]);
});

test('without the dictionary elements have tags, and the VRs that stand in the bytes', () => {
  const elements = parseElements(hex("10001000'PN'0200'A ' 28001000'US'02000002"), explicit);
  expect([elements.text(0x00100010), elements.values(0x00280010)]).toEqual(['A', [512]]);
  const bare = parseElements(hex('28001000020000000002'), implicit);
  expect([bare.vr(0x00280010), bare.values(0x00280010, 'US')]).toEqual(['UN', [512]]);
});

test('a sequence that holds itself is refused', () => {
  const dataSet = new DataSet();
  dataSet.set('ReferencedSeriesSequence', [dataSet]);
  expect(() => encodeDataSet(dataSet, explicit)).toThrow(expect.objectContaining({ code: 'nesting-too-deep' }));
});

describe('encapsulated pixel data', () => {
  const bytes = hex(
    "e07f1000'OB'0000ffffffff feff00e000000000 feff00e002000000ffd8 feff00e004000000ffd90000 feffdde000000000",
  );
  const jpeg = TransferSyntax.JPEGBaseline8Bit;

  test('is made of fragments, the offset table first', () => {
    const dataSet = parseDataSet(bytes, jpeg);
    expect(dataSet.fragments('PixelData')?.map(toHex)).toEqual(['', 'ffd8', 'ffd90000']);
    expect(dataSet.fragments('Rows')).toBeUndefined();
  });

  test('survives changes elsewhere', () => {
    const dataSet = parseDataSet(bytes, jpeg).set('Rows', 1);
    expect(toHex(encodeDataSet(dataSet, jpeg))).toBe(toHex(hex("28001000'US'02000100")) + toHex(bytes));
  });

  test.each([implicit, bigEndian])('is not written in %s', (uid) => {
    expect(() => encodeDataSet(parseDataSet(bytes, jpeg), uid)).toThrow(
      expect.objectContaining({ code: 'invalid-structure' }),
    );
  });
});

test.each([
  ['a data set', parseDataSet],
  ['a map without dictionary', parseElements],
])('elements of %s may be deleted while they are gone through', (_name, parse) => {
  const dataSet = parse(
    hex("10001000'PN'0000 10002000'LO'0000 11001000'LO'0000 11001100'LO'0000 20000d00'UI'0000"),
    explicit,
  );
  for (const { tag } of dataSet) if (tag < 0x00200000) dataSet.delete(tag);
  expect(dataSet.tags()).toEqual([0x0020000d]);
});
