/** Reads a data set that comes in chunks, event by event. PS3.5 7. */
import { type Encoding, encodingOf } from '../encoding.js';
import { DataSetError, type DataSetErrorCode, type DataSetWarning } from '../errors.js';
import { HeaderReader } from '../header.js';
import { type DataSetLimits, type ResolvedDataSetLimits, resolveLimits } from '../limits.js';
import { noStop } from '../locate.js';
import {
  formatTag,
  isDelimiterTag,
  itemDelimiterTag,
  itemGroupTag,
  itemTag,
  sequenceDelimiterTag,
  undefinedLength,
} from '../tag.js';
import { holdsFragments, isExplicitInside } from '../undefined-length.js';
import type { Vr } from '../vr.js';
import { noVr, vrCode, vrOfCode } from '../vr-code.js';
import { ByteFeed } from './byte-feed.js';
import { CompleteElement, type ContainerBegin, type DataSetEvent, type EventPlace } from './data-set-event.js';
import { Frame, noEnd, pathOf } from './frame.js';

/** How a data set is read event by event. */
export interface DataSetEventOptions {
  /** Transfer syntax UID. */
  readonly transferSyntax: string;
  /** Values, and fragments, up to this length are gathered and told as a whole; longer ones in chunks. Default: 64 KiB. */
  readonly maxValueBytes?: number | undefined;
  /**
   * Elements that aren't wanted: those at the top level with this tag or a higher one, or from the first on for which the function says
   * true. Default: everything is wanted.
   */
  readonly stopBefore?: number | ((tag: number) => boolean) | undefined;
  /** Where the data set ends inside something, tell what is there instead of throwing. Default: false. */
  readonly keepTruncated?: boolean | undefined;
  /** Bounds on nesting and inflating. */
  readonly limits?: DataSetLimits | undefined;
}

/**
 * Reads a data set from chunks cut anywhere, in memory that does not depend on its size: push a chunk, ask for events until there is none, push
 * the next. `dataSetEvents` does that for streams. Whoever has what is wanted stops asking.
 *
 * Sequences are entered; what is in them is told as it comes. The events of a valid data set are the same however its chunks are cut, and tell
 * the elements that `parseDataSet` finds.
 *
 * @example
 * ```ts
 * import { DataSet, DataSetEventReader, encodeDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
 *
 * const transferSyntax = TransferSyntax.ExplicitVRLittleEndian;
 * const bytes = encodeDataSet(DataSet.from({ PatientID: '4711', PixelData: new Uint8Array(100_000) }), transferSyntax);
 * const reader = new DataSetEventReader({ transferSyntax });
 * for (let at = 0; at < bytes.length; at += 1000) {
 *   reader.push(bytes.subarray(at, at + 1000));
 *   for (let event = reader.next(); event !== undefined; event = reader.next()) {
 *     if (event.type === 'element') console.log(event.path, event.text); // (0010,0020) 4711
 *     if (event.type === 'value-begin') event.skip(); // the pixels
 *   }
 * }
 * reader.end();
 * ```
 */
export class DataSetEventReader {
  private readonly encoding: Encoding;
  private readonly limits: ResolvedDataSetLimits;
  private readonly feed: ByteFeed;
  private readonly header = new HeaderReader();
  private readonly maxValueBytes: number;
  private readonly stopTag: number;
  private readonly stopWhen: ((tag: number) => boolean) | undefined;
  private readonly keepsTruncated: boolean;
  private readonly frames: Frame[];
  private readonly noticed: DataSetWarning[] = [];
  /** Bytes of a long value that are to come. */
  private valueLeft = 0;
  private isInValue = false;
  /** Bytes to pass over. */
  private skipLeft = 0;
  /** Frames from this number on are passed over. */
  private silentFrom = noEnd;
  private hasElements = false;
  /** Offset at which zero bytes after the last element begin. */
  private paddingStart = -1;
  private isOver = false;

  constructor(options: DataSetEventOptions) {
    const { stopBefore } = options;
    this.encoding = encodingOf(options.transferSyntax);
    this.limits = resolveLimits(options.limits);
    this.feed = new ByteFeed(this.encoding, this.limits);
    this.maxValueBytes = options.maxValueBytes ?? 0x1_0000;
    this.stopTag = typeof stopBefore === 'number' ? stopBefore : noStop;
    this.stopWhen = typeof stopBefore === 'function' ? stopBefore : undefined;
    this.keepsTruncated = options.keepTruncated === true;
    this.frames = [new Frame('elements', 0, 'UN', noEnd)];
  }

