import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { parseDataSet, parseElements } from '../parse.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { encapsulateFrames, setEncapsulatedFrames } from './encapsulate.js';
import { PixelDataError } from './errors.js';
import { pixelDataFrames } from './frames.js';
import { pixelSamples } from './samples.js';

const { ExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit } = TransferSyntax;
const pixelData = 0x7fe00010;
const bytes = (...values: number[]) => Uint8Array.from(values);
const plain = (view: ArrayLike<number>) => Array.from(view);

function image(attributes: object, pixels?: Uint8Array): DataSet {
  const dataSet = DataSet.from({ Rows: 1, Columns: 2, BitsAllocated: 8, ...attributes });
  if (pixels !== undefined) dataSet.set('PixelData', pixels);
  return dataSet;
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof PixelDataError ? error.code : error;
  }
  return undefined;
}

describe('native frames', () => {
  test('frames are views of the bytes that were parsed', () => {
    const encoded = encodeDataSet(image({ NumberOfFrames: 3 }, bytes(1, 2, 3, 4, 5, 6)), ExplicitVRLittleEndian);
    const frames = pixelDataFrames(parseDataSet(encoded, ExplicitVRLittleEndian));
    expect([...frames].map(({ bytes: frame }) => plain(frame))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(frames.frame(1).bytes.buffer).toBe(encoded.buffer);
    expect(frames).toMatchObject({ count: 3, isEncapsulated: false, warnings: [] });
  });

  // PS3.5 8.1.1: the first pixel in the lowest bit, and no gap between frames.
  test('frames of one bit a pixel begin within a byte', () => {
    const dataSet = image({ Columns: 3, BitsAllocated: 1, NumberOfFrames: 3 }, bytes(0b10_011_101, 0b0000_0001));
    const frames = pixelDataFrames(dataSet);
    expect([...frames].map((frame) => plain(pixelSamples(frame, frames.image)))).toEqual([
      [1, 0, 1],
      [1, 1, 0],
      [0, 1, 1],
    ]);
    expect([...frames].map(({ bitOffset }) => bitOffset)).toEqual([0, 3, 6]);
  });

  test.each<[string, string]>([
    ['little endian', ExplicitVRLittleEndian],
    ['implicit VR', ImplicitVRLittleEndian],
    ['big endian', ExplicitVRBigEndian],
  ])('samples of 16 bits are the same in %s', (_name, syntax) => {
    const signed = image({ BitsAllocated: 16, BitsStored: 16, PixelRepresentation: 1 });
    signed.set(pixelData, 'OW', bytes(0xfe, 0xff, 0x34, 0x12));
    const read = pixelDataFrames(parseDataSet(encodeDataSet(signed, syntax), syntax));
    expect(plain(pixelSamples(read.frame(0), read.image))).toEqual([-2, 0x1234]);
  });

  test.each<[string, object, number[], number[]]>([
    ['8 bits', {}, [255, 1], [255, 1]],
    ['8 bits with sign', { PixelRepresentation: 1 }, [255, 1], [-1, 1]],
    ['12 bits, others above them', { BitsAllocated: 16, BitsStored: 12 }, [0xff, 0xff, 1, 0xf0], [4095, 1]],
    ['12 bits with sign', { BitsAllocated: 16, BitsStored: 12, PixelRepresentation: 1 }, [0xff, 0x0f, 1, 0], [-1, 1]],
    ['10 high bits', { BitsAllocated: 16, BitsStored: 10, HighBit: 15 }, [0xff, 0xff, 0x40, 0], [1023, 1]],
    ['32 bits', { BitsAllocated: 32 }, [255, 255, 255, 255, 1, 0, 0, 0], [4294967295, 1]],
    ['32 bits with sign', { BitsAllocated: 32, PixelRepresentation: 1 }, [255, 255, 255, 255, 1, 0, 0, 0], [-1, 1]],
    ['24 of 32 bits', { BitsAllocated: 32, BitsStored: 24 }, [1, 2, 3, 4, 1, 0, 0, 9], [0x030201, 1]],
  ])('samples of %s', (_name, attributes, pixels, expected) => {
    const frames = pixelDataFrames(image(attributes, Uint8Array.from(pixels)));
    expect(plain(pixelSamples(frames.frame(0), frames.image))).toEqual(expected);
  });

  test.each<[string, number, 'OF' | 'OD']>([
    ['Float Pixel Data', 0x7fe00008, 'OF'],
    ['Double Float Pixel Data', 0x7fe00009, 'OD'],
  ])('%s gives floating-point numbers in either byte order', (_name, tag, vr) => {
    const samples = vr === 'OF' ? Float32Array.of(1.5, -2) : Float64Array.of(1.5, -2);
    const dataSet = image({}).set(tag, vr, new Uint8Array(samples.buffer));
    for (const syntax of [ExplicitVRLittleEndian, ExplicitVRBigEndian]) {
      const frames = pixelDataFrames(parseDataSet(encodeDataSet(dataSet, syntax), syntax));
      expect(pixelSamples(frames.frame(0), frames.image)).toEqual(samples);
    }
  });

  test('two chroma samples for two pixels make a frame of YBR_FULL_422 shorter', () => {
    const colour = { SamplesPerPixel: 3, PhotometricInterpretation: 'YBR_FULL_422', NumberOfFrames: 2 };
    const frames = pixelDataFrames(image(colour, bytes(1, 2, 3, 4, 5, 6, 7, 8)));
    expect(plain(frames.frame(1).bytes)).toEqual([5, 6, 7, 8]);
    expect(frames.warnings).toEqual([]);
  });

  test('the frames that are whole can be had when the last one is not', () => {
    const frames = pixelDataFrames(image({ NumberOfFrames: 3 }, bytes(1, 2, 3, 4, 5)));
    expect(plain(frames.frame(1).bytes)).toEqual([3, 4]);
    expect(thrownBy(() => frames.frame(2))).toBe('truncated');
    expect(frames.warnings).toEqual(['Pixel data ends 1 bytes before the last frame does']);
  });

  test('bytes that are too many are told, one that makes the length even is not', () => {
    expect(pixelDataFrames(image({ Columns: 3 }, bytes(1, 2, 3, 0))).warnings).toEqual([]);
    expect(pixelDataFrames(image({}, bytes(1, 2, 3, 4))).warnings).toEqual(['2 bytes follow the last frame']);
  });

  test('no dictionary is needed', () => {
    const encoded = encodeDataSet(image({ NumberOfFrames: 2 }, bytes(1, 2, 3, 4)), ImplicitVRLittleEndian);
    expect(plain(pixelDataFrames(parseElements(encoded, ImplicitVRLittleEndian)).frame(1).bytes)).toEqual([3, 4]);
  });
});

describe('what has no frames', () => {
  const elsewhere = image({}).setBulkData(pixelData, 'OW', { kind: 'uri', uri: 'http://pacs/1' });
  test.each<[string, DataSet, string]>([
    ['no pixel data', image({}), 'no-pixel-data'],
    ['pixel data elsewhere', elsewhere, 'not-in-memory'],
    ['no rows', image({ Rows: undefined }, bytes(1, 2)), 'invalid-attribute'],
    ['no columns', image({ Columns: 0 }, bytes(1, 2)), 'invalid-attribute'],
    ['bits that fill no bytes', image({ BitsAllocated: 12 }, bytes(1, 2)), 'invalid-attribute'],
    ['no number of frames', image({ NumberOfFrames: 0 }, bytes(1, 2)), 'invalid-attribute'],
  ])('%s', (_name, dataSet, code) => {
    expect(thrownBy(() => pixelDataFrames(dataSet))).toBe(code);
  });

  test.each([-1, 1, 0.5, Number.NaN])('frame %s', (index) => {
    expect(thrownBy(() => pixelDataFrames(image({}, bytes(1, 2))).frame(index))).toBe('no-such-frame');
  });

  test('a number of frames that is absurd costs nothing', () => {
    const frames = pixelDataFrames(image({ NumberOfFrames: 2_000_000_000 }, bytes(1, 2)));
    expect(thrownBy(() => frames.frame(1_999_999_999))).toBe('truncated');
  });
});

/** A frame as JPEG has it. */
const jpeg = (...content: number[]) => bytes(0xff, 0xd8, 0xff, 0xe0, ...content, 0xff, 0xd9);
const none = bytes();

function encapsulated(frames: number | undefined, fragments: readonly Uint8Array[], tables?: object): DataSet {
  const dataSet = image({ NumberOfFrames: frames, ...tables });
  return dataSet.setFragments(pixelData, 'OB', fragments);
}

function offsets(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function offsets64(...values: number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
}

describe('encapsulated frames', () => {
  // PS3.5 Tables A.4-1 and A.4-2: one frame in three fragments; two frames, the first of two fragments.
  const first = [bytes(1, 2), bytes(3, 4)];
  const second = bytes(5, 6);

  test.each<[string, DataSet, number[][]]>([
    ['one frame of all fragments', encapsulated(undefined, [none, ...first, second]), [[1, 2, 3, 4, 5, 6]]],
    [
      'a fragment each',
      encapsulated(3, [none, ...first, second]),
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      'the Basic Offset Table',
      encapsulated(2, [offsets(0, 20), ...first, second]),
      [
        [1, 2, 3, 4],
        [5, 6],
      ],
    ],
    [
      'the Extended Offset Table, with lengths of its own',
      encapsulated(2, [none, bytes(1, 2), bytes(3, 0)], {
        ExtendedOffsetTable: offsets64(0, 10),
        ExtendedOffsetTableLengths: offsets64(2, 1),
      }),
      [[1, 2], [3]],
    ],
  ])('are told by %s', (_name, dataSet, expected) => {
    const read = parseDataSet(encodeDataSet(dataSet, JPEGBaseline8Bit), JPEGBaseline8Bit);
    for (const each of [dataSet, read]) {
      const frames = pixelDataFrames(each);
      expect([...frames].map((frame) => plain(frame.bytes))).toEqual(expected);
      expect(frames).toMatchObject({ isEncapsulated: true, count: expected.length, warnings: [] });
    }
  });

  test('fragments are views of the bytes that were parsed', () => {
    const encoded = encodeDataSet(encapsulated(1, [none, ...first]), JPEGBaseline8Bit);
    const [{ fragments } = pixelDataFrames(image({}, none)).frame(0)] = pixelDataFrames(
      parseDataSet(encoded, JPEGBaseline8Bit),
    );
    expect(fragments.map(({ buffer }) => buffer === encoded.buffer)).toEqual([true, true]);
  });

  const torn = [jpeg(1).subarray(0, 4), jpeg(1).subarray(4), jpeg(2), bytes(0)];
  test.each<[string, Uint8Array[], number[][]]>([
    ['ends of images', [jpeg(1).subarray(0, 4), jpeg(1).subarray(4), jpeg(2)], [[...jpeg(1)], [...jpeg(2)]]],
    [
      'ends with a byte of padding',
      [bytes(0xff, 0xd8), bytes(1, 0xff, 0xd9, 0), jpeg(2)],
      [[0xff, 0xd8, 1, 0xff, 0xd9, 0], [...jpeg(2)]],
    ],
    [
      'beginnings, where ends are missing',
      [bytes(0xff, 0xd8, 0xff, 1), bytes(7), jpeg(2)],
      [[0xff, 0xd8, 0xff, 1, 7], [...jpeg(2)]],
    ],
    [
      'beginnings of JPEG 2000',
      [bytes(0xff, 0x4f, 0xff, 0x51), bytes(7, 8), bytes(0xff, 0x4f, 0xff, 0x51)],
      [
        [0xff, 0x4f, 0xff, 0x51, 7, 8],
        [0xff, 0x4f, 0xff, 0x51],
      ],
    ],
    [
      'an end marker torn in two',
      [bytes(0xff, 0xd8, 3, 0xff), bytes(0xd9), jpeg(2)],
      [[0xff, 0xd8, 3, 0xff, 0xd9], [...jpeg(2)]],
    ],
  ])('without offsets are told apart by %s', (_name, fragments, expected) => {
    const frames = pixelDataFrames(encapsulated(2, [none, ...fragments]));
    expect([...frames].map((frame) => plain(frame.bytes))).toEqual(expected);
  });

  test.each<[string, Uint8Array]>([
    ['between fragments', offsets(0, 11)],
    ['beyond the last fragment', offsets(0, 4000)],
    ['not from 0', offsets(8, 20)],
    ['twice the same', offsets(0, 0)],
    ['descending', offsets(20, 0)],
    ['too many', offsets(0, 14, 28)],
    ['too few', offsets(0)],
  ])('a Basic Offset Table that is wrong (%s) is not followed, and that is told', (_name, table) => {
    const frames = pixelDataFrames(encapsulated(2, [table, jpeg(1), jpeg(2)]));
    expect([...frames].map((frame) => plain(frame.bytes))).toEqual([[...jpeg(1)], [...jpeg(2)]]);
    expect(frames.warnings).toEqual([expect.stringMatching(/^The Basic Offset Table is not followed: /)]);
  });

  test('a wrong Extended Offset Table gives way to the basic one', () => {
    const tables = { ExtendedOffsetTable: offsets64(0, 12), ExtendedOffsetTableLengths: offsets64(2, 2) };
    const frames = pixelDataFrames(encapsulated(2, [offsets(0, 20), ...first, second], tables));
    expect(plain(frames.frame(0).bytes)).toEqual([1, 2, 3, 4]);
    expect(frames.warnings).toHaveLength(1);
  });

  test('the Basic Offset Table tells how many frames there are when nothing else does', () => {
    const frames = pixelDataFrames(encapsulated(undefined, [offsets(0, 20), ...first, second]));
    expect(frames.count).toBe(2);
    expect(frames.warnings).toHaveLength(1);
  });

  test('images that are missing at the end are told; those that are there can be had', () => {
    const frames = pixelDataFrames(encapsulated(3, [none, jpeg(1), jpeg(2)]));
    expect(plain(frames.frame(1).bytes)).toEqual([...jpeg(2)]);
    expect(thrownBy(() => frames.frame(2))).toBe('truncated');
    expect(frames.warnings).toHaveLength(1);
  });

  test.each<[string, number, Uint8Array[]]>([
    ['a video, which is one stream', 300, [bytes(0, 0, 1, 0xb3, 9, 9)]],
    ['more fragments than frames that begin nowhere', 2, [bytes(1), bytes(2), bytes(3)]],
    ['ends that are too many', 2, [jpeg(1), jpeg(2), jpeg(3)]],
  ])('frames can not be told apart: %s', (_name, count, fragments) => {
    expect(thrownBy(() => pixelDataFrames(encapsulated(count, [none, ...fragments])))).toBe('frames-not-found');
  });

  test('no fragments are no pixel data', () => {
    expect(thrownBy(() => pixelDataFrames(encapsulated(1, [none])))).toBe('no-pixel-data');
  });

  test('padding in a fragment of its own belongs to the frame before', () => {
    const frames = pixelDataFrames(encapsulated(2, [none, ...torn]));
    expect([...frames].map((frame) => plain(frame.bytes))).toEqual([[...jpeg(1)], [...jpeg(2), 0]]);
  });
});

describe('encapsulating', () => {
  const frames = [jpeg(1), jpeg(), jpeg(1, 2, 3)];

  test.each<[string, object]>([
    ['a Basic Offset Table', {}],
    ['an Extended Offset Table', { offsetTable: 'extended' }],
    ['no table', { offsetTable: 'none' }],
    ['fragments of 4 bytes', { maxFragmentBytes: 4 }],
    ['fragments of 4 bytes, no table', { maxFragmentBytes: 4, offsetTable: 'none' }],
  ])('frames come back from %s', (_name, options) => {
    const dataSet = image({});
    setEncapsulatedFrames(dataSet, frames, options);
    const read = pixelDataFrames(parseDataSet(encodeDataSet(dataSet, JPEGBaseline8Bit), JPEGBaseline8Bit));
    const hasLengths = 'offsetTable' in options && options.offsetTable === 'extended';
    const padded = frames.map((frame) => (frame.length % 2 === 1 && !hasLengths ? [...frame, 0] : [...frame]));
    expect([...read].map((frame) => plain(frame.bytes))).toEqual(padded);
    expect(read).toMatchObject({ count: 3, warnings: [] });
  });

  test('the offsets are those of the standard: from the first item on, headers and padding counted', () => {
    const { fragments } = encapsulateFrames([bytes(1, 2, 3), bytes(4), bytes(5, 6)]);
    expect(fragments[0]).toEqual(offsets(0, 12, 22));
  });

  test('frames are not copied', () => {
    const { fragments } = encapsulateFrames([jpeg(1)], { maxFragmentBytes: 4 });
    expect(new Set(fragments.slice(1).map(({ buffer }) => buffer)).size).toBe(1);
  });

  test('tables of former pixel data do not stay', () => {
    const dataSet = image({});
    setEncapsulatedFrames(dataSet, frames, { offsetTable: 'extended' });
    setEncapsulatedFrames(dataSet, [jpeg(1)]);
    expect(dataSet.has('ExtendedOffsetTable')).toBe(false);
    expect(dataSet.get('NumberOfFrames')).toBe(1);
  });

  test('an Extended Offset Table is refused for frames of several fragments', () => {
    const options = { offsetTable: 'extended', maxFragmentBytes: 2 } as const;
    expect(thrownBy(() => encapsulateFrames([jpeg(1)], options))).toBe('unsupported');
  });

  test.each([0, 1, 3, -2, 0xffffffff, Number.NaN])('fragments of at most %s bytes are refused', (maxFragmentBytes) => {
    expect(() => encapsulateFrames([jpeg(1)], { maxFragmentBytes })).toThrow(RangeError);
  });
});
