/** Bytes that are appended to, in memory that doubles as they grow. */
export class GrowingBytes {
  /** Bytes in use. */
  length = 0;
  private buffer = new Uint8Array(0);

  /** The bytes in use, valid until the next change. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** The bytes in use, in an array of just their size. */
  copy(): Uint8Array {
    return this.length === this.buffer.length ? this.buffer : this.buffer.slice(0, this.length);
  }

  append(bytes: Uint8Array): void {
    const needed = this.length + bytes.length;
    // The first bytes are often the only ones: they get an array of just their size.
    if (this.buffer.length === 0) this.buffer = new Uint8Array(needed);
    else if (needed > this.buffer.length) this.grow(needed);
    this.buffer.set(bytes, this.length);
    this.length = needed;
  }

  /** Replaces all by `bytes`, which may be a view of what was there. */
  set(bytes: Uint8Array): void {
    if (bytes.buffer === this.buffer.buffer) {
      this.buffer.copyWithin(0, bytes.byteOffset, bytes.byteOffset + bytes.length);
      this.length = bytes.length;
      return;
    }
    this.length = 0;
    this.append(bytes);
  }

  clear(): void {
    this.length = 0;
  }

  private grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}
