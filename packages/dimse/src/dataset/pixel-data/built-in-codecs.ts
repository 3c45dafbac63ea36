/** Codecs that are part of this package: small, and nothing else is needed for them. */
import { inflateSync } from 'fflate';
import { PixelDataError } from './errors.js';
import { frameByteLength } from './image-pixel.js';
import type { PixelCodec } from './pixel-codec.js';
import { decodeRle } from './rle-decode.js';
import { encodeRle } from './rle-encode.js';
import { pixelByPixel } from './sample-order.js';

/** RLE Lossless, `1.2.840.10008.1.2.5`. PS3.5 Annex G. */
export const rleLossless: PixelCodec = {
  name: 'RLE Lossless',
  decodes: ['1.2.840.10008.1.2.5'],
  encodes: ['1.2.840.10008.1.2.5'],
  decode: (frame, image) => ({ bytes: decodeRle(frame, image), isLossy: false }),
  encode: (frame, image) => ({ bytes: encodeRle(frame, image), isLossy: false }),
};

/** Frames in fragments that aren't compressed, `1.2.840.10008.1.2.1.98`. PS3.5 A.4.11. */
export const encapsulatedUncompressed: PixelCodec = {
  name: 'Encapsulated Uncompressed',
  decodes: ['1.2.840.10008.1.2.1.98'],
  encodes: ['1.2.840.10008.1.2.1.98'],
  decode: (frame, image) => ({ bytes: pixelByPixel(frame, image), isLossy: false }),
  encode: (frame) => ({ bytes: frame, isLossy: false }),
};

/** Deflated Image Frame Compression, `1.2.840.10008.1.2.8.1`, which suits segmentations of one bit a pixel. PS3.5 A.4.13. */
export const deflatedImageFrame: PixelCodec = {
  name: 'Deflated Image Frame',
  decodes: ['1.2.840.10008.1.2.8.1'],
  encodes: [],
  decode(frame, image) {
    const byteLength = frameByteLength(image);
    // Deflate gains 1032 times at most: what can't be enough is known before memory is spent on it.
    if (frame.length * 1032 < byteLength)
      throw new PixelDataError('invalid-frame', `${frame.length} deflated bytes can't hold ${byteLength}`);
    // One byte more than is expected tells too long from right; memory stays bounded by what the attributes say.
    const room = new Uint8Array(byteLength + 1);
    return { bytes: pixelByPixel(inflateSync(frame, { out: room }), image), isLossy: false };
  },
  encode() {
    throw new PixelDataError('unsupported', 'Deflated Image Frame Compression is not written');
  },
};

/** All of them. */
export const builtInCodecs: readonly PixelCodec[] = [rleLossless, encapsulatedUncompressed, deflatedImageFrame];