  /** True when no more events come: the stop tag was met, or all was told after {@link end}. */
  get isFinished(): boolean {
    return this.isOver;
  }

  /** What was odd and read all the same, so far. */
  get warnings(): readonly DataSetWarning[] {
    return this.noticed;
  }

  /** How many of the next bytes nobody wants: who can, goes on behind them and says so by {@link skipBytes}. */
  get bytesToSkip(): number {
    return this.feed.isInflating || this.feed.available > 0 ? 0 : this.skipLeft;
  }

  /**
   * Passes over the next bytes without their being pushed.
   *
   * @param byteCount - {@link bytesToSkip} at most.
   * @throws RangeError when it is more.
   */
  skipBytes(byteCount: number): void {
    if (byteCount < 0 || byteCount > this.bytesToSkip) throw new RangeError(`${byteCount} bytes can't be skipped here`);
    this.feed.passOver(byteCount);
    this.skipLeft -= byteCount;
  }

  /** Gives the next chunk. It must not change until {@link next} has given `undefined`. */
  push(chunk: Uint8Array): void {
    if (!this.isOver) this.feed.push(chunk);
  }

  /** Says that no more chunks come; events may be left. */
  end(): void {
    this.feed.isEnded = true;
  }

  /**
   * The next event; `undefined` when more bytes are needed, or when all was told.
   *
   * @throws DataSetError when the bytes can't be a data set, or exceed a limit; `truncated` when it ended inside something. After an error
   * the reader is of no more use.
   */
  next(): DataSetEvent | undefined {
    while (!this.isOver) {
      const event = this.step();
      if (event === again) continue;
      if (event !== undefined) return event;
      if (this.moreBytes()) continue;
      if (!this.feed.isEnded) {
        this.feed.hold();
        return undefined;
      }
      const last = this.stepAtEnd();
      if (last !== again) return last;
    }
    return undefined;
  }

  private moreBytes(): boolean {
    try {
      return this.feed.more();
    } catch (error) {
      const isCutOff = error instanceof DataSetError && error.code === 'inflate-failed';
      if (!isCutOff || !this.keepsTruncated) throw error;
      this.feed.isEnded = true;
      return false;
    }
  }

  /** One step with the bytes at hand: an event, {@link again}, or `undefined` when they don't suffice. */
  private step(): DataSetEvent | typeof again | undefined {
    const { feed } = this;
    if (this.skipLeft > 0) {
      const passed = Math.min(this.skipLeft, feed.available);
      feed.passOver(passed);
      this.skipLeft -= passed;
      return this.skipLeft > 0 ? undefined : again;
    }
    if (this.isInValue) return this.stepInValue();
    const frame = this.top;
    if (this.paddingStart >= 0) return this.stepInPadding();
    const room = frame.end - feed.offset;
    if (room <= 0) return this.close(frame);
    if (room < 8) {
      if (feed.available < room) return undefined;
      if (this.isRestPassedOver(frame, room)) return again;
    }
    if (!this.readHeader(frame)) return undefined;
    if (frame.kind === 'elements') return this.element(frame);
    return frame.kind === 'items' ? this.item(frame) : this.fragment(frame);
  }

  private stepInValue(): DataSetEvent | undefined {
    if (this.valueLeft === 0) {
      this.isInValue = false;
      return { type: 'value-end' };
    }
    const bytes = this.take(Math.min(this.valueLeft, this.feed.available));
    this.valueLeft -= bytes.length;
    return bytes.length === 0 ? undefined : { type: 'value-chunk', bytes };
  }

  private readHeader(frame: Frame): boolean {
    const { source, position } = this.feed;
    const from = frame.isImplicit ? source.asImplicit() : source;
    if (!this.header.read(from, position, source.bytes.length)) return false;
    if (!frame.isDoubtful || frame.kind !== 'elements') return true;
    // What stands in UN should be implicit; the first element of an item tells whether it is.
    frame.isDoubtful = false;
    if (!isExplicitInside(source, position)) return true;
    frame.isImplicit = false;
    return this.header.read(source, position, source.bytes.length);
  }

