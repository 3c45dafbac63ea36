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
import { holdsFragments, UndefinedLengthScanner } from './undefined-length.js';

/** What is wanted of the stream. */
export interface ScanRules {
  /** Elements with this tag or a higher one aren't wanted. */
  readonly stopTag: number;
  /** Nothing is wanted from the first element on for which it says true. */
  readonly stopWhen: ((tag: number) => boolean) | undefined;
  /** Elements that are wanted however large they are. */
  readonly wanted: ReadonlySet<number> | undefined;
  /** Others are passed over when their value is longer. */
  readonly maxValueBytes: number;
  /** Elements that are wanted although their value is longer, by tag and VR code; asked for those of defined length. */
  readonly isAlwaysWanted: ((tag: number, vr: number) => boolean) | undefined;
  /** Bound on all bytes that are kept. */
  readonly maxBytes: number;
  readonly limits: ResolvedDataSetLimits;
}

/** An element whose value was too long to be kept. */
export interface PassedOverElement {
  readonly tag: number;
  /** VR as a code, 0 where none stands. */
  readonly vr: number;
  /** Offset of the value field in the stream. */
  readonly offset: number;
  /** Length of the value field, without a delimiter. */
  readonly byteLength: number;
  /** The length field says undefined. */
  readonly isUndefinedLength: boolean;
  /** Bytes that were kept before it. */
  readonly keptBefore: number;
}

/** The elements before the stop tag, byte after byte, without those that were passed over. */
export class HeaderScanner {
  /** The stop tag was reached; nothing more is wanted. */
  isComplete = false;
  /** What was too long. */
  readonly passedOver: PassedOverElement[] = [];
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
  private openVr = 0;
  /** Offset in the stream of the value of undefined length that is open. */
  private openOffset = 0;
  /** Offset in the stream of the first of the bytes at hand. */
  private base = 0;
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

  /** How many of the next bytes of the stream nobody wants: {@link skip} may pass over them. */
  get bytesToSkip(): number {
    return this.skip;
  }

  /** Passes over bytes that nobody wants, {@link bytesToSkip} at most. */
  skipBytes(byteCount: number): void {
    this.skip -= byteCount;
    this.base += byteCount;
  }

  /** What is there of an element whose end hasn't come, for those who want it all the same; a value that was being passed over is cut. */
  takeCutOff(): void {
    const last = this.passedOver[this.passedOver.length - 1];
    if (this.isDropping) {
      this.passOver(this.openTag, this.openVr, this.openOffset, this.base - this.openOffset, true);
    } else if (this.skip > 0 && last !== undefined) {
      this.passedOver[this.passedOver.length - 1] = { ...last, byteLength: last.byteLength - this.skip };
    }
    if (!this.isDropping) this.kept.append(this.carry.bytes());
    this.carry.clear();
  }

  /** Takes the next bytes, which are copied as far as they are kept. @returns true when nothing more is wanted. */
  push(fragment: Uint8Array): boolean {
    if (this.isComplete) return true;
    const passed = Math.min(this.skip, fragment.length);
    this.skipBytes(passed);
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
    const { tag, vr, length, valueOffset } = header;
    if (tag >= this.rules.stopTag || this.rules.stopWhen?.(tag) === true) {
      this.isComplete = true;
      return false;
    }
    if (tag >= itemGroupTag && (length !== 0 || !isDelimiterTag(tag))) {
      throw new DataSetError('invalid-structure', `${formatTag(tag)} stands where an element should`);
    }
    if (length === undefinedLength) {
      this.scanner.openElement(tag, vr, valueOffset);
      this.openTag = tag;
      this.openVr = vr;
      this.openOffset = this.base + valueOffset;
      return this.continueElement(source, bytes);
    }
    const next = valueOffset + length;
    const isUnwanted = this.isUnwanted(tag, length) && this.rules.isAlwaysWanted?.(tag, vr) !== true;
    if (!isUnwanted && next > bytes.length) {
      this.carryNeeded = next - position;
      this.checkKept(this.carryNeeded);
      return false;
    }
    if (isUnwanted) {
      this.keep(bytes, position);
      this.passOver(tag, vr, this.base + valueOffset, length, false);
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
    const isUnwanted = this.isUnwanted(this.openTag, reached - this.position) && this.mayDropOpen();
    if (!this.isDropping && isUnwanted) {
      this.keep(bytes, this.position);
      this.isDropping = true;
    }
    if (this.isDropping) {
      this.isDropping = !isClosed;
      const byteLength = this.base + reached - 8 - this.openOffset;
      if (isClosed) this.passOver(this.openTag, this.openVr, this.openOffset, byteLength, true);
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

  /** Who wants sequences always wants all that has undefined length, but fragments. */
  private mayDropOpen(): boolean {
    return this.rules.isAlwaysWanted === undefined || holdsFragments(this.openTag, this.openVr);
  }

  private passOver(tag: number, vr: number, offset: number, byteLength: number, isUndefinedLength: boolean): void {
    const keptBefore = this.kept.length;
    // So many of them are as bad as what was passed over.
    this.checkKept(this.passedOver.length * 64);
    this.passedOver.push({ tag, vr, offset, byteLength, isUndefinedLength, keptBefore });
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
      this.base += bytes.length;
      return;
    }
    this.base += position;
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
