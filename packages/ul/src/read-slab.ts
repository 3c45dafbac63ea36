/**
 * Where a socket of ours reads into: `onread` of `node:net`, which spares each chunk its way through a readable stream.
 *
 * Chunks are laid one behind the other and never written over, so that whoever keeps one, against the rules, keeps what it was.
 */

/** The room of one socket. */
export class ReadSlab {
  #slab = roomOf(firstBytes);
  #at = 0;
  #take: (chunk: Uint8Array) => void = () => {};

  /** For `net.connect`: asked for room before each read, told of each chunk. */
  readonly onread = {
    buffer: (): Uint8Array => this.#room(),
    callback: (byteLength: number): boolean => {
      const from = this.#at;
      this.#at += byteLength;
      this.#take(new Uint8Array(this.#slab.buffer, from, byteLength));
      return true;
    },
  };

  /** Sets who gets the chunks. */
  to(take: (chunk: Uint8Array) => void): void {
    this.#take = take;
  }

  #room(): Uint8Array {
    const left = this.#slab.length - this.#at;
    // A read that filled what there was has more behind it.
    if (left === 0) this.#renew(largestBytes);
    else if (left < leastBytes) this.#renew(this.#slab.length);
    return this.#at === 0 ? this.#slab : new Uint8Array(this.#slab.buffer, this.#at);
  }

  #renew(byteLength: number): void {
    this.#slab = roomOf(byteLength);
    this.#at = 0;
  }
}

/** Not zeroed; and no `Buffer`, whose views cost some ten calls each. */
function roomOf(byteLength: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(byteLength).buffer);
}

/** Many short PDUs. */
const firstBytes = 16 * 1024;

/** As much as Node reads at once by itself. */
const largestBytes = 64 * 1024;

/** Less than this is no room to read into. */
const leastBytes = 4 * 1024;