  private element(frame: Frame): DataSetEvent | typeof again | undefined {
    const { tag, vr: code, length, valueOffset } = this.header;
    const isTop = this.frames.length === 1;
    if (isTop && (tag >= this.stopTag || this.stopWhen?.(tag) === true)) {
      this.isOver = true;
      return undefined;
    }
    if (isTop && tag === 0 && length === 0 && this.hasElements) {
      this.paddingStart = this.feed.offset;
      return again;
    }
    if (tag >= itemGroupTag) return this.delimiter(frame, tag, length, valueOffset);
    this.hasElements = true;
    const headerBytes = valueOffset - this.feed.position;
    if (length === undefinedLength) return this.beginUndefined(tag, code, headerBytes);
    const end = this.feed.offset + headerBytes + length;
    this.makeRoom(frame, tag, end);
    const vr = frame.vrOf(tag, code);
    if (vr === 'SQ') {
      this.feed.position += headerBytes;
      return this.begin('items', tag, vr, length, code === unknownCode);
    }
    if (this.isSilent) {
      this.feed.position += headerBytes;
      this.skipLeft = length;
      return again;
    }
    if (length > this.maxValueBytes) {
      this.feed.position += headerBytes;
      return this.beginLongValue(tag, vr, length, undefined);
    }
    if (this.feed.available < headerBytes + length) return undefined;
    this.feed.position += headerBytes;
    return this.tell(frame, tag, code, vr, this.take(length));
  }

  private tell(frame: Frame, tag: number, code: number, vr: Vr, bytes: Uint8Array): CompleteElement {
    // What stands in UN is little endian. PS3.5 6.2.2 Note 2.
    const isBigEndian = this.encoding.isBigEndian && !frame.isImplicit && code !== unknownCode;
    frame.notice(tag, bytes, isBigEndian);
    return new CompleteElement(tag, vr, bytes, isBigEndian, frame.codec, this.depth, () => this.pathTo(tag));
  }

  private beginUndefined(tag: number, code: number, headerBytes: number): DataSetEvent | typeof again {
    if (!holdsFragments(tag, code) && code !== sequenceCode && code !== unknownCode && code !== noVr)
      throw this.error('invalid-length', `${formatTag(tag)} has undefined length, which its VR doesn't allow`);
    this.feed.position += headerBytes;
    if (holdsFragments(tag, code)) return this.begin('fragments', tag, vrOfCode(code) ?? 'OB', undefined, false);
    return this.begin('items', tag, 'SQ', undefined, code !== sequenceCode);
  }

  private item(frame: Frame): DataSetEvent | typeof again {
    const { tag, length, valueOffset } = this.header;
    const isDelimiter = tag === sequenceDelimiterTag || (tag === itemDelimiterTag && length === 0);
    if (isDelimiter) {
      this.feed.position = valueOffset;
      // A delimiter where the length tells the end is passed over.
      return tag === sequenceDelimiterTag && frame.end === noEnd ? this.closeTop() : again;
    }
    if (tag !== itemTag) throw this.error('invalid-structure', `${formatTag(tag)} stands where an item should`);
    this.feed.position = valueOffset;
    const { offset } = this.feed;
    const item = new Frame('elements', frame.tag, 'SQ', length === undefinedLength ? noEnd : offset + length, frame);
    item.index = frame.index++;
    item.isDoubtful = frame.isDoubtful;
    if (item.end > frame.end && item.end !== noEnd) {
      this.warn(`The item is said to end ${item.end - frame.end} bytes after its sequence`);
      item.end = frame.end;
    }
    return this.open(item, 'item-begin', length === undefinedLength ? undefined : length);
  }

  private fragment(frame: Frame): DataSetEvent | typeof again | undefined {
    const { tag, length, valueOffset } = this.header;
    if (tag === sequenceDelimiterTag) {
      this.feed.position = valueOffset;
      return this.closeTop();
    }
    if (tag === itemDelimiterTag && length === 0) {
      this.feed.position = valueOffset;
      return again;
    }
    if (tag !== itemTag) throw this.error('invalid-structure', `${formatTag(tag)} stands where it may not`);
    if (length === undefinedLength) throw this.error('invalid-length', 'A fragment has undefined length');
    if (this.isSilent) {
      this.feed.position = valueOffset;
      this.skipLeft = length;
      return again;
    }
    if (length > this.maxValueBytes) {
      this.feed.position = valueOffset;
      return this.beginLongValue(frame.tag, frame.vr, length, frame.index++);
    }
    if (this.feed.source.bytes.length < valueOffset + length) return undefined;
    this.feed.position = valueOffset;
    return this.tellFragment(frame, this.take(length));
  }

