/**
 * Cuts a data set into the fragments that PDVs carry: views of what it was given, each of even length and within the peer's maximum.
 * PS3.8 Annex E.
 */
import { DimseError } from '../errors.js';

/** Chunks shorter than this are gathered; a PDV for each would cost more than the copy. */
const SMALL_CHUNK_BYTES = 4096;
const LARGEST_STAGE_BYTES = 65536;
const EMPTY = new Uint8Array(0);

/**
 * Chunks go in one at a time ({@link add}), fragments come out ({@link take}) until it asks for more; {@link finish} says that there
 * are no more. When the total length is known, the last fragment is marked as soon as it is complete; otherwise one fragment
 * is held back.
 */
export class Fragmenter {
  /** Whether the fragment taken last is the last one of the data set. */
  isLast = false;
  readonly #maximumLength: number;
  readonly #declaredBytes: number | undefined;
  readonly #copiesHeld: boolean;
  #receivedBytes = 0;
  #isFinished = false;
  #chunk: Uint8Array = EMPTY;
  #at = 0;
  /** Bytes of small chunks, and what makes odd chunks even; copied, so that no view of them is needed. */
  #stage: Uint8Array = EMPTY;
  #staged = 0;
  #held: Uint8Array | undefined;

  /**
   * @param maximumLength - Largest fragment, bytes; even.
   * @param declaredBytes - Length of the data set if it is known.
   * @param copiesHeld - True when a chunk's memory changes once the next one was asked for.
   */
  constructor(maximumLength: number, declaredBytes: number | undefined, copiesHeld = false) {
    this.#maximumLength = maximumLength;
    this.#declaredBytes = declaredBytes;
    this.#copiesHeld = copiesHeld;
  }

  /**
   * The next chunk; only after {@link take} asked for more.
   *
   * @throws DimseError `data-set-source` when there is more than was declared.
   */
  add(chunk: Uint8Array): void {
    this.#receivedBytes += chunk.byteLength;
    if (this.#declaredBytes !== undefined && this.#receivedBytes > this.#declaredBytes) {
      throw new DimseError(
        'data-set-source',
        `Data set is longer than the ${this.#declaredBytes} bytes that it declared`,
      );
    }
    this.#chunk = chunk;
    this.#at = 0;
  }

  /**
   * No chunk follows.
   *
   * @throws DimseError `data-set-source` when there was less than declared.
   */
  finish(): void {
    if (this.#declaredBytes !== undefined && this.#receivedBytes < this.#declaredBytes) {
      const message = `Data set ended after ${this.#receivedBytes} of the ${this.#declaredBytes} bytes that it declared`;
      throw new DimseError('data-set-source', message);
    }
    this.#isFinished = true;
  }

  /** The next fragment to send; `undefined` when another chunk, or {@link finish}, is needed first, and after the last one. */
  take(): Uint8Array | undefined {
    if (this.isLast) return undefined;
    for (;;) {
      const next = this.#cut();
      if (this.#declaredBytes !== undefined) {
        if (next === undefined && !this.#isComplete()) return undefined;
        this.isLast = this.#isComplete() && this.#isDrained();
        return this.isLast ? evenLength(next ?? EMPTY) : next;
      }
      const previous = this.#held;
      if (next === undefined) {
        if (!this.#isComplete()) return undefined;
        this.isLast = true;
        return evenLength(previous ?? EMPTY);
      }
      this.#held = this.#copiesHeld ? new Uint8Array(next) : next;
      if (previous !== undefined) return previous;
    }
  }

  /** True when no byte will be added. */
  #isComplete(): boolean {
    return this.#isFinished || this.#receivedBytes === this.#declaredBytes;
  }

  #isDrained(): boolean {
    return this.#staged === 0 && this.#at === this.#chunk.byteLength;
  }

  /** Cuts one fragment from what is there; an odd one only at the very end. */
  #cut(): Uint8Array | undefined {
    const left = this.#chunk.byteLength - this.#at;
    if (this.#staged > 0 || left < SMALL_CHUNK_BYTES) {
      const isWholeChunk = this.#staged === 0 && left > 0 && this.#isComplete();
      if (!isWholeChunk) return this.#cutStaged(left);
    }
    const evenLeft = this.#isComplete() ? left : left - (left % 2);
    const length = Math.min(evenLeft, this.#maximumLength);
    if (length === 0) return undefined;
    const fragment = this.#chunk.subarray(this.#at, this.#at + length);
    this.#at += length;
    return fragment;
  }

  #cutStaged(left: number): Uint8Array | undefined {
    // A large chunk only lends the byte that makes the stage even; a small one moves in as far as there is room.
    const wanted = left >= SMALL_CHUNK_BYTES ? this.#staged % 2 : left;
    this.#moveIntoStage(wanted);
    const isFull = this.#staged === Math.min(this.#maximumLength, LARGEST_STAGE_BYTES);
    const isDue = isFull || left >= SMALL_CHUNK_BYTES || (this.#isComplete() && this.#staged > 0);
    if (!isDue) return undefined;
    const fragment = this.#stage.subarray(0, this.#staged);
    this.#stage = EMPTY;
    this.#staged = 0;
    return fragment;
  }

  #moveIntoStage(wanted: number): void {
    const capacity = Math.min(this.#maximumLength, LARGEST_STAGE_BYTES);
    const count = Math.min(wanted, capacity - this.#staged);
    if (count === 0) return;
    if (this.#staged + count > this.#stage.byteLength) {
      const larger = new Uint8Array(Math.min(capacity, Math.max(1024, 2 * (this.#staged + count))));
      larger.set(this.#stage.subarray(0, this.#staged));
      this.#stage = larger;
    }
    this.#stage.set(this.#chunk.subarray(this.#at, this.#at + count), this.#staged);
    this.#staged += count;
    this.#at += count;
  }
}

/** Odd data sets gain one zero byte: some peers abort on a fragment of odd length. */
function evenLength(fragment: Uint8Array): Uint8Array {
  if (fragment.byteLength % 2 === 0) return fragment;
  const padded = new Uint8Array(fragment.byteLength + 1);
  padded.set(fragment);
  return padded;
}
