/** Frames that are not compressed: one after the other, to the bit. PS3.5 8.1. */
import { PixelDataError } from './errors.js';
import { PixelDataFrame } from './frame.js';
import { type ImagePixel, storedFrameBits } from './image-pixel.js';

/** Gives frames by number. */
export interface FrameLayout {
  /** How many frames there are, or should be. */
  readonly count: number;
  /** Number from 0, which is known to be below the count. */
  frame(index: number): PixelDataFrame;
  /** What is odd. */
  readonly warnings: readonly string[];
}

/** Frames of a value field that isn't encapsulated. */
export function nativeFrames(bytes: Uint8Array, image: ImagePixel): FrameLayout {
  const frameBits = storedFrameBits(image);
  const count = image.numberOfFrames ?? 1;
  const byteLength = Math.ceil((frameBits * count) / 8);
  return {
    count,
    warnings: lengthWarnings(bytes.length, byteLength),
    frame(index) {
      const firstBit = index * frameBits;
      const start = Math.floor(firstBit / 8);
      const end = Math.ceil((firstBit + frameBits) / 8);
      if (end <= bytes.length) return new PixelDataFrame(index, [bytes.subarray(start, end)], firstBit % 8);
      const there = Math.max(bytes.length - start, 0);
      throw new PixelDataError('truncated', `Frame ${index} has ${there} of its ${end - start} bytes`);
    },
  };
}

function lengthWarnings(there: number, expected: number): string[] {
  if (there < expected) return [`Pixel data ends ${expected - there} bytes before the last frame does`];
  // One byte makes the length even. PS3.5 8.1.1.
  if (there > expected + (expected % 2)) return [`${there - expected} bytes follow the last frame`];
  return [];
}
