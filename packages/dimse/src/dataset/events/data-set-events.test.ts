import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { DataSetError } from '../errors.js';
import { parseDataSet } from '../parse.js';
import type { RandomAccessSource } from '../part10-source.js';
import { concat, hex, repeated } from '../testing/bytes.js';
import { told, walked } from '../testing/event-lines.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { DataSetEventReader } from './data-set-event-reader.js';
import { dataSetEvents } from './data-set-events.js';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const runs = { seed, numRuns: Number(process.env.FUZZ_RUNS ?? 300) };

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const implicit = TransferSyntax.ImplicitVRLittleEndian;
const syntaxes = [
  explicit,
  implicit,
  TransferSyntax.ExplicitVRBigEndian,
  TransferSyntax.DeflatedExplicitVRLittleEndian,
];

/** Every form of header and length, nested. */
const example = hex(`
  08000500'CS'0a00'ISO_IR 100'
  08001201'SQ'0000ffffffff
    feff00e0ffffffff 08000001'SH'0200'A ' 08004011'SQ'0000ffffffff feff00e000000000 feffdde000000000 feff0de000000000
    feff00e00a000000 08000001'SH'0200'B '
  feffdde000000000
  08004011'SQ'00002a000000 feff00e0ffffffff 08000001'SH'0200'C ' feff0de000000000
    feff00e008000000 08005000'SH'0000
  09001010'UN'0000ffffffff feff00e00a000000 2800100002000000 0002 feff00e0ffffffff 08000001'SH'0200'X ' feff0de000000000
  feffdde000000000
  10001000'PN'0600'M'fc'ller'
  19001110'OB'000006000000010203040506
  28001000'US'02000002
  e07f1000'OB'0000ffffffff feff00e00400000000000000 feff00e002000000ffd8 feff00e000000000 feffdde000000000
  fcfffcff'OB'000002000000 0000
`);

describe('the events of a data set', () => {
  test('tell what it holds', () => {
    expect(told(example, []).lines).toEqual(walked(parseDataSet(example, explicit)));
    expect(told(example, []).lines).toContain('(0010,0010) PN 4dfc6c6c6572 Müller');
  });

  test('are the same wherever it is cut', () => {
    const { lines } = told(example, []);
    for (let cut = 0; cut <= example.length; cut++) expect(told(example, [cut]).lines, String(cut)).toEqual(lines);
    for (const size of [1, 2, 3, 5, 7, 8, 11, 13, 64])
      expect(told(example, new Array(Math.ceil(example.length / size)).fill(size)).lines).toEqual(lines);
  });

  const text = fc.string({ unit: fc.constantFrom('A', 'b', '7', '^', ' ', '*'), maxLength: 20 });
  function dataSetsOf(levels: number): fc.Arbitrary<DataSet> {
    const items = levels === 0 ? fc.constant([]) : fc.array(dataSetsOf(levels - 1), { maxLength: 2 });
    const record = fc.record(
      {
        PatientName: text.map((value) => value.trim()),
        Rows: fc.integer({ min: 0, max: 0xffff }),
        PixelRepresentation: fc.constantFrom(0, 1),
        SmallestImagePixelValue: fc.integer({ min: 0, max: 0x7fff }),
        SliceThickness: fc.double({ noNaN: true, noDefaultInfinity: true }),
        FileOffsetInContainer: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        EncapsulatedDocument: fc.uint8Array({ maxLength: 30 }),
        PixelData: fc.uint8Array({ maxLength: 60 }),
        FrameIncrementPointer: fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 3 }),
        RequestAttributesSequence: items,
      },
      { requiredKeys: [] },
    );
    return record.map((input) => DataSet.from(input));
  }

  test(`tell of any data set, in any encoding, cut anywhere, what parsing gives (FUZZ_SEED=${seed})`, () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }));
    const limits = fc.constantFrom(0, 8, 1000);
    fc.assert(
      fc.property(dataSetsOf(3), fc.constantFrom(...syntaxes), cuts, limits, (dataSet, uid, pieces, maxValueBytes) => {
        const bytes = encodeDataSet(dataSet, uid);
        const { lines } = told(bytes, pieces, { transferSyntax: uid });
        expect(lines).toEqual(walked(parseDataSet(bytes, uid)));
        const long = told(bytes, pieces, { transferSyntax: uid, maxValueBytes }).lines;
        const whole = told(bytes, [], { transferSyntax: uid, maxValueBytes }).lines;
        expect(long).toEqual(whole);
      }),
      runs,
    );
  });

  test('and nothing but DataSetError comes of damaged ones', () => {
    const change = fc.record({
      at: fc.nat({ max: 100_000 }),
      byte: fc.constantFrom(0, 1, 0x7f, 0x80, 0xe0, 0xfe, 0xff),
    });
    fc.assert(
      fc.property(
        dataSetsOf(2),
        fc.constantFrom(...syntaxes),
        fc.array(change, { maxLength: 6 }),
        fc.nat(),
        fc.boolean(),
        (dataSet, uid, changes, cut, keepTruncated) => {
          const bytes = encodeDataSet(dataSet, uid).slice();
          for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          const kept = bytes.subarray(0, cut % (bytes.length + 1));
          try {
            told(kept, [3, 5, 8], { transferSyntax: uid, keepTruncated, maxValueBytes: 20 });
          } catch (error) {
            if (!(error instanceof DataSetError)) throw error;
          }
        },
      ),
      runs,
    );
  });
});

