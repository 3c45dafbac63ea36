/** Value representations. PS3.5 6.2 and 7.1.2. */

/** The 34 value representations. */
// biome-ignore format: a table
export type Vr =
  | 'AE' | 'AS' | 'AT' | 'CS' | 'DA' | 'DS' | 'DT' | 'FD' | 'FL' | 'IS' | 'LO' | 'LT' | 'OB' | 'OD' | 'OF' | 'OL' | 'OV'
  | 'OW' | 'PN' | 'SH' | 'SL' | 'SQ' | 'SS' | 'ST' | 'SV' | 'TM' | 'UC' | 'UI' | 'UL' | 'UN' | 'UR' | 'US' | 'UT' | 'UV';

/** How a value is made of bytes. */
export type VrKind = 'text' | 'number' | 'bigint' | 'tag' | 'binary' | 'sequence';

/** What the standard fixes for a VR. */
export interface VrTraits {
  /** How a value is made of bytes. */
  readonly kind: VrKind;
  /** Bytes of the unit that byte order turns around; 1 for text and bytes. */
  readonly unitBytes: number;
  /** True when explicit VR spends 2 reserved and 4 length bytes on it. PS3.5 Table 7.1-1. */
  readonly hasLongLength: boolean;
  /** Byte that makes a length even. */
  readonly padding: number;
  /** True for text that the specific character set applies to. PS3.5 6.1.2.3. */
  readonly usesCharacterSet: boolean;
  /** True when a backslash divides values. */
  readonly isSplit: boolean;
}

/** Padding of text; of UIDs and bytes it is 0. */
const space = 0x20;

/** Traits by VR. */
export const vrTraits: Readonly<Record<Vr, VrTraits>> = /* @__PURE__ */ traits();

/** True for one of the 34 VRs. */
export function isVr(text: string): text is Vr {
  return Object.hasOwn(vrTraits, text);
}

function text(differing: Partial<VrTraits> = {}): VrTraits {
  const usual: VrTraits = {
    kind: 'text',
    unitBytes: 1,
    hasLongLength: false,
    padding: space,
    usesCharacterSet: false,
    isSplit: true,
  };
  return { ...usual, ...differing };
}

function fixed(kind: VrKind, unitBytes: number): VrTraits {
  return { kind, unitBytes, hasLongLength: false, padding: 0, usesCharacterSet: false, isSplit: false };
}

function bytes(unitBytes: number): VrTraits {
  return { kind: 'binary', unitBytes, hasLongLength: true, padding: 0, usesCharacterSet: false, isSplit: false };
}

function traits(): Record<Vr, VrTraits> {
  return {
    AE: text(),
    AS: text(),
    AT: fixed('tag', 2),
    CS: text(),
    DA: text(),
    DS: text(),
    DT: text(),
    FD: fixed('number', 8),
    FL: fixed('number', 4),
    IS: text(),
    LO: text({ usesCharacterSet: true }),
    LT: text({ usesCharacterSet: true, isSplit: false }),
    OB: bytes(1),
    OD: bytes(8),
    OF: bytes(4),
    OL: bytes(4),
    OV: bytes(8),
    OW: bytes(2),
    PN: text({ usesCharacterSet: true }),
    SH: text({ usesCharacterSet: true }),
    SL: fixed('number', 4),
    SQ: { kind: 'sequence', unitBytes: 1, hasLongLength: true, padding: 0, usesCharacterSet: false, isSplit: false },
    SS: fixed('number', 2),
    ST: text({ usesCharacterSet: true, isSplit: false }),
    SV: { ...fixed('bigint', 8), hasLongLength: true },
    TM: text(),
    UC: text({ usesCharacterSet: true, hasLongLength: true }),
    UI: text({ padding: 0 }),
    UL: fixed('number', 4),
    UN: bytes(1),
    UR: text({ hasLongLength: true, isSplit: false }),
    US: fixed('number', 2),
    UT: text({ usesCharacterSet: true, hasLongLength: true, isSplit: false }),
    UV: { ...fixed('bigint', 8), hasLongLength: true },
  };
}
