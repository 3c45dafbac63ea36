import { PduError, type PduErrorCode } from './errors.js';
import { type Frame, fieldPath } from './frame.js';
import type { ItemKinds } from './item-kinds.js';
import { trimUid } from './text.js';
import type { UnknownItem } from './types.js';

/** Writes the fields of one PDU in order into a buffer that grows; lengths are filled in when their item is done. */
export class Writer {
  #bytes = new Uint8Array(512);
  #at = 0;
  #frame: Frame;

  constructor(clause: string) {
    this.#frame = { outer: undefined, name: '', index: undefined, clause, end: 0 };
  }

  /** What has been written, in a buffer of just that size. */
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  /** An unsigned integer of `width` bytes, big endian. */
  uint(field: string, value: number, width: 1 | 2 | 4): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) {
      throw this.error('invalid-value', field, `${value} is no unsigned integer of ${width} bytes`);
    }
    const at = this.#grow(width);
    for (let i = width; i-- > 0; value = Math.floor(value / 256)) this.#bytes[at + i] = value;
  }

  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  zeros(length: number): void {
    this.#grow(length);
  }

  /** One byte per character. */
  text(field: string, text: string): void {
    const at = this.#grow(text.length);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0xff) throw this.error('invalid-value', field, `character ${i} is not in ISO 8859-1`);
      this.#bytes[at + i] = code;
    }
  }

  /** UIDs of the upper layer are not padded. PS3.8 Annex F. */
  uid(field: string, uid: string): void {
    this.text(field, trimUid(uid));
  }

  /** A length of `width` bytes, then what `body` writes. */
  sized(field: string, width: 2 | 4, body: () => void): void {
    const at = this.#grow(width);
    body();
    const end = this.#at;
    const length = end - at - width;
    if (length >= 2 ** (8 * width)) throw this.error('item-too-long', field, `is ${length}`);
    this.#at = at;
    this.uint(field, length, width);
    this.#at = end;
  }

  /** A UID with its 16-bit length, called `${field}Length`, before it. */
  sizedUid(field: string, uid: string): void {
    this.sized(`${field}Length`, 2, () => this.uid(field, uid));
  }

  /** Bytes with their 16-bit length, called `${field}Length`, before them. */
  sizedBytes(field: string, bytes: Uint8Array): void {
    this.sized(`${field}Length`, 2, () => this.raw(bytes));
  }

  /** An item of one of `kinds`: type, second byte, length and what `body` writes. */
  item(kinds: ItemKinds, itemType: number, index: number | undefined, body: () => void, secondByte = 0): void {
    const outer = this.#frame;
    const kind = kinds[itemType];
    this.#frame = {
      outer,
      name: kind?.name ?? 'unknownItem',
      index,
      clause: kind?.clause ?? outer.clause,
      end: 0,
    };
    this.uint('itemType', itemType, 1);
    this.uint('version', secondByte, 1);
    this.sized('itemLength', 2, body);
    this.#frame = outer;
  }

  /** Items that decode did not know, after all others. */
  unknownItems(kinds: ItemKinds, items: readonly UnknownItem[] | undefined): void {
    items?.forEach(({ itemType, data }, index) => {
      if (kinds[itemType]) {
        throw this.error('invalid-value', `unknownItem[${index}]/itemType`, `${itemType} is ${kinds[itemType].name}`);
      }
      this.item(kinds, itemType, index, () => this.raw(data));
    });
  }

  error(code: PduErrorCode, field: string, detail: string): PduError {
    return new PduError(code, {
      detail,
      offset: this.#at,
      path: fieldPath(this.#frame, field),
      clause: this.#frame.clause,
      abort: { source: 0, reason: 0 },
    });
  }

  /** Makes room for `length` zero bytes; returns where they start. */
  #grow(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#at, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return at;
  }
}
