/** Transfer syntaxes: what is known of each, and how their data sets are encoded. PS3.5 10 and Annex A. */
import { transferSyntaxRows } from './transfer-syntax.generated.js';

export { TransferSyntax } from './transfer-syntax.generated.js';

/** What PS3.5 and PS3.6 say of a transfer syntax. */
export interface TransferSyntaxInfo {
  /** UID. */
  readonly uid: string;
  /** Keyword of PS3.6, `ExplicitVRLittleEndian`. */
  readonly keyword: string;
  /** Name of PS3.6. */
  readonly name: string;
  /** True when elements carry no VR. */
  readonly isImplicitVr: boolean;
  /** True when numbers stand with their high byte first. */
  readonly isBigEndian: boolean;
  /** True when the whole data set is deflated. */
  readonly isDeflated: boolean;
  /** True when pixel data is made of fragments. */
  readonly isEncapsulated: boolean;
  /** True when the standard has retired it. */
  readonly isRetired: boolean;
}

/** The standard's transfer syntaxes, in its order. */
export const transferSyntaxes: readonly TransferSyntaxInfo[] = /* @__PURE__ */ transferSyntaxRows.map(
  ([uid, keyword, name, flags]) => ({
    uid,
    keyword,
    name,
    isImplicitVr: flags.includes('i'),
    isBigEndian: flags.includes('b'),
    isDeflated: flags.includes('d'),
    isEncapsulated: flags.includes('e'),
    isRetired: flags.includes('r'),
  }),
);

/** What is known of a transfer syntax; `undefined` for one that the standard doesn't list. */
export function transferSyntaxInfo(uid: string): TransferSyntaxInfo | undefined {
  return transferSyntaxes.find((syntax) => syntax.uid === uid);
}

/** Name of a transfer syntax, its UID when it is unknown. */
export function transferSyntaxName(uid: string): string {
  return transferSyntaxInfo(uid)?.name ?? uid;
}
