import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { DataSetError } from '../errors.js';
import { parseDataSet } from '../parse.js';
import { hex } from '../testing/bytes.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { fromBase64, toBase64 } from './base64.js';
import { exactNumber } from './decimal.js';
import { fromDicomJson } from './from-json.js';
import type { DicomJsonElement } from './model.js';
import { resolveBulkData } from './resolve-bulk-data.js';
import { stringifyDicomJson } from './stringify.js';
import { toDicomJson } from './to-json.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const implicit = TransferSyntax.ImplicitVRLittleEndian;

function parsed(notation: string, uid: string = explicit): DataSet {
  return parseDataSet(hex(notation), uid);
}

/** One element in explicit VR, and what PS3.18 F.2.2 to F.2.7 makes of it. */
const elements: readonly (readonly [name: string, notation: string, tag: string, json: DicomJsonElement])[] = [
  ['text', "10002000'LO'0400'4711'", '00100020', { vr: 'LO', Value: ['4711'] }],
  ['several values', "08000800'CS'0800'A\\B\\CD  '", '00080008', { vr: 'CS', Value: ['A', 'B', 'CD'] }],
  ['empty values only', "08001a00'UI'0200'\\\\'", '0008001A', { vr: 'UI', Value: [null, null, null] }],
  ['an empty value among others', "08000800'CS'0400'A\\\\B'", '00080008', { vr: 'CS', Value: ['A', null, 'B'] }],
  ['an empty element', "08005000'SH'0000", '00080050', { vr: 'SH' }],
  ['padding alone', "08005000'SH'0200'  '", '00080050', { vr: 'SH' }],
  ['text that keeps backslashes', "1000b021'LT'0400'A\\B '", '001021B0', { vr: 'LT', Value: ['A\\B'] }],
  [
    'a person name of three groups',
    "10001000'PN'0600'A^B=C='",
    '00100010',
    { vr: 'PN', Value: [{ Alphabetic: 'A^B', Ideographic: 'C' }] },
  ],
  ['the phonetic group alone', "10001000'PN'0400'==C '", '00100010', { vr: 'PN', Value: [{ Phonetic: 'C' }] }],
  [
    'person names, one empty',
    "08005010'PN'0600'A\\\\B=C'",
    '00081050',
    { vr: 'PN', Value: [{ Alphabetic: 'A' }, null, { Alphabetic: 'B', Ideographic: 'C' }] },
  ],
  ['IS', "20001300'IS'0400'+12 '", '00200013', { vr: 'IS', Value: [12] }],
  ['DS', "20003200'DS'0e00'1.500\\-2\\1e-3 '", '00200032', { vr: 'DS', Value: [1.5, -2, 0.001] }],
  [
    'DS that a number would round',
    "20003200'DS'1a00'0.12345678901234567890\\2  '",
    '00200032',
    { vr: 'DS', Value: ['0.12345678901234567890', 2] },
  ],
  ['DS that is no number', "18005000'DS'0400'1,5 '", '00180050', { vr: 'DS', Value: ['1,5'] }],
  ['DS with an empty value', "20003200'DS'0400'1\\\\2'", '00200032', { vr: 'DS', Value: [1, null, 2] }],
  ['US', "28001000'US'0200ffff", '00280010', { vr: 'US', Value: [65535] }],
  ['SS', "28000601'SS'0200ffff", '00280106', { vr: 'SS', Value: [-1] }],
  ['FL', "18005a60'FL'08000000c03f0000807f", '0018605A', { vr: 'FL', Value: [1.5, 'Infinity'] }],
  ['FD', "18007390'FD'1000 000000000000f07f 000000000000f8ff", '00189073', { vr: 'FD', Value: ['Infinity', 'NaN'] }],
  ['FD below zero', "18007390'FD'0800 000000000000f0ff", '00189073', { vr: 'FD', Value: ['-Infinity'] }],
  ['AT', "28000900'AT'0400 1800fe10", '00280009', { vr: 'AT', Value: ['001810FE'] }],
  ['SV', "72008200'SV'000008000000 ffffffffffffffff", '00720082', { vr: 'SV', Value: [-1] }],
  [
    'SV beyond what a number holds',
    "72008200'SV'000008000000 0000000000000080",
    '00720082',
    { vr: 'SV', Value: ['-9223372036854775808'] },
  ],
  ['UV', "08000c04'UV'000008000000 0100000000002000", '0008040C', { vr: 'UV', Value: ['9007199254740993'] }],
  ['OB', "42001100'OB'000004000000 '%PDF'", '00420011', { vr: 'OB', InlineBinary: 'JVBERg==' }],
  ['OW', "e07f1000'OW'000004000000 01020304", '7FE00010', { vr: 'OW', InlineBinary: 'AQIDBA==' }],
  ['UN', "09000110'UN'000002000000 0102", '00091001', { vr: 'UN', InlineBinary: 'AQI=' }],
  ['an empty OB', "42001100'OB'000000000000", '00420011', { vr: 'OB' }],
  ['an empty sequence', "08004011'SQ'000000000000", '00081140', { vr: 'SQ' }],
  [
    'items, one of them empty',
    "08004011'SQ'00001a000000 feff00e00a00000008000001'SH'0200'A ' feff00e000000000",
    '00081140',
    { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: ['A'] } }, {}] },
  ],
];

