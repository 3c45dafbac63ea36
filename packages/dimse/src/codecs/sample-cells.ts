/** Samples as decoders give them, in the cells that the image has for them; and the other way round. PS3.5 8.1.1. */
import { PixelDataError } from '../dataset/pixel-data/errors.js';
import { frameByteLength, type ImagePixel } from '../dataset/pixel-data/image-pixel.js';

/** What a compressed frame says of its samples. */
export interface CompressedSamples {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Bits of a sample. */
  readonly precision: number;
}

/**
 * Compares what a frame says with what the data set says: before memory is spent on it.
 *
 * @throws PixelDataError `invalid-frame` when it is another image.
 */
export function checkCompressed(frame: CompressedSamples, image: ImagePixel): void {
  const { rows, columns, samplesPerPixel, precision } = frame;
  if (rows !== image.rows || columns !== image.columns || samplesPerPixel !== image.samplesPerPixel) {
    const [is, should] = [frame, image].map((one) => `${one.columns} x ${one.rows} x ${one.samplesPerPixel}`);
    throw new PixelDataError('invalid-frame', `it is ${is} in place of ${should}`);
  }
  if (precision > image.bitsAllocated)
    throw new PixelDataError('invalid-frame', `it has ${precision} bits in place of ${image.bitsAllocated}`);
}

/**
 * Copies samples of 8 or 16 bits, little endian, into cells of Bits Allocated bits.
 *
 * @param samples - as many as the image has, in bytes for a precision of up to 8, else in two.
 * @throws PixelDataError `invalid-frame` when there are fewer, `unsupported` for other cells.
 */
export function toCells(samples: Uint8Array, precision: number, image: ImagePixel): Uint8Array {
  const { bitsAllocated, isSigned } = image;
  const from = precision > 8 ? 2 : 1;
  const to = bitsAllocated / 8;
  if (to !== 1 && to !== 2 && to !== 4) throw new PixelDataError('unsupported', `Samples of ${bitsAllocated} bits`);
  const byteLength = frameByteLength(image);
  const count = byteLength / to;
  if (samples.length < count * from)
    throw new PixelDataError('invalid-frame', `it gives ${samples.length} bytes in place of ${count * from}`);
  const isExtended = isSigned && precision < bitsAllocated;
  if (from === to && !isExtended) return new Uint8Array(samples.subarray(0, byteLength));
  const read = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  const write = new DataView(new ArrayBuffer(byteLength));
  const unused = 32 - precision;
  for (let index = 0; index < count; index++) {
    const sample = from === 1 ? read.getUint8(index) : read.getUint16(2 * index, true);
    const value = isExtended ? (sample << unused) >> unused : sample;
    if (to === 1) write.setUint8(index, value);
    else if (to === 2) write.setUint16(2 * index, value, true);
    else write.setUint32(4 * index, value, true);
  }
  return new Uint8Array(write.buffer);
}

/**
 * Samples for an encoder: of the bits that count, in bytes for up to 8 of them, else in two.
 *
 * @throws PixelDataError `unsupported`.
 */
export function fromCells(frame: Uint8Array, image: ImagePixel): Uint8Array {
  const { bitsAllocated, bitsStored, highBit, isSigned } = image;
  const from = bitsAllocated / 8;
  const to = bitsStored > 8 ? 2 : 1;
  if ((from !== 1 && from !== 2) || image.isFloat)
    throw new PixelDataError('unsupported', `Samples of ${bitsAllocated} bits can't be compressed so`);
  const below = highBit - bitsStored + 1;
  if (from === to && bitsStored === bitsAllocated) return frame;
  const count = frameByteLength(image) / from;
  const read = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const write = new DataView(new ArrayBuffer(count * to));
  const unused = 32 - bitsStored;
  for (let index = 0; index < count; index++) {
    const cell = (from === 1 ? read.getUint8(index) : read.getUint16(2 * index, true)) >>> below;
    const value = isSigned ? (cell << unused) >> unused : (cell << unused) >>> unused;
    if (to === 1) write.setUint8(index, value);
    else write.setUint16(2 * index, value, true);
  }
  return new Uint8Array(write.buffer);
}
