import { DimseError } from '../errors.js';
import type { DataSetStream } from './types.js';

/** Chunks of a stream, asynchronous or not; what it throws becomes a {@link DimseError}. */
export class ChunkSource {
  readonly #stream: DataSetStream;
  #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array> | undefined;
  #isDone = false;

  constructor(stream: DataSetStream) {
    this.#stream = stream;
  }

  /** The next chunk; `undefined` after the last one. @throws DimseError `data-set-source`. */
  async next(): Promise<Uint8Array | undefined> {
    try {
      this.#iterator ??= iteratorOf(this.#stream.chunks());
      const result = await this.#iterator.next();
      if (result.done !== true) return result.value;
      this.#isDone = true;
      return undefined;
    } catch (error) {
      this.#isDone = true;
      const reason = error instanceof Error ? error.message : String(error);
      throw new DimseError('data-set-source', `The data set to send failed: ${reason}`, { cause: error });
    }
  }

  /** Lets the source clean up; nobody waits for it, and what it throws changes nothing. */
  close(): void {
    const iterator = this.#iterator;
    if (iterator === undefined || this.#isDone) return;
    this.#isDone = true;
    void (async () => iterator.return?.())().catch(() => undefined);
  }
}

function iteratorOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  return Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
}
