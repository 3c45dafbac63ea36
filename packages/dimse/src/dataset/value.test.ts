import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import { encodeDataSet } from './encode.js';
import { DataSetError } from './errors.js';
import { parseDataSet } from './parse.js';
import type { PlainValue } from './plain-value.js';
import { hex, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';
import type { Vr } from './vr.js';

/** VR, tag, values, explicit little endian, explicit big endian, implicit little endian. */
const elements: readonly [vr: Vr, tag: number, values: PlainValue[], le: string, be: string, implicit: string][] = [
  [
    'AE',
    0x00080054,
    ['SCU', 'B'],
    "08005400'AE'0600'SCU\\B '",
    "00080054'AE'0006'SCU\\B '",
    "0800540006000000'SCU\\B '",
  ],
  ['AS', 0x00101010, ['042Y'], "10001010'AS'0400'042Y'", "00101010'AS'0004'042Y'", "1000101004000000'042Y'"],
  [
    'AT',
    0x00280009,
    [0x00181063, 0x00540010],
    "28000900'AT'08001800631054001000",
    "00280009'AT'00080018106300540010",
    '28000900080000001800631054001000',
  ],
  ['CS', 0x00080060, ['CT'], "08006000'CS'0200'CT'", "00080060'CS'0002'CT'", "0800600002000000'CT'"],
  [
    'DA',
    0x00080020,
    ['20260131'],
    "08002000'DA'0800'20260131'",
    "00080020'DA'0008'20260131'",
    "0800200008000000'20260131'",
  ],
  ['DS', 0x00180050, [1.5], "18005000'DS'0400'1.5 '", "00180050'DS'0004'1.5 '", "1800500004000000'1.5 '"],
  [
    'DT',
    0x0008002a,
    ['2026+0100'],
    "08002a00'DT'0a00'2026+0100 '",
    "0008002a'DT'000a'2026+0100 '",
    "08002a000a000000'2026+0100 '",
  ],
  [
    'FD',
    0x00189073,
    [-2.5],
    "18007390'FD'080000000000000004c0",
    "00189073'FD'0008c004000000000000",
    '180073900800000000000000000004c0',
  ],
  ['FL', 0x00700022, [0.5], "70002200'FL'04000000003f", "00700022'FL'00043f000000", '70002200040000000000003f'],
  ['IS', 0x00200013, [-17], "20001300'IS'0400'-17 '", "00200013'IS'0004'-17 '", "2000130004000000'-17 '"],
  ['LO', 0x00100020, ['4711'], "10002000'LO'0400'4711'", "00100020'LO'0004'4711'", "1000200004000000'4711'"],
  ['LT', 0x00104000, ['a\\b'], "10000040'LT'0400'a\\b '", "00104000'LT'0004'a\\b '", "1000004004000000'a\\b '"],
  [
    'OB',
    0x00420011,
    [Uint8Array.of(1, 2)],
    "42001100'OB'0000020000000102",
    "00420011'OB'0000000000020102",
    '42001100020000000102',
  ],
  [
    'OD',
    0x7fe00009,
    [hex('000000000000f03f')],
    "e07f0900'OD'000008000000000000000000f03f",
    "7fe00009'OD'0000000000083ff0000000000000",
    'e07f090008000000000000000000f03f',
  ],
  [
    'OF',
    0x7fe00008,
    [hex('0000803f')],
    "e07f0800'OF'0000040000000000803f",
    "7fe00008'OF'0000000000043f800000",
    'e07f0800040000000000803f',
  ],
  [
    'OL',
    0x00660129,
    [hex('01000000')],
    "66002901'OL'00000400000001000000",
    "00660129'OL'00000000000400000001",
    '660029010400000001000000',
  ],
  [
    'OV',
    0x7fe00001,
    [hex('0100000000000000')],
    "e07f0100'OV'0000080000000100000000000000",
    "7fe00001'OV'0000000000080000000000000001",
    'e07f0100080000000100000000000000',
  ],
  [
    'OW',
    0x00281201,
    [hex('0102')],
    "28000112'OW'0000020000000102",
    "00281201'OW'0000000000020201",
    '28000112020000000102',
  ],
  [
    'PN',
    0x00100010,
    ['DOE^JOHN'],
    "10001000'PN'0800'DOE^JOHN'",
    "00100010'PN'0008'DOE^JOHN'",
    "1000100008000000'DOE^JOHN'",
  ],
  ['SH', 0x00080050, ['A1'], "08005000'SH'0200'A1'", "00080050'SH'0002'A1'", "0800500002000000'A1'"],
  ['SL', 0x00186020, [-2], "18002060'SL'0400feffffff", "00186020'SL'0004fffffffe", '1800206004000000feffffff'],
  ['SS', 0x00189219, [-3], "18001992'SS'0200fdff", "00189219'SS'0002fffd", '1800199202000000fdff'],
  [
    'ST',
    0x00080081,
    ['Street\r\n1'],
    "08008100'ST'0a00'Street'0d0a'1 '",
    "00080081'ST'000a'Street'0d0a'1 '",
    "080081000a000000'Street'0d0a'1 '",
  ],
  [
    'SV',
    0x00720082,
    [-1n],
    "72008200'SV'000008000000ffffffffffffffff",
    "00720082'SV'000000000008ffffffffffffffff",
    '7200820008000000ffffffffffffffff',
  ],
  ['TM', 0x00080030, ['0915'], "08003000'TM'0400'0915'", "00080030'TM'0004'0915'", "0800300004000000'0915'"],
  [
    'UC',
    0x00080119,
    ['ab', 'c'],
    "08001901'UC'000004000000'ab\\c'",
    "00080119'UC'000000000004'ab\\c'",
    "0800190104000000'ab\\c'",
  ],
  ['UI', 0x00080018, ['1.2.3'], "08001800'UI'0600'1.2.3'00", "00080018'UI'0006'1.2.3'00", "0800180006000000'1.2.3'00"],
  ['UL', 0x00081161, [4294967295], "08006111'UL'0400ffffffff", "00081161'UL'0004ffffffff", '0800611104000000ffffffff'],
  [
    'UN',
    0x00091001,
    [Uint8Array.of(7, 8)],
    "09000110'UN'0000020000000708",
    "00091001'UN'0000000000020708",
    '09000110020000000708',
  ],
  [
    'UR',
    0x00081190,
    ['http://x'],
    "08009011'UR'000008000000'http://x'",
    "00081190'UR'000000000008'http://x'",
    "0800901108000000'http://x'",
  ],
  ['US', 0x00280010, [513], "28001000'US'02000102", "00280010'US'00020201", '28001000020000000102'],
  [
    'UT',
    0x0040a160,
    ['any'],
    "400060a1'UT'000004000000'any '",
    "0040a160'UT'000000000004'any '",
    "400060a104000000'any '",
  ],
  [
    'UV',
    0x0008040c,
    [18446744073709551615n],
    "08000c04'UV'000008000000ffffffffffffffff",
    "0008040c'UV'000000000008ffffffffffffffff",
    '08000c0408000000ffffffffffffffff',
  ],
];

const encodings: readonly [name: string, uid: string, column: 3 | 4 | 5][] = [
  ['explicit little endian', TransferSyntax.ExplicitVRLittleEndian, 3],
  ['explicit big endian', TransferSyntax.ExplicitVRBigEndian, 4],
  ['implicit little endian', TransferSyntax.ImplicitVRLittleEndian, 5],
];

describe.each(encodings)('%s', (_name, uid, column) => {
  test.each(elements)('reads and writes %s', (...row) => {
    const [vr, tag, values] = row;
    const bytes = hex(row[column]);
    const read = parseDataSet(bytes, uid);
    expect(read.tags()).toEqual([tag]);
    expect(read.values(tag, vr)).toEqual(values);
    if (column !== 5 || !vr.startsWith('U')) expect(read.vr(tag)).toBe(column === 5 && tag === 0x00091001 ? 'UN' : vr);
    expect(toHex(encodeDataSet(new DataSet().setValues(tag, vr, values), uid))).toBe(toHex(bytes));
  });
});

describe('conversion', () => {
  const pairs = encodings.flatMap((from) => encodings.map((to) => [from[0], to[0], from, to] as const));
  test.each(pairs)('from %s to %s', (_from, _to, from, to) => {
    for (const row of elements) {
      const source = parseDataSet(hex(row[from[2]]), from[1]);
      expect(toHex(encodeDataSet(source, to[1])), row[0]).toBe(toHex(hex(row[to[2]])));
    }
  });
});

describe('writing refuses', () => {
  test.each<[string, number, Vr, PlainValue[]]>([
    ['a US above 65535', 0x00280010, 'US', [65536]],
    ['a US below 0', 0x00280010, 'US', [-1]],
    ['a fraction as US', 0x00280010, 'US', [0.5]],
    ['text as US', 0x00280010, 'US', ['1']],
    ['an SS below -32768', 0x00189219, 'SS', [-32769]],
    ['a UL above 32 bits', 0x00081161, 'UL', [2 ** 32]],
    ['an SV above 63 bits', 0x00720082, 'SV', [2n ** 63n]],
    ['a UV below 0', 0x0008040c, 'UV', [-1n]],
    ['an unsafe number as UV', 0x0008040c, 'UV', [2 ** 60]],
    ['a number as PN', 0x00100010, 'PN', [1]],
    ['bytes as CS', 0x00080060, 'CS', [Uint8Array.of(1)]],
    ['text as OB', 0x00420011, 'OB', ['1']],
  ])('%s', (_name, tag, vr, values) => {
    expect(() => new DataSet().setValues(tag, vr, values)).toThrow(DataSetError);
  });

  test.each<[string, number, Vr, PlainValue[]]>([
    ['letters in a UID', 0x00080018, 'UI', ['1.2.x']],
    ['a fraction as IS', 0x00200013, 'IS', [1.5]],
    ['infinity as DS', 0x00180050, 'DS', [Number.POSITIVE_INFINITY]],
  ])('%s', (_name, tag, vr, values) => {
    const dataSet = new DataSet().setValues(tag, vr, values);
    expect(() => encodeDataSet(dataSet, TransferSyntax.ExplicitVRLittleEndian)).toThrow(
      expect.objectContaining({ code: 'invalid-value', path: expect.stringContaining('(') }),
    );
  });
});

describe('decimal strings', () => {
  test.each([
    [0, '0'],
    [1 / 3, '0.33333333333333'],
    [-1 / 3, '-0.3333333333333'],
    [1e300, '1e+300'],
    [-1e-300 / 3, '-3333333333e-310'],
    [2 ** 70, '11805916207174e8'],
  ])('%d is written as %s, in 16 characters at most', (value, expected) => {
    const implicit = TransferSyntax.ImplicitVRLittleEndian;
    const bytes = encodeDataSet(DataSet.from({ SliceThickness: value }), implicit);
    expect(parseDataSet(bytes, implicit).text('SliceThickness')).toBe(expected);
    expect(expected.length).toBeLessThanOrEqual(16);
  });

  test('keep the digits in which they came', () => {
    const dataSet = parseDataSet(hex("1800500006000000'1.500 '"), TransferSyntax.ImplicitVRLittleEndian);
    expect(dataSet.text('SliceThickness')).toBe('1.500');
    expect(dataSet.get('SliceThickness')).toBe(1.5);
  });

  test.each(['thin', '0x10', 'NaN ', 'Infinity', '1 2 '])(
    'that are no numbers are NaN, with their text at hand: %s',
    (text) => {
      const length = text.length.toString(16).padStart(2, '0');
      const dataSet = parseDataSet(hex(`18005000${length}000000'${text}'`), TransferSyntax.ImplicitVRLittleEndian);
      expect(dataSet.get('SliceThickness')).toBeNaN();
      expect(dataSet.text('SliceThickness')).toBe(text.trim());
    },
  );
});

test('padding goes, and with it spaces that mean nothing', () => {
  const dataSet = parseDataSet(
    hex("0800600006000000' CT '2000 1000100008000000' DOE^X '00"),
    TransferSyntax.ImplicitVRLittleEndian,
  );
  expect(dataSet.get('Modality')).toBe('CT');
  expect(dataSet.get('PatientName')).toBe(' DOE^X');
});

test('a value of more than 65534 bytes in a VR with a short length is written as UN', () => {
  const bytes = encodeDataSet(
    new DataSet().setValues(0x00283006, 'US', new Array<number>(40000).fill(1)),
    TransferSyntax.ExplicitVRLittleEndian,
  );
  expect(toHex(bytes.subarray(0, 12))).toBe('28000630554e000080380100');
  expect(parseDataSet(bytes, TransferSyntax.ExplicitVRLittleEndian).vr(0x00283006)).not.toBe('US');
});
