/// <reference path="./codec-packages.d.ts" />
/** JPEG 2000 by OpenJPEG: an adapter to `@cornerstonejs/codec-openjpeg`, an optional peer dependency. PS3.5 8.2.4. */
import { PixelDataError } from '../dataset/pixel-data/errors.js';
import type { ImagePixel } from '../dataset/pixel-data/image-pixel.js';
import type { PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
import { checkComplete } from './jpeg-header.js';
import { checkCompressed, fromCells, toCells } from './sample-cells.js';
import { using, type WasmCodecOptions, WasmModule } from './wasm-module.js';

export type { ImagePixel } from '../dataset/pixel-data/image-pixel.js';
export type { DecodedFrame, EncodedFrame, PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
export type { WasmCodecOptions } from './wasm-module.js';

/**
 * JPEG 2000: decompressed from lossless (`1.2.840.10008.1.2.4.90`) and lossy (`….91`), compressed without loss. Needs the package
 * `@cornerstonejs/codec-openjpeg`. Colours that were turned (YBR_RCT, YBR_ICT) come out as RGB, and RGB goes in as YBR_RCT.
 */
export function jpeg2000(options: WasmCodecOptions = {}): PixelCodec {
  const openJpeg = new WasmModule(packageName, () => import('@cornerstonejs/codec-openjpeg/wasmjs'), options);
  return {
    name: 'JPEG 2000',
    decodes: [losslessUid, lossyUid],
    encodes: [losslessUid],
    decode: (frame, image) =>
      openJpeg.run(({ J2KDecoder }) =>
        using(new J2KDecoder(), (decoder) => {
          checkCodestream(frame, image);
          checkComplete(frame);
          decoder.getEncodedBuffer(frame.length).set(frame);
          decoder.decode();
          const { width: columns, height: rows, componentCount, bitsPerSample: precision } = decoder.getFrameInfo();
          checkCompressed({ rows, columns, samplesPerPixel: componentCount, precision }, image);
          return {
            bytes: toCells(decoder.getDecodedBuffer(), precision, image),
            photometricInterpretation: plain(image.photometricInterpretation),
            isLossy: !decoder.getIsReversible(),
          };
        }),
      ),
    async encode(frame, image) {
      const samples = fromCells(frame, image);
      const { rows: height, columns: width, samplesPerPixel: componentCount, bitsStored, isSigned } = image;
      const isColour = componentCount > 1;
      if (isColour && (componentCount !== 3 || image.photometricInterpretation !== 'RGB'))
        throw new PixelDataError(
          'unsupported',
          `${image.photometricInterpretation} is not compressed, of colours RGB alone`,
        );
      return openJpeg.run(({ J2KEncoder }) =>
        using(new J2KEncoder(), (encoder) => {
          encoder.getDecodedBuffer({ width, height, bitsPerSample: bitsStored, componentCount, isSigned }).set(samples);
          encoder.setQuality(true, 0);
          // Each halves the image, of which something has to be left.
          encoder.setDecompositions(Math.min(usualDecompositions, Math.floor(Math.log2(Math.min(width, height)))));
          encoder.encode();
          return {
            bytes: new Uint8Array(encoder.getEncodedBuffer()),
            // OpenJPEG turns the colours of three components.
            photometricInterpretation: isColour ? 'YBR_RCT' : image.photometricInterpretation,
            isLossy: false,
          };
        }),
      );
    },
  };
}

const usualDecompositions = 5;
const packageName = '@cornerstonejs/codec-openjpeg';
const losslessUid = '1.2.840.10008.1.2.4.90';
const lossyUid = '1.2.840.10008.1.2.4.91';

/** Colours are turned back on the way out. */
function plain(photometricInterpretation: string): string {
  return photometricInterpretation === 'YBR_RCT' || photometricInterpretation === 'YBR_ICT'
    ? 'RGB'
    : photometricInterpretation;
}

/** Size of the image as the codestream has it, before memory is spent on it: SIZ follows SOC, in a JP2 file after boxes. ISO 15444-1 A.5.1. */
function checkCodestream(frame: Uint8Array, image: ImagePixel): void {
  const at = codestreamAt(frame);
  if (at === undefined || at + 42 > frame.length)
    throw new PixelDataError('invalid-frame', 'it has no header of a JPEG 2000 codestream');
  const view = new DataView(frame.buffer, frame.byteOffset + at, 42);
  checkCompressed(
    {
      columns: view.getUint32(8) - view.getUint32(16),
      rows: view.getUint32(12) - view.getUint32(20),
      samplesPerPixel: view.getUint16(40),
      precision: 1,
    },
    image,
  );
}

function codestreamAt(frame: Uint8Array): number | undefined {
  const end = Math.min(frame.length, 65_536) - 4;
  for (let at = 0; at <= end; at++) {
    if (frame[at] === 0xff && frame[at + 1] === 0x4f && frame[at + 2] === 0xff && frame[at + 3] === 0x51) return at;
  }
  return undefined;
}
