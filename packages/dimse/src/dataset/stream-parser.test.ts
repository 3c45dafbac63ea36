import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import { encodeDataSet } from './encode.js';
import { DataSetError } from './errors.js';
import { parseDataSet } from './parse.js';
import { DataSetStreamParser, type DataSetStreamParserOptions } from './stream-parser.js';
import { concat, hex, repeated, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const implicit = TransferSyntax.ImplicitVRLittleEndian;
const pixelData = 0x7fe00010;

/** Elements of every form of header and length, nested, before pixel data. */
const head = hex(`
  08000500'CS'0a00'ISO_IR 100'
  08001201'SQ'0000ffffffff
    feff00e0ffffffff 08000001'SH'0200'A ' 08004011'SQ'0000ffffffff feff00e000000000 feffdde000000000 feff0de000000000
    feff00e00a000000 08000001'SH'0200'B '
  feffdde000000000
  08004011'SQ'000012000000 feff00e00a000000 08000001'SH'0200'C '
  09001010'UN'0000ffffffff feff00e00a000000 2800100002000000 0002 feffdde000000000
  10001000'PN'0400'DOE '
  19001110'OB'000006000000010203040506
  28001000'US'02000002
`);
const pixels = hex("e07f1000'OW'000004000000 01020304");
const whole = concat(head, pixels);

function feed(parser: DataSetStreamParser, bytes: Uint8Array, pieces: readonly number[]): number {
  let at = 0;
  for (const piece of pieces) {
    // A buffer of its own that is overwritten afterwards: what the parser keeps must be a copy.
    const fragment = bytes.slice(at, at + piece);
    at += piece;
    const isDone = parser.write(fragment);
    fragment.fill(0xee);
    if (isDone) return at;
  }
  parser.end();
  return at;
}

function piecesOf(length: number, size: number): number[] {
  return Array.from({ length: Math.ceil(length / size) }, (_, index) => Math.min(size, length - index * size));
}

function headOf(
  bytes: Uint8Array,
  pieces: readonly number[],
  options: Partial<DataSetStreamParserOptions> = {},
): DataSet {
  const parser = new DataSetStreamParser({ transferSyntax: explicit, stopBefore: pixelData, ...options });
  feed(parser, bytes, pieces);
  return parser.dataSet;
}

describe('wherever the fragments are cut', () => {
  test('the same elements come out', () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const dataSet = headOf(whole, [cut, whole.length - cut]);
      expect(toHex(encodeDataSet(dataSet, explicit)), `cut at ${cut}`).toBe(toHex(head));
    }
  });

  test.each([1, 2, 3, 5, 7, 8, 11, 12, 13, 64])('in pieces of %d', (size) => {
    const dataSet = headOf(whole, piecesOf(whole.length, size));
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(toHex(head));
    expect(dataSet.get('PatientName')).toBe('DOE');
    expect(dataSet.items(0x00080112)[0]?.text(0x00080100)).toBe('A');
  });

  test.each([
    ['implicit', TransferSyntax.ImplicitVRLittleEndian],
    ['big endian', TransferSyntax.ExplicitVRBigEndian],
    ['deflated', TransferSyntax.DeflatedExplicitVRLittleEndian],
  ])('in %s', (_name, uid) => {
    const source = DataSet.from({
      PatientName: 'A^B',
      Rows: 7,
      ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2' }],
    });
    const bytes = encodeDataSet(source.set(0x7fe00010, 'OW', new Uint8Array(64)), uid);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const dataSet = headOf(bytes, [cut, bytes.length - cut], { transferSyntax: uid });
      expect([dataSet.get('PatientName'), dataSet.get('Rows'), dataSet.has('PixelData')]).toEqual(['A^B', 7, false]);
      expect(dataSet.get('ReferencedSeriesSequence')[0]?.get('SeriesInstanceUID')).toBe('1.2');
    }
  });
});

describe('completion', () => {
  test('comes with the header of the stop tag, and writing on does no harm', () => {
    const parser = new DataSetStreamParser({ transferSyntax: explicit, stopBefore: pixelData });
    expect(feed(parser, whole, piecesOf(whole.length, 1))).toBe(head.length + 12);
    expect(parser.isComplete).toBe(true);
    expect(parser.write(hex('ffffffffffffffffffffffff'))).toBe(true);
    parser.end();
    expect(parser.dataSet.get('Rows')).toBe(512);
  });

  test('comes with the end when no stop tag was met', () => {
    const parser = new DataSetStreamParser({ transferSyntax: explicit });
    feed(parser, whole, [whole.length]);
    expect(toHex(encodeDataSet(parser.dataSet, explicit))).toBe(toHex(whole));
  });

  test('is needed to get at the data set', () => {
    expect(() => new DataSetStreamParser({ transferSyntax: explicit }).dataSet).toThrow(/not complete/);
  });

  test('an empty data set is one', () => {
    const parser = new DataSetStreamParser({ transferSyntax: explicit });
    parser.end();
    expect(parser.dataSet.size).toBe(0);
  });

  test('a zero byte of padding at the end is let pass', () => {
    expect(headOf(concat(head, hex('00')), [head.length, 1]).get('Rows')).toBe(512);
  });

  test('zeros before the stop tag are elements, as they are to the parser of the whole', () => {
    const bytes = concat(hex('0000000000000000 0000000000000000'), pixels);
    const expected = parseDataSet(bytes, implicit, { stopBefore: 0x7fe00010 }).tags();
    expect(headOf(bytes, [bytes.length], { transferSyntax: implicit }).tags()).toEqual(expected);
  });

  test('an end inside an element is an error, wherever', () => {
    const whole = parseDataSet(head, explicit);
    const ends = new Set(
      whole
        .tags()
        .map((tag) => toHex(encodeDataSet(parseDataSet(head, explicit, { stopBefore: tag }), explicit)).length / 2),
    );
    for (let length = 1; length < head.length; length++) {
      const parser = new DataSetStreamParser({ transferSyntax: explicit });
      parser.write(head.slice(0, length));
      if (ends.has(length)) expect(() => parser.end()).not.toThrow();
      else expect(() => parser.end(), String(length)).toThrow(expect.objectContaining({ code: 'truncated' }));
    }
  });
});

