/** One element as iteration gives it. */
import type { BulkDataReference } from './bulk-data.js';
import type { PlainValue } from './plain-value.js';
import type { Vr } from './vr.js';

/** What an element asks of the data set that it is in; see `ElementMap`. */
export interface ElementReader<Item> {
  /** VR of an element. */
  vr(tag: number): Vr | undefined;
  /** All values. */
  values(tag: number): readonly PlainValue[];
  /** Values as text. */
  texts(tag: number): readonly string[];
  /** The value field. */
  bytes(tag: number): Uint8Array | undefined;
  /** Items of a sequence. */
  items(tag: number): readonly Item[];
  /** Where the value is, when it is not in memory. */
  bulkData(tag: number): BulkDataReference | undefined;
}

/** A view of one element of a data set; what it shows is decoded when asked. `Item` is the kind of map that sequences hold. */
export class DataElement<Item> {
  /** Tag as a number. */
  readonly tag: number;
  readonly #reader: ElementReader<Item>;

  /**
   * Looks at an element of a data set.
   *
   * @param reader - the data set.
   * @param tag - tag of an element that it has.
   */
  constructor(reader: ElementReader<Item>, tag: number) {
    this.#reader = reader;
    this.tag = tag;
  }

  /** The VR in the bytes, or what the dictionary knows where they have none. */
  get vr(): Vr {
    return this.#reader.vr(this.tag) ?? 'UN';
  }

  /** All values; none for a sequence. Binary VRs give one view of the value field. */
  get values(): readonly PlainValue[] {
    return this.#reader.values(this.tag);
  }

  /** Values as text; DS and IS with exactly the digits that were written. */
  get texts(): readonly string[] {
    return this.#reader.texts(this.tag);
  }

  /** The value field as it stands; empty for an element that isn't there any longer. */
  get bytes(): Uint8Array {
    return this.#reader.bytes(this.tag) ?? new Uint8Array(0);
  }

  /** Items of a sequence; none for other elements. */
  get items(): readonly Item[] {
    return this.#reader.items(this.tag);
  }

  /** Where the value is, when it is not in memory. */
  get bulkData(): BulkDataReference | undefined {
    return this.#reader.bulkData(this.tag);
  }
}
