import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import type { ElementMap } from './element-map.js';
import { encodeDataSet } from './encode.js';
import { DataSetError } from './errors.js';
import { parseDataSet } from './parse.js';
import { encodePart10, parsePart10 } from './part10.js';
import { DataSetStreamParser } from './stream-parser.js';
import { concat, hex, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const runs = { seed, numRuns: Number(process.env.FUZZ_RUNS ?? 300) };

const syntaxes = [
  TransferSyntax.ExplicitVRLittleEndian,
  TransferSyntax.ImplicitVRLittleEndian,
  TransferSyntax.ExplicitVRBigEndian,
  TransferSyntax.DeflatedExplicitVRLittleEndian,
];
const plain = syntaxes.slice(0, 3);

/** Looks at everything that there is. */
function visit(map: ElementMap): number {
  let count = 0;
  for (const element of map) {
    count += element.values.length + element.texts.length + element.bytes.length;
    for (const item of element.items) count += visit(item);
    if (map.fragments(element.tag) !== undefined) count++;
  }
  return count;
}

/** Does all of it; only a {@link DataSetError} may come of it. */
function survives(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof DataSetError)) throw error;
  }
}

function readEveryWay(bytes: Uint8Array, uid: string): void {
  survives(() => visit(parseDataSet(bytes, uid)));
  survives(() => visit(parseDataSet(bytes, uid, { keepTruncated: true })));
  for (const to of syntaxes)
    survives(() => encodeDataSet(parseDataSet(bytes, uid, { keepTruncated: true }).set('Rows', 1), to));
  survives(() => {
    const parser = new DataSetStreamParser({ transferSyntax: uid, stopBefore: 0x7fe00010, maxValueBytes: 16 });
    const half = bytes.length >> 1;
    parser.write(bytes.subarray(0, half));
    parser.write(bytes.subarray(half));
    parser.end();
    visit(parser.dataSet);
  });
}

const text = fc
  .string({ unit: fc.constantFrom('A', 'b', '7', '^', ' ', '*'), maxLength: 20 })
  .map((value) => value.trim());

const code = fc
  .string({ unit: fc.constantFrom('A', 'Z', '7', ' ', '_', '*'), maxLength: 16 })
  .map((value) => value.trim())
  .filter((value) => value !== '');

/** Data sets of many VRs, nested so many levels deep. */
function dataSetsOf(levels: number): fc.Arbitrary<DataSet> {
  const items: fc.Arbitrary<DataSet[]> =
    levels === 0 ? fc.constant([]) : fc.array(dataSetsOf(levels - 1), { maxLength: 2 });
  return fc
    .record(
      {
        PatientName: text,
        ImageType: fc.array(code, { maxLength: 3 }),
        Rows: fc.integer({ min: 0, max: 0xffff }),
        SmallestImagePixelValue: fc.integer({ min: 0, max: 0xffff }),
        SliceThickness: fc.double({ noNaN: true, noDefaultInfinity: true }),
        InstanceNumber: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
        FileOffsetInContainer: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        ImageComments: text,
        EncapsulatedDocument: fc.uint8Array({ maxLength: 30 }),
        TextValue: text,
        FrameIncrementPointer: fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 3 }),
        RequestAttributesSequence: items,
      },
      { requiredKeys: [] },
    )
    .map((input) => DataSet.from(input));
}

const dataSets = dataSetsOf(3);

