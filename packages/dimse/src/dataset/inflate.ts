/** Inflating of deflated data sets, in bounded memory. PS3.5 A.5, RFC 1951. */
import { Deflate, deflateSync, Inflate } from 'fflate';
import { DataSetError } from './errors.js';
import type { ResolvedDataSetLimits } from './limits.js';

/** Growth below this isn't held against the ratio: blank images deflate well. */
const freeBytes = 0x400_0000;

/** One step of input: at 1032 times, the most that deflate can do, 4 MiB come out of it before the caps are looked at. */
const stepBytes = 4096;

/** Inflates a stream piece by piece, within the caps. */
export class BoundedInflate {
  private readonly inflate: Inflate;
  private readonly limits: ResolvedDataSetLimits;
  private readonly sink: (bytes: Uint8Array) => boolean;
  /** Small pieces wait here until a step is full: the inflater copies what it can't use yet each time. */
  private readonly pending = new Uint8Array(stepBytes);
  private pendingLength = 0;
  private bytesIn = 0;
  private bytesOut = 0;
  private isStopped = false;

  /** @param sink - takes inflated bytes, which are its own; returns true when it wants no more. */
  constructor(limits: ResolvedDataSetLimits, sink: (bytes: Uint8Array) => boolean) {
    this.limits = limits;
    this.sink = sink;
    this.inflate = new Inflate((bytes) => this.take(bytes));
  }

  /**
   * Inflates some more.
   *
   * @returns true when the sink wants no more.
   * @throws DataSetError `inflate-failed`, `too-large`.
   */
  push(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length && !this.isStopped; ) {
      const taken = Math.min(bytes.length - at, stepBytes - this.pendingLength);
      this.pending.set(bytes.subarray(at, at + taken), this.pendingLength);
      this.pendingLength += taken;
      at += taken;
      if (this.pendingLength === stepBytes) this.step(false);
    }
    return this.isStopped;
  }

  /** Inflates what is left. @throws DataSetError `inflate-failed` when the final block is cut off. */
  finish(): boolean {
    if (!this.isStopped) this.step(true);
    return this.isStopped;
  }

  private step(isLast: boolean): void {
    const isFirst = this.bytesIn === 0;
    const step = this.pending.slice(0, this.pendingLength);
    this.bytesIn += this.pendingLength;
    this.pendingLength = 0;
    try {
      this.inflate.push(isFirst && hasZlibHeader(step) ? step.subarray(2) : step, isLast);
    } catch (error) {
      if (error instanceof DataSetError) throw error;
      throw new DataSetError('inflate-failed', 'The deflated data set is damaged or cut off', { cause: error });
    }
  }

  private take(bytes: Uint8Array): void {
    if (this.isStopped || bytes.length === 0) return;
    this.bytesOut += bytes.length;
    const { maxInflatedBytes, maxInflationRatio } = this.limits;
    if (this.bytesOut > maxInflatedBytes) {
      throw new DataSetError('too-large', `The data set inflates to more than ${maxInflatedBytes} bytes`);
    }
    if (this.bytesOut > freeBytes && this.bytesOut > this.bytesIn * maxInflationRatio) {
      throw new DataSetError('too-large', `The data set inflates to more than ${maxInflationRatio} times its size`);
    }
    this.isStopped = this.sink(bytes);
  }
}

/** Some writers wrap the stream as RFC 1950 has it. A stored block can't be mistaken for it: its length and complement don't match. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = bytes;
  const isStoredBlock = (second ^ fourth) === 0xff && (third ^ fifth) === 0xff;
  return first === 0x78 && ((first << 8) | second) % 31 === 0 && !isStoredBlock;
}

/**
 * Inflates a whole data set.
 *
 * @param keepsTruncated - when the stream is cut off or damaged, gives what came before.
 * @throws DataSetError `inflate-failed`, `too-large`.
 */
export function inflateAll(bytes: Uint8Array, limits: ResolvedDataSetLimits, keepsTruncated: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const inflate = new BoundedInflate(limits, (part) => {
    parts.push(part);
    return false;
  });
  try {
    inflate.push(bytes);
    inflate.finish();
  } catch (error) {
    const isBroken = error instanceof DataSetError && error.code === 'inflate-failed';
    if (!isBroken || !keepsTruncated) throw error;
  }
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Deflates, and pads to even length. PS3.5 A.5. */
export function deflate(bytes: Uint8Array): Uint8Array {
  const deflated = deflateSync(bytes);
  if (deflated.length % 2 === 0) return deflated;
  const even = new Uint8Array(deflated.length + 1);
  even.set(deflated);
  return even;
}

/** Deflates a stream, padded to even length. PS3.5 A.5. */
export class StreamDeflate {
  private readonly deflate: Deflate;
  private ready: Uint8Array[] = [];
  private byteLength = 0;

  constructor() {
    this.deflate = new Deflate((bytes) => {
      this.ready.push(bytes);
      this.byteLength += bytes.length;
    });
  }

  /** Takes the next bytes, which are copied; gives what is ready. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    // A step at a time: the deflater holds its input until a step is full.
    for (let at = 0; at < bytes.length; at += deflateStepBytes) {
      this.deflate.push(bytes.subarray(at, at + deflateStepBytes));
    }
    return this.takeReady();
  }

  /** Gives the rest. */
  end(): readonly Uint8Array[] {
    this.deflate.push(new Uint8Array(0), true);
    const rest = this.takeReady();
    return this.byteLength % 2 === 0 ? rest : [...rest, new Uint8Array(1)];
  }

  private takeReady(): readonly Uint8Array[] {
    const { ready } = this;
    this.ready = [];
    return ready;
  }
}

const deflateStepBytes = 0x1_0000;
