/**
 * Looks at one file.
 */
import type { FileAccess, OpenFile } from './file-access.js';
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
  | Extract<HeadReading, { kind: 'none' | 'dicomdir' }>;

/** Looks at files, and keeps small ones until they are sent, so that they are read once. */
export class FileScanner {
  readonly #access: FileAccess;
  #retainedBytes = 0;
  /** Buffers that no scan uses now. */
  readonly #buffers: Uint8Array[] = [];

  constructor(access: FileAccess) {
    this.#access = access;
  }

  /**
   * Opens a file, reads its head, and closes it.
   *
   * @throws the operating system's error.
   */
  async scan(path: string): Promise<FileScan> {
    const pause = this.#access.pause();
    if (pause !== undefined) await pause;
    const opened = this.#access.open(path);
    const file = opened instanceof Promise ? await opened : opened;
    try {
      return await this.#scanOpen(path, file);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return { kind: 'directory' };
      throw error;
    } finally {
      this.#access.close(file.descriptor);
    }
  }

  async #scanOpen(path: string, file: OpenFile): Promise<FileScan> {
    const buffer = this.#buffers.pop() ?? Buffer.allocUnsafeSlow(headBytes);
    try {
      const scan = await this.#scanHead(path, file, buffer);
      if (scan !== undefined) return scan;
    } finally {
      this.#buffers.push(buffer);
    }
    // Seldom: long texts, or private information of the file's maker, before the SOP instance UID.
    const larger = Buffer.allocUnsafe(Math.min(maximumHeadBytes, file.size));
    const scan = await this.#scanHead(path, file, larger);
    return scan ?? { kind: 'none', reason: 'not-dicom', problem: 'No SOP Instance UID (0008,0018) where it should be' };
  }

  /** @returns undefined when the buffer is too small to tell. */
  async #scanHead(path: string, file: OpenFile, buffer: Uint8Array): Promise<FileScan | undefined> {
    const into = file.size < buffer.length ? buffer.subarray(0, file.size) : buffer;
    const read = this.#access.read(file.descriptor, into, 0);
    const got = typeof read === 'number' ? read : await read;
    const isWhole = got < buffer.length || got >= file.size;
    const reading = readHead(buffer.subarray(0, got), isWhole);
    if (reading.kind === 'more') return undefined;
    if (reading.kind !== 'instance') return reading;
    const { head } = reading;
    const byteLength = (isWhole ? got : file.size) - head.dataSetOffset;
    const data = isWhole ? this.#retain(buffer.subarray(head.dataSetOffset, got)) : undefined;
    const content = data ?? { kind: 'file', range: { path, offset: head.dataSetOffset, byteLength } };
    return { kind: 'instance', head, byteLength, content };
  }

  /** A copy of the data set, unless too much is kept already. */
  #retain(dataSet: Uint8Array): ObjectContent | undefined {
    const { length } = dataSet;
    if (this.#retainedBytes + length > maximumRetainedBytes) return undefined;
    this.#retainedBytes += length;
    let isReleased = false;
    const release = () => {
      if (!isReleased) this.#retainedBytes -= length;
      isReleased = true;
    };
    return { kind: 'bytes', data: Buffer.from(dataSet), release };
  }
}

/** One read takes small files whole and the heads of nearly all others. */
const headBytes = 16 * 1024;
const maximumHeadBytes = 1024 * 1024;

const maximumRetainedBytes = 32 * 1024 * 1024;
