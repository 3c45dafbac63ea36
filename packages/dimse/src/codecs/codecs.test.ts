import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePart10 } from '../dataset/part10.js';
import { PixelDataError } from '../dataset/pixel-data/errors.js';
import { pixelDataFrames } from '../dataset/pixel-data/frames.js';
import { frameByteLength, type ImagePixel } from '../dataset/pixel-data/image-pixel.js';
import type { PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
import { pixelSamples } from '../dataset/pixel-data/samples.js';
import { TransferSyntax } from '../dataset/transfer-syntax.js';
import { jpeg } from './jpeg.js';
import { jpeg2000 } from './jpeg-2000.js';
import { jpegLossless } from './jpeg-lossless.js';
import { jpegLs } from './jpeg-ls.js';

const { JPEGLSLossless, JPEGLSNearLossless, JPEG2000Lossless, JPEGBaseline8Bit, JPEGLosslessSV1 } = TransferSyntax;

const gray: ImagePixel = {
  rows: 16,
  columns: 24,
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
const bits = (bitsAllocated: number, bitsStored: number, isSigned = false) => ({
  ...gray,
  bitsAllocated,
  bitsStored,
  highBit: bitsStored - 1,
  isSigned,
});
const colour = { ...gray, samplesPerPixel: 3, photometricInterpretation: 'RGB' };

/** Samples that go up and down, over all bits that count. */
function frameOf(image: ImagePixel): Uint8Array {
  const view = new DataView(new ArrayBuffer(frameByteLength(image)));
  const cell = image.bitsAllocated / 8;
  for (let index = 0; index < view.byteLength / cell; index++) {
    const value = Math.round(((Math.sin(index / 7) + 1) / 2) * (2 ** image.bitsStored - 1));
    const signed = image.isSigned ? value - 2 ** (image.bitsStored - 1) : value;
    if (cell === 1) view.setUint8(index, signed);
    else view.setUint16(2 * index, signed, true);
  }
  return new Uint8Array(view.buffer);
}

describe('what was compressed without loss is the same again', () => {
  const codecs: [string, PixelCodec, string][] = [
    ['JPEG-LS', jpegLs(), JPEGLSLossless],
    ['JPEG 2000', jpeg2000(), JPEG2000Lossless],
  ];
  const images: [string, ImagePixel][] = [
    ['8 bits', gray],
    ['16 bits', bits(16, 16)],
    ['16 bits with sign', bits(16, 16, true)],
    ['12 of 16 bits', bits(16, 12)],
    ['12 of 16 bits with sign', bits(16, 12, true)],
    ['8 of 16 bits', bits(16, 8)],
    ['10 of 16 bits', bits(16, 10)],
    ['RGB', colour],
    ['one row', { ...gray, rows: 1 }],
  ];
  test.each(
    codecs.flatMap(([name, codec, uid]) => images.map(([kind, image]) => [name, kind, codec, uid, image] as const)),
  )('%s, %s', async (_name, _kind, codec, uid, image) => {
    const frame = frameOf(image);
    const encoded = await codec.encode(frame, image, uid);
    expect(encoded.isLossy).toBe(false);
    const meaning = encoded.photometricInterpretation ?? image.photometricInterpretation;
    const decoded = await codec.decode(encoded.bytes, { ...image, photometricInterpretation: meaning }, uid);
    expect(decoded.isLossy).toBe(false);
    expect(decoded.photometricInterpretation ?? meaning).toBe(image.photometricInterpretation);
    expect(pixelSamples(decoded.bytes, image)).toEqual(pixelSamples(frame, image));
  });
});

test('near-lossless JPEG-LS differs by no more than was allowed', async () => {
  const codec = jpegLs({ nearLossless: 3 });
  const frame = frameOf(gray);
  const encoded = await codec.encode(frame, gray, JPEGLSNearLossless);
  expect(encoded.isLossy).toBe(true);
  const decoded = await codec.decode(encoded.bytes, gray, JPEGLSNearLossless);
  expect(decoded.isLossy).toBe(true);
  const differences = [...frame].map((sample, index) => Math.abs(sample - decoded.bytes[index]!));
  expect(Math.max(...differences)).toBeLessThanOrEqual(3);
  expect(Math.max(...differences)).toBeGreaterThan(0);
});

test('JPEG 2000 turns RGB, and takes no colours that are turned already', async () => {
  const codec = jpeg2000();
  const encoded = await codec.encode(frameOf(colour), colour, JPEG2000Lossless);
  expect(encoded.photometricInterpretation).toBe('YBR_RCT');
  const turned = { ...colour, photometricInterpretation: 'YBR_FULL' };
  await expect(async () => codec.encode(frameOf(turned), turned, JPEG2000Lossless)).rejects.toMatchObject({
    code: 'unsupported',
  });
});

test.each<[string, PixelCodec]>([
  ['JPEG', jpeg()],
  ['JPEG lossless', jpegLossless()],
])('%s is not written', async (_name, codec) => {
  await expect(async () => codec.encode(new Uint8Array(1), gray, '')).rejects.toMatchObject({ code: 'unsupported' });
});

test('a package that can not be loaded is said by name', async () => {
  const codec = jpegLs({ wasmUrl: 'file:///not/there.wasm' });
  await expect(async () => codec.encode(frameOf(gray), gray, JPEGLSLossless)).rejects.toMatchObject({
    code: 'no-codec',
    message: expect.stringContaining('@cornerstonejs/codec-charls'),
  });
});

const folder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
if (!existsSync(folder)) console.log('codecs.test.ts: no test data beside the repository, real files are skipped');

/** A compressed frame of a real file. */
function realFrame(name: string) {
  const { dataSet, meta } = parsePart10(new Uint8Array(readFileSync(folder + name)));
  const { image, frame } = pixelDataFrames(dataSet);
  return { image, bytes: frame(0).bytes, uid: meta?.transferSyntaxUid ?? '' };
}

describe.skipIf(!existsSync(folder))('damaged frames', () => {
  const files: [string, PixelCodec][] = [
    ['SC_rgb_jpeg_dcmtk.dcm', jpeg()],
    ['SC_rgb_jpeg_gdcm.dcm', jpegLossless()],
    ['MR_small_jpeg_ls_lossless.dcm', jpegLs()],
    ['JPEGLSNearLossless_16.dcm', jpegLs()],
    ['MR_small_jp2klossless.dcm', jpeg2000()],
  ];

  test.each(files)('%s cut off anywhere, or changed, ends in samples or a typed error', async (name, codec) => {
    const { image, bytes, uid } = realFrame(name);
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), changes, async (length, changed) => {
        const frame = bytes.slice(0, changed.length === 0 ? length : bytes.length);
        for (const [at, value] of changed) frame[at] = value;
        try {
          expect((await codec.decode(frame, image, uid)).bytes).toHaveLength(frameByteLength(image));
        } catch (error) {
          if (!(error instanceof PixelDataError)) expect(error).toMatchObject({ name: 'PixelDataError' });
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(files)('%s that is cut off is an error, not an image that was made up', async (name, codec) => {
    const { image, bytes, uid } = realFrame(name);
    const end = Buffer.from(bytes).lastIndexOf(Buffer.of(0xff, 0xd9));
    for (const length of [end, end - 20, Math.floor(end / 2), 20, 0]) {
      const result = async () => codec.decode(bytes.subarray(0, length), image, uid);
      await expect(result).rejects.toMatchObject({ name: 'PixelDataError', code: 'invalid-frame' });
    }
  });

  test.each(files)('%s is another image than the attributes say', async (name, codec) => {
    const { image, bytes, uid } = realFrame(name);
    for (const other of [{ rows: 65535, columns: 65535 }, { rows: image.rows + 1 }, { samplesPerPixel: 2 }]) {
      const result = async () => codec.decode(bytes, { ...image, ...other }, uid);
      await expect(result).rejects.toMatchObject({ name: 'PixelDataError', code: 'invalid-frame' });
    }
  });

  test('a codec goes on after a frame that it gave up on', async () => {
    const { image, bytes, uid } = realFrame('MR_small_jpeg_ls_lossless.dcm');
    const codec = jpegLs();
    const whole = (await codec.decode(bytes, image, uid)).bytes;
    await expect(async () => codec.decode(bytes.subarray(0, 900), image, uid)).rejects.toMatchObject({
      code: 'invalid-frame',
    });
    expect((await codec.decode(bytes, image, uid)).bytes).toEqual(whole);
  });
});

describe.skipIf(!existsSync(folder))('what a codec does not do is said', () => {
  test.each<[string, string, PixelCodec, string]>([
    ['12 bits of JPEG extended', 'JPGExtended.dcm', jpeg(), 'unsupported'],
    ['JPEG lossless in a baseline transfer syntax', 'SC_rgb_jpeg_gdcm.dcm', jpeg(), 'unsupported'],
    ['JPEG baseline in a lossless transfer syntax', 'SC_rgb_jpeg_dcmtk.dcm', jpegLossless(), 'unsupported'],
    ['JPEG 2000 for JPEG', 'MR_small_jp2klossless.dcm', jpeg(), 'invalid-frame'],
    ['JPEG for JPEG 2000', 'SC_rgb_jpeg_dcmtk.dcm', jpeg2000(), 'invalid-frame'],
  ])('%s', async (_name, file, codec, code) => {
    const { image, bytes } = realFrame(file);
    const uid = codec.decodes[0] ?? '';
    await expect(async () => codec.decode(bytes, image, uid)).rejects.toMatchObject({ name: 'PixelDataError', code });
  });

  test('codecs share no transfer syntax', () => {
    const uids = [jpeg(), jpeg2000(), jpegLossless(), jpegLs()].flatMap(({ decodes }) => decodes);
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids).toEqual(expect.arrayContaining([JPEGBaseline8Bit, JPEGLosslessSV1]));
  });
});
