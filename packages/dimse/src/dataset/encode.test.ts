import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import { encodeDataSet } from './encode.js';
import { DataSetError } from './errors.js';
import { parseDataSet } from './parse.js';
import type { PlainValue } from './plain-value.js';
import { hex, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';
import type { Vr } from './vr.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const implicit = TransferSyntax.ImplicitVRLittleEndian;
const bigEndian = TransferSyntax.ExplicitVRBigEndian;

describe('a value that is too long for the length field of its VR', () => {
  const numbers = Array.from({ length: 40_000 }, (_, index) => index);
  const dataSet = new DataSet().set(0x00283006, 'US', numbers).set(0x00080005, 'CS', 'ISO_IR 100');

  test.each([
    ['explicit little endian', explicit],
    ['explicit big endian', bigEndian],
  ])('is UN in %s, and comes back', (_name, uid) => {
    const again = parseDataSet(encodeDataSet(dataSet, uid), uid);
    expect(again.get('LUTData')).toEqual(expect.any(Uint8Array));
    expect(again.values(0x00283006, 'US')).toEqual(numbers);
  });

  test('is little endian in UN whatever the data set is, as PS3.5 6.2.2 wants it', () => {
    const bytes = encodeDataSet(new DataSet().set(0x00283006, 'US', numbers), bigEndian);
    expect(toHex(bytes.subarray(0, 18))).toBe('00283006554e000000013880000001000200');
  });

  test('survives conversion into every encoding and back', () => {
    const parsed = parseDataSet(encodeDataSet(dataSet, implicit), implicit);
    for (const uid of [explicit, bigEndian]) {
      const there = parseDataSet(encodeDataSet(parsed, uid), uid);
      expect(parseDataSet(encodeDataSet(there, implicit), implicit).values(0x00283006, 'US')).toEqual(numbers);
    }
  });

  test('may be text as well', () => {
    const texts = Array.from({ length: 9000 }, (_, index) => `1.${index}`);
    const long = new DataSet().set(0x00186022, 'DS', texts).set(0x00340001, 'FL', [1]);
    for (const uid of [explicit, bigEndian])
      expect(parseDataSet(encodeDataSet(long, uid), uid).texts(0x00186022)).toEqual(texts);
  });
});

describe('a sequence in UN', () => {
  // An item with Rows = 1 in implicit VR, once with defined and once with undefined length.
  const item = 'feff00e00a000000 28001000020000000100';
  const defined = hex(`40007502'UN'000012000000 ${item}`);
  const undefinedLength = hex(`40007502'UN'0000ffffffff ${item} feffdde000000000`);

  test.each([
    ['defined', defined],
    ['undefined', undefinedLength],
  ])('of %s length becomes SQ when something in it changes', (_name, bytes) => {
    const dataSet = parseDataSet(bytes, explicit);
    dataSet.set('RequestAttributesSequence[0].Rows', 2);
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect([again.vr('RequestAttributesSequence'), again.get('RequestAttributesSequence[0].Rows')]).toEqual(['SQ', 2]);
    expect(again.element('RequestAttributesSequence[0].Rows')?.bytes).toEqual(hex('0200'));
  });

  test('goes back as it came when nothing does', () => {
    for (const bytes of [defined, undefinedLength]) {
      const dataSet = parseDataSet(bytes, explicit);
      expect(dataSet.get('RequestAttributesSequence[0].Rows')).toBe(1);
      expect(toHex(encodeDataSet(dataSet.set('PatientID', 'A'), explicit))).toContain(toHex(bytes));
    }
  });
});

describe('unknownVrs: resolve', () => {
  const resolve = { unknownVrs: 'resolve' } as const;

  test('gives UN the VR that is known, in the byte order of the encoding', () => {
    const bytes = hex("28001000'UN'0000020000000102 09001110'UN'0000020000000102");
    const dataSet = parseDataSet(bytes, explicit);
    expect(toHex(encodeDataSet(dataSet, explicit, resolve))).toBe(
      toHex(hex("28001000'US'02000102 09001110'UN'0000020000000102")),
    );
    expect(toHex(encodeDataSet(dataSet, bigEndian, resolve))).toBe(
      toHex(hex("00280010'US'00020201 00091011'UN'0000000000020102")),
    );
    const big = parseDataSet(hex("00280010'UN'0000000000020102"), bigEndian);
    expect(toHex(encodeDataSet(big, explicit, resolve))).toBe(toHex(hex("28001000'US'02000102")));
  });

  test('makes sequences of what is one', () => {
    const dataSet = parseDataSet(hex("40007502'UN'000012000000 feff00e00a000000 28001000020000000100"), explicit);
    expect(toHex(encodeDataSet(dataSet, explicit, resolve))).toBe(
      toHex(hex("40007502'SQ'000012000000 feff00e00a000000 28001000'US'02000100")),
    );
  });
});

describe('sequenceLengths', () => {
  const item = "28001000'US'02000100";
  const defined = `40007502'SQ'000012000000 feff00e00a000000 ${item}`;
  const open = `40007502'SQ'0000ffffffff feff00e0ffffffff ${item} feff0de000000000 feffdde000000000`;

  test.each([
    ['keep', defined, defined],
    ['keep', open, open],
    ['defined', open, defined],
    ['undefined', defined, open],
    ['undefined', open, open],
  ] as const)('%s', (sequenceLengths, from, to) => {
    const written = encodeDataSet(parseDataSet(hex(from), explicit), explicit, { sequenceLengths });
    expect(toHex(written)).toBe(toHex(hex(to)));
  });

  test('reach sequences in sequences, and those that were set', () => {
    const dataSet = DataSet.from({ RequestAttributesSequence: [{ ScheduledProtocolCodeSequence: [{}] }] });
    const written = toHex(encodeDataSet(dataSet, explicit, { sequenceLengths: 'undefined' }));
    expect(written.match(/ffffffff/g)).toHaveLength(4);
  });
});

describe('group lengths', () => {
  const bytes = hex("08000000'UL'0400 0a000000 08006000'CS'0200'CT' 10001000'PN'0200'A '");

  test('are dropped when asked', () => {
    const written = encodeDataSet(parseDataSet(bytes, explicit), explicit, { groupLengths: 'drop' });
    expect(toHex(written)).toBe(toHex(hex("08006000'CS'0200'CT' 10001000'PN'0200'A '")));
  });

  test('are dropped when something changed in a sequence of the group', () => {
    const sequence = hex("40000000'UL'0400 1e000000 40007502'SQ'000012000000 feff00e00a000000 28001000'US'02000100");
    const dataSet = parseDataSet(sequence, explicit);
    dataSet.set('RequestAttributesSequence[0].PatientID', 'A');
    expect(parseDataSet(encodeDataSet(dataSet, explicit), explicit).tags()).toEqual([0x00400275]);
  });
});

describe('fragments that were set', () => {
  test('are written with headers and delimiter, those of odd length padded', () => {
    const dataSet = new DataSet().setFragments(0x7fe00010, 'OB', [new Uint8Array(0), Uint8Array.of(1, 2, 3)]);
    const expected = hex("e07f1000'OB'0000ffffffff feff00e000000000 feff00e004000000 01020300 feffdde000000000");
    expect(toHex(encodeDataSet(dataSet, TransferSyntax.JPEGBaseline8Bit))).toBe(toHex(expected));
    const again = parseDataSet(expected, TransferSyntax.JPEGBaseline8Bit);
    expect(again.bytes('PixelData')).toEqual(dataSet.bytes('PixelData'));
    expect(again.fragments('PixelData')?.map(toHex)).toEqual(['', '01020300']);
  });

  test.each([implicit, bigEndian])('are not written in %s', (uid) => {
    const dataSet = new DataSet().setFragments(0x7fe00010, 'OB', [new Uint8Array(0)]);
    expect(() => encodeDataSet(dataSet, uid)).toThrow(expect.objectContaining({ code: 'invalid-structure' }));
  });

  test('need an offset table', () => {
    expect(() => new DataSet().setFragments(0x7fe00010, 'OB', [])).toThrow(
      expect.objectContaining({ code: 'invalid-value' }),
    );
  });
});

test('what is too long for any length field is refused', () => {
  // The memory is never touched, and so never there.
  const dataSet = new DataSet().set('PixelData', new Uint8Array(0xffff_ffff));
  expect(() => encodeDataSet(dataSet, explicit)).toThrow(expect.objectContaining({ code: 'too-large' }));
});

/** VR, a text that is right, texts that are not. PS3.5 Table 6.2-1. */
const rules: readonly (readonly [vr: Vr, right: readonly string[], wrong: readonly string[]])[] = [
  ['AE', ['ARCHIVE1', 'A B', '0123456789ABCDEF'], ['0123456789ABCDEFG', 'Ä', 'A\tB']],
  ['AS', ['042Y', '003D'], ['42Y', '042X', '042']],
  ['CS', ['ORIGINAL', 'ISO_IR 100', '*', 'MR?'], ['original', 'A-B', '0123456789ABCDEFG']],
  ['DA', ['20260131', '20260101-20260131', '20260101-', '-20260131', '""', '*'], ['2026-01-31', '260131', '2026', '-']],
  ['DS', ['1.5', '-1e-3', '+.5', ' 7 ', '5.'], ['1,5', '0x10', 'thin', '0.12345678901234567', 'NaN']],
  [
    'DT',
    ['2026', '20260131101500.123456+0100', '2026-0500', '20260101-20260131', '-2026'],
    ['26', '2026-01-31', '20260131 10', '20260131101500.1234567'],
  ],
  ['IS', ['-17', '+3', '2147483647', '-2147483648'], ['1.5', '2147483648', '12345678901234', 'x']],
  ['LO', ['a'.repeat(64), '山'.repeat(64), '😀'.repeat(64)], ['a'.repeat(65), 'a\nb', 'a\u0000b']],
  ['LT', ['a\\b\r\nc\t', 'a'.repeat(10240)], ['a'.repeat(10241), 'a\u0001']],
  [
    'PN',
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'DOE*', `${'a'.repeat(64)}=${'b'.repeat(64)}`],
    ['a'.repeat(65), 'a=b=c=d', 'a\nb'],
  ],
  ['SH', ['0123456789abcdef'], ['0123456789abcdefg', 'a\u007f']],
  ['ST', ['a\nb', 'a'.repeat(1024)], ['a'.repeat(1025)]],
  ['TM', ['09', '0915', '091530.5', '0900-1000', '-10'], ['09:15', '9', '091530.1234567', '091']],
  ['UC', ['a'.repeat(100_000)], ['a\nb']],
  ['UI', ['1.2.840.10008.1.1', '1.02.3', '1.2.*'], ['1..2', '.1', '1.', '1.2.x', '1'.repeat(65)]],
  ['UR', ['http://example.org/x?y=1'], ['http://example.org/a b']],
  ['UT', ['a\r\nb', 'a'.repeat(100_000)], ['a\u0002b']],
];

