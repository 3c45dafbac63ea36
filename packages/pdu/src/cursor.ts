import { PduError, type PduErrorCode } from './errors.js';
import { type Frame, fieldPath } from './frame.js';
import { type ItemKinds, UNKNOWN_KIND, VERSIONED_ITEM } from './item-kinds.js';
import type { Limits } from './limits.js';
import { PDU_HEADER_BYTES, pduClause } from './pdu-header.js';
import { latin1, unpaddedEnd } from './text.js';
import type { UnknownItem } from './types.js';

/** How the bytes of a field are to be read; bytes as they are when it is not said. */
export type FieldKind = 'uint' | 'uid' | 'text';

/**
 * Reads the fields of one PDU in order, never past the item that it stands in, and knows the path and clause of
 * each field. Every byte goes through {@link Cursor.take} with the name of its field, reserved ones too.
 */
export class Cursor {
  at = 0;
  frame: Frame;
  readonly limits: Limits;
  /** Told of each field that was passed over, before it is read. */
  onTake: ((field: string, start: number, kind: FieldKind | undefined) => void) | undefined = undefined;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** @param bytes - Starts with a PDU, of which at least the header is there. */
  constructor(bytes: Uint8Array, limits: Limits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limits = limits;
    const clause = pduClause(bytes[0] ?? 0);
    this.frame = { outer: undefined, name: '', index: undefined, clause, end: PDU_HEADER_BYTES };
  }

  /** Bytes left in the current item. */
  get left(): number {
    return this.frame.end - this.at;
  }

  /** Passes over a field; returns where it starts. */
  take(field: string, length: number, kind?: FieldKind): number {
    const start = this.at;
    if (length > this.frame.end - start) {
      throw this.error('overrun', field, `takes ${length} bytes, ${this.left} are left in its item`);
    }
    this.at = start + length;
    this.onTake?.(field, start, kind);
    return start;
  }

  u8(field: string): number {
    return this.#view.getUint8(this.take(field, 1, 'uint'));
  }

  u16(field: string): number {
    return this.#view.getUint16(this.take(field, 2, 'uint'));
  }

  u32(field: string): number {
    return this.#view.getUint32(this.take(field, 4, 'uint'));
  }

  /** A view of the next `length` bytes, by default all that are left in the current item. */
  bytes(field: string, length = this.left): Uint8Array {
    const start = this.take(field, length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A view of the last `length` bytes, fields that were read one by one. */
  passed(length: number): Uint8Array {
    return this.#bytes.subarray(this.at - length, this.at);
  }

  text(field: string, length = this.left): string {
    const start = this.take(field, length, 'text');
    return latin1(this.#bytes, start, start + length);
  }

  uid(field: string, length = this.left): string {
    const start = this.take(field, length, 'uid');
    return latin1(this.#bytes, start, unpaddedEnd(this.#bytes, start, this.at));
  }

  /** A 16-bit length that the current item must have room for. */
  length(field: string): number {
    const at = this.at;
    const length = this.u16(field);
    if (length > this.left) throw this.error('overrun', field, `is ${length}, ${this.left} bytes are left`, at);
    return length;
  }

  /** A field with its 16-bit length, called `${field}Length`, before it. */
  sizedBytes(field: string): Uint8Array {
    return this.bytes(field, this.length(`${field}Length`));
  }

  sizedUid(field: string): string {
    return this.uid(field, this.length(`${field}Length`));
  }

  /** Calls `read` up to offset `end`, each time within a frame called `name` that `read` may shorten. */
  list(name: string, clause: string, limit: keyof Limits, end: number, read: (index: number) => void): void {
    const outer = this.frame;
    for (let index = 0; this.at < end; index++) {
      this.frame = { outer, name, index, clause, end };
      this.#checkCount(index, limit);
      read(index);
    }
    this.frame = outer;
  }

  /**
   * Reads items (type, reserved, 16-bit length, value) up to the end of the current one. `visit` reads the value; what
   * it leaves unread is an error. The second byte is reserved in all items but one.
   */
  items(kinds: ItemKinds, visit: (itemType: number, secondByte: number) => void): void {
    const outer = this.frame;
    // One for each slot, so that it need not grow.
    const counts = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    while (this.at < outer.end) {
      const itemType = this.#view.getUint8(this.at);
      const { slot, name, clause, limit } = kinds[itemType] ?? UNKNOWN_KIND;
      const count = counts[slot] ?? 0;
      counts[slot] = count + 1;
      this.frame = { outer, name, index: limit && count, clause: clause || outer.clause, end: outer.end };
      if (limit === undefined) {
        if (count > 0) throw this.error('duplicate-item', '', 'is there twice');
      } else {
        this.#checkCount(count, limit);
      }
      this.take('itemType', 1, 'uint');
      const secondByte = this.u8(name === VERSIONED_ITEM ? 'version' : 'reserved');
      this.frame.end = this.at + 2 + this.length('itemLength');
      visit(itemType, secondByte);
      if (this.left > 0) throw this.error('leftover-bytes', '', `${this.left} bytes are left after its last field`);
      this.frame = outer;
    }
  }

  /** The value of an item of unknown type. */
  unknownItem(itemType: number): UnknownItem {
    return { itemType, data: this.bytes('data') };
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

  /** Tests that one more may be there beside `count` others. */
  #checkCount(count: number, limit: keyof Limits): void {
    const most = this.limits[limit];
    if (count >= most) throw this.error('count-over-limit', '', `more than ${most} (limit ${limit})`);
  }
}
