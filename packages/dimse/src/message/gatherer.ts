import { DimseError } from '../errors.js';
import type { DataSetSink } from './types.js';

/** Largest data set that is gathered unless the caller says otherwise, bytes. */
export const DEFAULT_MAXIMUM_BYTES = 64 * 1024 * 1024;

const FIRST_BLOCK_BYTES = 4096;
const LARGEST_BLOCK_BYTES = 4 * 1024 * 1024;

/** Gathers a data set in blocks of growing size, so that no byte is copied more than twice and little room is wasted. */
export class Gatherer implements DataSetSink {
  readonly #maximumBytes: number;
  #total = 0;
  #full: Uint8Array[] = [];
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** @param maximumBytes - Above this, `write` throws. */
  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  /** @throws DimseError `data-set-too-large`. */
  write(data: Uint8Array): undefined {
    if (this.#total + data.byteLength > this.#maximumBytes) {
      this.#full = [];
      this.#block = new Uint8Array(0);
      throw new DimseError('data-set-too-large', `Data set of more than ${this.#maximumBytes} bytes`);
    }
    this.#total += data.byteLength;
    const room = Math.min(data.byteLength, this.#block.byteLength - this.#at);
    this.#block.set(room === data.byteLength ? data : data.subarray(0, room), this.#at);
    this.#at += room;
    if (room === data.byteLength) return;
    if (this.#at > 0) this.#full.push(this.#block);
    const rest = data.byteLength - room;
    const next = Math.min(LARGEST_BLOCK_BYTES, Math.max(FIRST_BLOCK_BYTES, 2 * this.#block.byteLength));
    this.#block = new Uint8Array(Math.max(next, rest));
    this.#block.set(data.subarray(room));
    this.#at = rest;
  }

  /** Everything that was written, in an array of its own. */
  take(): Uint8Array {
    const last = this.#block.subarray(0, this.#at);
    const blocks = this.#full;
    this.#full = [];
    this.#block = new Uint8Array(0);
    this.#at = 0;
    if (blocks.length === 0) return last;
    const bytes = new Uint8Array(this.#total);
    let at = 0;
    for (const block of blocks) {
      bytes.set(block, at);
      at += block.byteLength;
    }
    bytes.set(last, at);
    return bytes;
  }
}
