/** RLE Lossless: samples to bytes of a frame. PS3.5 Annex G. */
import { PixelDataError } from './errors.js';
import type { ImagePixel } from './image-pixel.js';
import { rleHeaderBytes } from './rle-decode.js';

/** As many as the header has room for. PS3.5 G.5. */
const maximumSegments = 15;

/**
 * Compresses a frame whose samples stand pixel by pixel.
 *
 * @throws PixelDataError `unsupported`.
 */
export function encodeRle(frame: Uint8Array, image: ImagePixel): Uint8Array {
  const { rows, columns, samplesPerPixel, bitsAllocated } = image;
  const sampleBytes = bitsAllocated / 8;
  const count = samplesPerPixel * sampleBytes;
  if (bitsAllocated % 8 !== 0 || count > maximumSegments)
    throw new PixelDataError(
      'unsupported',
      `RLE Lossless has no pixels of ${samplesPerPixel} samples of ${bitsAllocated} bits`,
    );
  const header = new DataView(new ArrayBuffer(rleHeaderBytes));
  header.setUint32(0, count, true);
  const segments: Uint8Array[] = [];
  let position = rleHeaderBytes;
  // The worst case: a byte more for each 128, and the byte that makes the length even.
  const room = new Uint8Array(rows * (columns + Math.ceil(columns / 128)) + 1);
  const line = new Uint8Array(columns);
  for (let index = 0; index < count; index++) {
    const sample = Math.floor(index / sampleBytes);
    const byte = sampleBytes - 1 - (index % sampleBytes);
    const segment = pack(frame, sample * sampleBytes + byte, count, rows, line, room);
    header.setUint32(4 + 4 * index, position, true);
    position += segment.length;
    segments.push(segment);
  }
  const encoded = new Uint8Array(position);
  encoded.set(new Uint8Array(header.buffer));
  let at = rleHeaderBytes;
  for (const segment of segments) {
    encoded.set(segment, at);
    at += segment.length;
  }
  return encoded;
}

/** Packs every `step`th byte, each row by itself (PS3.5 G.3.1), to an even length. */
function pack(
  frame: Uint8Array,
  first: number,
  step: number,
  rows: number,
  line: Uint8Array,
  room: Uint8Array,
): Uint8Array {
  let length = 0;
  let from = first;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < line.length; column++, from += step) line[column] = frame[from]!;
    length = packLine(line, room, length);
  }
  if (length % 2 === 1) room[length++] = 0;
  return room.slice(0, length);
}

/** @returns where the room goes on. */
function packLine(line: Uint8Array, room: Uint8Array, start: number): number {
  const { length } = line;
  let to = start;
  let at = 0;
  while (at < length) {
    const run = runAt(line, at);
    if (run > 1) {
      room[to++] = 257 - run;
      room[to++] = line[at]!;
      at += run;
      continue;
    }
    // A run of two among others costs as much as it saves.
    let end = at + 1;
    while (end < length && end - at < 128 && runAt(line, end) < 3) end++;
    room[to++] = end - at - 1;
    for (; at < end; at++) room[to++] = line[at]!;
  }
  return to;
}

/** How many of the same byte follow each other, 128 at most. */
function runAt(line: Uint8Array, at: number): number {
  const value = line[at];
  const end = Math.min(at + 128, line.length);
  let next = at + 1;
  while (next < end && line[next] === value) next++;
  return next - at;
}
