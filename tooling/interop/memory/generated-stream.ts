/** An object of any length that is made while it is sent, and told again from what was stored. */
import { createReadStream } from 'node:fs';

/** Multi-frame Secondary Capture; any SOP class would do. */
export const STREAM_SOP_CLASS = '1.2.840.10008.5.1.4.1.1.7.4';
/** JPEG baseline: encapsulated, so that a data set may be longer than a 32-bit length can say. */
export const STREAM_TRANSFER_SYNTAX = '1.2.840.10008.1.2.4.50';

const FRAGMENT_BYTES = 1 << 20;

/** Length of the data set with so many fragments of 1 MiB. */
export function streamByteLength(sopInstanceUid: string, fragments: number): number {
  return opening(sopInstanceUid).length + fragments * (8 + FRAGMENT_BYTES) + CLOSING.length;
}

/** The data set in chunks; each fragment is told apart by its number. One buffer is used for all. */
export function* streamChunks(sopInstanceUid: string, fragments: number): Generator<Buffer> {
  yield opening(sopInstanceUid);
  const chunk = firstFragment();
  for (let number = 0; number < fragments; number++) {
    mark(chunk, number);
    yield chunk;
  }
  yield CLOSING;
}

/**
 * Compares a stored data set with what was generated, without holding more than a chunk of it.
 *
 * @returns what differs, or `undefined`.
 */
export async function whatDiffers(
  path: string,
  dataSetOffset: number,
  sopInstanceUid: string,
  fragments: number,
): Promise<string | undefined> {
  const expected = streamChunks(sopInstanceUid, fragments);
  let piece: Buffer = Buffer.alloc(0);
  let offset = dataSetOffset;
  for await (const chunk of createReadStream(path, { start: dataSetOffset, highWaterMark: FRAGMENT_BYTES })) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a read stream without encoding yields buffers');
    let at = 0;
    while (at < chunk.length) {
      if (piece.length === 0) piece = expected.next().value ?? Buffer.alloc(0);
      if (piece.length === 0) return `longer than sent, from offset ${offset}`;
      const length = Math.min(piece.length, chunk.length - at);
      if (piece.compare(chunk, at, at + length, 0, length) !== 0) return `other bytes than sent, near offset ${offset}`;
      piece = piece.subarray(length);
      at += length;
      offset += length;
    }
  }
  return piece.length > 0 || !expected.next().done ? `shorter than sent: ends at offset ${offset}` : undefined;
}

/** SOP class, SOP instance, patient, study, series; then the pixel data's header and an empty offset table. */
function opening(sopInstanceUid: string): Buffer {
  return Buffer.concat([
    element(0x0008, 0x0016, 'UI', STREAM_SOP_CLASS),
    element(0x0008, 0x0018, 'UI', sopInstanceUid),
    element(0x0010, 0x0020, 'LO', 'LARGE'),
    element(0x0020, 0x000d, 'UI', `${sopInstanceUid}.1`),
    element(0x0020, 0x000e, 'UI', `${sopInstanceUid}.2`),
    Buffer.from('e07f10004f420000ffffffff' + 'feff00e000000000', 'hex'),
  ]);
}

/** Sequence delimitation item. PS3.5 A.4. */
const CLOSING = Buffer.from('feffdde000000000', 'hex');

function element(group: number, number: number, vr: string, value: string): Buffer {
  const padded = value.length % 2 === 0 ? value : `${value}${vr === 'UI' ? '\0' : ' '}`;
  const header = Buffer.alloc(8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, 'latin1');
  header.writeUInt16LE(padded.length, 6);
  return Buffer.concat([header, Buffer.from(padded, 'latin1')]);
}

/** Item header and its bytes: every 256-byte line differs from the next, so that shifted data shows. */
function firstFragment(): Buffer {
  const chunk = Buffer.alloc(8 + FRAGMENT_BYTES);
  chunk.writeUInt32LE(0xe000fffe, 0);
  chunk.writeUInt32LE(FRAGMENT_BYTES, 4);
  for (let at = 8; at < chunk.length; at++) chunk[at] = (at * 31 + (at >> 8)) & 0xff;
  return chunk;
}

/** Numbers a fragment at its beginning and its end. */
function mark(chunk: Buffer, number: number): void {
  chunk.writeUInt32LE(number, 8);
  chunk.writeUInt32LE(number, chunk.length - 4);
}