  /** A tag of the group of items among elements. */
  private delimiter(frame: Frame, tag: number, length: number, valueOffset: number): DataSetEvent | typeof again {
    if (tag === itemDelimiterTag && frame.end === noEnd && this.frames.length > 1) {
      this.feed.position = valueOffset;
      return this.closeTop();
    }
    const mayStand = length === 0 && isDelimiterTag(tag) && frame.end !== noEnd;
    if (!mayStand && !(this.frames.length === 1 && length === 0 && isDelimiterTag(tag)))
      throw this.error('invalid-structure', `${formatTag(tag)} stands where an element should`);
    this.warn(`${formatTag(tag)} ends nothing here`);
    this.feed.position = valueOffset;
    return again;
  }

  private begin(
    kind: 'items' | 'fragments',
    tag: number,
    vr: Vr,
    byteLength: number | undefined,
    isUnknown: boolean,
  ): DataSetEvent | typeof again {
    const end = byteLength === undefined ? noEnd : this.feed.offset + byteLength;
    const frame = new Frame(kind, tag, vr, end, this.top);
    if (kind === 'items' && this.depth >= this.limits.maxNesting)
      throw this.error('nesting-too-deep', 'Sequences nest too deep');
    if (isUnknown) {
      frame.isDoubtful = !frame.isImplicit;
      frame.isImplicit = true;
    }
    return this.open(frame, kind === 'items' ? 'sequence-begin' : 'fragments-begin', byteLength);
  }

  private open(
    frame: Frame,
    type: ContainerBegin['type'],
    byteLength: number | undefined,
  ): DataSetEvent | typeof again {
    const level = this.frames.push(frame) - 1;
    if (this.isSilent) return again;
    const skip = () => {
      this.silentFrom = Math.min(this.silentFrom, level);
      // What has a length is passed over by it.
      if (frame.end === noEnd) return;
      this.skipLeft = Math.max(0, frame.end - this.feed.offset);
    };
    const { tag, vr, index } = frame;
    return { type, tag, vr, index, byteLength, skip, ...this.placeOf(frame) };
  }

  private close(frame: Frame): DataSetEvent | typeof again {
    if (frame.kind === 'items' && this.feed.offset > frame.end)
      throw this.error('invalid-length', `The last item ends ${this.feed.offset - frame.end} bytes after its sequence`);
    return this.closeTop();
  }

  private closeTop(): DataSetEvent | typeof again {
    const frame = this.top;
    const place = this.placeOf(frame);
    this.frames.pop();
    if (this.frames.length >= this.silentFrom) {
      if (this.frames.length === this.silentFrom) this.silentFrom = noEnd;
      return again;
    }
    const type = frame.kind === 'elements' ? 'item-end' : frame.kind === 'items' ? 'sequence-end' : 'fragments-end';
    return { type, tag: frame.tag, ...place };
  }

  private beginLongValue(tag: number, vr: Vr, byteLength: number, fragmentIndex: number | undefined): DataSetEvent {
    this.isInValue = true;
    this.valueLeft = byteLength;
    const skip = () => {
      this.isInValue = false;
      this.skipLeft = this.valueLeft;
    };
    return {
      type: 'value-begin',
      tag,
      vr,
      byteLength,
      fragmentIndex,
      offset: this.feed.offset,
      skip,
      ...this.place(tag),
    };
  }

  /** An element may make an item longer than it is said to be, as long as its sequence holds it. */
  private makeRoom(frame: Frame, tag: number, end: number): void {
    if (end <= frame.end) return;
    const sequence = this.frames[this.frames.length - 2];
    if (sequence === undefined || end > sequence.end)
      throw this.error('invalid-length', `${formatTag(tag)} reaches ${end - frame.end} bytes beyond the item`);
    this.warn(`The item is ${end - frame.end} bytes longer than it is said to be`);
    frame.end = end;
  }

  /**
   * Fewer bytes are left in an item or sequence than a header has: zeros are padding. Others may be the beginning of an element that makes the
   * item longer than it is said to be.
   */
  private isRestPassedOver(frame: Frame, room: number): boolean {
    const { source, position } = this.feed;
    const rest = source.bytes.subarray(position, position + room);
    const sequence = this.frames[this.frames.length - 2];
    if (frame.kind === 'elements' && rest.every((byte) => byte === 0)) {
      this.warn(`${room} zero bytes follow the last element`);
      this.feed.position += room;
      return true;
    }
    const mayBeLonger = frame.kind === 'elements' && sequence !== undefined && sequence.end - this.feed.offset >= 8;
    if (!mayBeLonger) throw this.error('truncated', 'A header is cut off');
    return false;
  }

