/** Ten times as much of anything takes about ten times as long, not a hundred times: whatever is read, written or asked. */
import { describe, expect, test } from 'vitest';
import type { ElementMap } from './element-map.js';
import { encodeDataSet } from './encode.js';
import { DataSetError } from './errors.js';
import { fromDicomJson } from './json/from-json.js';
import { toDicomJson } from './json/to-json.js';
import { parseDataSet } from './parse.js';
import { parsePart10 } from './part10.js';
import { DataSetStreamParser } from './stream-parser.js';
import { concat, hex, repeated } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;

/** So many of what is repeated. */
const few = 1500;
/** Quadratic growth would be a hundred times; a busy machine makes ten times look like thirty at worst. */
const tooMuch = 60;
const attempts = 4;

/** What is repeated, in data sets that a reader may stumble at. */
const shapes: readonly (readonly [name: string, make: (count: number) => Uint8Array])[] = [
  ['elements', (count) => ascending(count, "09000010'LO'0400 e4f6fc20")],
  ['elements in descending order', (count) => ascending(count, "09000010'LO'0400 e4f6fc20", true)],
  ['elements of one tag', (count) => repeated(hex("10001000'PN'0400'A^\\ '"), count)],
  ['values', (count) => long("08001901'UC'0000", repeated(hex("'1.5 \\'"), count))],
  ['blanks', (count) => concat(long("08001901'UC'0000", repeated(hex("'    '"), count)), hex("10001000'PN'0200'A '"))],
  [
    'escape sequences',
    (count) =>
      concat(
        hex("08000500'CS'1000'\\ISO 2022 IR 149'"),
        long("400060a1'UT'0000", repeated(hex('1b242943 b1e8'), count)),
      ),
  ],
  [
    'component delimiters',
    (count) => concat(hex("10001000'PN'0200'A '"), long("11001010'UT'0000", repeated(hex("'=^=^'"), count))),
  ],
  ['items', (count) => long("08004011'SQ'0000", repeated(hex("feff00e00a000000 10001000'PN'0200'A '"), count))],
  [
    'items of undefined length',
    (count) =>
      concat(hex("08004011'SQ'0000ffffffff"), repeated(hex('feff00e0ffffffff feff0de000000000'), count), sequenceEnd),
  ],
  [
    'items that are longer than they say',
    (count) => long("08004011'SQ'0000", repeated(hex("feff00e002000000 10001000'PN'0200'A '"), count)),
  ],
  [
    'such items with sequences',
    (count) =>
      long(
        "08004011'SQ'0000",
        repeated(hex("feff00e002000000 08004011'SQ'0000ffffffff feff00e000000000 feffdde000000000"), count),
      ),
  ],
  [
    'items in UN',
    (count) =>
      concat(
        hex("09001010'UN'0000ffffffff"),
        repeated(hex('feff00e0ffffffff 2800100002000000 0002 feff0de000000000'), count),
        sequenceEnd,
      ),
  ],
  [
    'fragments',
    (count) => concat(hex("e07f1000'OB'0000ffffffff"), repeated(hex('feff00e002000000 0102'), count), sequenceEnd),
  ],
  ['delimiters that end nothing', (count) => repeated(hex('feff0de000000000'), count)],
  ['delimiters between items', (count) => long("08004011'SQ'0000", repeated(hex('feff0de000000000'), count))],
  ['zeros', (count) => concat(hex("10001000'PN'0200'A '"), new Uint8Array(count * 8))],
  [
    'zeros before something',
    (count) => concat(hex("10001000'PN'0200'A '"), new Uint8Array(count * 8), hex("10002000'LO'0200'A '")),
  ],
  [
    'elements of file meta information',
    (count) =>
      concat(new Uint8Array(128), hex("'DICM'"), repeated(hex("02001000'UI'1400'1.2.840.10008.1.2.1'00"), count)),
  ],
];

const sequenceEnd = hex('feffdde000000000');

