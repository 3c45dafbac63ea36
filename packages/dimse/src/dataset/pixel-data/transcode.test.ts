import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { parseDataSet } from '../parse.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { decodeFrame } from './decode-frames.js';
import { setEncapsulatedFrames } from './encapsulate.js';
import { pixelDataFrames } from './frames.js';
import type { PixelCodec } from './pixel-codec.js';
import { transcode } from './transcode.js';

const {
  ExplicitVRLittleEndian,
  ImplicitVRLittleEndian,
  ExplicitVRBigEndian,
  RLELossless,
  JPEGBaseline8Bit,
  JPEG2000,
  EncapsulatedUncompressedExplicitVRLittleEndian,
  DeflatedImageFrameCompression,
} = TransferSyntax;

const plain = (view: ArrayLike<number> | undefined) => Array.from(view ?? []);

function image(attributes: object = {}, pixels: readonly number[] = [1, 2, 3, 4]): DataSet {
  return DataSet.from({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: '1.2.3',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 2,
    Columns: 2,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    ...attributes,
  }).set('PixelData', Uint8Array.from(pixels));
}

const colour = { SamplesPerPixel: 3, PhotometricInterpretation: 'RGB', PlanarConfiguration: 0 };

/** A codec whose frames are the samples backwards. */
function backwards(
  answer: { readonly isLossy?: boolean; readonly photometricInterpretation?: string } = {},
): PixelCodec {
  const turn = (frame: Uint8Array) => ({ bytes: Uint8Array.from(frame).reverse(), isLossy: false, ...answer });
  return {
    name: 'Backwards',
    decodes: [JPEGBaseline8Bit, JPEG2000],
    encodes: [JPEGBaseline8Bit, JPEG2000],
    decode: turn,
    encode: turn,
  };
}

function compressed(frames: readonly number[][], attributes: object = {}): DataSet {
  const dataSet = image(attributes);
  setEncapsulatedFrames(
    dataSet,
    frames.map((frame) => Uint8Array.from(frame)),
  );
  return dataSet;
}

test.each([ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])(
  'RLE Lossless and back to %s keeps every sample and attribute',
  async (native) => {
    const original = parseDataSet(
      encodeDataSet(
        image({ BitsAllocated: 16, BitsStored: 16, HighBit: 15, NumberOfFrames: 2 }, [...Array(16).keys()]),
        native,
      ),
      native,
    );
    const rle = await transcode(original, native, RLELossless);
    const read = parseDataSet(encodeDataSet(rle, RLELossless), RLELossless);
    expect(pixelDataFrames(read)).toMatchObject({ isEncapsulated: true, count: 2, warnings: [] });
    const back = await transcode(read, RLELossless, native);
    expect(encodeDataSet(back, native)).toEqual(encodeDataSet(original, native));
  },
);

test('the data set that was given stays as it is', async () => {
  const original = image();
  await transcode(original, ExplicitVRLittleEndian, RLELossless);
  expect(original.fragments('PixelData')).toBeUndefined();
  expect(plain(original.get('PixelData'))).toEqual([1, 2, 3, 4]);
});

test('planes are brought together for a codec, and RLE says that they are planes', async () => {
  const planes = image({ ...colour, PlanarConfiguration: 1, Rows: 1 }, [1, 2, 3, 4, 5, 6]);
  const rle = await transcode(planes, ExplicitVRLittleEndian, RLELossless);
  expect(rle.get('PlanarConfiguration')).toBe(1);
  const back = await transcode(rle, RLELossless, ExplicitVRLittleEndian);
  expect(back.get('PlanarConfiguration')).toBe(0);
  expect(plain(back.get('PixelData'))).toEqual([1, 3, 5, 2, 4, 6]);
});

test('decompressing tells what the codec tells: colours turned back, something lost', async () => {
  const codecs = [backwards({ isLossy: true, photometricInterpretation: 'RGB' })];
  const dataSet = compressed([[1, 2, 3]], {
    ...colour,
    PhotometricInterpretation: 'YBR_FULL_422',
    Rows: 1,
    Columns: 1,
  });
  const native = await transcode(dataSet, JPEGBaseline8Bit, ExplicitVRLittleEndian, { codecs });
  expect(plain(native.get('PixelData'))).toEqual([3, 2, 1]);
  expect(native.get('PhotometricInterpretation')).toBe('RGB');
  expect(native.get('LossyImageCompression')).toBe('01');
  expect(native.get('SOPInstanceUID')).toBe('1.2.3');
});

