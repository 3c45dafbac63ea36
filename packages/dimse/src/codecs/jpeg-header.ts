/** Headers of the JPEG family: what a frame says of itself before it is decompressed. ITU-T T.81 B.2, T.87 C.2. */
import { PixelDataError } from '../dataset/pixel-data/errors.js';
import type { CompressedSamples } from './sample-cells.js';

/** What stands in it. */
export interface JpegHeader extends CompressedSamples {
  /** Second byte of the marker of the frame header: 0xC0 baseline, 0xC3 lossless, 0xF7 JPEG-LS. */
  readonly frameMarker: number;
  /** Where Adobe's segment is: from its marker to the byte after it. Its last byte tells whether colours were turned. */
  readonly adobe: { readonly start: number; readonly end: number } | undefined;
  /** Where JFIF's segment is. It says that colours were turned. */
  readonly jfif: { readonly start: number; readonly end: number } | undefined;
}

/**
 * Reads the segments up to the frame header.
 *
 * @throws PixelDataError `invalid-frame`.
 */
export function readJpegHeader(frame: Uint8Array): JpegHeader {
  if (frame[0] !== 0xff || frame[1] !== 0xd8)
    throw new PixelDataError('invalid-frame', 'it does not begin as JPEG does');
  let adobe: JpegHeader['adobe'];
  let jfif: JpegHeader['jfif'];
  let at = 2;
  while (at + 4 <= frame.length) {
    const marker = frame[at + 1]!;
    // Any number of filling bytes may stand before a marker.
    if (frame[at] !== 0xff) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + ((frame[at + 2]! << 8) | frame[at + 3]!);
    if (isFrameHeader(marker)) return { ...frameHeader(frame, at, marker), adobe, jfif };
    if (marker === 0xee && startsWith(frame, at + 4, 'Adobe')) adobe = { start: at, end };
    if (marker === 0xe0 && startsWith(frame, at + 4, 'JFIF')) jfif = { start: at, end };
    at = Math.max(end, at + 4);
  }
  throw new PixelDataError('invalid-frame', 'it has no frame header');
}

/**
 * Looks for the end of image, which all of the family have, and which compressed samples never look like. Decoders make something up for what is
 * missing, which would be another image.
 *
 * @throws PixelDataError `invalid-frame` for a frame that is cut off.
 */
export function checkComplete(frame: Uint8Array): void {
  for (let at = frame.lastIndexOf(0xd9); at > 0; at = frame.lastIndexOf(0xd9, at - 1))
    if (frame[at - 1] === 0xff) return;
  throw new PixelDataError('invalid-frame', 'it is cut off: it has no end of image');
}

/** SOF0 to SOF15 without the markers of tables among them, and SOF55 of JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  return marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);
}

function frameHeader(frame: Uint8Array, at: number, frameMarker: number) {
  if (at + 10 > frame.length) throw new PixelDataError('invalid-frame', 'its frame header is cut off');
  const view = new DataView(frame.buffer, frame.byteOffset + at, 10);
  return {
    frameMarker,
    precision: view.getUint8(4),
    rows: view.getUint16(5),
    columns: view.getUint16(7),
    samplesPerPixel: view.getUint8(9),
  };
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}
