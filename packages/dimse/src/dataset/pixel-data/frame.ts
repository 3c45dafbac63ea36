/** One frame of pixel data, as views of the bytes in which it stands. */

/** A frame. Its bytes are views of what the data set was parsed from; do not change them. */
export class PixelDataFrame {
  /** Number of the frame, from 0. */
  readonly index: number;
  /** What it is made of, in order: one piece for native pixel data, as many as there are fragments otherwise. */
  readonly fragments: readonly Uint8Array[];
  /** Bits of the first byte that belong to the frame before: frames of one bit a pixel follow each other without a gap. PS3.5 8.1.1. */
  readonly bitOffset: number;
  #joined: Uint8Array | undefined;

  constructor(index: number, fragments: readonly Uint8Array[], bitOffset = 0) {
    this.index = index;
    this.fragments = fragments;
    this.bitOffset = bitOffset;
  }

  /** How many bytes it has. */
  get byteLength(): number {
    return this.fragments.reduce((length, { byteLength }) => length + byteLength, 0);
  }

  /** The whole: a view, or a copy when there are several fragments. */
  get bytes(): Uint8Array {
    const [first = new Uint8Array(0)] = this.fragments;
    if (this.fragments.length <= 1) return first;
    this.#joined ??= join(this.fragments, this.byteLength);
    return this.#joined;
  }
}

function join(pieces: readonly Uint8Array[], byteLength: number): Uint8Array {
  const joined = new Uint8Array(byteLength);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
