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
   * writers leave implicit elements in explicit data sets. Small letters, blanks and question marks are let pass as a VR. Two capital letters that are no VR known here have a long header,
   * as the standard reserves it for VRs to come, unless the reserved bytes aren't zero.
   *
   * @returns false when the header reaches beyond `end`.
   */
  read(source: Source, offset: number, end: number): boolean {
    if (offset + 8 > end) return false;
    const { bytes, view, isImplicitVr, isBigEndian } = source;
    const group = view.getUint16(offset, !isBigEndian);
    this.tag = group * 0x10000 + view.getUint16(offset + 2, !isBigEndian);
    if (isImplicitVr || group === 0xfffe) return this.readImplicit(source, offset);
    const first = bytes[offset + 4]!;
    const second = bytes[offset + 5]!;
    const form = headerForm(first, second);
    if (form === formNone) return this.readMangled(source, offset, end);
    this.vr = (first << 8) | second;
    const isShort = form === formShort || (form !== formLong && (bytes[offset + 6]! | bytes[offset + 7]!) !== 0);
    if (!isShort) return this.readLong(source, offset, end);
    this.length = view.getUint16(offset + 6, !isBigEndian);
    this.valueOffset = offset + 8;
    return true;
  }

  private readImplicit({ view, isBigEndian }: Source, offset: number): boolean {
    this.vr = noVr;
    this.length = view.getUint32(offset + 4, !isBigEndian);
    this.valueOffset = offset + 8;
    return true;
  }

  private readLong({ view, isBigEndian }: Source, offset: number, end: number): boolean {
    if (offset + 12 > end) return false;
    this.length = view.getUint32(offset + 8, !isBigEndian);
    this.valueOffset = offset + 12;
    return true;
  }

  /**
   * A header without VR has a length where the VR should be. Small letters, `??` and blanks would make it odd or very large, unless
   * the bytes after them are zero: they are a VR that was mangled. So are zeros, but before the bulk of images and overlays.
   */
  private readMangled(source: Source, offset: number, end: number): boolean {
    const { bytes, view, isBigEndian } = source;
    const first = bytes[offset + 4]!;
    const second = bytes[offset + 5]!;
    const isZero = (bytes[offset + 6]! | bytes[offset + 7]!) === 0;
    const isNul = (first | second) === 0 && this.tag < 0x50000000;
    const isBlank = isNul || (first === second && (first === 0x20 || first === 0x3f));
    const form = isBlank ? formShort : headerForm(first & ~0x20, second & ~0x20);
    const isOdd = (first & 1) === 1;
    this.vr = isBlank ? noVr : ((first << 8) | second) & ~0x2020;
    if (form === formLong && isZero && isOdd) return this.readLong(source, offset, end);
    if (form !== formShort || (isZero && !isOdd)) return this.readImplicit(source, offset);
    this.length = view.getUint16(offset + 6, !isBigEndian);
    this.valueOffset = offset + 8;
    return true;
  }

  /** True when the length is undefined. */
  get isUndefinedLength(): boolean {
    return this.length === undefinedLength;
  }
}
