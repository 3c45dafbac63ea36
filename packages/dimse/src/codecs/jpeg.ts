/// <reference path="./codec-packages.d.ts" />
/** JPEG with 8 bits by libjpeg-turbo: an adapter to `@cornerstonejs/codec-libjpeg-turbo-8bit`, an optional peer dependency. PS3.5 8.2.1. */
import { PixelDataError } from '../dataset/pixel-data/errors.js';
import type { PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
import { checkComplete, type JpegHeader, readJpegHeader } from './jpeg-header.js';
import { checkCompressed, toCells } from './sample-cells.js';
import { using, type WasmCodecOptions, WasmModule } from './wasm-module.js';

export type { ImagePixel } from '../dataset/pixel-data/image-pixel.js';
export type { DecodedFrame, EncodedFrame, PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
export type { WasmCodecOptions } from './wasm-module.js';

/**
 * JPEG baseline (`1.2.840.10008.1.2.4.50`) and extended (`….51`) with 8 bits, decompressed; frames of 12 bits are `unsupported`. Needs the package
 * `@cornerstonejs/codec-libjpeg-turbo-8bit`.
 *
 * Colour comes out as RGB. Whether colours were turned is told by Adobe's segment in the frame, where there is one, else by Photometric
 * Interpretation.
 */
export function jpeg(options: WasmCodecOptions = {}): PixelCodec {
  const turbo = new WasmModule(packageName, () => import('@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs'), options);
  return {
    name: 'JPEG',
    decodes: ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51'],
    encodes: [],
    async decode(frame, image) {
      const header = readJpegHeader(frame);
      checkCompressed(header, image);
      checkComplete(frame);
      if (header.precision !== 8 || header.frameMarker > 0xc2)
        throw new PixelDataError(
          'unsupported',
          `JPEG with ${header.precision} bits (process SOF${header.frameMarker & 15})`,
        );
      if (header.samplesPerPixel !== 1 && header.samplesPerPixel !== 3)
        throw new PixelDataError('unsupported', `JPEG with ${header.samplesPerPixel} components`);
      const isColour = header.samplesPerPixel === 3;
      const clear = isColour ? withColourSpace(frame, header, image.photometricInterpretation !== 'RGB') : frame;
      return turbo.run(({ JPEGDecoder }) =>
        using(new JPEGDecoder(), (decoder) => {
          decoder.getEncodedBuffer(clear.length).set(clear);
          decoder.decode();
          return {
            bytes: toCells(decoder.getDecodedBuffer(), 8, image),
            photometricInterpretation: isColour ? 'RGB' : image.photometricInterpretation,
            isLossy: true,
          };
        }),
      );
    },
    async encode() {
      throw new PixelDataError('unsupported', 'JPEG is not written');
    },
  };
}

const packageName = '@cornerstonejs/codec-libjpeg-turbo-8bit';

/**
 * Says in the frame itself whether colours were turned: where nothing does, libjpeg guesses by the numbers of the components. JFIF, which has no place
 * in DICOM, would have the last word.
 */
function withColourSpace(frame: Uint8Array, { adobe, jfif }: JpegHeader, isTurned: boolean): Uint8Array {
  if (adobe !== undefined && jfif === undefined) return frame;
  const own = adobe === undefined ? adobeSegment(isTurned) : frame.subarray(adobe.start, adobe.end);
  const first = jfif === undefined ? frame.subarray(2) : frame.subarray(2, jfif.start);
  const second = jfif === undefined ? new Uint8Array(0) : frame.subarray(jfif.end);
  const clear = new Uint8Array(2 + own.length + first.length + second.length);
  clear.set(frame.subarray(0, 2));
  clear.set(own, 2);
  clear.set(first, 2 + own.length);
  clear.set(second, 2 + own.length + first.length);
  return clear;
}

/** APP14 with version 100, no flags, and 1 for YCbCr, 0 for RGB. ITU-T T.872 6.5.3. */
function adobeSegment(isTurned: boolean): Uint8Array {
  return Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, isTurned ? 1 : 0);
}
