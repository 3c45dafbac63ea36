/** Which TypeScript type an element's value has: VR and VM decide. */
import type { DataSet } from './data-set.js';
import type { Keyword } from './dictionary.js';
import type { ElementTypes } from './element-types.generated.js';
import type { Vr } from './vr.js';

/** One value by VR. Numbers in strings (DS, IS) are numbers; their text is at hand with `text()`. */
export interface VrValues {
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
  SQ: DataSet;
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
export type ShapeValues = { readonly [V in Exclude<Vr, 'SQ'>]: VrValues[V] | undefined } & {
  readonly [V in Vr as `${V}*`]: readonly VrValues[V][];
} & {
  readonly SQ: readonly DataSet[];
  readonly 'US|SS': number | undefined;
  readonly 'US|SS*': readonly number[];
  readonly 'OB|OW': Uint8Array | undefined;
  readonly 'US|OW*': readonly number[] | Uint8Array;
  readonly 'US|SS|OW*': readonly number[] | Uint8Array;
};

/** The type of a keyword's value: `number | undefined` for `Rows`, `readonly string[]` for `ImageType`. */
export type ElementValue<K extends Keyword> = ShapeValues[ElementTypes[K]];

/** One value to be written, by VR. */
export interface VrInputs extends Omit<VrValues, 'DS' | 'IS' | 'SQ' | 'SV' | 'UV'> {
  /** A number, or text that is written as it stands. */
  DS: number | string;
  /** A number, or text that is written as it stands. */
  IS: number | string;
  /** An item: a data set, or an object that one is made from. */
  SQ: DataSet | DataSetInput;
  SV: bigint | number;
  UV: bigint | number;
}

/** What `set` and `DataSet.from` take for each shape of {@link ElementTypes}; null writes an empty element. */
export type ShapeInputs = { readonly [V in Exclude<Vr, 'SQ'>]: VrInputs[V] | null } & {
  readonly [V in Vr as `${V}*`]: VrInputs[V] | readonly VrInputs[V][] | null;
} & {
  readonly SQ: readonly VrInputs['SQ'][] | null;
  readonly 'US|SS': number | null;
  readonly 'US|SS*': number | readonly number[] | null;
  readonly 'OB|OW': Uint8Array | null;
  readonly 'US|OW*': number | readonly number[] | Uint8Array | null;
  readonly 'US|SS|OW*': number | readonly number[] | Uint8Array | null;
};

/** The type of what may be written to a keyword. */
export type ElementInput<K extends Keyword> = ShapeInputs[ElementTypes[K]];

/** An object that a data set is made from. `null` makes an empty element, `undefined` none. */
export type DataSetInput = { readonly [K in Keyword]?: ElementInput<K> | undefined };

/** A decoded value of any VR, without items. */
export type PlainValue = string | number | bigint | Uint8Array;