const deeds: readonly (readonly [name: string, act: (bytes: Uint8Array) => unknown])[] = [
  ['is looked at', (bytes) => visit(parseDataSet(bytes, explicit))],
  ['is looked at as far as it goes', (bytes) => visit(parseDataSet(bytes, explicit, { keepTruncated: true }))],
  ['is read as a file', (bytes) => visit(parsePart10(bytes).dataSet)],
  ['streams in', (bytes) => visit(streamed(bytes, 5, { maxValueBytes: Infinity, maxBytes: Infinity }))],
  ['passes by', (bytes) => streamed(bytes, 50, { maxValueBytes: 1 })],
  ['is referred to', (bytes) => streamed(bytes, 50, { maxValueBytes: 1, longValues: 'refer', maxBytes: Infinity })],
  [
    'is changed and written',
    (bytes) => encodeDataSet(parseDataSet(bytes, explicit).set(0xfff10010, 'LO', 'x'), explicit),
  ],
  [
    'is mended',
    (bytes) => encodeDataSet(parseDataSet(bytes, explicit, { keepTruncated: true }).set('Rows', 1), explicit),
  ],
  [
    'gets another character set',
    (bytes) => encodeDataSet(parseDataSet(bytes, explicit).set('SpecificCharacterSet', ['ISO_IR 192']), explicit),
  ],
  [
    'is converted',
    (bytes) =>
      encodeDataSet(
        parseDataSet(
          encodeDataSet(parseDataSet(bytes, explicit), TransferSyntax.ImplicitVRLittleEndian),
          TransferSyntax.ImplicitVRLittleEndian,
        ),
        TransferSyntax.ExplicitVRBigEndian,
      ),
  ],
  ['goes to JSON and back', (bytes) => fromDicomJson(toDicomJson(parseDataSet(bytes, explicit)))],
];

describe.each(shapes)('ten times as many %s', (_name, make) => {
  const [small, large] = [make(few), make(few * 10)];

  test.each(deeds)('%s', (_deed, act) => {
    const growths: number[] = [];
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = timeOf(() => act(small));
      growths.push(timeOf(() => act(large)) / Math.max(before, leastMs));
      if ((growths[attempt] ?? 0) < tooMuch) return;
    }
    expect(Math.min(...growths), `growth in ${attempts} attempts`).toBeLessThan(tooMuch);
  });
});

/** What takes less is not told from nothing. */
const leastMs = 1;

function timeOf(act: () => unknown): number {
  const startedAt = performance.now();
  try {
    act();
  } catch (error) {
    // What is refused is to be refused as fast.
    if (!(error instanceof DataSetError)) throw error;
  }
  return performance.now() - startedAt;
}

function streamed(
  bytes: Uint8Array,
  size: number,
  options: Partial<ConstructorParameters<typeof DataSetStreamParser>[0]>,
): ElementMap {
  const parser = new DataSetStreamParser({ transferSyntax: explicit, ...options });
  for (let at = 0; at < bytes.length; at += size) if (parser.write(bytes.subarray(at, at + size))) break;
  parser.end();
  return parser.dataSet;
}

function visit(map: ElementMap): number {
  let count = 0;
  for (const element of map) {
    count += element.values.length + element.texts.length + element.bytes.length;
    for (const item of element.items) count += visit(item);
    count += map.fragments(element.tag)?.length ?? 0;
  }
  return count;
}

/** Elements whose tags differ; those of a 16-bit length need few enough of them a group. */
function ascending(count: number, notation: string, isTurned = false): Uint8Array {
  const one = hex(notation);
  const bytes = repeated(one, count);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index++) {
    const number = isTurned ? count - index : index;
    view.setUint16(index * one.length, 9 + 2 * (number >> 12), true);
    view.setUint16(index * one.length + 2, 0x1000 + (number & 0xfff), true);
  }
  return concat(hex("08000500'CS'0a00'ISO_IR 100'"), bytes);
}

/** With a 32-bit length. */
function long(header: string, value: Uint8Array): Uint8Array {
  return concat(hex(header), new Uint8Array(new Uint32Array([value.length]).buffer), value);
}
