import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import { encodeDataSet } from './encode.js';
import { encodePart10, parsePart10 } from './part10.js';
import type { Part10Source, RandomAccessSource } from './part10-source.js';
import { readPart10 } from './read-part10.js';
import { concat, hex, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';
import { part10Chunks } from './write-part10.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const pixelData = 0x7fe00010;

const image = DataSet.from({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  SOPInstanceUID: '1.2.3',
  PatientName: 'DOE^JOHN',
  ReferencedImageSequence: [{ ReferencedSOPInstanceUID: '1.2.4' }, { ReferencedSOPInstanceUID: '1.2.5' }],
  Rows: 100,
  PixelData: Uint8Array.from({ length: 100_000 }, (_, index) => index % 251),
  DigitalSignaturesSequence: [{ MACIDNumber: 1 }],
});
const file = encodePart10(image, { transferSyntaxUid: explicit });
const pixels = { kind: 'range', byteLength: 100_000, isEncapsulated: false } as const;
const pixelOffset = parsePart10(file, { stopBefore: pixelData });

function chunked(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

/** A source that uses one buffer over and over, as a file's reader may. */
async function* reusing(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for (const chunk of chunked(bytes, size)) {
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
}

/** Tells what was read of it. */
function watched(bytes: Uint8Array): RandomAccessSource & { readBytes: number } {
  return {
    byteLength: bytes.length,
    readBytes: 0,
    read(offset, byteLength) {
      const read = bytes.subarray(offset, offset + byteLength);
      this.readBytes += read.length;
      return read;
    },
  };
}

async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return concat(...parts);
}

const sources: readonly (readonly [string, (bytes: Uint8Array) => Part10Source])[] = [
  ['bytes', (bytes) => bytes],
  ['a blob', (bytes) => new Blob([bytes.slice()])],
  ['a readable stream', (bytes) => new Blob([bytes.slice()]).stream()],
  ['an iterable', (bytes) => chunked(bytes, 700)],
  ['a stream of single bytes', (bytes) => chunked(bytes, 1)],
  ['a stream that uses its buffer again', (bytes) => reusing(bytes, 1000)],
  ['something that can be read at any place', (bytes) => watched(bytes)],
];

describe.each(sources)('from %s', (_name, source) => {
  test('all of a file is read', async () => {
    const { meta, dataSet, dataSetOffset, warnings } = await readPart10(source(file));
    expect([meta.transferSyntaxUid, warnings]).toEqual([explicit, []]);
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(toHex(file.subarray(dataSetOffset)));
  });

  test('all before a tag is read', async () => {
    for (const stopBefore of [pixelData, (tag: number) => tag === pixelData]) {
      const { dataSet } = await readPart10(source(file), { stopBefore });
      expect(dataSet.tags()).toEqual(pixelOffset.dataSet.tags());
      expect(dataSet.get('Rows')).toBe(100);
    }
  });

  test('a file that is none is an error', async () => {
    const text = new TextEncoder().encode('no DICOM, '.repeat(1000));
    await expect(readPart10(source(text), { maxValueBytes: 10 })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-meta' }),
    );
  });

  test('a file that is cut off is an error, or read as far as it goes', async () => {
    const cut = file.subarray(0, file.length - 50_000);
    for (const options of [{}, { maxValueBytes: 40 }, { stopBefore: 0x7fe10000 }]) {
      await expect(readPart10(source(cut), options)).rejects.toThrow(expect.objectContaining({ code: 'truncated' }));
      const { dataSet } = await readPart10(source(cut), { ...options, keepTruncated: true });
      expect(dataSet.get('Rows')).toBe(100);
      const left = dataSet.bulkData('PixelData');
      const there = left?.kind === 'range' ? left.byteLength : dataSet.get('PixelData')?.length;
      expect(there).toBe(100_000 - (50_000 - overhang));
    }
  });
});

// Bytes that are here anyway are left to no file.
test.each(sources.filter(([name]) => name !== 'bytes'))(
  'large values are left where they are, sequences not: from %s',
  async (_name, source) => {
    const { dataSet } = await readPart10(source(file), { maxValueBytes: 40 });
    expect(dataSet.tags()).toEqual(image.tags());
    expect(dataSet.get('ReferencedImageSequence')[1]?.get('ReferencedSOPInstanceUID')).toBe('1.2.5');
    expect(dataSet.get('DigitalSignaturesSequence')[0]?.get('MACIDNumber')).toBe(1);
    const offset = pixelOffset.dataSetOffset + encodeDataSet(pixelOffset.dataSet, explicit).length + 12;
    expect(dataSet.bulkData('PixelData')).toEqual({ ...pixels, offset });
    expect([dataSet.vr('PixelData'), dataSet.get('PixelData')]).toEqual(['OW', undefined]);
  },
);

/** Bytes after the pixel data: a cut at 50,000 takes them first. */
const overhang = encodeDataSet(DataSet.from({ DigitalSignaturesSequence: [{ MACIDNumber: 1 }] }), explicit).length;

test('of what can be read at any place, nothing more is read than is asked for', async () => {
  const large = encodePart10(image.set(pixelData, 'OW', new Uint8Array(10_000_000)), { transferSyntaxUid: explicit });
  image.set(
    pixelData,
    'OW',
    Uint8Array.from({ length: 100_000 }, (_, index) => index % 251),
  );
  for (const options of [{ maxValueBytes: 1000 }, { stopBefore: pixelData }]) {
    const source = watched(large);
    const { dataSet } = await readPart10(source, options);
    expect(dataSet.get('Rows')).toBe(100);
    expect(source.readBytes).toBeLessThan(200_000);
  }
});

test('a stream is closed when nothing more is wanted, and when it fails', async () => {
  let closed = 0;
  async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    try {
      yield* chunked(bytes, 5000);
    } finally {
      closed++;
    }
  }
  await readPart10(stream(file), { stopBefore: 0x00100010 });
  await expect(readPart10(stream(new Uint8Array(20_000)))).rejects.toThrow();
  expect(closed).toBe(2);
  let isCancelled = false;
  const readable = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(file),
    cancel: () => {
      isCancelled = true;
    },
  });
  await readPart10(readable, { stopBefore: 0x00100010 });
  expect([isCancelled, readable.locked]).toEqual([true, false]);
});

