/// <reference path="./codec-packages.d.ts" />
/** JPEG-LS by CharLS: an adapter to `@cornerstonejs/codec-charls`, an optional peer dependency. PS3.5 8.2.3. */
import type { PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
import { pixelByPixel } from '../dataset/pixel-data/sample-order.js';
import { checkComplete, readJpegHeader } from './jpeg-header.js';
import { checkCompressed, fromCells, toCells } from './sample-cells.js';
import { using, type WasmCodecOptions, WasmModule } from './wasm-module.js';

export type { ImagePixel } from '../dataset/pixel-data/image-pixel.js';
export type { DecodedFrame, EncodedFrame, PixelCodec } from '../dataset/pixel-data/pixel-codec.js';
export type { WasmCodecOptions } from './wasm-module.js';

/** How JPEG-LS is compressed. */
export interface JpegLsOptions extends WasmCodecOptions {
  /** By how much a sample may differ afterwards, in the near-lossless transfer syntax. Default: 2. */
  readonly nearLossless?: number | undefined;
}

/**
 * JPEG-LS, lossless (`1.2.840.10008.1.2.4.80`) and near-lossless (`….81`), both ways. Needs the package `@cornerstonejs/codec-charls`.
 *
 * @example
 * ```ts no-run
 * import { type DataSet, TransferSyntax, transcode } from '@dicomwire/dimse/dataset';
 * import { jpegLs } from '@dicomwire/dimse/codecs/jpeg-ls';
 *
 * const codecs = [jpegLs()];
 * export const decompressed = (dataSet: DataSet) =>
 *   transcode(dataSet, TransferSyntax.JPEGLSLossless, TransferSyntax.ExplicitVRLittleEndian, { codecs });
 * ```
 */
export function jpegLs(options: JpegLsOptions = {}): PixelCodec {
  const { nearLossless = 2 } = options;
  const charls = new WasmModule(packageName, () => import('@cornerstonejs/codec-charls/wasmjs'), options);
  return {
    name: 'JPEG-LS',
    decodes: [losslessUid, nearLosslessUid],
    encodes: [losslessUid, nearLosslessUid],
    async decode(frame, image) {
      const header = readJpegHeader(frame);
      checkCompressed(header, image);
      checkComplete(frame);
      return charls.run(({ JpegLSDecoder }) =>
        using(new JpegLSDecoder(), (decoder) => {
          // CharLS never comes back from a frame that is cut off or damaged near its end, unless it meets an end of image.
          const encoded = decoder.getEncodedBuffer(frame.length + endOfImage.length);
          encoded.set(frame);
          encoded.set(endOfImage, frame.length);
          decoder.decode();
          const bytes = toCells(decoder.getDecodedBuffer(), header.precision, image);
          // Without interleaving, each plane is a scan of its own.
          const planarConfiguration = decoder.getInterleaveMode() === 0 ? 1 : 0;
          return {
            bytes: pixelByPixel(bytes, { ...image, planarConfiguration }),
            isLossy: decoder.getNearLossless() > 0,
          };
        }),
      );
    },
    async encode(frame, image, transferSyntaxUid) {
      const samples = fromCells(frame, image);
      const difference = transferSyntaxUid === nearLosslessUid ? nearLossless : 0;
      return charls.run(({ JpegLSEncoder }) =>
        using(new JpegLSEncoder(), (encoder) => {
          const { rows: height, columns: width, samplesPerPixel: componentCount, bitsStored } = image;
          // JPEG-LS has no samples of one bit. ITU-T T.87 Table C.1.
          const bitsPerSample = Math.max(bitsStored, 2);
          const mask = (1 << bitsStored) - 1;
          encoder
            .getDecodedBuffer({ width, height, bitsPerSample, componentCount })
            .set(masked(samples, bitsStored, mask));
          encoder.setNearLossless(difference);
          encoder.setInterleaveMode(componentCount > 1 ? 2 : 0);
          encoder.encode();
          return { bytes: new Uint8Array(encoder.getEncodedBuffer()), isLossy: difference > 0 };
        }),
      );
    },
  };
}

const packageName = '@cornerstonejs/codec-charls';
const endOfImage = Uint8Array.of(0xff, 0xd9);
const losslessUid = '1.2.840.10008.1.2.4.80';
const nearLosslessUid = '1.2.840.10008.1.2.4.81';

/** JPEG-LS knows no signs: a sample is the bits that count, and nothing above them. */
function masked(samples: Uint8Array, bitsStored: number, mask: number): Uint8Array {
  if (bitsStored === 8 || bitsStored === 16) return samples;
  if (bitsStored < 8) return samples.map((sample) => sample & mask);
  const highMask = mask >>> 8;
  return samples.map((byte, index) => (index % 2 === 1 ? byte & highMask : byte));
}
