/** Where the bytes of a file come from: memory, a stream, or something that can be read at any place. */

/** Bytes that can be read at any place: an open file, a blob, the body of range requests. */
export interface RandomAccessSource {
  /** Length of the whole, bytes. */
  readonly byteLength: number;
  /**
   * Reads.
   *
   * @param offset - where.
   * @param byteLength - how many bytes at most.
   * @returns the bytes; fewer than asked for only at the end, none beyond it.
   */
  read(offset: number, byteLength: number): Promise<Uint8Array> | Uint8Array;
}

/**
 * The bytes of a file: in memory, in a `Blob` (a `File` of an `input` element is one), in a stream of chunks cut anywhere, or in something that
 * can be read at any place.
 */
export type Part10Source =
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | RandomAccessSource;

/** Chunks one after the other, and the passing over of bytes that nobody wants. */
export interface ChunkReader {
  /** The next chunk; `undefined` at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Passes over bytes; gives how many there were. */
  skip(byteCount: number): Promise<number>;
  /** Length of the whole, if it is known. */
  readonly byteLength: number | undefined;
  /** Says that no more is wanted. */
  close(): Promise<void>;
}

/** A reader of any source but memory. */
export function chunkReader(source: Exclude<Part10Source, Uint8Array>): ChunkReader {
  if (isBlob(source)) return new PlaceReader(blobSource(source));
  if (isRandomAccess(source)) return new PlaceReader(source);
  if (isReadableStream(source)) return new StreamReader(streamChunks(source));
  if (Symbol.asyncIterator in source) return new StreamReader(source[Symbol.asyncIterator]());
  return new StreamReader(source[Symbol.iterator]());
}

/** Bytes that are read at a time. */
const chunkBytes = 0x1_0000;

class PlaceReader implements ChunkReader {
  readonly byteLength: number;
  private readonly source: RandomAccessSource;
  private position = 0;

  constructor(source: RandomAccessSource) {
    this.source = source;
    this.byteLength = source.byteLength;
  }

  async next(): Promise<Uint8Array | undefined> {
    if (this.position >= this.byteLength) return undefined;
    const bytes = await this.source.read(this.position, Math.min(chunkBytes, this.byteLength - this.position));
    this.position += bytes.length;
    return bytes.length === 0 ? undefined : bytes;
  }

  async skip(byteCount: number): Promise<number> {
    const skipped = Math.min(byteCount, this.byteLength - this.position);
    this.position += skipped;
    return skipped;
  }

  async close(): Promise<void> {}
}

class StreamReader implements ChunkReader {
  readonly byteLength = undefined;
  private readonly chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  private rest: Uint8Array | undefined;

  constructor(chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>) {
    this.chunks = chunks;
  }

  async next(): Promise<Uint8Array | undefined> {
    const { rest } = this;
    this.rest = undefined;
    if (rest !== undefined) return rest;
    for (;;) {
      const next = await this.chunks.next();
      if (next.done === true) return undefined;
      if (next.value.length > 0) return next.value;
    }
  }

  async skip(byteCount: number): Promise<number> {
    let skipped = 0;
    while (skipped < byteCount) {
      const chunk = await this.next();
      if (chunk === undefined) break;
      const taken = Math.min(chunk.length, byteCount - skipped);
      if (taken < chunk.length) this.rest = chunk.subarray(taken);
      skipped += taken;
    }
    return skipped;
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}

/** Not every browser lets a stream be iterated. */
async function* streamChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let isAtEnd = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isAtEnd = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!isAtEnd) await reader.cancel();
    reader.releaseLock();
  }
}

function blobSource(blob: Blob): RandomAccessSource {
  return {
    byteLength: blob.size,
    read: async (offset, byteLength) => new Uint8Array(await blob.slice(offset, offset + byteLength).arrayBuffer()),
  };
}

function isBlob(source: Exclude<Part10Source, Uint8Array>): source is Blob {
  return typeof Blob === 'function' && source instanceof Blob;
}

function isRandomAccess(source: Exclude<Part10Source, Uint8Array>): source is RandomAccessSource {
  return 'read' in source && 'byteLength' in source;
}

function isReadableStream(source: Exclude<Part10Source, Uint8Array>): source is ReadableStream<Uint8Array> {
  return 'getReader' in source;
}