test('an endless stream is given up', async () => {
  async function* endless(first: Uint8Array): AsyncGenerator<Uint8Array> {
    yield first;
    for (;;) yield new Uint8Array(0x1_0000);
  }
  const meta = file.subarray(0, pixelOffset.dataSetOffset);
  const element = hex("10002000'LO'04004711");
  await expect(readPart10(endless(meta), { maxBytes: 1_000_000 })).rejects.toThrow(
    expect.objectContaining({ code: 'too-large' }),
  );
  const long = concat(meta, element, hex("42001100'OB'0000ffffff7f"));
  await expect(readPart10(endless(long), { maxBytes: 1_000_000, stopBefore: pixelData })).rejects.toThrow(
    expect.objectContaining({ code: 'too-large' }),
  );
  const manyMeta = concat(new Uint8Array(128), hex("'DICM' 02000201'OB'0000f0ffffff"));
  await expect(readPart10(endless(manyMeta))).rejects.toThrow(expect.objectContaining({ code: 'invalid-meta' }));
});

describe('encapsulated pixel data', () => {
  const fragments = hex(
    `e07f1000'OB'0000ffffffff feff00e000000000 feff00e008000000 0102030405060708 feff00e0 00000100`,
  );
  const body = concat(
    hex("08001600'UI'0400'1.2'00 08001800'UI'0400'1.3'00"),
    fragments,
    new Uint8Array(0x1_0000),
    hex("feffdde000000000 fcfffcff'OB'0000 02000000 0000"),
  );
  const jpeg = TransferSyntax.JPEGBaseline8Bit;
  const bytes = concat(
    encodePart10(DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.3' }), {
      transferSyntaxUid: jpeg,
    }).subarray(0, -24),
    body,
  );

  test.each(sources.slice(1))('is left where it is, from %s', async (_name, source) => {
    const { dataSet, dataSetOffset } = await readPart10(source(bytes), { maxValueBytes: 100 });
    expect(dataSet.tags()).toEqual([0x00080016, 0x00080018, pixelData, 0xfffcfffc]);
    const byteLength = fragments.length - 12 + 0x1_0000;
    const reference = { kind: 'range', offset: dataSetOffset + 36, byteLength, isEncapsulated: true };
    expect(dataSet.bulkData('PixelData')).toEqual(reference);
    expect(dataSet.vr('PixelData')).toBe('OB');
  });

  test('is written again', async () => {
    const read = await readPart10(new Blob([bytes.slice()]), { maxValueBytes: 100 });
    const again = await gathered(
      part10Chunks(read.dataSet, read.meta, {
        bulkData: ({ offset, byteLength }) => chunked(bytes.subarray(offset, offset + byteLength), 1000),
      }),
    );
    expect(toHex(again)).toBe(toHex(bytes));
  });
});

