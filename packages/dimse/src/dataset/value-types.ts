/** Which TypeScript type an element's value has: VR and VM decide. `Item` is what a sequence is made of: the data set. */
import type { BulkDataReference } from './bulk-data.js';
import type { Keyword } from './dictionary.js';
import type { ElementTypes } from './element-types.generated.js';
import type { PlainValue } from './plain-value.js';
import type { Vr } from './vr.js';

/** One value by VR. Numbers in strings (DS, IS) are numbers; their text is at hand with `text()`. */
export interface VrValues<Item> {
  /** Application entity title. */
  AE: string;
  /** Age string: `042Y`. */
  AS: string;
  /** A tag as a number. */
  AT: number;
  /** Code string. */
  CS: string;
  /** Date: `20260131`. */
  DA: string;
  /** Decimal string, as a number; NaN when the text is none. */
  DS: number;
  /** Date and time: `20260131101500.5+0100`. */
  DT: string;
  /** 64-bit float. */
  FD: number;
  /** 32-bit float. */
  FL: number;
  /** Integer string, as a number; NaN when the text is none. */
  IS: number;
  /** Long string. */
  LO: string;
  /** Long text. */
  LT: string;
  /** Other byte. */
  OB: Uint8Array;
  /** Other double. */
  OD: Uint8Array;
  /** Other float. */
  OF: Uint8Array;
  /** Other long. */
  OL: Uint8Array;
  /** Other very long. */
  OV: Uint8Array;
  /** Other word. */
  OW: Uint8Array;
  /** Person name: `DOE^JOHN`. */
  PN: string;
  /** Short string. */
  SH: string;
  /** Signed 32-bit number. */
  SL: number;
  /** An item of a sequence. */
  SQ: Item;
  /** Signed 16-bit number. */
  SS: number;
  /** Short text. */
  ST: string;
  /** Signed 64-bit number. */
  SV: bigint;
  /** Time: `101500.5`. */
  TM: string;
  /** Unlimited characters. */
  UC: string;
  /** UID. */
  UI: string;
  /** Unsigned 32-bit number. */
  UL: number;
  /** Bytes of a VR that is not known. */
  UN: Uint8Array;
  /** URI or URL. */
  UR: string;
  /** Unsigned 16-bit number. */
  US: number;
  /** Unlimited text. */
  UT: string;
  /** Unsigned 64-bit number. */
  UV: bigint;
}

/** What `get` gives for each shape of {@link ElementTypes}: several values are always a list, one value may be absent. */
export type ShapeValues<Item> = { readonly [V in Exclude<Vr, 'SQ'>]: VrValues<Item>[V] | undefined } & {
  readonly [V in Vr as `${V}*`]: readonly VrValues<Item>[V][];
} & {
  /** Items of a sequence. */
  readonly SQ: readonly Item[];
  /** Signed or not, as the pixel representation says. */
  readonly 'US|SS': number | undefined;
  /** Signed or not, as the pixel representation says. */
  readonly 'US|SS*': readonly number[];
  /** Bytes. */
  readonly 'OB|OW': Uint8Array | undefined;
  /** Numbers, or the bytes of such. */
  readonly 'US|OW*': readonly number[] | Uint8Array;
  /** Numbers, or the bytes of such. */
  readonly 'US|SS|OW*': readonly number[] | Uint8Array;
};

/** One value to be written, by VR. */
export interface VrInputs<Item> extends Omit<VrValues<Item>, 'DS' | 'IS' | 'SQ' | 'SV' | 'UV'> {
  /** A number, or text that is written as it stands. */
  DS: number | string;
  /** A number, or text that is written as it stands. */
  IS: number | string;
  /** An item: a data set, or an object that one is made from. */
  SQ: Item | KeywordInputs<Item> | ObjectInputs<Item>;
  /** A whole number in 64 bits, signed. */
  SV: bigint | number;
  /** A whole number in 64 bits, unsigned. */
  UV: bigint | number;
}

/** What `set` and `DataSet.from` take for each shape of {@link ElementTypes}; null writes an empty element. */
export type ShapeInputs<Item> = { readonly [V in Exclude<Vr, 'SQ'>]: VrInputs<Item>[V] | null } & {
  readonly [V in Vr as `${V}*`]: VrInputs<Item>[V] | readonly VrInputs<Item>[V][] | null;
} & {
  /** Items of a sequence. */
  readonly SQ: readonly VrInputs<Item>['SQ'][] | null;
  /** Signed or not, as the pixel representation says. */
  readonly 'US|SS': number | null;
  /** Signed or not, as the pixel representation says. */
  readonly 'US|SS*': number | readonly number[] | null;
  /** Bytes. */
  readonly 'OB|OW': Uint8Array | null;
  /** Numbers, or the bytes of such. */
  readonly 'US|OW*': number | readonly number[] | Uint8Array | null;
  /** Numbers, or the bytes of such. */
  readonly 'US|SS|OW*': number | readonly number[] | Uint8Array | null;
};

/** Values by keyword, for building. `null` makes an empty element, `undefined` none. */
export type KeywordInputs<Item> = { readonly [K in Keyword]?: ShapeInputs<Item>[ElementTypes[K]] | undefined };

/** An element by tag, for building: its VR and one value or several, items of a sequence, or null. */
export interface TaggedValue<Item> {
  /** VR. */
  readonly vr: Vr;
  /** What it holds. */
  readonly value:
    | PlainValue
    | readonly PlainValue[]
    | readonly (Item | KeywordInputs<Item> | ObjectInputs<Item>)[]
    | null;
}

/** Encapsulated pixel data by tag, for building. */
export interface TaggedFragments {
  /** VR. */
  readonly vr: 'OB' | 'OW';
  /** The basic offset table, which may be empty, then the fragments. */
  readonly fragments: readonly Uint8Array[];
}

/** An element by tag whose value is elsewhere, for building. */
export interface TaggedReference {
  /** VR. */
  readonly vr: Vr;
  /** Where the value is. */
  readonly bulkData: BulkDataReference;
}

/** What stands behind a tag, for building. */
export type TaggedInput<Item> = TaggedValue<Item> | TaggedFragments | TaggedReference;

/** Elements by tag, for building: what has no keyword, or another VR than the dictionary's. */
export interface TaggedInputs<Item> {
  /** By tag: `'(0009,1001)': { vr: 'LO', value: 'mine' }`. */
  readonly [tag: `(${string},${string})`]: TaggedInput<Item> | undefined;
}

/** A data set as a plain object: values by keyword, what has no keyword by tag. */
export type ObjectInputs<Item> = KeywordInputs<Item> & TaggedInputs<Item>;
