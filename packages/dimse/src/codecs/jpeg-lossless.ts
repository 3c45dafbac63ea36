/// <reference path="./codec-packages.d.ts" />
/** JPEG lossless: an adapter to `jpeg-lossless-decoder-js`, an optional peer dependency. PS3.5 8.2.1. */
import { PixelDataError } from '../dataset/pixel-data/errors.js';
import type { PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
import type { LosslessDecoder } from './codec-package-types.js';
import { checkComplete, readJpegHeader } from './jpeg-header.js';
import { checkCompressed, toCells } from './sample-cells.js';

export type { ImagePixel } from '../dataset/pixel-data/image-pixel.js';
export type { DecodedFrame, EncodedFrame, PixelCodec } from '../dataset/pixel-data/pixel-codec.js';

/**
 * JPEG lossless, process 14 (`1.2.840.10008.1.2.4.57`) and its first-order prediction (`….70`), decompressed. Needs the package
 * `jpeg-lossless-decoder-js`, which is plain JavaScript.
 */
export function jpegLossless(): PixelCodec {
  return {
    name: 'JPEG lossless',
    decodes: ['1.2.840.10008.1.2.4.57', '1.2.840.10008.1.2.4.70'],
    encodes: [],
    async decode(frame, image) {
      const header = readJpegHeader(frame);
      checkCompressed(header, image);
      checkComplete(frame);
      if (header.frameMarker !== 0xc3)
        throw new PixelDataError(
          'unsupported',
          `It is JPEG of the process SOF${header.frameMarker & 15}, not lossless`,
        );
      const Decoder = await loadDecoder();
      const bytes = decompressed(frame, header.precision > 8 ? 2 : 1, Decoder);
      return { bytes: toCells(bytes, header.precision, image), isLossy: false };
    },
    async encode() {
      throw new PixelDataError('unsupported', 'JPEG lossless is not written');
    },
  };
}

function decompressed(frame: Uint8Array, sampleBytes: number, Decoder: LosslessDecoder): Uint8Array {
  try {
    const samples = new Decoder().decode(frame.buffer, frame.byteOffset, frame.byteLength, sampleBytes);
    return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  } catch (error) {
    throw new PixelDataError('invalid-frame', 'the codec gives up on it', { cause: error });
  }
}

async function loadDecoder(): Promise<LosslessDecoder> {
  try {
    return (await import('jpeg-lossless-decoder-js')).Decoder;
  } catch (error) {
    const message = "the package jpeg-lossless-decoder-js can't be loaded: is it installed?";
    throw new PixelDataError('no-codec', message, { cause: error });
  }
}
