/**
 * Buffers of one size that are used again.
 */

/** Keeps buffers that were given back for the next who asks. How many there are is up to those who hold them. */
export class BufferPool {
  readonly #free: Uint8Array[] = [];

  constructor(
    /** Length of each buffer, bytes. */
    readonly bufferBytes: number,
  ) {}

  take(): Uint8Array {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.bufferBytes);
  }

  giveBack(buffer: Uint8Array): void {
    this.#free.push(buffer);
  }
}
