/** Tags as numbers: group in the high 16 bits, element in the low ones, `0x00100010` for (0010,0010). */

/** First tag of the group of items and delimiters, which no element is in. PS3.5 7.5. */
export const itemGroupTag = 0xfffe0000;
/** Item (FFFE,E000). PS3.5 7.5. */
export const itemTag = 0xfffee000;
/** Item delimitation item (FFFE,E00D). */
export const itemDelimiterTag = 0xfffee00d;
/** Sequence delimitation item (FFFE,E0DD). */
export const sequenceDelimiterTag = 0xfffee0dd;
/** Specific Character Set (0008,0005). */
export const specificCharacterSetTag = 0x00080005;
/** Pixel Data (7FE0,0010). */
export const pixelDataTag = 0x7fe00010;

/** True for item and sequence delimitation. */
export function isDelimiterTag(tag: number): boolean {
  return tag === itemDelimiterTag || tag === sequenceDelimiterTag;
}

/** A length field that says "until the delimiter". PS3.5 7.1. */
export const undefinedLength = 0xffffffff;

/** `(0010,0010)` for 0x00100010. */
export function formatTag(tag: number): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}

/** True for tags of private groups (odd group numbers). PS3.5 7.8. */
export function isPrivateTag(tag: number): boolean {
  return ((tag >>> 16) & 1) === 1;
}

/** True for group lengths (gggg,0000). PS3.5 7.2. */
export function isGroupLengthTag(tag: number): boolean {
  return (tag & 0xffff) === 0;
}
