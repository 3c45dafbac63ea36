import { Duplex } from 'node:stream';

/**
 * One end of an in-memory connection that behaves like a TCP socket: bytes arrive in order and later, a reader that does not read
 * stops the writer, destroying one end closes the other.
 */
export class MemoryTransport extends Duplex {
  /** How often this end has given bytes to the "operating system": a `writev` counts once. */
  writeCount = 0;
  #other: MemoryTransport | undefined;
  #whenRead: (() => void) | undefined;
  #hasEnded = false;

  /** Two ends that are connected to each other. */
  static pair(): [MemoryTransport, MemoryTransport] {
    const a = new MemoryTransport();
    const b = new MemoryTransport();
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  /** Fails the other end as a TCP reset does, and closes this one. */
  reset(): void {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    this.#other?.destroy(error);
    this.destroy();
  }

  /** See `Writable`. */
  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#transmit(chunk, done);
  }

  /** See `Writable`: what was corked arrives as one chunk. */
  override _writev(chunks: { chunk: Uint8Array }[], done: (error?: Error | null) => void): void {
    this.#transmit(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  /** See `Readable`. */
  override _read(): void {
    const whenRead = this.#whenRead;
    this.#whenRead = undefined;
    whenRead?.();
  }

  /** See `Writable`. */
  override _final(done: (error?: Error | null) => void): void {
    this.#sendEnd();
    done();
  }

  /** See `Duplex`. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#sendEnd();
    done(error);
  }

  #transmit(chunk: Uint8Array, done: (error?: Error | null) => void): void {
    this.writeCount++;
    process.nextTick(() => this.#deliver(chunk, 0, done));
  }

  /** In chunks as a socket reads them; one that is not read keeps the rest, and the writer, waiting. */
  #deliver(chunk: Uint8Array, from: number, done: (error?: Error | null) => void): void {
    const other = this.#other;
    if (other === undefined || other.destroyed) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return;
    }
    const end = from + readBytes;
    const goOn = () => {
      if (end < chunk.length) process.nextTick(() => this.#deliver(chunk, end, done));
      else done();
    };
    if (other.push(chunk.subarray(from, end))) goOn();
    else other.#whenRead = goOn;
  }

  #sendEnd(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    process.nextTick(() => {
      if (this.#other !== undefined && !this.#other.destroyed) this.#other.push(null);
    });
  }
}

/** Node reads sockets in chunks of this size. */
const readBytes = 0x10000;
