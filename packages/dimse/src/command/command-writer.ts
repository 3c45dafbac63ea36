import { DimseError } from '../errors.js';
import { GROUP_LENGTH_TAG } from './fields.js';

const HEADER_BYTES = 8;
/** Header and value of the group length. */
const GROUP_LENGTH_BYTES = 12;
const USUAL_BYTES = 256;

/** Writes the elements of a command set, in the order in which they are given; the group length comes by itself. */
export class CommandWriter {
  #bytes = new Uint8Array(USUAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  constructor() {
    this.#header(GROUP_LENGTH_TAG, 4);
    this.#at += 4;
  }

  /** VR US. */
  unsignedShort(tag: number, name: string, value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw invalidValue(name, value);
    this.#header(tag, 2);
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  /** VR AT. */
  tags(tag: number, name: string, values: readonly number[]): void {
    this.#header(tag, 4 * values.length);
    for (const value of values) {
      if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw invalidValue(name, value);
      this.#view.setUint16(this.#at, value >>> 16, true);
      this.#view.setUint16(this.#at + 2, value & 0xffff, true);
      this.#at += 4;
    }
  }

  /** One byte per character; command sets have no character set, so what is beyond it becomes a question mark. */
  text(tag: number, value: string, padding: number): void {
    this.#header(tag, value.length + (value.length % 2));
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      this.#bytes[this.#at++] = code > 0xff ? 0x3f : code;
    }
    if (value.length % 2 === 1) this.#bytes[this.#at++] = padding;
  }

  /** A value as it stands. */
  raw(tag: number, value: Uint8Array): void {
    this.#header(tag, value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** What was written. */
  finish(): Uint8Array {
    this.#view.setUint32(HEADER_BYTES, this.#at - GROUP_LENGTH_BYTES, true);
    return this.#bytes.subarray(0, this.#at);
  }

  /** Makes room for the value as well. */
  #header(tag: number, length: number): void {
    const needed = this.#at + HEADER_BYTES + length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#view.setUint16(this.#at, tag >>> 16, true);
    this.#view.setUint16(this.#at + 2, tag & 0xffff, true);
    this.#view.setUint32(this.#at + 4, length, true);
    this.#at += HEADER_BYTES;
  }
}

/** A value that its field can't hold. */
export function invalidValue(name: string, value: unknown): DimseError {
  return new DimseError('invalid-command', `${name} can't hold ${JSON.stringify(value)}`);
}