// PS3.3 C.7.6.1.1.5 and C.12.4.1: another image.
test('compressing with loss makes another image, which says where it came from', async () => {
  const lossy = await transcode(image(), ExplicitVRLittleEndian, JPEGBaseline8Bit, {
    codecs: [backwards({ isLossy: true })],
  });
  expect(lossy.get('SOPInstanceUID')).not.toBe('1.2.3');
  expect(lossy.get('SourceImageSequence[0].ReferencedSOPInstanceUID')).toBe('1.2.3');
  expect(lossy.get('ImageType')).toEqual(['DERIVED', 'PRIMARY', 'AXIAL']);
  expect(lossy.get('LossyImageCompression')).toBe('01');
  expect(lossy.get('LossyImageCompressionMethod')).toEqual(['ISO_10918_1']);
  expect(lossy.get('LossyImageCompressionRatio')).toEqual([1]);
  const again = await transcode(lossy, JPEGBaseline8Bit, JPEG2000, {
    codecs: [backwards({ isLossy: true })],
    sopInstanceUid: '1.2.4',
  });
  expect(again.get('SOPInstanceUID')).toBe('1.2.4');
  expect(again.get('LossyImageCompressionMethod')).toEqual(['ISO_10918_1', 'ISO_15444_1']);
});

test('compressing without loss keeps the image what it is', async () => {
  const lossless = await transcode(image(), ExplicitVRLittleEndian, JPEG2000, { codecs: [backwards()] });
  expect(lossless.get('SOPInstanceUID')).toBe('1.2.3');
  expect(lossless.has('LossyImageCompression')).toBe(false);
});

test('one compressed transfer syntax becomes another by way of the samples', async () => {
  const rle = await transcode(compressed([[4, 3, 2, 1]]), JPEG2000, RLELossless, { codecs: [backwards()] });
  expect(plain((await transcode(rle, RLELossless, ExplicitVRLittleEndian)).get('PixelData'))).toEqual([1, 2, 3, 4]);
});

test('compressed icons are decompressed, others left', async () => {
  const [packed, native] = [compressed([[4, 3, 2, 1]]), image({}, [9, 9, 9, 9])];
  const dataSet = compressed([[8, 7, 6, 5]], { IconImageSequence: [packed], ReferencedImageSequence: [native] });
  const result = await transcode(dataSet, JPEG2000, ImplicitVRLittleEndian, { codecs: [backwards()] });
  const read = parseDataSet(encodeDataSet(result, ImplicitVRLittleEndian), ImplicitVRLittleEndian);
  expect(plain(read.get('PixelData'))).toEqual([5, 6, 7, 8]);
  expect(plain(read.get('IconImageSequence[0].PixelData'))).toEqual([1, 2, 3, 4]);
  expect(plain(read.get('ReferencedImageSequence[0].PixelData'))).toEqual([9, 9, 9, 9]);
});

