/** One element as iteration gives it. */
import type { ElementMap } from './element-map.js';
import type { ElementRow } from './element-row.js';
import type { PlainValue } from './value-types.js';
import type { Vr } from './vr.js';

/** A view of one element of a data set; what it shows is decoded when asked. */
export class DataElement {
  /** Tag as a number. */
  readonly tag: number;
  /** The VR in the bytes, or what the dictionary knows where they have none. */
  readonly vr: Vr;
  /** Bytes of the value field as parsed; 0 for an element that was set. */
  readonly byteLength: number;
  /** True when the length field said undefined. */
  readonly isUndefinedLength: boolean;
  readonly #map: ElementMap;

  constructor(map: ElementMap, tag: number, vr: Vr, row: Pick<ElementRow, 'length' | 'isUndefinedLength'>) {
    this.#map = map;
    this.tag = tag;
    this.vr = vr;
    this.byteLength = row.length;
    this.isUndefinedLength = row.isUndefinedLength;
  }

  /** All values; see {@link ElementMap.values}. */
  get values(): readonly PlainValue[] {
    return this.#map.values(this.tag);
  }

  /** Values as text; see {@link ElementMap.texts}. */
  get texts(): readonly string[] {
    return this.#map.texts(this.tag);
  }

  /** The value field; see {@link ElementMap.bytes}. */
  get bytes(): Uint8Array {
    return this.#map.bytes(this.tag) ?? new Uint8Array(0);
  }

  /** Items of a sequence; see {@link ElementMap.items}. */
  get items(): readonly ElementMap[] {
    return this.#map.items(this.tag);
  }
}
