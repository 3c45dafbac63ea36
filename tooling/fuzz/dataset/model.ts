/** Data sets as plain data, and their bytes in any encoding, by a few lines that share nothing with the package under test. PS3.5 7. */

/** How elements stand in bytes. */
export interface ModelEncoding {
  readonly isImplicitVr: boolean;
  readonly isBigEndian: boolean;
}

/** An element. */
export interface ModelElement {
  readonly tag: number;
  readonly vr: string;
  readonly value: ModelValue;
}

/** A value field in little endian order, items, or fragments with the offset table first. */
export type ModelValue =
  | { readonly bytes: Uint8Array }
  | { readonly items: readonly ModelItem[]; readonly isUndefinedLength: boolean }
  | { readonly fragments: readonly Uint8Array[] };

/** An item. */
export interface ModelItem {
  readonly elements: readonly ModelElement[];
  readonly isUndefinedLength: boolean;
}

/** VRs by the number of bytes that byte order turns around; those of 32-bit lengths are in {@link LONG_VRS}. */
const UNITS: Readonly<Record<string, number>> = {
  AT: 2,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};

/** VRs with two reserved bytes and a 32-bit length. PS3.5 Table 7.1-1. */
export const LONG_VRS: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** The 34 VRs. */
export const VRS: readonly string[] =
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' ');

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED = 0xffffffff;

/** The bytes of a data set. */
export function encodeModel(elements: readonly ModelElement[], encoding: ModelEncoding): Uint8Array {
  return joined(elements.map((element) => encodeElement(element, encoding)));
}

function encodeElement({ tag, vr, value }: ModelElement, encoding: ModelEncoding): Uint8Array {
  if ('bytes' in value) {
    const bytes = encoding.isBigEndian ? turned(vr, value.bytes) : value.bytes;
    return joined([header(tag, vr, bytes.length, encoding), bytes]);
  }
  if ('fragments' in value) {
    const items = value.fragments.map((bytes) => joined([delimiter(ITEM, bytes.length, encoding), bytes]));
    return joined([header(tag, vr, UNDEFINED, encoding), ...items, delimiter(SEQUENCE_END, 0, encoding)]);
  }
  // A sequence in UN is implicit VR little endian, PS3.5 6.2.2 Note 4.
  const within = vr === 'UN' ? { isImplicitVr: true, isBigEndian: false } : encoding;
  const items = joined(value.items.map((item) => encodeItem(item, within)));
  if (!value.isUndefinedLength) return joined([header(tag, vr, items.length, encoding), items]);
  return joined([header(tag, vr, UNDEFINED, encoding), items, delimiter(SEQUENCE_END, 0, within)]);
}

function encodeItem({ elements, isUndefinedLength }: ModelItem, encoding: ModelEncoding): Uint8Array {
  const bytes = encodeModel(elements, encoding);
  if (!isUndefinedLength) return joined([delimiter(ITEM, bytes.length, encoding), bytes]);
  return joined([delimiter(ITEM, UNDEFINED, encoding), bytes, delimiter(ITEM_END, 0, encoding)]);
}

function header(tag: number, vr: string, length: number, encoding: ModelEncoding): Uint8Array {
  if (encoding.isImplicitVr) return delimiter(tag, length, encoding);
  const isLong = LONG_VRS.has(vr);
  const bytes = new Uint8Array(isLong ? 12 : 8);
  bytes.set(delimiter(tag, 0, encoding).subarray(0, 4));
  bytes.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  const view = new DataView(bytes.buffer);
  if (isLong) view.setUint32(8, length, !encoding.isBigEndian);
  else view.setUint16(6, length, !encoding.isBigEndian);
  return bytes;
}

/** Tag and 32-bit length. */
function delimiter(tag: number, length: number, { isBigEndian }: ModelEncoding): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint16(0, tag >>> 16, !isBigEndian);
  view.setUint16(2, tag & 0xffff, !isBigEndian);
  view.setUint32(4, length, !isBigEndian);
  return new Uint8Array(view.buffer);
}

function turned(vr: string, bytes: Uint8Array): Uint8Array {
  const unit = UNITS[vr] ?? 1;
  return bytes.map((_, index) => bytes[index - (index % unit) + unit - 1 - (index % unit)] ?? 0);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}