describe('text that was set is checked when it is written', () => {
  const unicode = () => new DataSet().set('SpecificCharacterSet', 'ISO_IR 192');

  test.each(rules)('%s', (vr, right, wrong) => {
    for (const text of right) {
      const dataSet = unicode().set(0x00091001, vr, text);
      expect(() => encodeDataSet(dataSet, explicit), text).not.toThrow();
    }
    for (const text of wrong) {
      const dataSet = unicode().set(0x00091001, vr, text);
      const write = () => encodeDataSet(dataSet, explicit);
      expect(write, text).toThrow(expect.objectContaining({ code: 'invalid-value', path: '(0009,1001)' }));
      const isEncodable = vr !== 'UI' && vr !== 'AE';
      if (isEncodable) expect(() => encodeDataSet(dataSet, explicit, { invalidText: 'write' }), text).not.toThrow();
    }
  });

  test('each of several values', () => {
    const dataSet = DataSet.from({ ImageType: ['ORIGINAL', 'primary'] });
    expect(() => encodeDataSet(dataSet, explicit)).toThrow(/"primary"/);
  });

  test('with the path of an item', () => {
    const dataSet = DataSet.from({ RequestAttributesSequence: [{}, { ScheduledProcedureStepID: 'a'.repeat(17) }] });
    expect(() => encodeDataSet(dataSet, explicit)).toThrow(
      expect.objectContaining({ path: '(0040,0275)[1]/(0040,0009)' }),
    );
  });

  test('and what was parsed is not, even when it is written in another character set', () => {
    const bytes = hex("08000500'CS'0a00'ISO_IR 100' 08006000'CS'0200'ct' 10001000'PN'0400 4d fc 0a '1'");
    const dataSet = parseDataSet(bytes, explicit).set('SpecificCharacterSet', 'ISO_IR 192');
    const again = parseDataSet(encodeDataSet(dataSet, implicit), implicit);
    expect([again.text('Modality'), again.text('PatientName')]).toEqual(['ct', 'Mü\n1']);
  });
});

test.each<[string, Vr, PlainValue[]]>([
  ['a number that is no whole one as IS', 'IS', [1.5]],
  ['infinity as DS', 'DS', [Number.POSITIVE_INFINITY]],
])('%s is refused', (_name, vr, values) => {
  expect(() => encodeDataSet(new DataSet().set(0x00091001, vr, values), explicit)).toThrow(DataSetError);
});

test('a sequence that came as UN and was cut off is whole when it is written anew', () => {
  // Referenced Series Sequence, longer than what is here, with an item of undefined length that has no end.
  const cut = hex("0800 1511 'UN' 0000 ffffff05 feff00e0 ffffffff 2000 0e00 'UI' 0400 '1.2' 00");
  const dataSet = parseDataSet(cut, explicit, { keepTruncated: true });
  const written = encodeDataSet(dataSet.set('PatientID', 'X'), explicit);
  const [series] = parseDataSet(written, explicit).get('ReferencedSeriesSequence');
  expect(series?.get('SeriesInstanceUID')).toBe('1.2');
});