describe('chunks', () => {
  const { ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian } = TransferSyntax;

  test.each([explicit, ImplicitVRLittleEndian, ExplicitVRBigEndian])('are the file: %s', async (transferSyntaxUid) => {
    for (const dataSet of [image, parsePart10(file).dataSet]) {
      const chunks = await gathered(part10Chunks(dataSet, { transferSyntaxUid }));
      expect(toHex(chunks)).toBe(toHex(encodePart10(dataSet, { transferSyntaxUid })));
    }
  });

  test('are deflated as they come, and what was deflated stays as it was', async () => {
    const transferSyntaxUid = DeflatedExplicitVRLittleEndian;
    const written = await gathered(part10Chunks(image, { transferSyntaxUid }));
    expect(written.length % 2).toBe(0);
    const read = parsePart10(written);
    expect(toHex(encodeDataSet(read.dataSet, explicit))).toBe(toHex(encodeDataSet(image, explicit)));
    expect(toHex(await gathered(part10Chunks(read.dataSet, read.meta)))).toBe(toHex(written));
  });

  test('hold large values as the views that they are', async () => {
    const value = new Uint8Array(1_000_000);
    const dataSet = DataSet.from({
      SOPClassUID: '1.2',
      SOPInstanceUID: '1.3',
      WaveformSequence: [{ WaveformData: value }, { WaveformData: value }],
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of part10Chunks(dataSet, { transferSyntaxUid: explicit })) chunks.push(chunk);
    expect(chunks.filter((chunk) => chunk.buffer === value.buffer).length).toBe(2);
    expect(Buffer.compare(concat(...chunks), encodePart10(dataSet, { transferSyntaxUid: explicit }))).toBe(0);
  });

  test('fetch what was left in a file, changed elements beside it', async () => {
    const { dataSet, meta } = await readPart10(new Blob([file.slice()]), { maxValueBytes: 1000 });
    const bulkData = ({ offset, byteLength }: { offset: number; byteLength: number }) =>
      chunked(file.subarray(offset, offset + byteLength), 999);
    expect(toHex(await gathered(part10Chunks(dataSet, meta, { bulkData })))).toBe(toHex(file));
    dataSet.set('PatientName', 'ROE^JANE');
    const changed = parsePart10(await gathered(part10Chunks(dataSet, meta, { bulkData }))).dataSet;
    expect([changed.get('PatientName'), changed.get('PixelData')?.length]).toEqual(['ROE^JANE', 100_000]);
    const implicit = await gathered(part10Chunks(dataSet, { transferSyntaxUid: ImplicitVRLittleEndian }, { bulkData }));
    expect(toHex(parsePart10(implicit).dataSet.get('PixelData') ?? new Uint8Array())).toBe(
      toHex(changed.get('PixelData') ?? new Uint8Array()),
    );
  });

  test('without what is needed are an error, never a file without it', async () => {
    const { dataSet, meta } = await readPart10(new Blob([file.slice()]), { maxValueBytes: 1000 });
    const missing = expect.objectContaining({ code: 'missing-bulk-data' });
    expect(() => encodePart10(dataSet, meta)).toThrow(missing);
    expect(() => encodeDataSet(dataSet, explicit)).toThrow(missing);
    await expect(gathered(part10Chunks(dataSet, meta))).rejects.toThrow(missing);
    for (const length of [10, 99_999, 100_001]) {
      const bulkData = () => [new Uint8Array(length)];
      await expect(gathered(part10Chunks(dataSet, meta, { bulkData })), String(length)).rejects.toThrow(missing);
    }
    const turned = part10Chunks(dataSet, { transferSyntaxUid: ExplicitVRBigEndian }, { bulkData: () => [] });
    await expect(gathered(turned)).rejects.toThrow(missing);
  });
});
