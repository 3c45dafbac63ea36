/** Samples of native frames as numbers. PS3.5 8.1.1. */
import { PixelDataError } from './errors.js';
import type { PixelDataFrame } from './frame.js';
import { frameByteLength, type ImagePixel, storedFrameBits } from './image-pixel.js';

/** Samples in the order in which they stand. */
export type PixelSamples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * The samples of a frame that isn't compressed, as numbers: bits that don't count (beside Bits Stored) are left out, signs are extended, one bit
 * a pixel becomes a byte of 0 or 1. A view where the bytes are the numbers, else a copy. In the order of the bytes: Planar Configuration
 * and fewer samples for colour channels are as the image says.
 *
 * @param frame - of native pixel data, or bytes that a codec gave.
 * @throws PixelDataError `unsupported` for bits allocated other than 1, 8, 16 and 32 (64 for floating point), `truncated`.
 */
export function pixelSamples(frame: PixelDataFrame | Uint8Array, image: ImagePixel): PixelSamples {
  const { bytes, bitOffset } = 'fragments' in frame ? frame : { bytes: frame, bitOffset: 0 };
  const needed = 'fragments' in frame ? Math.ceil((storedFrameBits(image) + bitOffset) / 8) : frameByteLength(image);
  if (bytes.length < needed)
    throw new PixelDataError('truncated', `The frame has ${bytes.length} of its ${needed} bytes`);
  if (image.bitsAllocated === 1)
    return unpackedBits(bytes, bitOffset, image.rows * image.columns * image.samplesPerPixel);
  return cells(bytes, image);
}

/** The first pixel stands in the lowest bit. PS3.5 8.1.1. */
function unpackedBits(bytes: Uint8Array, bitOffset: number, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const at = bitOffset + index;
    samples[index] = (bytes[at >>> 3]! >>> (at & 7)) & 1;
  }
  return samples;
}

function cells(bytes: Uint8Array, image: ImagePixel): PixelSamples {
  const { bitsAllocated, isSigned, isFloat } = image;
  if (isFloat) return bitsAllocated === 32 ? typed(bytes, Float32Array) : typed(bytes, Float64Array);
  switch (bitsAllocated) {
    case 8:
      return significant(isSigned ? typed(bytes, Int8Array) : bytes, image);
    case 16:
      return significant(isSigned ? typed(bytes, Int16Array) : typed(bytes, Uint16Array), image);
    case 32:
      return significant(isSigned ? typed(bytes, Int32Array) : typed(bytes, Uint32Array), image);
    default:
      throw new PixelDataError('unsupported', `Samples of ${bitsAllocated} bits are not numbers of this platform`);
  }
}

interface TypedArray<Samples> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Samples;
}

/** A view where the platform has the same order of bytes and the first stands where it may. */
function typed<Samples>(bytes: Uint8Array, type: TypedArray<Samples>): Samples {
  const width = type.BYTES_PER_ELEMENT;
  const length = Math.floor(bytes.length / width);
  if (isLittleEndian && bytes.byteOffset % width === 0) return new type(bytes.buffer, bytes.byteOffset, length);
  // Not `slice`, which gives a view when the bytes are a Buffer.
  const copy = new Uint8Array(length * width);
  copy.set(bytes.subarray(0, copy.length));
  if (!isLittleEndian) for (let at = 0; at < copy.length; at += width) copy.subarray(at, at + width).reverse();
  return new type(copy.buffer, 0, length);
}

const isLittleEndian = /* @__PURE__ */ new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Samples of the bits that count. */
function significant<Samples extends Exclude<PixelSamples, Float32Array | Float64Array>>(
  samples: Samples,
  { bitsAllocated, bitsStored, highBit, isSigned }: ImagePixel,
): Samples {
  if (bitsStored === bitsAllocated) return samples;
  const below = highBit - bitsStored + 1;
  const above = 32 - bitsStored;
  return isSigned
    ? mapped(samples, (sample) => ((sample >> below) << above) >> above)
    : mapped(samples, (sample) => ((sample >>> below) << above) >>> above);
}

function mapped<Samples extends Exclude<PixelSamples, Float32Array | Float64Array>>(
  samples: Samples,
  change: (sample: number) => number,
): Samples;
function mapped(samples: Uint16Array, change: (sample: number) => number): Uint16Array {
  return samples.map(change);
}
