/**
 * The data set of a file, read while it is sent.
 */
import type { DataSetStream } from '@dicomwire/dimse';
import type { BufferPool } from './buffer-pool.js';
import { type FileAccess, readFully } from './file-access.js';

/** Where in which file a data set lies. */
export interface FileRange {
  readonly path: string;
  /** Offset of the data set, bytes. */
  readonly offset: number;
  /** Length of the data set, bytes. */
  readonly byteLength: number;
}

/**
 * A data set that lies in a file. {@link open} before its turn hides the disk behind the wait for the peer; while one buffer is
 * on its way to the peer, the next one is read.
 */
export class FileSource implements DataSetStream {
  readonly byteLength: number;
  readonly reusesBuffers = true;
  readonly #range: FileRange;
  readonly #access: FileAccess;
  readonly #pool: BufferPool;
  #descriptor: number | undefined;
  #position = 0;
  #isBegun = false;
  #ahead: Promise<Piece> | undefined;

  constructor(range: FileRange, access: FileAccess, pool: BufferPool) {
    this.#range = range;
    this.#access = access;
    this.#pool = pool;
    this.byteLength = range.byteLength;
  }

  /**
   * Opens the file and reads the first piece.
   *
   * @throws the operating system's error; an error when the file is no longer as long as it was.
   */
  async open(): Promise<void> {
    const { path, offset, byteLength } = this.#range;
    const opened = this.#access.open(path);
    const { descriptor, size } = opened instanceof Promise ? await opened : opened;
    this.#descriptor = descriptor;
    if (size !== offset + byteLength) throw new Error(`${path} has changed its length since it was looked at`);
    this.#readAhead();
    await this.#ahead;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#isBegun = true;
    try {
      while (this.#ahead !== undefined) {
        const piece = await this.#ahead;
        this.#readAhead();
        yield piece.data;
        // Not when the sender leaves early: the buffer may still be on its way then.
        this.#pool.giveBack(piece.buffer);
      }
    } finally {
      await this.#close();
    }
  }

  /** Closes the file of a source whose turn never came; one that was begun closes itself, at its end or when its sender leaves. */
  async release(): Promise<void> {
    if (!this.#isBegun) await this.#close();
  }

  async #close(): Promise<void> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const piece = await ahead?.catch(() => undefined);
    if (piece !== undefined) this.#pool.giveBack(piece.buffer);
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) this.#access.close(descriptor);
  }

  #readAhead(): void {
    const { path, offset, byteLength } = this.#range;
    const descriptor = this.#descriptor;
    const wanted = Math.min(this.#pool.bufferBytes, byteLength - this.#position);
    if (wanted === 0 || descriptor === undefined) {
      this.#ahead = undefined;
      return;
    }
    const position = offset + this.#position;
    this.#position += wanted;
    this.#ahead = readPiece(descriptor, this.#pool, wanted, position, path);
    // Whoever waits for it hears of a failure; one that nobody waits for any more is none.
    this.#ahead.catch(() => undefined);
  }
}

interface Piece {
  readonly buffer: Uint8Array;
  readonly data: Uint8Array;
}

async function readPiece(
  descriptor: number,
  pool: BufferPool,
  wanted: number,
  position: number,
  path: string,
): Promise<Piece> {
  const buffer = pool.take();
  try {
    const got = await readFully(descriptor, buffer, wanted, position);
    if (got < wanted) throw new Error(`${path} became shorter while it was sent`);
    return { buffer, data: buffer.subarray(0, wanted) };
  } catch (error) {
    pool.giveBack(buffer);
    throw error;
  }
}