describe('long values', () => {
  const bytes = concat(
    hex("10000010'LO'0200'A ' 11001010'OB'0000e8030000"),
    new Uint8Array(1000).fill(7),
    hex("20000010'LO'0200'B ' e07f1000'OB'0000ffffffff feff00e000000000 feff00e0e8030000"),
    new Uint8Array(1000).fill(8),
    hex('feffdde000000000'),
  );

  test.each([1, 7, 64, 5000])('come in chunks, and can be skipped, in pieces of %d', (size) => {
    const pieces = new Array(Math.ceil(bytes.length / size)).fill(size);
    const { lines } = told(bytes, pieces, { maxValueBytes: 100 });
    expect(lines).toEqual([
      '(0010,1000) LO 4120 A',
      '(0011,1010) value-begin 0',
      `long ${'07'.repeat(1000)}`,
      '(0020,1000) LO 4220 B',
      '(7FE0,0010) fragments-begin 0',
      '(7FE0,0010) fragment 0 ',
      '(7FE0,0010) value-begin 0',
      `long ${'08'.repeat(1000)}`,
      '(7FE0,0010) fragments-end 0',
    ]);
  });

  test('are never gathered, and hostile lengths neither', () => {
    const reader = new DataSetEventReader({ transferSyntax: explicit });
    reader.push(hex("42001100'OB'0000f0ffffff"));
    const begin = reader.next();
    expect(begin).toMatchObject({ type: 'value-begin', byteLength: 0xfffffff0, offset: 12, fragmentIndex: undefined });
    const chunk = new Uint8Array(1000);
    for (let times = 0; times < 100; times++) {
      reader.push(chunk);
      const event = reader.next();
      expect(event?.type === 'value-chunk' && event.bytes.buffer === chunk.buffer).toBe(true);
      expect(reader.next()).toBeUndefined();
    }
  });

  test('that are skipped are not read where that can be', async () => {
    let readBytes = 0;
    const large = concat(
      hex("10000010'LO'0200'A ' 11001010'OB'000000127a00"),
      new Uint8Array(8_000_000),
      hex("20000010'LO'0200'B '"),
    );
    const source: RandomAccessSource = {
      byteLength: large.length,
      read(offset, byteLength) {
        const read = large.subarray(offset, offset + byteLength);
        readBytes += read.length;
        return read;
      },
    };
    const texts: (string | undefined)[] = [];
    for await (const event of dataSetEvents(source, { transferSyntax: explicit })) {
      if (event.type === 'element') texts.push(event.text);
      if (event.type === 'value-begin') event.skip();
    }
    expect(texts).toEqual(['A', 'B']);
    expect(readBytes).toBeLessThan(200_000);
  });
});

describe('skipping', () => {
  function pathsSkipping(wanted: string, pieces: readonly number[]): string[] {
    const reader = new DataSetEventReader({ transferSyntax: explicit });
    const paths: string[] = [];
    const drain = () => {
      for (let event = reader.next(); event !== undefined; event = reader.next()) {
        if (!('path' in event)) continue;
        paths.push(`${event.type} ${event.path}`);
        if ('skip' in event && `${event.type} ${event.path}` === wanted) event.skip();
      }
    };
    let at = 0;
    for (const piece of [...pieces, example.length]) {
      reader.push(example.slice(at, at + piece));
      at += piece;
      drain();
    }
    reader.end();
    drain();
    return paths;
  }

  const begins = pathsSkipping('', []).filter((line) => line.includes('-begin'));
  test.each(begins)('%s leaves out what is in it and its end', (begin) => {
    const all = pathsSkipping('', []);
    const at = all.indexOf(begin);
    const end = all.indexOf(begin.replace('-begin', '-end'), at);
    const expected = [...all.slice(0, at + 1), ...all.slice(end + 1)];
    expect(pathsSkipping(begin, [])).toEqual(expected);
    expect(pathsSkipping(begin, new Array(example.length).fill(1))).toEqual(expected);
  });
});

