import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rleLossless } from './built-in-codecs.js';
import { PixelDataError } from './errors.js';
import { frameByteLength, type ImagePixel } from './image-pixel.js';

const gray: ImagePixel = {
  rows: 1,
  columns: 4,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  isFloat: false,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  numberOfFrames: 1,
};
const uid = '1.2.840.10008.1.2.5';

/** A frame by the word of PS3.5 G.5: the number of segments, 15 offsets, the segments. */
function frameOf(...segments: number[][]): Uint8Array {
  const header = new Uint32Array(16);
  header[0] = segments.length;
  let at = 64;
  for (const [index, segment] of segments.entries()) {
    header[index + 1] = at;
    at += segment.length;
  }
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}

const decode = async (frame: Uint8Array, image: ImagePixel) => [...(await rleLossless.decode(frame, image, uid)).bytes];
const encode = async (frame: Uint8Array, image: ImagePixel) => (await rleLossless.encode(frame, image, uid)).bytes;

function codeOf(frame: Uint8Array, image: ImagePixel): string | undefined {
  try {
    rleLossless.decode(frame, image, uid);
    return undefined;
  } catch (error) {
    if (error instanceof PixelDataError) return error.code;
    throw error;
  }
}

describe('decoding', () => {
  // PS3.5 G.3.2: n from 0 to 127 takes n + 1 bytes as they are, -1 to -127 repeats the next 1 - n times, -128 does nothing.
  test.each<[string, ImagePixel, Uint8Array, number[]]>([
    ['bytes as they are', gray, frameOf([3, 1, 2, 3, 4]), [1, 2, 3, 4]],
    ['a run', gray, frameOf([0xfd, 9]), [9, 9, 9, 9]],
    ['a byte that does nothing', gray, frameOf([0x80, 0xff, 7, 0x80, 1, 1, 2]), [7, 7, 1, 2]],
    ['padding at the end', gray, frameOf([0xfd, 9, 0, 0]), [9, 9, 9, 9]],
    [
      '16 bits, the high byte first',
      { ...gray, bitsAllocated: 16 },
      frameOf([0xfd, 0x12], [3, 1, 2, 3, 4]),
      [1, 0x12, 2, 0x12, 3, 0x12, 4, 0x12],
    ],
    [
      'three planes, pixel by pixel',
      { ...gray, columns: 2, samplesPerPixel: 3 },
      frameOf([1, 1, 2], [0xff, 3], [1, 4, 5]),
      [1, 3, 4, 2, 3, 5],
    ],
  ])('%s', async (_name, image, frame, expected) => {
    expect(await decode(frame, image)).toEqual(expected);
  });

  test.each<[string, ImagePixel, Uint8Array, string]>([
    ['no header', gray, Uint8Array.of(1, 0, 0, 0), 'invalid-frame'],
    ['too many segments', gray, frameOf([0xfd, 9], [0xfd, 9]), 'invalid-frame'],
    ['bytes that are missing', gray, frameOf([2, 1, 2, 3]), 'invalid-frame'],
    ['a literal that is cut off', gray, frameOf([3, 1, 2]), 'invalid-frame'],
    ['a run without its byte', gray, frameOf([0xfd]), 'invalid-frame'],
    [
      'a segment beyond the end',
      gray,
      Uint8Array.from([1, 0, 0, 0, 255, 255, 0, 0, ...new Uint8Array(60)]),
      'invalid-frame',
    ],
    [
      'an image that no such frame can hold',
      { ...gray, rows: 65535, columns: 65535 },
      frameOf([0xfd, 9]),
      'invalid-frame',
    ],
    ['one bit a pixel', { ...gray, bitsAllocated: 1 }, frameOf([0xfd, 9]), 'unsupported'],
  ])('%s is an error', (_name, image, frame, code) => {
    expect(codeOf(frame, image)).toBe(code);
  });

  test('no bytes make it fail in another way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(8, 16), (content, bitsAllocated) => {
        const half = Math.floor(content.length / 2);
        const segments = bitsAllocated === 8 ? [[...content]] : [[...content.slice(0, half)], [...content.slice(half)]];
        expect([undefined, 'invalid-frame']).toContain(codeOf(frameOf(...segments), { ...gray, bitsAllocated }));
      }),
    );
  });
});

describe('encoding', () => {
  test('runs do not cross rows, and segments have an even length', async () => {
    const frame = await encode(new Uint8Array(9), { ...gray, rows: 3, columns: 3 });
    expect([...frame.subarray(64)]).toEqual([0xfe, 0, 0xfe, 0, 0xfe, 0]);
    const odd = await encode(Uint8Array.of(1, 2), { ...gray, columns: 2 });
    expect([...odd.subarray(64)]).toEqual([1, 1, 2, 0]);
  });

  test('what is decoded again is the same, whatever the samples', async () => {
    const images = fc.record({
      rows: fc.integer({ min: 1, max: 4 }),
      columns: fc.integer({ min: 1, max: 300 }),
      samplesPerPixel: fc.constantFrom(1, 3),
      bitsAllocated: fc.constantFrom(8, 16, 32),
    });
    await fc.assert(
      fc.asyncProperty(
        images,
        fc.array(fc.tuple(fc.nat(255), fc.nat(200)), { minLength: 1, maxLength: 50 }),
        async (shape, runs) => {
          const image = { ...gray, ...shape };
          const pattern = runs.flatMap(([value, length]) => new Array<number>(length + 1).fill(value));
          const samples = Uint8Array.from(
            { length: frameByteLength(image) },
            (_, index) => pattern[index % pattern.length] ?? 0,
          );
          const encoded = await encode(samples, image);
          expect(encoded.length % 2).toBe(0);
          expect(await decode(encoded, image)).toEqual([...samples]);
        },
      ),
    );
  });

  test('pixels of more than 15 bytes have no room in the header', async () => {
    const image = { ...gray, samplesPerPixel: 4, bitsAllocated: 32 };
    await expect(async () => encode(new Uint8Array(64), image)).rejects.toMatchObject({ code: 'unsupported' });
  });
});
