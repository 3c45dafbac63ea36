/**
 * The data set of a file, read while it is sent.
 */
import type { DataSetStream } from '@dicomwire/dimse';
import { readFileMeta } from '@dicomwire/dimse/dataset';
import type { BufferPool } from './buffer-pool.js';
import { type FileAccess, readFully } from './file-access.js';
import { withoutPadding } from './storage-path.js';

/** Where in which file a data set lies. */
export interface FileRange {
  readonly path: string;
  /** Offset of the data set, bytes. */
  readonly offset: number;
  /** Length of the data set, bytes. */
  readonly byteLength: number;
}

/** A Part 10 file that nobody has looked at yet. */
export interface UnreadFile {
  readonly path: string;
  /** The transfer syntax that it is said to have. */
  readonly transferSyntaxUid: string;
}

/**
 * A data set that lies in a file. {@link open} before its turn hides the disk behind the wait for the peer; while one buffer is
 * on its way to the peer, the next one is read.
 */
export class FileSource implements DataSetStream {
  readonly reusesBuffers = true;
  readonly #file: FileRange | UnreadFile;
  readonly #access: FileAccess;
  readonly #pool: BufferPool;
  #byteLength = 0;
  #offset = 0;
  #descriptor: number | undefined;
  #position = 0;
  #isBegun = false;
  #ahead: Promise<Piece> | undefined;

  constructor(file: FileRange | UnreadFile, access: FileAccess, pool: BufferPool) {
    this.#file = file;
    this.#access = access;
    this.#pool = pool;
  }

  /** Known once it is open. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /**
   * Opens the file and reads the first piece.
   *
   * @throws the operating system's error; an error when the file is no longer as long as it was, or not encoded as was said.
   */
  async open(): Promise<void> {
    const opened = this.#access.open(this.#file.path);
    const { descriptor, size } = opened instanceof Promise ? await opened : opened;
    this.#descriptor = descriptor;
    if (!('offset' in this.#file)) {
      await this.#findDataSet(this.#file, descriptor, size);
      return;
    }
    const { path, offset, byteLength } = this.#file;
    if (size !== offset + byteLength) throw new Error(`${path} has changed its length since it was looked at`);
    this.#offset = offset;
    this.#byteLength = byteLength;
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

  /** The first piece has the file meta information, and as much of the data set as there is room for. */
  async #findDataSet({ path, transferSyntaxUid }: UnreadFile, descriptor: number, size: number): Promise<void> {
    const piece = await readPiece(descriptor, this.#pool, Math.min(this.#pool.bufferBytes, size), 0, path);
    this.#ahead = Promise.resolve(piece);
    const read = readFileMeta(piece.data, { isComplete: piece.data.length === size });
    if (read === undefined) throw new Error(`${path} is no DICOM file`);
    if (withoutPadding(read.meta.transferSyntaxUid) !== transferSyntaxUid) {
      throw new Error(`${path} is encoded in another transfer syntax than was said`);
    }
    this.#offset = read.dataSetOffset;
    this.#byteLength = size - read.dataSetOffset;
    this.#position = piece.data.length - read.dataSetOffset;
    this.#ahead = Promise.resolve({ ...piece, data: piece.data.subarray(read.dataSetOffset) });
  }

  #readAhead(): void {
    const descriptor = this.#descriptor;
    const wanted = Math.min(this.#pool.bufferBytes, this.#byteLength - this.#position);
    if (wanted === 0 || descriptor === undefined) {
      this.#ahead = undefined;
      return;
    }
    const position = this.#offset + this.#position;
    this.#position += wanted;
    this.#ahead = readPiece(descriptor, this.#pool, wanted, position, this.#file.path);
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