describe('large values', () => {
  const large = concat(
    hex("10000010'LO'0200'A ' 11001010'OB'0000e8030000"),
    new Uint8Array(1000).fill(7),
    hex("10001000'PN'0200'B '"),
  );
  const largeSequence = concat(
    hex("10000010'LO'0200'A ' 11001010'SQ'0000ffffffff feff00e0ffffffff 11001110'OB'0000e8030000"),
    new Uint8Array(1000).fill(7),
    hex("feff0de000000000 feffdde000000000 10003000'DA'0000 e07f1000'OW'000004000000 01020304"),
  );

  test.each([1, 3, 64, 500, 5000])('pass by unbuffered unless wanted, in pieces of %d', (size) => {
    const options = { maxValueBytes: 100, maxBytes: 200 };
    const dataSet = headOf(large, piecesOf(large.length, size), options);
    expect(dataSet.tags()).toEqual([0x00101000, 0x00100010]);
    const wanted = headOf(large, piecesOf(large.length, size), { maxValueBytes: 100, wanted: new Set([0x00111010]) });
    expect(wanted.bytes(0x00111010)?.length).toBe(1000);
  });

  test.each([1, 3, 64, 500, 5000])('in sequences of undefined length too, in pieces of %d', (size) => {
    const options = { maxValueBytes: 100, maxBytes: 2000 };
    expect(headOf(largeSequence, piecesOf(largeSequence.length, size), options).tags()).toEqual([
      0x00101000, 0x00100030,
    ]);
    const all = headOf(largeSequence, piecesOf(largeSequence.length, size));
    expect(all.items(0x00111010)[0]?.bytes(0x00111011)?.length).toBe(1000);
  });

  test('that are wanted count against the limit, at their header', () => {
    const parser = new DataSetStreamParser({ transferSyntax: explicit, wanted: new Set([0x00420011]) });
    expect(() => parser.write(hex("42001100'OB'0000ffffff7f 00"))).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });

  test('a gigabyte passes by in fragments of 64 KiB', () => {
    const parser = new DataSetStreamParser({ transferSyntax: explicit, stopBefore: pixelData, maxBytes: 1000 });
    parser.write(hex("42001100'OB'000000000040"));
    const fragment = new Uint8Array(0x10000);
    for (let sent = 0; sent < 0x40000000; sent += fragment.length) parser.write(fragment);
    expect(parser.isComplete).toBe(false);
    expect(parser.write(pixels)).toBe(true);
    expect(parser.dataSet.size).toBe(0);
  });

  test('many small elements are bounded as well', () => {
    const parser = new DataSetStreamParser({ transferSyntax: explicit, maxBytes: 1000 });
    const many = repeated(hex("10001000'PN'0400'DOE '"), 100);
    expect(() => parser.write(many)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});

describe('hostile streams', () => {
  test.each([
    ['nesting of 100,000', repeated(hex("08001201'SQ'0000ffffffff feff00e0ffffffff"), 100), 'nesting-too-deep'],
    ['a delimiter with a length', hex('feff0de004000000 00000000'), 'invalid-structure'],
    ['an item at the top', hex('feff00e004000000 00000000'), 'invalid-structure'],
    ['a tag of the group of items', hex('feff0d2a00000000'), 'invalid-structure'],
    ['an empty item at the top', hex('feff00e000000000'), 'invalid-structure'],
    ['a tag above all delimiters', hex("ffffffff'UI'0000"), 'invalid-structure'],
    ['undefined length of text', hex("10001000'UT'0000ffffffff"), 'invalid-length'],
  ])('%s is an error', (_name, bytes, code) => {
    const parser = new DataSetStreamParser({ transferSyntax: explicit });
    const act = () => {
      for (let times = 0; times < 1000; times++) parser.write(bytes);
    };
    expect(act).toThrow(expect.objectContaining({ code }));
    expect(act).toThrow(DataSetError);
  });

  test('of damaged deflate what came before is kept when asked, as by the parser of the whole', () => {
    const transferSyntax = TransferSyntax.DeflatedExplicitVRLittleEndian;
    let state = 1;
    const noise = Uint8Array.from({ length: 40_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 26;
    });
    const bytes = encodeDataSet(
      DataSet.from({ PatientName: 'A', EncapsulatedDocument: noise }),
      transferSyntax,
    ).slice();
    bytes.fill(0xff, bytes.length >> 1);
    const expected = parseDataSet(bytes, transferSyntax, { keepTruncated: true });
    const parser = new DataSetStreamParser({ transferSyntax, keepTruncated: true });
    feed(parser, bytes, piecesOf(bytes.length, 1000));
    expect(parser.dataSet.get('PatientName')).toBe('A');
    expect(parser.dataSet.get('EncapsulatedDocument')).toEqual(expected.get('EncapsulatedDocument'));
  });

  test('damaged deflate is an error', () => {
    const parser = new DataSetStreamParser({ transferSyntax: TransferSyntax.DeflatedExplicitVRLittleEndian });
    const act = () => {
      parser.write(new Uint8Array(5000).fill(0xff));
      parser.end();
    };
    expect(act).toThrow(expect.objectContaining({ code: 'inflate-failed' }));
  });
});
