/** Bytes that come in chunks, looked at through one window. */
import type { Encoding } from '../encoding.js';
import { GrowingBytes } from '../growing-bytes.js';
import { BoundedInflate } from '../inflate.js';
import type { ResolvedDataSetLimits } from '../limits.js';
import { Source } from '../source.js';

/** The chunk at hand, or the rest of the last one with the next behind it. */
export class ByteFeed {
  /** The window. */
  source: Source;
  /** Next byte in the window. */
  position = 0;
  /** Offset in the (inflated) stream of the window's first byte. */
  base = 0;
  /** No more chunks come. */
  isEnded = false;
  private readonly encoding: Encoding;
  private readonly limits: ResolvedDataSetLimits;
  private readonly inflate: BoundedInflate | undefined;
  /** Inflated, and not yet in the window. */
  private readonly inflated: Uint8Array[] = [];
  /** Deflated, and not yet inflated. */
  private deflated: Uint8Array = new Uint8Array(0);
  private isInflateFinished = false;
  private readonly carry = new GrowingBytes();
  /** The window is the carry. */
  private isCarried = false;

  constructor(encoding: Encoding, limits: ResolvedDataSetLimits) {
    this.encoding = encoding;
    this.limits = limits;
    this.source = new Source(new Uint8Array(0), encoding, limits);
    if (!encoding.isDeflated) return;
    this.inflate = new BoundedInflate(limits, (bytes) => {
      this.inflated.push(bytes);
      return false;
    });
  }

  /** Offset in the (inflated) stream of the next byte. */
  get offset(): number {
    return this.base + this.position;
  }

  /** Bytes in the window from the next one on. */
  get available(): number {
    return this.source.bytes.length - this.position;
  }

  /** Bytes of the stream that the window must not hold, when it is the stream itself that is looked at. */
  get isInflating(): boolean {
    return this.inflate !== undefined;
  }

  /** Takes a chunk, which must not change until {@link hold}. */
  push(chunk: Uint8Array): void {
    if (this.inflate === undefined) this.extend(chunk);
    else this.deflated = this.deflated.length === 0 ? chunk : joined(this.deflated, chunk);
  }

  /** Extends the window by what is here and not in it yet. @returns false when nothing is. */
  more(): boolean {
    const { inflate } = this;
    if (inflate === undefined) return false;
    while (this.inflated.length === 0) {
      if (this.deflated.length > 0) {
        const step = this.deflated.subarray(0, inflateStepBytes);
        this.deflated = this.deflated.subarray(step.length);
        inflate.push(step);
      } else if (this.isEnded && !this.isInflateFinished) {
        this.isInflateFinished = true;
        inflate.finish();
      } else return false;
    }
    const next = this.inflated.shift();
    if (next !== undefined) this.extend(next);
    return true;
  }

  /** Makes the rest of the window a copy: the chunk that it was may change from now on. */
  hold(): void {
    if (this.deflated.length > 0) this.deflated = this.deflated.slice();
    if (this.isCarried) return;
    const rest = this.source.bytes.subarray(this.position);
    this.moveTo(this.base + this.position);
    this.carry.clear();
    this.carry.append(rest);
    this.show(this.carry.bytes(), true);
  }

  /** Passes over bytes that are in the window, or were never given. */
  passOver(byteCount: number): void {
    const inWindow = Math.min(byteCount, this.available);
    this.position += inWindow;
    if (inWindow === byteCount) return;
    this.moveTo(this.base + this.position + byteCount - inWindow);
    this.show(new Uint8Array(0), false);
  }

  private extend(chunk: Uint8Array): void {
    if (this.available === 0) {
      this.moveTo(this.base + this.position);
      this.show(chunk, false);
      return;
    }
    if (this.isCarried && this.position > 0) {
      this.carry.set(this.source.bytes.subarray(this.position));
      this.moveTo(this.base + this.position);
    } else if (!this.isCarried) {
      const rest = this.source.bytes.subarray(this.position);
      this.moveTo(this.base + this.position);
      this.carry.clear();
      this.carry.append(rest);
    }
    this.carry.append(chunk);
    this.show(this.carry.bytes(), true);
  }

  private moveTo(offset: number): void {
    this.base = offset;
    this.position = 0;
  }

  private show(bytes: Uint8Array, isCarried: boolean): void {
    this.isCarried = isCarried;
    this.source = new Source(bytes, this.encoding, this.limits);
  }
}

/** What the inflater takes at a time: 4 MiB come out of it at most. */
const inflateStepBytes = 4096;

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
