/** What a data set is made of, as it comes. */
import type { TextCodec } from '../charset/text-codec.js';
import { decodeTexts, decodeValues } from '../decode-value.js';
import type { PlainValue } from '../plain-value.js';
import { type Vr, vrTraits } from '../vr.js';

/** Where an event belongs. */
export interface EventPlace {
  /** Sequences around it. */
  readonly depth: number;
  /** Tags from the outside in, items by number: `(0040,A730)[2]/(0040,A160)`. Worked out when asked for, which is to be before the next event. */
  readonly path: string;
}

/** An element that is no sequence, its value complete. */
export class CompleteElement implements EventPlace {
  /** Which event this is. */
  readonly type = 'element';
  /** Tag as a number. */
  readonly tag: number;
  /** The VR in the bytes, or what the dictionary knows where they have none. */
  readonly vr: Vr;
  /** The value field as it stands: a view, good until the next event is asked for. */
  readonly bytes: Uint8Array;
  readonly depth: number;
  readonly #isBigEndian: boolean;
  readonly #codec: TextCodec;
  readonly #path: () => string;

  /** Made by the reader. */
  constructor(
    tag: number,
    vr: Vr,
    bytes: Uint8Array,
    isBigEndian: boolean,
    codec: TextCodec,
    depth: number,
    path: () => string,
  ) {
    this.tag = tag;
    this.vr = vr;
    this.bytes = bytes;
    this.depth = depth;
    this.#isBigEndian = isBigEndian;
    this.#codec = codec;
    this.#path = path;
  }

  get path(): string {
    return this.#path();
  }

  /** All values, as `values` of a data set gives them; binary ones are views that are good until the next event is asked for. */
  get values(): readonly PlainValue[] {
    return decodeValues(this.vr, this.bytes, this.#isBigEndian, this.#codec);
  }

  /** Values as text; DS and IS with exactly the digits that were written. */
  get texts(): readonly string[] {
    const { kind } = vrTraits[this.vr];
    if (kind === 'number' || kind === 'bigint' || kind === 'tag') return this.values.map(String);
    const texts = decodeTexts(kind === 'binary' ? 'LO' : this.vr, this.bytes, this.#codec);
    return texts.length === 1 && texts[0] === '' ? [] : texts;
  }

  /** The first value as text; `undefined` when there is none. */
  get text(): string | undefined {
    return this.texts[0] || undefined;
  }
}

/** The beginning of a sequence, an item or encapsulated pixel data. */
export interface ContainerBegin extends EventPlace {
  /** `sequence-begin`, then its items; `item-begin`, then its elements; `fragments-begin`, then the fragments. */
  readonly type: 'sequence-begin' | 'item-begin' | 'fragments-begin';
  /** Tag of the sequence or of the pixel data; of an item that of its sequence. */
  readonly tag: number;
  /** VR of the sequence (SQ), or of the pixel data. */
  readonly vr: Vr;
  /** Length as stated, bytes; `undefined` where it is. */
  readonly byteLength: number | undefined;
  /** Number of the item in its sequence; of others 0. */
  readonly index: number;
  /** Passes over all of it: no events come of what is in it, nor of its end. To be called before the next event is asked for. */
  skip(): void;
}

/** The end of a sequence, an item or encapsulated pixel data. */
export interface ContainerEnd extends EventPlace {
  /** What ends. */
  readonly type: 'sequence-end' | 'item-end' | 'fragments-end';
  /** Tag of the sequence or of the pixel data; of an item that of its sequence. */
  readonly tag: number;
}

/** A fragment of encapsulated pixel data that is complete; the first one is the basic offset table. PS3.5 A.4. */
export interface CompleteFragment extends EventPlace {
  /** Which event this is. */
  readonly type: 'fragment';
  /** Tag of the pixel data. */
  readonly tag: number;
  /** Number of the fragment: 0 is the basic offset table. */
  readonly index: number;
  /** Its bytes: a view, good until the next event is asked for. */
  readonly bytes: Uint8Array;
}

/** The beginning of a value, or a fragment, that is too long to be gathered: its bytes come in `value-chunk` events, then `value-end`. */
export interface LongValueBegin extends EventPlace {
  /** Which event this is. */
  readonly type: 'value-begin';
  /** Tag as a number. */
  readonly tag: number;
  /** VR of the element. */
  readonly vr: Vr;
  /** Length of the value field, or of the fragment, in bytes. */
  readonly byteLength: number;
  /** Number of the fragment; `undefined` when this is the value of an element. */
  readonly fragmentIndex: number | undefined;
  /** Offset of the value in the (inflated) data set, bytes. */
  readonly offset: number;
  /** Passes over the value: neither its bytes nor its end are told. To be called before the next event is asked for. */
  skip(): void;
}

/** Some bytes of a long value, in order. */
export interface LongValueChunk {
  /** Which event this is. */
  readonly type: 'value-chunk';
  /** The bytes: a view, good until the next event is asked for. */
  readonly bytes: Uint8Array;
}

/** The end of a long value. */
export interface LongValueEnd {
  /** Which event this is. */
  readonly type: 'value-end';
}

/** One step through a data set. */
export type DataSetEvent =
  | CompleteElement
  | ContainerBegin
  | ContainerEnd
  | CompleteFragment
  | LongValueBegin
  | LongValueChunk
  | LongValueEnd;
