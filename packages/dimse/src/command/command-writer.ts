import { DimseError } from '../errors.js';
import { GROUP_LENGTH_TAG } from './fields.js';

const HEADER_BYTES = 8;
/** Header and value of the group length. */
const GROUP_LENGTH_BYTES = 12;
/** Some 30 command sets. */
const SLAB_BYTES = 4096;

/** Command sets are written one behind the other, so that few need memory of their own. */
let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let slabView = viewOf(slab);
/** Where the next one begins. */
let slabAt = 0;

/**
 * Writes the elements of a command set, in the order in which they are given; the group length comes by itself. Until it is finished there must
 * be no other.
 */
export class CommandWriter {
  #start = slabAt;
  #at = slabAt;

  constructor() {
    this.#header(GROUP_LENGTH_TAG, 4);
    this.#at += 4;
  }

  /** VR US. */
  unsignedShort(tag: number, name: string, value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw invalidValue(name, value);
    this.#header(tag, 2);
    slabView.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  /** VR AT. */
  tags(tag: number, name: string, values: readonly number[]): void {
    this.#header(tag, 4 * values.length);
    for (const value of values) {
      if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw invalidValue(name, value);
      slabView.setUint16(this.#at, value >>> 16, true);
      slabView.setUint16(this.#at + 2, value & 0xffff, true);
      this.#at += 4;
    }
  }

  /** One byte per character; command sets have no character set, so what is beyond it becomes a question mark. */
  text(tag: number, value: string, padding: number): void {
    this.#header(tag, value.length + (value.length % 2));
    const written = BEYOND_ONE_BYTE.test(value) ? value.replaceAll(BEYOND_ONE_BYTE_EACH, '?') : value;
    slab.write(written, this.#at, 'latin1');
    this.#at += value.length;
    if (value.length % 2 === 1) slab[this.#at++] = padding;
  }

  /** A value as it stands. */
  raw(tag: number, value: Uint8Array): void {
    this.#header(tag, value.length);
    slab.set(value, this.#at);
    this.#at += value.length;
  }

  /** What was written: a view, of memory that others have a part of. */
  finish(): Uint8Array {
    slabView.setUint32(this.#start + HEADER_BYTES, this.#at - this.#start - GROUP_LENGTH_BYTES, true);
    slabAt = this.#at;
    return new Uint8Array(slab.buffer, this.#start, this.#at - this.#start);
  }

  /** Makes room for the value as well. */
  #header(tag: number, length: number): void {
    if (this.#at + HEADER_BYTES + length > slab.length) this.#renew(HEADER_BYTES + length);
    slabView.setUint32(this.#at, (tag >>> 16) | (tag << 16), true);
    slabView.setUint32(this.#at + 4, length, true);
    this.#at += HEADER_BYTES;
  }

  /** What is written so far moves to a new slab. */
  #renew(neededBytes: number): void {
    const written = slab.subarray(this.#start, this.#at);
    slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (written.length + neededBytes)));
    slabView = viewOf(slab);
    slab.set(written);
    this.#start = 0;
    this.#at = written.length;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** A UTF-16 code unit that one byte can't hold. */
const BEYOND_ONE_BYTE = /[\u0100-\uffff]/;
const BEYOND_ONE_BYTE_EACH = /[\u0100-\uffff]/g;

/** A value that its field can't hold. */
export function invalidValue(name: string, value: unknown): DimseError {
  return new DimseError('invalid-command', `${name} can't hold ${JSON.stringify(value)}`);
}
