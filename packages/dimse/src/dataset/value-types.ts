/** Which TypeScript type an element's value has: VR and VM decide. `Item` is what a sequence is made of: the data set. */
import type { Keyword } from './dictionary.js';
import type { ElementTypes } from './element-types.generated.js';
import type { Vr } from './vr.js';

/** One value by VR. Numbers in strings (DS, IS) are numbers; their text is at hand with `text()`. */
export interface VrValues<Item> {
  AE: string;
  AS: string;
  /** A tag as a number. */
  AT: number;
  CS: string;
  DA: string;
  DS: number;
  DT: string;
  FD: number;
  FL: number;
  IS: number;
  LO: string;
  LT: string;
  OB: Uint8Array;
  OD: Uint8Array;
  OF: Uint8Array;
  OL: Uint8Array;
  OV: Uint8Array;
  OW: Uint8Array;
  PN: string;
  SH: string;
  SL: number;
  SQ: Item;
  SS: number;
  ST: string;
  SV: bigint;
  TM: string;
  UC: string;
  UI: string;
  UL: number;
  UN: Uint8Array;
  UR: string;
  US: number;
  UT: string;
  UV: bigint;
}

/** What `get` gives for each shape of {@link ElementTypes}: several values are always a list, one value may be absent. */
export type ShapeValues<Item> = { readonly [V in Exclude<Vr, 'SQ'>]: VrValues<Item>[V] | undefined } & {
  readonly [V in Vr as `${V}*`]: readonly VrValues<Item>[V][];
} & {
  readonly SQ: readonly Item[];
  readonly 'US|SS': number | undefined;
  readonly 'US|SS*': readonly number[];
  readonly 'OB|OW': Uint8Array | undefined;
  readonly 'US|OW*': readonly number[] | Uint8Array;
  readonly 'US|SS|OW*': readonly number[] | Uint8Array;
};

/** One value to be written, by VR. */
export interface VrInputs<Item> extends Omit<VrValues<Item>, 'DS' | 'IS' | 'SQ' | 'SV' | 'UV'> {
  /** A number, or text that is written as it stands. */
  DS: number | string;
  /** A number, or text that is written as it stands. */
  IS: number | string;
  /** An item: a data set, or an object that one is made from. */
  SQ: Item | KeywordInputs<Item>;
  SV: bigint | number;
  UV: bigint | number;
}

/** What `set` and `DataSet.from` take for each shape of {@link ElementTypes}; null writes an empty element. */
export type ShapeInputs<Item> = { readonly [V in Exclude<Vr, 'SQ'>]: VrInputs<Item>[V] | null } & {
  readonly [V in Vr as `${V}*`]: VrInputs<Item>[V] | readonly VrInputs<Item>[V][] | null;
} & {
  readonly SQ: readonly VrInputs<Item>['SQ'][] | null;
  readonly 'US|SS': number | null;
  readonly 'US|SS*': number | readonly number[] | null;
  readonly 'OB|OW': Uint8Array | null;
  readonly 'US|OW*': number | readonly number[] | Uint8Array | null;
  readonly 'US|SS|OW*': number | readonly number[] | Uint8Array | null;
};

/** Values by keyword, for building. `null` makes an empty element, `undefined` none. */
export type KeywordInputs<Item> = { readonly [K in Keyword]?: ShapeInputs<Item>[ElementTypes[K]] | undefined };