describe('to JSON', () => {
  test.each(elements)('%s', (_name, notation, tag, json) => {
    expect(toDicomJson(parsed(notation))).toEqual({ [tag]: json });
  });

  test('group lengths are left out', () => {
    expect(toDicomJson(parsed("08000000'UL'040000000000 10002000'LO'0200'A '"))).toEqual({
      '00100020': { vr: 'LO', Value: ['A'] },
    });
  });

  test('binary values are little endian, whatever the data set is', () => {
    const dataSet = parsed("7fe00010'OW'000000000004 01020304", TransferSyntax.ExplicitVRBigEndian);
    expect(toDicomJson(dataSet)['7FE00010']).toEqual({ vr: 'OW', InlineBinary: 'AgEEAw==' });
  });

  test('text is Unicode, whatever the character set', () => {
    const dataSet = parsed("08000500'CS'0a00'ISO_IR 100' 10001000'PN'0200fc20");
    expect(toDicomJson(dataSet)['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'ü' }] });
  });

  test('VRs of an implicit VR data set come from the dictionary', () => {
    expect(toDicomJson(parsed('28001000 02000000 0002 09000110 02000000 0102', implicit))).toEqual({
      '00280010': { vr: 'US', Value: [512] },
      '00091001': { vr: 'UN', InlineBinary: 'AQI=' },
    });
  });

  test('values that were set are written like those that were read', () => {
    const dataSet = DataSet.from({
      SliceThickness: 0.1,
      InstanceNumber: '7',
      PatientName: 'A=B',
      RedPaletteColorLookupTableData: Uint8Array.of(1, 2),
      FrameIncrementPointer: [0x00181063],
    }).set(0x00283006, 'US', Uint8Array.of(1, 0, 2, 0));
    expect(toDicomJson(dataSet)).toEqual({
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A', Ideographic: 'B' }] },
      '00180050': { vr: 'DS', Value: [0.1] },
      '00200013': { vr: 'IS', Value: [7] },
      '00280009': { vr: 'AT', Value: ['00181063'] },
      '00281201': { vr: 'OW', InlineBinary: 'AQI=' },
      '00283006': { vr: 'US', Value: [1, 2] },
    });
  });

  test('numberStrings: string keeps the digits of IS, DS, SV and UV', () => {
    const dataSet = parsed("08000c04'UV'0000080000000100000000000000 20001300'IS'0400'+12 ' 20003200'DS'0600'1.500 '");
    expect(toDicomJson(dataSet, { numberStrings: 'string' })).toEqual({
      '0008040C': { vr: 'UV', Value: ['1'] },
      '00200013': { vr: 'IS', Value: ['+12'] },
      '00200032': { vr: 'DS', Value: ['1.500'] },
    });
  });

  test('bulkDataUri is asked for what may be bulk data, in items too', () => {
    const dataSet = DataSet.from({
      PatientID: '1',
      EncapsulatedDocument: Uint8Array.of(1, 2, 3, 4),
      TextValue: null,
      ReferencedImageSequence: [{ EncapsulatedDocument: Uint8Array.of(5, 6) }],
    });
    const asked: string[] = [];
    const json = toDicomJson(dataSet, {
      bulkDataUri: (element, path) => {
        asked.push(`${path} ${element.vr} ${element.bytes.length}`);
        return element.bytes.length > 2 ? `bulk/${path}` : undefined;
      },
    });
    expect(asked).toEqual(['(0008,1140)[0]/(0042,0011) OB 2', '(0042,0011) OB 4']);
    expect(json['00420011']).toEqual({ vr: 'OB', BulkDataURI: 'bulk/(0042,0011)' });
    expect(json['00081140']?.Value).toEqual([{ '00420011': { vr: 'OB', InlineBinary: 'BQY=' } }]);
  });

  test('inlineBinaryMaxBytes leaves longer ones out, not their elements', () => {
    const dataSet = DataSet.from({ EncapsulatedDocument: new Uint8Array(10) });
    expect(toDicomJson(dataSet, { inlineBinaryMaxBytes: 9 })).toEqual({ '00420011': { vr: 'OB' } });
    expect(toDicomJson(dataSet, { inlineBinaryMaxBytes: 10 })['00420011']?.InlineBinary).toBe('AAAAAAAAAAAAAA==');
  });

  test('a sequence that holds itself is an error', () => {
    const dataSet = new DataSet();
    dataSet.setItems(0x00081140, [dataSet]);
    expect(() => toDicomJson(dataSet)).toThrow(expect.objectContaining({ code: 'nesting-too-deep' }));
  });
});

describe('from JSON', () => {
  test.each(elements)('%s comes back', (_name, _notation, tag, json) => {
    const again = toDicomJson(fromDicomJson(JSON.parse(JSON.stringify({ [tag]: json }))));
    expect(again).toEqual({ [tag]: json });
  });

  test('what is read is what can be written: NaN and the infinities', () => {
    const dataSet = fromDicomJson({ '00189073': { vr: 'FD', Value: ['NaN', 'Infinity', '-inf', null, 1] } });
    expect(dataSet.values(0x00189073)).toEqual([NaN, Infinity, -Infinity, NaN, 1]);
    const bytes = encodeDataSet(dataSet, explicit);
    expect(parseDataSet(bytes, explicit).values(0x00189073)).toEqual([NaN, Infinity, -Infinity, NaN, 1]);
  });

  test.each<[string, unknown, Record<string, unknown>]>([
    ['a missing VR', { '00280010': { Value: [5] } }, { Rows: 5 }],
    ['a VR in small letters', { '00280010': { vr: 'us', Value: [5] } }, { Rows: 5 }],
    ['a tag in small letters', { '0020000d': { vr: 'UI', Value: ['1.2'] } }, { StudyInstanceUID: '1.2' }],
    ['a tag with parentheses', { '(0020,000D)': { vr: 'UI', Value: ['1.2'] } }, { StudyInstanceUID: '1.2' }],
    ['a keyword', { StudyInstanceUID: { vr: 'UI', Value: ['1.2'] } }, { StudyInstanceUID: '1.2' }],
    ['a value without list', { '00280010': { vr: 'US', Value: 5 } }, { Rows: 5 }],
    ['a number as text', { '00280010': { vr: 'US', Value: ['5'] } }, { Rows: 5 }],
    ['text as a number', { '00100020': { vr: 'LO', Value: [4711] } }, { PatientID: '4711' }],
    ['a name as text', { '00100010': { vr: 'PN', Value: ['A^B=C'] } }, { PatientName: 'A^B=C' }],
    ['a name with small letters', { '00100010': { vr: 'PN', Value: [{ phonetic: 'C' }] } }, { PatientName: '==C' }],
    ['one value that is null', { '00280010': { vr: 'US', Value: [null] } }, { Rows: undefined }],
    ['an empty list', { '00280010': { vr: 'US', Value: [] } }, { Rows: undefined }],
    ['a null item', { '00081140': { vr: 'SQ', Value: [null] } }, { ReferencedImageSequence: [] }],
    [
      'the largest UV as a number',
      JSON.parse('{"0008040C":{"vr":"UV","Value":[18446744073709551615]}}'),
      { FileOffsetInContainer: 2n ** 64n - 1n },
    ],
    ['InlineBinary of numbers', { '00280010': { vr: 'US', InlineBinary: 'AAI=' } }, { Rows: 512 }],
    ['InlineBinary in a list', { '00280010': { vr: 'US', InlineBinary: ['AAI='] } }, { Rows: 512 }],
    [
      'base64 with line breaks, of URLs, unpadded',
      { '00420011': { vr: 'OB', InlineBinary: '-_\r\n8' } },
      { EncapsulatedDocument: Uint8Array.of(0xfb, 0xff) },
    ],
  ])('%s is read', (_name, json, values) => {
    const dataSet = fromDicomJson(json);
    for (const [keyword, value] of Object.entries(values)) {
      expect(Reflect.apply(dataSet.get, dataSet, [keyword])).toEqual(value);
    }
    expect(dataSet.size).toBe(1);
  });

  test('the pixel representation says whether values without a VR are signed', () => {
    const dataSet = fromDicomJson({ '00280103': { vr: 'US', Value: [1] }, '00280106': { Value: [-5] } });
    expect(dataSet.get('SmallestImagePixelValue')).toBe(-5);
  });

  test('file meta information and group lengths are left out', () => {
    const json = { '00020010': { vr: 'UI', Value: ['1.2'] }, '00080000': { vr: 'UL', Value: [4] } };
    expect(fromDicomJson(json).size).toBe(0);
  });

  test('text beyond ASCII makes the data set Unicode when it names no character set', () => {
    const json = { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller' }] } };
    const bytes = encodeDataSet(fromDicomJson(json), explicit);
    expect(parseDataSet(bytes, explicit).get('PatientName')).toBe('Müller');
    const latin = { '00080005': { vr: 'CS', Value: ['ISO_IR 100'] }, ...json };
    expect(fromDicomJson(latin).get('SpecificCharacterSet')).toEqual(['ISO_IR 100']);
    expect(fromDicomJson({ '00100020': { vr: 'LO', Value: ['A'] } }).has('SpecificCharacterSet')).toBe(false);
  });

  test.each<[string, unknown, string, string]>([
    ['a list', [], '', 'invalid-json'],
    ['text', 'x', '', 'invalid-json'],
    ['null', null, '', 'invalid-json'],
    ['a name that is no tag', { Foo: { vr: 'LO' } }, '', 'invalid-json'],
    ['an element that is no object', { '00100020': 'A' }, '(0010,0020)', 'invalid-json'],
    ['a private element without VR', { '00091001': { Value: ['A'] } }, '(0009,1001)', 'invalid-json'],
    ['an object as text', { '00100020': { vr: 'LO', Value: ['A', {}] } }, '(0010,0020) Value[1]', 'invalid-json'],
    ['a flag as text', { '00100020': { vr: 'LO', Value: [true] } }, '(0010,0020) Value[0]', 'invalid-json'],
    ['text as a number', { '00280010': { vr: 'US', Value: ['five'] } }, '(0028,0010) Value[0]', 'invalid-json'],
    ['null among numbers', { '00280010': { vr: 'US', Value: [1, null] } }, '(0028,0010) Value[1]', 'invalid-json'],
    ['a number too large', { '00280010': { vr: 'US', Value: [70000] } }, '(0028,0010)', 'invalid-value'],
    ['no tag', { '00280009': { vr: 'AT', Value: ['x'] } }, '(0028,0009) Value[0]', 'invalid-json'],
    ['a fraction as SV', { '00720082': { vr: 'SV', Value: [1.5] } }, '(0072,0082) Value[0]', 'invalid-json'],
    ['Value of binary', { '00420011': { vr: 'OB', Value: ['AA=='] } }, '(0042,0011) Value[0]', 'invalid-json'],
    ['what is no base64', { '00420011': { vr: 'OB', InlineBinary: 'A%==' } }, '(0042,0011)', 'invalid-json'],
    [
      'what is wrong in an item',
      { '00081140': { vr: 'SQ', Value: [{}, { '00081155': { vr: 'UI', Value: [[]] } }] } },
      '(0008,1140)[1]/(0008,1155) Value[0]',
      'invalid-json',
    ],
    ['an item that is none', { '00081140': { vr: 'SQ', Value: ['x'] } }, '(0008,1140)[0]', 'invalid-json'],
  ])('%s is an error that says where', (_name, json, path, code) => {
    expect(() => fromDicomJson(json)).toThrow(DataSetError);
    expect(() => fromDicomJson(json)).toThrow(expect.objectContaining({ code, path }));
  });

  test('nesting is bounded', () => {
    let json: unknown = {};
    for (let level = 0; level < 100_000; level++) json = { '00081140': { vr: 'SQ', Value: [json] } };
    expect(() => fromDicomJson(json)).toThrow(expect.objectContaining({ code: 'nesting-too-deep' }));
  });

  test('names of the language are no tags', () => {
    expect(() => fromDicomJson(JSON.parse('{"__proto__":{"vr":"LO"}}'))).toThrow(DataSetError);
    expect(() => fromDicomJson({ '00080005': { vr: 'constructor', Value: ['A'] } })).not.toThrow();
  });
});

describe('bulk data', () => {
  const json = {
    '00081140': { vr: 'SQ', Value: [{ '00420011': { vr: 'OB', BulkDataURI: 'a' } }] },
    '0040A160': { vr: 'UT', BulkDataURI: 'b' },
    '7FE00010': { vr: 'OW', BulkDataURI: 'c' },
  };

  test('URIs are kept, and come back', () => {
    const dataSet = fromDicomJson(json);
    expect(dataSet.bulkData('PixelData')).toEqual({ kind: 'uri', uri: 'c' });
    expect(dataSet.get('PixelData')).toBeUndefined();
    expect(dataSet.element('PixelData')?.bulkData).toEqual({ kind: 'uri', uri: 'c' });
    expect(toDicomJson(dataSet)).toEqual(json);
  });

  test("can't be written before it was fetched", () => {
    expect(() => encodeDataSet(fromDicomJson(json), explicit)).toThrow(
      expect.objectContaining({ code: 'missing-bulk-data', path: '(0008,1140)[0]/(0042,0011)' }),
    );
  });

  test('is what the resolver gives', () => {
    const asked: unknown[] = [];
    const dataSet = fromDicomJson(json, {
      bulkData: (request) => {
        asked.push(request);
        return request.vr === 'UT' ? new TextEncoder().encode('Größe') : Uint8Array.of(1, 2);
      },
    });
    expect(asked[0]).toEqual({ uri: 'a', vr: 'OB', tag: 0x00420011, path: '(0008,1140)[0]/(0042,0011)' });
    expect(dataSet.get('TextValue')).toBe('Größe');
    expect(dataSet.get('PixelData')).toEqual(Uint8Array.of(1, 2));
    expect(dataSet.get('SpecificCharacterSet')).toEqual(['ISO_IR 192']);
    expect(encodeDataSet(dataSet, explicit).length).toBeGreaterThan(0);
  });

  test('can be fetched later', async () => {
    const dataSet = fromDicomJson(json);
    const left = await resolveBulkData(dataSet, async ({ reference, path }) =>
      reference.kind === 'uri' && reference.uri !== 'b' ? Uint8Array.of(path.length, 0) : undefined,
    );
    expect(left).toBe(1);
    expect(dataSet.get('PixelData')).toEqual(Uint8Array.of(11, 0));
    expect(dataSet.get('ReferencedImageSequence')[0]?.get('EncapsulatedDocument')).toEqual(Uint8Array.of(26, 0));
    expect(dataSet.bulkData('TextValue')).toEqual({ kind: 'uri', uri: 'b' });
  });

  test('a value that is set takes the place of the reference', () => {
    const dataSet = fromDicomJson(json).set('PixelData', Uint8Array.of(1, 2));
    expect(dataSet.bulkData('PixelData')).toBeUndefined();
  });
});

describe('text', () => {
  const json = toDicomJson(
    DataSet.from({ PatientID: '1' })
      .set(0x54000100, 'SQ', [DataSet.from({ PatientName: 'A' })])
      .set(0x20100010, 'ST', 'x')
      .set(0x00189073, 'FD', [-0, 1]),
  );

  test('has elements in the order of their tags, also where JavaScript has not', () => {
    expect(Object.keys(json)[0]).toBe('20100010');
    const text = stringifyDicomJson(json);
    expect([...text.matchAll(/"([0-9A-F]{8})"/g)].map(([, tag]) => tag)).toEqual([
      ...['00100020', '00189073', '20100010', '54000100', '00100010'],
    ]);
    expect(JSON.parse(text)).toEqual(json);
    expect(text).toContain('[-0,1]');
  });

  test('is indented as asked, and takes lists', () => {
    const text = stringifyDicomJson([json, {}], 2);
    expect(JSON.parse(text)).toEqual([json, {}]);
    expect(text.split('\n')[2]).toBe('    "00100020": {');
    expect(text).toContain('"Value": ["1"]');
  });
});

test.each<[string, number | undefined]>([
  ['1.500', 1.5],
  ['-0', 0],
  ['.5', 0.5],
  ['5.', 5],
  ['+1E3', 1000],
  ['007', 7],
  ['123456789012345', 123456789012345],
  ['12345678901234567', undefined],
  ['9007199254740993', undefined],
  ['1e400', undefined],
  ['1e-400', undefined],
  ['0e999', 0],
  ['', undefined],
  ['.', undefined],
  ['e5', undefined],
  ['1 2', undefined],
  ['0x10', undefined],
  ['Infinity', undefined],
])('%j is the number %j, exactly', (text, number) => {
  expect(exactNumber(text)).toBe(number);
});

test('base64 of any length is that of RFC 4648', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 89 + length) & 0xff);
    const text = Buffer.from(bytes).toString('base64');
    expect(toBase64(bytes)).toBe(text);
    expect(fromBase64(text)).toEqual(bytes);
    expect(fromBase64(Buffer.from(bytes).toString('base64url'))).toEqual(bytes);
  }
});