describe('the end', () => {
  test.each([0x00100010, (tag: number) => tag === 0x00100010])('comes at a tag', (stopBefore) => {
    const { lines } = told(example, [1, 1, 1], { stopBefore });
    expect(lines).toEqual(walked(parseDataSet(example, explicit, { stopBefore: 0x00100010 })));
  });

  test('inside something is an error, unless what is there is wanted', () => {
    const ends = new Set<number>();
    const offsets = parseDataSet(example, explicit).tags();
    for (const tag of [...offsets, 0xffffffff])
      ends.add(encodeDataSet(parseDataSet(example, explicit, { stopBefore: tag }), explicit).length);
    for (let length = 1; length < example.length; length++) {
      const cut = example.subarray(0, length);
      if (ends.has(length)) {
        expect(told(cut, []).lines.length).toBeGreaterThan(0);
        continue;
      }
      expect(() => told(cut, []), String(length)).toThrow(expect.objectContaining({ code: 'truncated' }));
      const { lines, warnings } = told(cut, [3, 8], { keepTruncated: true });
      const begins = lines.filter((line) => line.includes('-begin ')).length;
      expect(lines.filter((line) => line.includes('-end ')).length, String(length)).toBe(begins);
      expect(warnings).toBeGreaterThanOrEqual(0);
    }
  });

  test.each([1, 7, 8, 100, 512])('may have %d zero bytes before it', (count) => {
    const { lines, warnings } = told(concat(hex("10002000'LO'0200'A '"), new Uint8Array(count)), [3, 9]);
    expect([lines.length, warnings]).toEqual([1, 1]);
  });

  test('of leaving the loop closes the source', async () => {
    let isClosed = false;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield hex("10002000'LO'0200'A '");
      } finally {
        isClosed = true;
      }
    }
    for await (const event of dataSetEvents(chunks(), { transferSyntax: explicit }))
      if (event.type === 'element') break;
    expect(isClosed).toBe(true);
  });
});

describe('what others get wrong', () => {
  test.each([
    ['an item said to end after its sequence', "08004011'SQ'000012000000 feff00e02a000000 08000001'SH'0200'C '"],
    ['an item said to end inside an element', "08004011'SQ'000012000000 feff00e006000000 08000001'SH'0200'C '"],
    ['padding in an item', "08004011'SQ'000014000000 feff00e00c000000 08000001'SH'0200'C ' 0000"],
    ['delimiters that end nothing', "08004011'SQ'00001a000000 feff00e012000000 08000001'SH'0200'C ' feff0de000000000"],
  ])('%s', (_name, notation) => {
    const bytes = concat(hex(notation), hex("10001000'PN'0200'A '"));
    for (const pieces of [[], new Array(bytes.length).fill(1)]) {
      const { lines, warnings } = told(bytes, pieces);
      expect(lines).toEqual(walked(parseDataSet(bytes, explicit)));
      expect(warnings).toBe(1);
    }
  });

  test.each<[string, string, string]>([
    [
      'an element beyond its item and sequence',
      "08004011'SQ'000012000000 feff00e00a000000 08000001'SH'0400'C '",
      'invalid-length',
    ],
    [
      'an item without end in a sequence that has one',
      "08004011'SQ'000008000000 feff00e0ffffffff 08000001'SH'0200'C ' feff0de000000000 10001000'PN'0200'A '",
      'invalid-length',
    ],
    ['no item in a sequence', "08004011'SQ'00000a000000 08000001'SH'0200'C '", 'invalid-structure'],
    ['an item at the top', 'feff00e000000000', 'invalid-structure'],
    ['undefined length of text', "10001000'UT'0000ffffffff", 'invalid-length'],
    ['a fragment of undefined length', "e07f1000'OB'0000ffffffff feff00e0ffffffff", 'invalid-length'],
    ['an element among zeros', "10001000'PN'0200'A ' 0000000000000000 0000000000000000 01", 'invalid-structure'],
  ])('%s is an error', (_name, notation, code) => {
    for (const pieces of [[], new Array(100).fill(1)]) {
      expect(() => told(hex(notation), pieces)).toThrow(expect.objectContaining({ code }));
    }
  });

  test('nesting is bounded', () => {
    const nested = repeated(hex("08001201'SQ'0000ffffffff feff00e0ffffffff"), 100_000);
    expect(() => told(nested, [])).toThrow(expect.objectContaining({ code: 'nesting-too-deep' }));
    const limits = { maxNesting: 2 };
    expect(() => told(nested, [], { limits })).toThrow(expect.objectContaining({ code: 'nesting-too-deep' }));
  });

  test('inflating is bounded', () => {
    const transferSyntax = TransferSyntax.DeflatedExplicitVRLittleEndian;
    const bomb = encodeDataSet(DataSet.from({ PixelData: new Uint8Array(20_000_000) }), transferSyntax);
    const limits = { maxInflatedBytes: 1_000_000 };
    expect(() => told(bomb, [], { transferSyntax, limits })).toThrow(expect.objectContaining({ code: 'too-large' }));
    const reader = new DataSetEventReader({ transferSyntax });
    reader.push(bomb);
    reader.end();
    let largest = 0;
    for (let event = reader.next(); event !== undefined; event = reader.next())
      if (event.type === 'value-chunk') largest = Math.max(largest, event.bytes.length);
    expect(largest).toBeLessThan(5_000_000);
  });
});
