import { deflateSync, zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import type { ElementMap } from './element-map.js';
import { encodeDataSet } from './encode.js';
import { parseDataSet } from './parse.js';
import { concat, hex, repeated, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const implicit = TransferSyntax.ImplicitVRLittleEndian;
const deflated = TransferSyntax.DeflatedExplicitVRLittleEndian;

function visit(map: ElementMap): number {
  let count = 0;
  for (const element of map) {
    count += 1 + element.values.length;
    for (const item of element.items) count += visit(item);
  }
  return count;
}

describe('stopping', () => {
  const bytes = hex("08006000'CS'0200'CT' 10001000'PN'0200'A ' 20001300'IS'0200'1 '");

  test.each<[string, number | ((tag: number) => boolean), number[]]>([
    ['before a tag', 0x00100010, [0x00080060]],
    ['before a tag that is not there', 0x00110000, [0x00080060, 0x00100010]],
    ['where a function says so', (tag) => tag >>> 16 === 0x20, [0x00080060, 0x00100010]],
    ['before everything', 0, []],
  ])('%s', (_name, stopBefore, tags) => {
    expect(parseDataSet(bytes, explicit, { stopBefore }).tags()).toEqual(tags);
  });

  test('leaves what follows unread and unwritten', () => {
    const dataSet = parseDataSet(concat(bytes, hex('ffffffff')), explicit, { stopBefore: 0x00200013 });
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(toHex(bytes.subarray(0, 20)));
  });
});

describe('errors say what is wrong, where', () => {
  test.each<[string, string, string, string, number | undefined, string]>([
    ['a cut header', explicit, "10001000'PN'", 'truncated', 0, ''],
    ['a cut long header', explicit, "10001000'OB'00000000", 'truncated', 0, ''],
    ['a value beyond the end', explicit, "10001000'PN'0400'ab'", 'truncated', 0, ''],
    ['a value of 4 GB', implicit, "10001000feffffff'ab'", 'truncated', 0, ''],
    [
      'a sequence without delimiter',
      explicit,
      "08001201'SQ'0000ffffffff feff00e000000000",
      'truncated',
      0,
      '(0008,0112)',
    ],
    [
      'an element where an item should be',
      explicit,
      "08001201'SQ'0000ffffffff 10001000'PN'0000",
      'invalid-structure',
      12,
      '(0008,0112)',
    ],
    [
      'a fragment of undefined length',
      explicit,
      "e07f1000'OB'0000ffffffff feff00e0ffffffff",
      'invalid-length',
      12,
      '(7FE0,0010)',
    ],
    ['an item at the top', explicit, 'feff00e000000000', 'invalid-structure', 0, ''],
    [
      'undefined length of a VR that has none',
      explicit,
      "10001000'UT'0000ffffffff",
      'invalid-length',
      12,
      '(0010,0010)',
    ],
    ['an element of group FFFF', explicit, "ffff1000'PN'0000", 'invalid-structure', 0, ''],
  ])('%s', (_name, uid, notation, code, offset, path) => {
    expect(() => parseDataSet(hex(notation), uid)).toThrow(expect.objectContaining({ code, offset, path }));
  });

  test.each<[string, string, string, number, string]>([
    [
      'an element beyond its item',
      "08001201'SQ'000012000000 feff00e00a000000 10001000'PN'0400'ab'",
      'invalid-length',
      20,
      '(0008,0112)[0]',
    ],
    [
      'an item beyond its sequence that is cut off there',
      "08001201'SQ'00000a000000 feff00e00a000000 1000 10001000'PN'0000",
      'truncated',
      20,
      '(0008,0112)[0]',
    ],
    ['a cut item header', "08001201'SQ'000004000000 feff00e0", 'truncated', 12, '(0008,0112)'],
    [
      'a tag of the group of items',
      "08001201'SQ'000010000000 feff00e008000000 feff0d2a00000000",
      'invalid-structure',
      20,
      '(0008,0112)[0]',
    ],
    ['no item', "08001201'SQ'00000a000000 10001000'PN'0200'a '", 'invalid-structure', 12, '(0008,0112)'],
  ])('%s, when it is looked at', (_name, notation, code, offset, path) => {
    const dataSet = parseDataSet(hex(notation), explicit);
    expect(() => visit(dataSet)).toThrow(expect.objectContaining({ code, offset, path }));
  });
});

describe('tolerance', () => {
  test('what is cut off is kept when asked', () => {
    const bytes = hex("10001000'PN'0200'A ' 08001201'SQ'000020000000 feff00e018000000 10002000'LO'1000'abcd'");
    const dataSet = parseDataSet(bytes, explicit, { keepTruncated: true });
    expect([dataSet.isTruncated, dataSet.warnings.length]).toEqual([true, 1]);
    expect(dataSet.items(0x00080112)[0]?.text(0x00100020)).toBe('abcd');
    expect(encodeDataSet(dataSet, explicit)).toEqual(bytes);
  });

  test('every cut of a nested data set is kept when asked', () => {
    const bytes = hex(`08001201'SQ'0000ffffffff feff00e0ffffffff 08000001'SH'0200'A ' feff0de000000000 feffdde000000000
      08004011'SQ'000012000000 feff00e00a000000 08000001'SH'0200'C '`);
    for (let length = 0; length <= bytes.length; length++) {
      const dataSet = parseDataSet(bytes.subarray(0, length), explicit, { keepTruncated: true });
      expect(visit(dataSet)).toBeGreaterThanOrEqual(0);
      expect(encodeDataSet(dataSet, explicit).length, String(length)).toBe(length);
    }
  });

  test('every cut of a nested data set is whole again when it is written with a change', () => {
    const bytes = hex(`08001201'SQ'0000ffffffff feff00e0ffffffff 08000001'SH'0200'A ' feff0de000000000 feffdde000000000
      08004011'SQ'000012000000 feff00e00a000000 08000001'SH'0200'C ' 09001010'UN'0000ffffffff
      feff00e0ffffffff 2800100002000000 0002 feff0de000000000 feffdde000000000 10001000'PN'0400'ABCD'
      e07f1000'OB'0000ffffffff feff00e000000000 feff00e004000000 01020304 feffdde000000000`);
    for (let length = 0; length <= bytes.length; length++) {
      const cut = parseDataSet(bytes.subarray(0, length), explicit, { keepTruncated: true });
      const before = [cut.get('PatientName'), cut.items(0x00080112)[0]?.text(0x00080100), cut.items(0x00091010).length];
      const again = parseDataSet(encodeDataSet(cut.set(0xfff10010, 'LO', 'X'), explicit), explicit);
      visit(again);
      expect(again.has(0xfff10010), String(length)).toBe(true);
      const after = [
        again.get('PatientName'),
        again.items(0x00080112)[0]?.text(0x00080100),
        again.items(0x00091010).length,
      ];
      expect(after, String(length)).toEqual(before);
    }
  });

  test.each(['00', '000000', '00000000000000'])('zero bytes after the last element (%s)', (padding) => {
    const bytes = concat(hex("10001000'PN'0200'A '"), hex(padding));
    const dataSet = parseDataSet(bytes, explicit);
    expect([dataSet.size, dataSet.warnings.length]).toEqual([1, 1]);
    expect(encodeDataSet(dataSet, explicit)).toEqual(bytes);
  });

  test('blocks of zero bytes after the last element, in linear time', () => {
    const zeros = new Uint8Array(100_000);
    for (const [uid, element] of [
      [explicit, "10001000'PN'0200'A '"],
      [implicit, "10001000 02000000 'A '"],
    ] as const) {
      const dataSet = parseDataSet(concat(hex(element), zeros), uid);
      expect([dataSet.tags(), dataSet.warnings.length]).toEqual([[0x00100010], 1]);
    }
    const almost = concat(hex("10001000'PN'0200'A '"), zeros, new Uint8Array(1_900_000), hex('01'));
    expect(() => parseDataSet(almost, explicit)).toThrow(expect.objectContaining({ code: 'truncated' }));
  });

  test('an item that is said to end after its sequence', () => {
    const dataSet = parseDataSet(
      hex("08001201'SQ'000012000000 feff00e02a000000 08000001'SH'0200'C ' 10001000'PN'0200'A '"),
      explicit,
    );
    const [item] = dataSet.items(0x00080112);
    expect([item?.text(0x00080100), item?.warnings.length, dataSet.get('PatientName')]).toEqual(['C', 1, 'A']);
  });

  test.each(['', "feff00e00a00000008000001'SH'0200'D '"])('an item that is said to end inside an element', (rest) => {
    const items = concat(hex("feff00e006000000 08000001'SH'0200'C '"), hex(rest));
    const dataSet = parseDataSet(
      concat(hex(`08001201'SQ'0000 ${items.length.toString(16)}000000`), items, hex("10001000'PN'0200'A '")),
      explicit,
    );
    const [item, next] = dataSet.items(0x00080112);
    expect([item?.text(0x00080100), item?.warnings.length, dataSet.get('PatientName')]).toEqual(['C', 1, 'A']);
    expect(next?.text(0x00080100)).toBe(rest === '' ? undefined : 'D');
  });

  test.each([
    ['small letters', "'cs'", '0400', 'CS'],
    ['small letters of a long form', "'ob'", '000004000000', 'OB'],
    ['question marks', "'??'", '0400', 'CS'],
    ['blanks', "'  '", '0400', 'CS'],
    ['zeros', '0000', '0400', 'CS'],
  ])('%s where a VR should stand', (_name, vr, length, expected) => {
    const dataSet = parseDataSet(hex(`08006000${vr}${length}'CT  ' 10001000'PN'0200'A '`), explicit);
    expect([dataSet.vr(0x00080060), dataSet.get('Modality'), dataSet.get('PatientName')]).toEqual([
      expected,
      'CT',
      'A',
    ]);
  });

  test('explicit VR inside UN of undefined length', () => {
    const bytes = hex(`09001010'UN'0000ffffffff feff00e0ffffffff 08000001'SH'0200'C ' 08001201'SQ'0000ffffffff
      feff00e000000000 feffdde000000000 feff0de000000000 feff00e00a000000 08000001'SH'0200'D ' feffdde000000000
      10001000'PN'0200'A '`);
    const dataSet = parseDataSet(bytes, explicit);
    expect(dataSet.items(0x00091010).map((item) => item.get('CodeValue'))).toEqual(['C', 'D']);
    expect(dataSet.items(0x00091010)[0]?.items(0x00080112).length).toBe(1);
    expect(dataSet.get('PatientName')).toBe('A');
  });

  test('delimiters that end nothing', () => {
    const dataSet = parseDataSet(
      hex("08001201'SQ'00001a000000 feff00e012000000 08000001'SH'0200'C ' feff0de000000000 10001000'PN'0200'A '"),
      explicit,
    );
    expect(dataSet.items(0x00080112)[0]?.text(0x00080100)).toBe('C');
    expect(dataSet.get('PatientName')).toBe('A');
  });

  test('elements without VR in an explicit data set', () => {
    const dataSet = parseDataSet(hex("1000100002000000'A ' 28001000'US'02000001"), explicit);
    expect([dataSet.get('PatientName'), dataSet.get('Rows')]).toEqual(['A', 256]);
  });

  test('a VR to come has a long header', () => {
    const dataSet = parseDataSet(hex("10001000'ZZ'000002000000'A ' 28001000'US'02000001"), explicit);
    expect([dataSet.size, dataSet.get('Rows')]).toEqual([2, 256]);
  });

  test('an unknown VR whose reserved bytes are not zero has a short header', () => {
    expect(parseDataSet(hex("10001000'ZZ'0200'A ' 28001000'US'02000001"), explicit).get('Rows')).toBe(256);
  });
});

describe('deflated', () => {
  const plain = encodeDataSet(DataSet.from({ PatientName: 'A^B', Rows: 3 }), explicit);

  test.each([
    ['as the standard has it', deflateSync(plain)],
    ['with a byte of padding', concat(deflateSync(plain), Uint8Array.of(0))],
    ['in stored blocks', deflateSync(plain, { level: 0 })],
    ['wrapped as RFC 1950 has it', zlibSync(plain)],
  ])('%s', (_name, bytes) => {
    expect(parseDataSet(bytes, deflated).get('Rows')).toBe(3);
  });

  test.each([
    ['damaged', new Uint8Array(100).fill(0xff), 'inflate-failed'],
    ['cut off', deflateSync(plain).subarray(0, 20), 'inflate-failed'],
  ])('%s', (_name, bytes, code) => {
    expect(() => parseDataSet(bytes, deflated)).toThrow(expect.objectContaining({ code }));
  });

  test('bombs are stopped by size and by ratio', () => {
    const bomb = deflateSync(new Uint8Array(70_000_000), { level: 1 });
    expect(() => parseDataSet(bomb, deflated)).toThrow(expect.objectContaining({ code: 'too-large' }));
    const limits = { maxInflatedBytes: 1000 };
    expect(() => parseDataSet(bomb, deflated, { limits })).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});

describe('nesting', () => {
  const undefinedLengths = (depth: number) =>
    concat(
      repeated(hex("08001201'SQ'0000ffffffff feff00e0ffffffff"), depth),
      repeated(hex('feff0de000000000 feffdde000000000'), depth),
    );

  function definedLengths(depth: number): Uint8Array {
    const bytes = repeated(hex("08001201'SQ'000000000000 feff00e000000000"), depth);
    const view = new DataView(bytes.buffer);
    for (let level = 0; level < depth; level++) {
      view.setUint32(level * 20 + 8, bytes.length - level * 20 - 12, true);
      view.setUint32(level * 20 + 16, bytes.length - level * 20 - 20, true);
    }
    return bytes;
  }

  test.each([
    ['undefined', undefinedLengths],
    ['defined', definedLengths],
  ])('of 64 is read, of 65 refused, of 100,000 refused as fast (%s lengths)', (_name, make) => {
    expect(visit(parseDataSet(make(64), explicit))).toBe(64);
    for (const depth of [65, 100_000]) {
      expect(() => visit(parseDataSet(make(depth), explicit))).toThrow(
        expect.objectContaining({ code: 'nesting-too-deep' }),
      );
    }
  });

  test('is bounded lower when asked', () => {
    const limits = { maxNesting: 2 };
    expect(visit(parseDataSet(undefinedLengths(2), explicit, { limits }))).toBe(2);
    expect(() => parseDataSet(undefinedLengths(3), explicit, { limits })).toThrow(
      expect.objectContaining({ code: 'nesting-too-deep' }),
    );
  });
});

test('100,000 elements are found by tag', () => {
  const bytes = repeated(hex("09000010'US'02000100"), 100_000);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 100_000; index++) {
    view.setUint16(index * 10, 9 + 2 * Math.floor(index / 50_000), true);
    view.setUint16(index * 10 + 2, index % 50_000, true);
  }
  const dataSet = parseDataSet(bytes, explicit);
  expect(dataSet.size).toBe(100_000);
  expect(dataSet.values(0x000b0000 + 49_999)).toEqual([1]);
});
