/**
 * Cuts the wanted elements out of a stream of fragments: what the stream parser does before anything is located. Nothing that isn't
 * wanted is buffered, and each byte is moved a fixed number of times, however the stream is cut.
 */
import type { Encoding } from './encoding.js';
import { DataSetError } from './errors.js';
import { GrowingBytes } from './growing-bytes.js';
import { HeaderReader } from './header.js';
import type { ResolvedDataSetLimits } from './limits.js';
import { Source } from './source.js';
import { formatTag, isDelimiterTag, itemGroupTag, undefinedLength } from './tag.js';
import { UndefinedLengthScanner } from './undefined-length.js';

/** What is wanted of the stream. */
export interface ScanRules {
  /** Elements with this tag or a higher one aren't wanted. */
  readonly stopTag: number;
  /** Elements that are wanted however large they are. */
  readonly wanted: ReadonlySet<number> | undefined;
  /** Others are passed over when their value is longer. */
  readonly maxValueBytes: number;
  /** Bound on all bytes that are kept. */
  readonly maxBytes: number;
  readonly limits: ResolvedDataSetLimits;
}

/** The elements before the stop tag, byte after byte, without those that were passed over. */
export class HeaderScanner {
  /** The stop tag was reached; nothing more is wanted. */
  isComplete = false;
  private readonly encoding: Encoding;
  private readonly rules: ScanRules;
  private readonly header = new HeaderReader();
  private readonly scanner: UndefinedLengthScanner;
  /** Whole elements. */
  private readonly kept = new GrowingBytes();
  /** The beginning of an element whose end hasn't come. */
  private readonly carry = new GrowingBytes();
  /** Bytes that `carry` must have before looking at it makes sense. */
  private carryNeeded = 0;
  /** Bytes of the stream to let pass. */
  private skip = 0;
  /** The element of undefined length that is open isn't wanted. */
  private isDropping = false;
  private openTag = 0;
  /** Where the scan is, in the bytes at hand; beyond them when a value is passed over. */
  private position = 0;
  /** First byte of the elements to keep that were not copied yet, in the bytes at hand. */
  private runStart = 0;

  constructor(encoding: Encoding, rules: ScanRules) {
    this.encoding = encoding;
    this.rules = rules;
    this.scanner = new UndefinedLengthScanner(rules.limits.maxNesting);
  }

  /** All bytes that were kept, in memory of their own. */
  keptBytes(): Uint8Array {
    return this.kept.copy();
  }

  /** True when the stream may end here: between elements, with nothing but a few zero bytes after the last. */
  get isBetweenElements(): boolean {
    const rest = this.carry.bytes();
    return this.skip === 0 && !this.scanner.isOpen && rest.length < 8 && rest.every((byte) => byte === 0);
  }

  /** Takes the next bytes, which are copied as far as they are kept. @returns true when nothing more is wanted. */
  push(fragment: Uint8Array): boolean {
    if (this.isComplete) return true;
    const passed = Math.min(this.skip, fragment.length);
    this.skip -= passed;
    if (passed === fragment.length) return false;
    const rest = passed === 0 ? fragment : fragment.subarray(passed);
    if (this.carry.length === 0) return this.scan(rest);
    this.carry.append(rest);
    return this.carry.length < this.carryNeeded ? false : this.scan(this.carry.bytes());
  }

  private scan(bytes: Uint8Array): boolean {
    const source = new Source(bytes, this.encoding, this.rules.limits);
    this.position = 0;
    this.runStart = 0;
    this.carryNeeded = 0;
    let goesOn = true;
    while (goesOn && this.position < bytes.length) {
      goesOn = this.scanner.isOpen ? this.continueElement(source, bytes) : this.takeElement(source, bytes);
    }
    if (!this.isDropping) this.keep(bytes, this.position);
    this.hold(bytes);
    return this.isComplete;
  }

  /** Takes the element at `position`. @returns false when more bytes are needed, or no more are wanted. */
  private takeElement(source: Source, bytes: Uint8Array): boolean {
    const { header, position } = this;
    if (!header.read(source, position, bytes.length)) return false;
    const { tag, length, valueOffset } = header;
    if (tag >= this.rules.stopTag) {
      this.isComplete = true;
      return false;
    }
    if (tag >= itemGroupTag && (length !== 0 || !isDelimiterTag(tag))) {
      throw new DataSetError('invalid-structure', `${formatTag(tag)} stands where an element should`);
    }
    if (length === undefinedLength) {
      this.scanner.openElement(tag, header.vr, valueOffset);
      this.openTag = tag;
      return this.continueElement(source, bytes);
    }
    const next = valueOffset + length;
    const isUnwanted = this.isUnwanted(tag, length);
    if (!isUnwanted && next > bytes.length) {
      this.carryNeeded = next - position;
      this.checkKept(this.carryNeeded);
      return false;
    }
    if (isUnwanted) {
      this.keep(bytes, position);
      this.runStart = next;
    }
    this.position = next;
    return true;
  }

  /** Goes on with the element of undefined length that is open; unless it is being dropped, it begins at `position`. */
  private continueElement(source: Source, bytes: Uint8Array): boolean {
    const { scanner } = this;
    const isClosed = scanner.run(source, bytes.length);
    const reached = scanner.position;
    if (!this.isDropping && this.isUnwanted(this.openTag, reached - this.position)) {
      this.keep(bytes, this.position);
      this.isDropping = true;
    }
    if (this.isDropping) {
      this.isDropping = !isClosed;
      this.runStart = reached;
      this.position = reached;
      return isClosed;
    }
    this.checkKept(reached - this.position);
    if (isClosed) this.position = reached;
    else this.carryNeeded = reached - this.position;
    return isClosed;
  }

  private isUnwanted(tag: number, length: number): boolean {
    return length > this.rules.maxValueBytes && this.rules.wanted?.has(tag) !== true;
  }

  private keep(bytes: Uint8Array, runEnd: number): void {
    if (runEnd <= this.runStart) return;
    this.checkKept(runEnd - this.runStart);
    this.kept.append(bytes.subarray(this.runStart, runEnd));
    this.runStart = runEnd;
  }

  /** Holds on to the bytes from `position` on, where an element stands that isn't complete. */
  private hold(bytes: Uint8Array): void {
    const { position } = this;
    if (this.scanner.isOpen) this.scanner.shift(-position);
    if (this.isComplete || position >= bytes.length) {
      this.carry.clear();
      this.skip = this.isComplete ? 0 : position - bytes.length;
      return;
    }
    this.checkKept(bytes.length - position);
    this.carry.set(bytes.subarray(position));
  }

  private checkKept(more: number): void {
    if (this.kept.length + more <= this.rules.maxBytes) return;
    throw new DataSetError(
      'too-large',
      `The elements before the stop tag are larger than ${this.rules.maxBytes} bytes`,
    );
  }
}
