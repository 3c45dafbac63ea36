/** One entry of a private dictionary. PS3.5 7.8. */
import type { Vr } from '../vr.js';

/** What is known of a private element. */
export interface PrivateElementDefinition {
  /** The private creator: `SIEMENS CSA HEADER`. */
  readonly creator: string;
  /** Group, an odd number: `0x0029`; or the first and last of several, of which the odd ones count. */
  readonly group: number | readonly [first: number, last: number];
  /** Element within the creator's block: `0x10` for (0029,xx10); or the first and last of several. */
  readonly element: number | readonly [first: number, last: number];
  /** VR. */
  readonly vr: Vr;
  /** Value multiplicity: `1`, `1-n`. Default: `1`. */
  readonly vm?: string | undefined;
  /** A keyword, by which `PrivateBlock` finds the element. Default: none. */
  readonly keyword?: string | undefined;
}
