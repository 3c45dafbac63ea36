/** Bytes of native frames brought into the order in which codecs take them, and back into one value field. PS3.5 8.1. */
import { PixelDataError } from './errors.js';
import type { PixelDataFrame } from './frame.js';
import { frameByteLength, type ImagePixel, isSubsampledBy2 } from './image-pixel.js';

/**
 * A native frame as codecs take it: all samples, pixel by pixel, its first bit at the beginning of a byte.
 *
 * @throws PixelDataError `unsupported` when colour channels have fewer samples than there are pixels.
 */
export function orderedFrame(frame: PixelDataFrame, image: ImagePixel): Uint8Array {
  if (
    image.samplesPerPixel === 3 &&
    (isSubsampledBy2(image.photometricInterpretation) || image.photometricInterpretation === 'YBR_PARTIAL_420')
  )
    throw new PixelDataError('unsupported', `Native ${image.photometricInterpretation} is not compressed`);
  if (frame.bitOffset === 0) return pixelByPixel(frame.bytes, image);
  const aligned = new Uint8Array(frameByteLength(image));
  const { bytes, bitOffset } = frame;
  for (let at = 0; at < aligned.length; at++)
    aligned[at] = (bytes[at]! >>> bitOffset) | ((bytes[at + 1] ?? 0) << (8 - bitOffset));
  return aligned;
}

/** Samples plane by plane are brought together pixel by pixel; others, and what is too short, are given back as they are. */
export function pixelByPixel(
  bytes: Uint8Array,
  { samplesPerPixel, planarConfiguration, bitsAllocated, rows, columns }: ImagePixel,
): Uint8Array {
  if (planarConfiguration === 0 || samplesPerPixel === 1 || bitsAllocated % 8 !== 0) return bytes;
  const sampleBytes = bitsAllocated / 8;
  const pixelBytes = sampleBytes * samplesPerPixel;
  const byteLength = rows * columns * pixelBytes;
  if (bytes.length < byteLength) return bytes;
  const ordered = new Uint8Array(byteLength);
  let from = 0;
  for (let sample = 0; sample < samplesPerPixel; sample++) {
    for (let to = sample * sampleBytes; to < byteLength; to += pixelBytes) {
      for (let byte = 0; byte < sampleBytes; byte++) ordered[to + byte] = bytes[from++]!;
    }
  }
  return ordered;
}

/** Puts a frame that begins with a byte where it belongs: frames of one bit a pixel follow each other without a gap. */
export function placeFrame(into: Uint8Array, frame: Uint8Array, firstBit: number, frameBits: number): void {
  const start = Math.floor(firstBit / 8);
  const shift = firstBit % 8;
  const byteLength = Math.ceil(frameBits / 8);
  if (shift === 0 && frameBits % 8 === 0) {
    into.set(frame.subarray(0, byteLength), start);
    return;
  }
  for (let at = 0; at < byteLength; at++) {
    const bits = Math.min(8, frameBits - 8 * at);
    const value = (frame[at]! & (0xff >> (8 - bits))) << shift;
    into[start + at] = into[start + at]! | (value & 0xff);
    if (shift + bits > 8) into[start + at + 1] = value >>> 8;
  }
}