describe(`property tests (FUZZ_SEED=${seed})`, () => {
  test('what is written is read, in every encoding, and writing it again changes nothing', () => {
    fc.assert(
      fc.property(dataSets, fc.constantFrom(...syntaxes), (dataSet, uid) => {
        const bytes = encodeDataSet(dataSet, uid);
        const again = parseDataSet(bytes, uid);
        visit(again);
        expect(toHex(encodeDataSet(again, uid))).toBe(toHex(bytes));
        expect(bytes.length % 2).toBe(0);
      }),
      runs,
    );
  });

  test('encodings convert into each other and back without loss', () => {
    fc.assert(
      fc.property(dataSets, fc.constantFrom(...plain), fc.constantFrom(...plain), (dataSet, from, to) => {
        const bytes = encodeDataSet(dataSet, from);
        const there = encodeDataSet(parseDataSet(bytes, from), to);
        expect(toHex(encodeDataSet(parseDataSet(there, to), from))).toBe(toHex(bytes));
      }),
      runs,
    );
  });

  test('however a stream is cut, its elements are the same', () => {
    fc.assert(
      fc.property(
        dataSets,
        fc.constantFrom(...syntaxes),
        fc.array(fc.integer({ min: 1, max: 40 })),
        (dataSet, uid, pieces) => {
          const bytes = encodeDataSet(dataSet, uid);
          const parser = new DataSetStreamParser({ transferSyntax: uid });
          let at = 0;
          for (const piece of pieces) {
            parser.write(bytes.subarray(at, at + piece));
            at += piece;
          }
          parser.write(bytes.subarray(at));
          parser.end();
          const explicit = TransferSyntax.ExplicitVRLittleEndian;
          expect(toHex(encodeDataSet(parser.dataSet, explicit))).toBe(
            toHex(encodeDataSet(parseDataSet(bytes, uid), explicit)),
          );
        },
      ),
      runs,
    );
  });

  test('random bytes throw nothing but DataSetError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...syntaxes), (bytes, uid) => {
        readEveryWay(bytes, uid);
        survives(() => visit(parsePart10(bytes).dataSet));
      }),
      runs,
    );
  });

  const change = fc.record({ at: fc.nat({ max: 100_000 }), byte: fc.constantFrom(0, 1, 0x7f, 0x80, 0xe0, 0xfe, 0xff) });

  test('damaged data sets throw nothing but DataSetError', () => {
    fc.assert(
      fc.property(
        dataSets,
        fc.constantFrom(...syntaxes),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        (dataSet, uid, changes, cut) => {
          const bytes = encodeDataSet(dataSet, uid).slice();
          for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          readEveryWay(bytes, uid);
          readEveryWay(bytes.subarray(0, cut % (bytes.length + 1)), uid);
        },
      ),
      runs,
    );
  });

  test('damaged files throw nothing but DataSetError', () => {
    const uids = { SOPClassUID: '1.2', SOPInstanceUID: '1.3' };
    const file = encodePart10(DataSet.from(uids), { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.nat(), (changes, cut) => {
        const bytes = file.slice();
        for (const { at, byte } of changes) bytes[128 + (at % (bytes.length - 128))] = byte;
        survives(() => visit(parsePart10(bytes).dataSet));
        survives(() => visit(parsePart10(bytes.subarray(0, cut % bytes.length), { keepTruncated: true }).dataSet));
      }),
      runs,
    );
  });
});

describe('work stays linear', () => {
  /** Counts what the parser reads, since time would depend on the machine. */
  function bytesRead(bytes: Uint8Array, act: (bytes: Uint8Array) => void): number {
    let reads = 0;
    const original = DataView.prototype.getUint32;
    DataView.prototype.getUint32 = function (this: DataView, ...parameters) {
      reads++;
      return original.apply(this, parameters);
    };
    try {
      act(bytes);
    } finally {
      DataView.prototype.getUint32 = original;
    }
    return reads;
  }

  /** 60 sequences in each other, the innermost with many items of undefined length. */
  function deep(items: number): Uint8Array {
    const open = hex("08001201'SQ'0000ffffffff feff00e0ffffffff");
    const close = hex('feff0de000000000 feffdde000000000');
    const item = hex('feff00e0ffffffff feff0de000000000');
    const inner = concat(
      hex("08001201'SQ'0000ffffffff"),
      ...Array.from({ length: items }, () => item),
      hex('feffdde000000000'),
    );
    return concat(...Array.from({ length: 60 }, () => open), inner, ...Array.from({ length: 60 }, () => close));
  }

  test('when everything in nested sequences of undefined length is looked at', () => {
    const read = (bytes: Uint8Array) => visit(parseDataSet(bytes, TransferSyntax.ExplicitVRLittleEndian));
    const [few, many] = [bytesRead(deep(100), read), bytesRead(deep(1000), read)];
    // 900 items more are two headers each: read when passed over, and once more when opened.
    expect(many - few).toBeLessThanOrEqual(900 * 2 * 3);
  });

  test('when a stream comes byte by byte', () => {
    const bytes = deep(200);
    const read = () => {
      const parser = new DataSetStreamParser({ transferSyntax: TransferSyntax.ExplicitVRLittleEndian });
      for (let at = 0; at < bytes.length; at++) parser.write(bytes.subarray(at, at + 1));
      parser.end();
    };
    expect(bytesRead(bytes, read)).toBeLessThanOrEqual(bytes.length * 8);
  });
});