  /** Zero bytes after the last element, to the end. */
  private stepInPadding(): undefined {
    const { source, position } = this.feed;
    let at = position;
    while (at < source.bytes.length && source.bytes[at] === 0) at++;
    this.feed.position = at;
    if (at < source.bytes.length) throw this.error('invalid-structure', '(0000,0000) stands where an element should');
    return undefined;
  }

  /** What is left when no more bytes come: the end, an element that is cut off, or what is open still. */
  private stepAtEnd(): DataSetEvent | typeof again | undefined {
    const { feed, frames } = this;
    const isBetween = frames.length === 1 && !this.isInValue && this.skipLeft === 0;
    const rest = feed.source.bytes.subarray(feed.position);
    const areZeros = rest.length < 8 && rest.every((byte) => byte === 0);
    if (isBetween && (this.paddingStart >= 0 || areZeros)) {
      const padding = this.paddingStart >= 0 ? feed.offset - this.paddingStart : rest.length;
      if (padding > 0) this.warn(`${padding} zero bytes follow the last element`);
      this.isOver = true;
      return undefined;
    }
    if (!this.keepsTruncated) throw this.error('truncated', 'The data set ends inside an element');
    if (this.skipLeft > 0) {
      this.skipLeft = 0;
      return again;
    }
    if (this.isInValue) {
      this.valueLeft = 0;
      return again;
    }
    if (rest.length > 0) return this.tellCutOff(rest);
    if (frames.length > 1) return this.closeTop();
    this.isOver = true;
    return undefined;
  }

  /** The element, or fragment, whose header is here, with as much of its value as there is. */
  private tellCutOff(rest: Uint8Array): DataSetEvent | typeof again {
    const frame = this.top;
    const isWhole = this.readHeader(frame);
    const { tag, vr: code, valueOffset } = this.header;
    const isElement = isWhole && frame.kind === 'elements' && tag < itemGroupTag;
    const isFragment = isWhole && frame.kind === 'fragments' && tag === itemTag;
    const bytes = isElement || isFragment ? this.feed.source.bytes.subarray(valueOffset) : rest;
    this.feed.position = this.feed.source.bytes.length;
    this.warn(isElement ? `${formatTag(tag)} is cut off` : 'The last header or fragment is cut off');
    if (this.isSilent) return again;
    if (isElement) return this.tell(frame, tag, code, frame.vrOf(tag, code), bytes);
    return isFragment ? this.tellFragment(frame, bytes) : again;
  }

  private tellFragment(frame: Frame, bytes: Uint8Array): DataSetEvent {
    return { type: 'fragment', tag: frame.tag, index: frame.index++, bytes, ...this.placeOf(frame) };
  }

  private take(byteCount: number): Uint8Array {
    const { source, position } = this.feed;
    this.feed.position += byteCount;
    return source.bytes.subarray(position, position + byteCount);
  }

  private get top(): Frame {
    return this.frames[this.frames.length - 1]!;
  }

  /** Sequences that are open. */
  private get depth(): number {
    return this.frames.length >> 1;
  }

  private get isSilent(): boolean {
    return this.frames.length > this.silentFrom;
  }

  /** Where something in the innermost frame is. */
  private place(tag: number): EventPlace {
    return this.top.kind === 'fragments' ? this.placeOf(this.top) : { depth: this.depth, path: this.pathTo(tag) };
  }

  /** Where the innermost frame is. */
  private placeOf(frame: Frame): EventPlace {
    return { depth: this.depth - (frame.kind === 'elements' ? 0 : 1), path: pathOf(this.frames) };
  }

  private pathTo(tag: number): string {
    const above = pathOf(this.frames);
    return above === '' ? formatTag(tag) : `${above}/${formatTag(tag)}`;
  }

  private warn(message: string): void {
    // Enough to know by.
    if (this.noticed.length < maxWarnings) this.noticed.push({ message, offset: this.feed.offset });
  }

  private error(code: DataSetErrorCode, message: string): DataSetError {
    return new DataSetError(code, message, { offset: this.feed.offset, path: pathOf(this.frames) });
  }
}

const again = Symbol('again');
const maxWarnings = 1000;
const sequenceCode = vrCode('SQ');
const unknownCode = vrCode('UN');
