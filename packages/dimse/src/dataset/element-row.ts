/** One element of a data set, located in bytes or set in memory. */
import type { PlainValue } from './plain-value.js';

/** An item, as far as its sequence cares. */
export interface RowItem {
  /** Something in it was set or deleted since parsing. */
  readonly isModified: boolean;
}

/** Stands in place of an offset: the shape of rows stays the same for all. */
const carriedOffset = -2;

/** What is known of an element; always the same shape, since locating makes one per element. */
export class ElementRow<Item extends RowItem> {
  readonly tag: number;
  /** VR as a code (vr-code.ts), 0 where none stands. */
  readonly vr: number;
  /** Offset of the header in the source, -1 for an element that was set in memory. */
  readonly start: number;
  /** Offset of the value in the source. */
  readonly offset: number;
  /** Bytes of the value, without a delimiter. */
  readonly length: number;
  /** Offset after the element, its delimiter included. */
  readonly end: number;
  /** The length field says undefined. */
  readonly isUndefinedLength: boolean;
  /** Decoded values, once they were asked for or set; fragments where encapsulated pixel data was set. */
  values: readonly PlainValue[] | undefined;
  /** Items, once they were asked for or set. */
  items: readonly Item[] | undefined;

  constructor(
    tag: number,
    vr: number,
    start: number,
    offset: number,
    length: number,
    end: number,
    isUndefinedLength: boolean,
  ) {
    this.tag = tag;
    this.vr = vr;
    this.start = start;
    this.offset = offset;
    this.length = length;
    this.end = end;
    this.isUndefinedLength = isUndefinedLength;
    this.values = undefined;
    this.items = undefined;
  }

  /** The same element with items of its own. Values, which are never changed, are shared. */
  copy(items: readonly Item[] | undefined): ElementRow<Item> {
    const { tag, vr, start, offset, length, end, isUndefinedLength } = this;
    const row = new ElementRow<Item>(tag, vr, start, offset, length, end, isUndefinedLength);
    row.values = this.values;
    row.items = items;
    return row;
  }

  /** Text that was decoded to be written in another character set: nobody set it, so that it may be as wrong as it came. */
  static carried<Item extends RowItem>(tag: number, vr: number, texts: readonly string[]): ElementRow<Item> {
    const row = new ElementRow<Item>(tag, vr, -1, carriedOffset, 0, -1, false);
    row.values = texts;
    return row;
  }

  /** True for what {@link ElementRow.carried} made. */
  get isCarried(): boolean {
    return this.offset === carriedOffset;
  }

  /** Encapsulated pixel data set in memory: fragments as values, the basic offset table first, and a length field that says undefined. */
  static ofFragments<Item extends RowItem>(
    tag: number,
    vr: number,
    fragments: readonly Uint8Array[],
  ): ElementRow<Item> {
    const row = new ElementRow<Item>(tag, vr, -1, -1, 0, -1, true);
    row.values = fragments;
    return row;
  }

  /** An element set in memory. */
  static of<Item extends RowItem>(
    tag: number,
    vr: number,
    values: readonly PlainValue[] | undefined,
    items: readonly Item[] | undefined,
  ): ElementRow<Item> {
    const row = new ElementRow<Item>(tag, vr, -1, -1, 0, -1, false);
    row.values = values;
    row.items = items;
    return row;
  }
}