describe('built-in codecs', () => {
  test('frames in fragments that are not compressed', async () => {
    const odd = image({ Rows: 1, Columns: 3, NumberOfFrames: 2 }, [1, 2, 3, 4, 5, 6]);
    const to = EncapsulatedUncompressedExplicitVRLittleEndian;
    const wrapped = parseDataSet(encodeDataSet(await transcode(odd, ExplicitVRLittleEndian, to), to), to);
    expect([...pixelDataFrames(wrapped)].map(({ bytes }) => plain(bytes))).toEqual([
      [1, 2, 3, 0],
      [4, 5, 6, 0],
    ]);
    expect(plain((await transcode(wrapped, to, ExplicitVRLittleEndian)).get('PixelData'))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('frames of one bit a pixel close the gap again', async () => {
    const bits = image(
      { Rows: 1, Columns: 3, BitsAllocated: 1, BitsStored: 1, NumberOfFrames: 3 },
      [0b10_011_101, 0b0000_0001],
    );
    const to = EncapsulatedUncompressedExplicitVRLittleEndian;
    const wrapped = await transcode(bits, ExplicitVRLittleEndian, to);
    expect(plain((await transcode(wrapped, to, ExplicitVRLittleEndian)).get('PixelData'))).toEqual([
      0b10_011_101, 0b0000_0001,
    ]);
  });

  test('deflated frames', async () => {
    const dataSet = compressed([[...deflateRawSync(Uint8Array.of(1, 2, 3, 4))]]);
    const native = await transcode(dataSet, DeflatedImageFrameCompression, ExplicitVRLittleEndian);
    expect(plain(native.get('PixelData'))).toEqual([1, 2, 3, 4]);
  });

  test.each<[string, number[]]>([
    ['too much', [...deflateRawSync(new Uint8Array(5000))]],
    ['too little', [...deflateRawSync(Uint8Array.of(1, 2))]],
    ['nonsense', [7, 7, 7, 7]],
  ])('deflated frames that hold %s are errors', async (_name, frame) => {
    const result = transcode(compressed([frame]), DeflatedImageFrameCompression, ExplicitVRLittleEndian);
    await expect(result).rejects.toMatchObject({ name: 'PixelDataError', code: 'invalid-frame' });
  });
});

describe('what can not be done is an error, never a wrong object', () => {
  const throwing: PixelCodec = { ...backwards(), decode: () => Promise.reject(new RangeError('out of memory')) };
  const short: PixelCodec = { ...backwards(), decode: () => ({ bytes: Uint8Array.of(1) }) };
  const jpip = compressed([[1]]).set('PixelDataProviderURL', 'http://jpip/1');
  const mixed: PixelCodec = {
    ...backwards(),
    decode: (frame) => ({ bytes: frame, photometricInterpretation: frame[0] === 1 ? 'RGB' : 'YBR_FULL' }),
  };
  test.each<[string, DataSet, string, string, readonly PixelCodec[], string]>([
    ['no codec to decompress', compressed([[1]]), JPEG2000, ExplicitVRLittleEndian, [], 'no-codec'],
    ['no codec to compress', image(), ExplicitVRLittleEndian, JPEG2000, [], 'no-codec'],
    ['no codec for a transfer syntax that nobody knows', image(), ExplicitVRLittleEndian, '1.2.3', [], 'no-codec'],
    [
      'fragments in an uncompressed transfer syntax',
      compressed([[1]]),
      ExplicitVRLittleEndian,
      ImplicitVRLittleEndian,
      [],
      'no-codec',
    ],
    ['a codec that throws', compressed([[1]]), JPEG2000, ExplicitVRLittleEndian, [throwing], 'invalid-frame'],
    ['a codec that gives too little', compressed([[1]]), JPEG2000, ExplicitVRLittleEndian, [short], 'invalid-frame'],
    [
      'frames of different colours',
      compressed([
        [1, 0, 0, 0],
        [2, 0, 0, 0],
      ]),
      JPEG2000,
      ExplicitVRLittleEndian,
      [mixed],
      'invalid-frame',
    ],
    ['pixel data at a JPIP server', jpip, JPEG2000, ExplicitVRLittleEndian, [backwards()], 'unsupported'],
    ['native pixel data that is cut off', image({}, [1, 2]), ExplicitVRLittleEndian, RLELossless, [], 'truncated'],
    [
      'an image too large',
      compressed([[1]], { Rows: 65535, Columns: 65535 }),
      JPEG2000,
      ExplicitVRLittleEndian,
      [backwards()],
      'too-large',
    ],
    [
      'native colour with fewer samples than pixels',
      image({ ...colour, PhotometricInterpretation: 'YBR_FULL_422' }, [1, 2, 3, 4, 5, 6, 7, 8]),
      ExplicitVRLittleEndian,
      RLELossless,
      [],
      'unsupported',
    ],
  ])('%s', async (_name, dataSet, from, to, codecs, code) => {
    await expect(transcode(dataSet, from, to, { codecs })).rejects.toMatchObject({ name: 'PixelDataError', code });
  });

  test('the error says which codec and frame, and what was wrong', async () => {
    const result = transcode(compressed([[1]]), JPEG2000, ExplicitVRLittleEndian, { codecs: [throwing] });
    await expect(result).rejects.toThrow('Backwards: frame 0: out of memory');
  });
});

test('a signal gives up between frames', async () => {
  const controller = new AbortController();
  const codec: PixelCodec = {
    ...backwards(),
    decode(frame) {
      controller.abort(new Error('enough'));
      return { bytes: frame };
    },
  };
  const dataSet = compressed([
    [1, 2, 3, 4],
    [1, 2, 3, 4],
  ]);
  const result = transcode(dataSet, JPEG2000, ExplicitVRLittleEndian, { codecs: [codec], signal: controller.signal });
  await expect(result).rejects.toThrow('enough');
});

test('what has no pixels goes as it is', async () => {
  const report = DataSet.from({ PatientName: 'A' });
  expect((await transcode(report, JPEG2000, ExplicitVRLittleEndian)).equals(report)).toBe(true);
});

test('one frame can be decompressed alone', async () => {
  const { frame, image: description } = pixelDataFrames(
    compressed([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]),
  );
  const decoded = await decodeFrame(frame(1), description, JPEG2000, [backwards()]);
  expect(plain(decoded.bytes)).toEqual([8, 7, 6, 5]);
});
