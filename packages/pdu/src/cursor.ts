import { PduError, type PduErrorCode } from './errors.js';
import { type Frame, fieldPath } from './frame.js';
import type { ItemKinds } from './item-kinds.js';
import type { Limits } from './limits.js';
import { latin1, trimUid } from './text.js';
import type { UnknownItem } from './types.js';

/**
 * Reads the fields of one PDU in order, never past the item that it stands in, and knows the path and clause of
 * each field. Every byte goes through {@link Cursor.take} with the name of its field, reserved ones too.
 */
export class Cursor {
  at = 0;
  frame: Frame;
  readonly limits: Limits;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, end: number, clause: string, limits: Limits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limits = limits;
    this.frame = { outer: undefined, name: '', index: undefined, clause, end };
  }

  /** Bytes left in the current item. */
  get left(): number {
    return this.frame.end - this.at;
  }

  /** Passes over a field; returns where it starts. */
  take(field: string, length: number): number {
    const start = this.at;
    if (length > this.frame.end - start) {
      throw this.error('overrun', field, `takes ${length} bytes, ${this.left} are left in its item`);
    }
    this.at = start + length;
    return start;
  }

  u8(field: string): number {
    return this.#view.getUint8(this.take(field, 1));
  }

  u16(field: string): number {
    return this.#view.getUint16(this.take(field, 2));
  }

  u32(field: string): number {
    return this.#view.getUint32(this.take(field, 4));
  }

  /** A view of the next `length` bytes, by default all that are left in the current item. */
  bytes(field: string, length = this.left): Uint8Array {
    const start = this.take(field, length);
    return this.#bytes.subarray(start, start + length);
  }

  text(field: string, length = this.left): string {
    return latin1(this.bytes(field, length));
  }

  uid(field: string, length = this.left): string {
    return trimUid(this.text(field, length));
  }

  /** A 16-bit length that the current item must have room for. */
  length(field: string): number {
    const at = this.at;
    const length = this.u16(field);
    if (length > this.left) throw this.error('overrun', field, `is ${length}, ${this.left} bytes are left`, at);
    return length;
  }

  /**
   * Reads items (type, reserved, 16-bit length, value) up to the end of the current one. `visit` reads the value; what
   * it leaves unread is an error. The second byte is reserved in all items but one.
   */
  items(kinds: ItemKinds, visit: (itemType: number, secondByte: number) => void): void {
    const outer = this.frame;
    const counts = new Map<string, number>();
    while (this.at < outer.end) {
      const start = this.at;
      const itemType = this.#view.getUint8(start);
      const { name, clause, limit } = kinds[itemType] ?? UNKNOWN_ITEM;
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      this.frame = { outer, name, index: limit && count, clause: clause || outer.clause, end: outer.end };
      if (limit === undefined && count > 0) throw this.error('duplicate-item', '', 'is there twice');
      if (limit !== undefined && count >= this.limits[limit]) {
        throw this.error('count-over-limit', '', `more than ${this.limits[limit]} (limit ${limit})`);
      }
      this.take('itemType', 1);
      const secondByte = this.u8('reserved');
      this.frame.end = this.at + 2 + this.length('itemLength');
      visit(itemType, secondByte);
      this.finish();
      this.frame = outer;
    }
  }

  /** The value of an item of unknown type. */
  unknownItem(itemType: number): UnknownItem {
    return { itemType, data: this.bytes('data') };
  }

  /** Asserts that the current item has been read to its end. */
  finish(): void {
    if (this.left > 0) throw this.error('leftover-bytes', '', `${this.left} bytes are left after its last field`);
  }

  error(code: PduErrorCode, field: string, detail: string, offset = this.at): PduError {
    const isRequest = this.#bytes[0] === 0x01;
    return new PduError(code, {
      detail,
      offset,
      path: fieldPath(this.frame, field),
      clause: this.frame.clause,
      abort: { source: 2, reason: 6 },
      reject: code === 'count-over-limit' && isRequest ? { result: 1, source: 3, reason: 2 } : undefined,
    });
  }
}

const UNKNOWN_ITEM = { name: 'unknownItem', clause: '', limit: 'unknownItems' } as const;
