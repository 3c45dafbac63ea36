/**
 * Looks at one file.
 */
import { close } from 'node:fs';
import { openFile, readFully, sizeOf } from './file-source.js';
import type { ObjectContent } from './object-to-send.js';
import { type HeadReading, readHead } from './read-head.js';

/** What a file is. */
export type FileScan =
  | {
      readonly kind: 'instance';
      readonly head: Extract<HeadReading, { kind: 'instance' }>['head'];
      readonly content: ObjectContent;
      readonly byteLength: number;
    }
  | { readonly kind: 'directory' }
  | Extract<HeadReading, { kind: 'none' }>;

/** Counts the bytes of small files that are kept from scanning until they are sent. */
export class Retention {
  #bytes = 0;

  /** Whether a file of that length may be kept. */
  hasRoomFor(byteLength: number): boolean {
    return this.#bytes + byteLength <= maximumRetainedBytes;
  }

  add(byteLength: number): void {
    this.#bytes += byteLength;
  }

  remove(byteLength: number): void {
    this.#bytes -= byteLength;
  }
}

/**
 * Opens a file, reads its head, and closes it. A small file is read whole in that one read, and kept to be sent.
 *
 * @throws the operating system's error.
 */
export async function scanFile(path: string, retention: Retention): Promise<FileScan> {
  const descriptor = await openFile(path);
  try {
    return await scanOpenFile(descriptor, path, retention);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return { kind: 'directory' };
    throw error;
  } finally {
    close(descriptor, () => undefined);
  }
}

async function scanOpenFile(descriptor: number, path: string, retention: Retention): Promise<FileScan> {
  let beginning = Buffer.allocUnsafe(headBytes);
  let got = await readFully(descriptor, beginning, headBytes, 0);
  if (got < headBytes) return scanWholeFile(beginning.subarray(0, got), path, retention);
  for (;;) {
    const isTooLong = beginning.length >= maximumHeadBytes;
    const reading = readHead(beginning.subarray(0, got), isTooLong || got < beginning.length);
    if (reading.kind === 'none') return reading;
    if (reading.kind === 'instance') {
      const { head } = reading;
      const byteLength = (await sizeOf(descriptor)) - head.dataSetOffset;
      const range = { path, offset: head.dataSetOffset, byteLength };
      return { kind: 'instance', head, byteLength, content: { kind: 'file', range } };
    }
    const larger = Buffer.allocUnsafe(beginning.length * headGrowth);
    got = await readFully(descriptor, larger, larger.length, 0);
    beginning = larger;
  }
}

function scanWholeFile(bytes: Uint8Array, path: string, retention: Retention): FileScan {
  const reading = readHead(bytes, true);
  if (reading.kind === 'more') return { kind: 'none', reason: 'not-dicom', problem: 'No DICOM file' };
  if (reading.kind === 'none') return reading;
  const { head } = reading;
  const byteLength = bytes.length - head.dataSetOffset;
  if (!retention.hasRoomFor(bytes.length)) {
    const range = { path, offset: head.dataSetOffset, byteLength };
    return { kind: 'instance', head, byteLength, content: { kind: 'file', range } };
  }
  retention.add(bytes.length);
  // A copy of its own length: the buffer it was read into is larger.
  const data = Uint8Array.prototype.slice.call(bytes, head.dataSetOffset);
  return {
    kind: 'instance',
    head,
    byteLength,
    content: { kind: 'bytes', data, release: () => retention.remove(bytes.length) },
  };
}

/** One read takes small files whole and the heads of nearly all others. */
const headBytes = 16 * 1024;
const headGrowth = 8;
const maximumHeadBytes = headBytes * headGrowth * headGrowth;

const maximumRetainedBytes = 32 * 1024 * 1024;
