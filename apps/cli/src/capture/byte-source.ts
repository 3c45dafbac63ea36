/** Bytes that come in chunks, taken in pieces of a known length. */

/** Never holds more than a chunk beside what is asked for. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, without taking them; fewer at the end. */
  async peek(length: number): Promise<Uint8Array> {
    if (this.#rest.length < length) {
      const parts = [this.#rest];
      let held = this.#rest.length;
      while (held < length) {
        const { done, value } = await this.#chunks.next();
        if (done) break;
        parts.push(value);
        held += value.length;
      }
      this.#rest = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    }
    return this.#rest.subarray(0, length);
  }

  /** Takes the next bytes; fewer at the end. They stay as they are. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  /** Passes over bytes without holding them. @returns whether they were there */
  async skip(length: number): Promise<boolean> {
    let left = length;
    while (left > 0) {
      const { length: skipped } = await this.take(Math.min(left, 65_536));
      if (skipped === 0) return false;
      left -= skipped;
    }
    return true;
  }
}
