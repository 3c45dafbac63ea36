/** RLE Lossless: bytes of a frame to samples. PS3.5 Annex G. */
import { PixelDataError } from './errors.js';
import { frameByteLength, type ImagePixel } from './image-pixel.js';

/** Bytes of the header: number of segments, then 15 offsets. PS3.5 G.5. */
export const rleHeaderBytes = 64;

/**
 * Decompresses a frame. Each segment holds one byte of every sample of a plane, the highest first. PS3.5 G.2.
 *
 * @throws PixelDataError `invalid-frame`, `unsupported`.
 */
export function decodeRle(frame: Uint8Array, image: ImagePixel): Uint8Array {
  const { samplesPerPixel, bitsAllocated } = image;
  if (bitsAllocated % 8 !== 0)
    throw new PixelDataError('unsupported', `RLE Lossless has no samples of ${bitsAllocated} bits`);
  const sampleBytes = bitsAllocated / 8;
  const segments = segmentsOf(frame, samplesPerPixel * sampleBytes);
  const byteLength = frameByteLength(image);
  // Two bytes give 128 at most: what can't be enough is known before memory is spent on it.
  if (frame.length * 64 < byteLength) throw damaged(`${frame.length} bytes can't hold ${byteLength}`);
  const samples = new Uint8Array(byteLength);
  const step = samplesPerPixel * sampleBytes;
  for (const [index, segment] of segments.entries()) {
    const sample = Math.floor(index / sampleBytes);
    const byte = sampleBytes - 1 - (index % sampleBytes);
    const missing = unpack(segment, samples, sample * sampleBytes + byte, step);
    if (missing > 0) throw damaged(`segment ${index} ends ${missing} bytes early`);
  }
  return samples;
}

function segmentsOf(frame: Uint8Array, expected: number): Uint8Array[] {
  if (frame.length < rleHeaderBytes) throw damaged(`it has ${frame.length} bytes, its header ${rleHeaderBytes}`);
  const view = new DataView(frame.buffer, frame.byteOffset, rleHeaderBytes);
  const count = view.getUint32(0, true);
  if (count !== expected) throw damaged(`it has ${count} segments in place of ${expected}`);
  const starts = Array.from({ length: count }, (_, index) => view.getUint32(4 + 4 * index, true));
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? frame.length;
    if (start < rleHeaderBytes || start > end || end > frame.length)
      throw damaged(`segment ${index} is from ${start} to ${end}`);
    return frame.subarray(start, end);
  });
}

/**
 * Unpacks a segment into every `step`th byte. What follows the last sample is padding. PS3.5 G.3.2.
 *
 * @returns how many bytes are missing.
 */
function unpack(segment: Uint8Array, into: Uint8Array, first: number, step: number): number {
  const { length } = segment;
  let to = first;
  let from = 0;
  while (to < into.length && from < length) {
    const control = segment[from++]!;
    if (control < 128) {
      for (const end = Math.min(from + control + 1, length); from < end && to < into.length; to += step)
        into[to] = segment[from++]!;
    } else if (control > 128 && from < length) {
      const value = segment[from++]!;
      for (let run = 257 - control; run > 0 && to < into.length; run--, to += step) into[to] = value;
    }
  }
  return to < into.length ? Math.ceil((into.length - to) / step) : 0;
}

function damaged(what: string): PixelDataError {
  return new PixelDataError('invalid-frame', `The RLE frame is damaged: ${what}`);
}
