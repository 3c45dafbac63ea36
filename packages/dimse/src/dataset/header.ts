/** The header of one element: tag, VR, length. PS3.5 7.1. */
import type { Source } from './source.js';
import { undefinedLength } from './tag.js';
import { formLong, formNone, formShort, headerForm, noVr } from './vr-code.js';

/**
 * Reads element headers. One object is used over and over, so that reading a header allocates nothing; the fields hold the
 * header that was read last.
 */
export class HeaderReader {
  /** Tag. */
  tag = 0;
  /** VR as a code (vr-code.ts), {@link noVr} where none stands. */
  vr = noVr;
  /** Offset of the value. */
  valueOffset = 0;
  /** Length field, {@link undefinedLength} included. */
  length = 0;

  /**
   * Reads the header at `offset`.
   *
   * ```
   * implicit        tag 4, length 4
   * explicit short  tag 4, VR 2, length 2
   * explicit long   tag 4, VR 2, reserved 2, length 4
   * ```
   *
   * Items and delimiters never have a VR. Where explicit VR has no two capital letters, a header without VR is read: some
   * writers leave implicit elements in explicit data sets. Two capital letters that are no VR known here have a long header,
   * as the standard reserves it for VRs to come, unless the reserved bytes aren't zero.
   *
   * @returns false when the header reaches beyond `end`.
   */
  read({ bytes, view, isImplicitVr, isBigEndian }: Source, offset: number, end: number): boolean {
    if (offset + 8 > end) return false;
    const group = view.getUint16(offset, !isBigEndian);
    const tag = group * 0x10000 + view.getUint16(offset + 2, !isBigEndian);
    this.tag = tag;
    const form = isImplicitVr || group === 0xfffe ? formNone : headerForm(bytes[offset + 4]!, bytes[offset + 5]!);
    if (form === formNone) {
      this.vr = noVr;
      this.length = view.getUint32(offset + 4, !isBigEndian);
      this.valueOffset = offset + 8;
      return true;
    }
    this.vr = (bytes[offset + 4]! << 8) | bytes[offset + 5]!;
    const isShort = form === formShort || (form !== formLong && (bytes[offset + 6]! | bytes[offset + 7]!) !== 0);
    if (isShort) {
      this.length = view.getUint16(offset + 6, !isBigEndian);
      this.valueOffset = offset + 8;
      return true;
    }
    if (offset + 12 > end) return false;
    this.length = view.getUint32(offset + 8, !isBigEndian);
    this.valueOffset = offset + 12;
    return true;
  }

  /** True when the length is undefined. */
  get isUndefinedLength(): boolean {
    return this.length === undefinedLength;
  }
}
