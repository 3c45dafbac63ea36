/** The bytes that a data set was parsed from, and where its elements lie in them. */
import type { Encoding } from './encoding.js';
import { implicitLittleEndian } from './encoding.js';
import type { ResolvedDataSetLimits } from './limits.js';

/** Encoded elements. One source serves a data set and all the items within, at any depth. */
export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly isImplicitVr: boolean;
  readonly isBigEndian: boolean;
  readonly limits: ResolvedDataSetLimits;
  /**
   * Where content of undefined length ends (offset of its delimiter), by the offset at which it begins. Filled when the outermost
   * sequence is passed over, so that opening the items within never scans the same bytes a second time. Not filled when absent.
   */
  readonly contentEnds: Map<number, number> | undefined;
  /** Where the bytes end inside something, what is there counts. */
  readonly keepsTruncated: boolean;
  /** The deflated bytes that `bytes` came from; they are what is written back when nothing was changed. */
  deflated: Uint8Array | undefined;
  private implicit: Source | undefined;

  constructor(
    bytes: Uint8Array,
    encoding: Encoding,
    limits: ResolvedDataSetLimits,
    contentEnds?: Map<number, number>,
    keepsTruncated = false,
  ) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.isImplicitVr = encoding.isImplicitVr;
    this.isBigEndian = encoding.isBigEndian;
    this.limits = limits;
    this.contentEnds = contentEnds;
    this.keepsTruncated = keepsTruncated;
    this.deflated = undefined;
    this.implicit = undefined;
  }

  /** The same bytes read as implicit VR little endian, which is how a sequence stands inside UN. PS3.5 6.2.2 Note 4. */
  asImplicit(): Source {
    if (this.isImplicitVr && !this.isBigEndian) return this;
    this.implicit ??= new Source(this.bytes, implicitLittleEndian, this.limits, this.contentEnds, this.keepsTruncated);
    return this.implicit;
  }
}
