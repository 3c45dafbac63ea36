/** Data sets to encoded bytes. PS3.5 7 and Annex A. */

import { type BulkDataRange, referenceOf } from './bulk-data.js';
import { swapped } from './byte-order.js';
import { ByteWriter } from './byte-writer.js';
import { textCodec } from './charset/specific-character-set.js';
import type { TextCodec } from './charset/text-codec.js';
import type { Unencodable } from './charset/unencodable.js';
import type { Contents } from './contents.js';
import { contentsOf, type ElementMap, fitText, ownCodec, vrOf } from './element-map.js';
import type { ElementRow } from './element-row.js';
import { encodeValues, padded } from './encode-value.js';
import { type Encoding, encodingOf } from './encoding.js';
import { DataSetError } from './errors.js';
import { deflate } from './inflate.js';
import { type ElementWriter, PartsWriter, type WrittenPart } from './parts-writer.js';
import type { PlainValue } from './plain-value.js';
import { textProblem } from './rules/value-rules.js';
import type { Source } from './source.js';
import {
  formatTag,
  isGroupLengthTag,
  itemDelimiterTag,
  itemTag,
  sequenceDelimiterTag,
  undefinedLength,
} from './tag.js';
import { formatDecimal } from './values/format-decimal.js';
import { type Vr, vrTraits } from './vr.js';
import { vrCode } from './vr-code.js';

/** How deep sequences may nest in what is written; more are a sequence that holds itself. */
const maxNesting = 64;

/** How a data set is written. */
export interface EncodeOptions {
  /**
   * What becomes of text with a character that the data set's character set doesn't have: `error` throws
   * `unsupported-character-set`, `replace` writes a question mark in its place. Default: `error`.
   */
  readonly unencodableText?: 'error' | 'replace' | undefined;
  /**
   * What becomes of a text that was set and isn't what the standard lets its VR be (too long, wrong characters, no date where one should be):
   * `error` throws `invalid-value`, `write` writes it as it is. What was parsed and not set is always written as it is. Keys of queries
   * (ranges, patterns) are right. Default: `error`.
   */
  readonly invalidText?: 'error' | 'write' | undefined;
  /**
   * Lengths of sequences and items: `keep` writes those that were parsed as they were, new ones with defined lengths; `defined` and
   * `undefined` make all alike. Default: `keep`.
   */
  readonly sequenceLengths?: 'keep' | 'defined' | 'undefined' | undefined;
  /**
   * Group lengths, which are retired: `keep` writes those that are still right, `drop` none. They are right while nothing in the group changed,
   * and the encoding is the same. Default: `keep`.
   */
  readonly groupLengths?: 'keep' | 'drop' | undefined;
  /**
   * Elements that came as UN and whose VR is known: `keep` writes UN again, `resolve` the VR. Default: `keep`.
   */
  readonly unknownVrs?: 'keep' | 'resolve' | undefined;
}

/**
 * Encodes a data set. Elements that were not touched since parsing go back byte for byte when the encoding is the same; a data set that
 * was not touched at all is returned as the very bytes that it was parsed from, not copied. Others are encoded anew: byte order,
 * VRs, even lengths. Sequences keep their kind of length; new ones get defined lengths.
 *
 * Encapsulated pixel data stays as it is; this converts between uncompressed encodings only.
 *
 * @throws DataSetError `invalid-value`, `unsupported-character-set`, `invalid-structure` (encapsulated pixel data in an encoding
 * that can't have any), `too-large`; also what reading damaged items throws.
 */
export function encodeDataSet(dataSet: ElementMap, transferSyntaxUid: string, options: EncodeOptions = {}): Uint8Array {
  const encoding = encodingOf(transferSyntaxUid);
  const contents = contentsOf(dataSet);
  const { source } = contents;
  const rules = rulesOf(options);
  const untouched = untouchedBytes(contents, encoding, rules);
  if (untouched !== undefined) {
    return encoding.isDeflated ? (source?.deflated ?? deflate(untouched)) : untouched;
  }
  const capacity = source === undefined ? 256 : contents.end - contents.start + 256;
  const writer = new ByteWriter(encoding.isBigEndian, capacity);
  new DataSetWriter(writer, encoding, rules).elements(dataSet, '', textCodec([]));
  return encoding.isDeflated ? deflate(writer.written()) : writer.written();
}

/**
 * As {@link encodeDataSet}, in parts: large values are the views that they were, values that were left in a file keep their place. Of a
 * deflated transfer syntax these are the parts before deflating.
 */
export function encodeParts(
  dataSet: ElementMap,
  transferSyntaxUid: string,
  options: EncodeOptions = {},
): readonly WrittenPart[] {
  return partsOf(dataSet, transferSyntaxUid, options, true);
}

/** As {@link encodeParts}, where all values have to be here. */
export function encodeViews(
  dataSet: ElementMap,
  transferSyntaxUid: string,
  options: EncodeOptions = {},
): readonly Uint8Array[] {
  if (encodingOf(transferSyntaxUid).isDeflated) return [encodeDataSet(dataSet, transferSyntaxUid, options)];
  return partsOf(dataSet, transferSyntaxUid, options, false).filter((part) => part instanceof Uint8Array);
}

function partsOf(
  dataSet: ElementMap,
  transferSyntaxUid: string,
  options: EncodeOptions,
  takesReferences: boolean,
): readonly WrittenPart[] {
  const encoding = encodingOf(transferSyntaxUid);
  const rules = rulesOf(options);
  const untouched = untouchedBytes(contentsOf(dataSet), encoding, rules);
  if (untouched !== undefined) return [untouched];
  const writer = new PartsWriter(encoding.isBigEndian, takesReferences);
  new DataSetWriter(writer, encoding, rules).elements(dataSet, '', textCodec([]));
  return writer.written();
}

/** The deflated bytes that a data set was parsed from, when nothing was changed. */
export function deflatedOriginal(dataSet: ElementMap): Uint8Array | undefined {
  const contents = contentsOf(dataSet);
  return contents.isModifiedWithin ? undefined : contents.source?.deflated;
}

/** {@link EncodeOptions} with the defaults filled in. */
interface WriteRules {
  readonly unencodable: Unencodable;
  readonly isTextChecked: boolean;
  readonly sequenceLengths: 'keep' | 'defined' | 'undefined';
  readonly dropsGroupLengths: boolean;
  readonly resolvesUnknown: boolean;
  /** What wasn't touched may be copied. */
  readonly isCopyable: boolean;
}

function rulesOf(options: EncodeOptions): WriteRules {
  const { unencodableText = 'error', invalidText, sequenceLengths = 'keep', groupLengths, unknownVrs } = options;
  const dropsGroupLengths = groupLengths === 'drop';
  const resolvesUnknown = unknownVrs === 'resolve';
  return {
    unencodable: unencodableText,
    isTextChecked: invalidText !== 'write',
    sequenceLengths,
    dropsGroupLengths,
    resolvesUnknown,
    isCopyable: sequenceLengths === 'keep' && !dropsGroupLengths && !resolvesUnknown,
  };
}

/** The bytes that a data set was parsed from, before deflating, when nothing was changed and they are in the encoding. */
function untouchedBytes(contents: Contents<ElementMap>, encoding: Encoding, rules: WriteRules): Uint8Array | undefined {
  const { source } = contents;
  if (!rules.isCopyable) return undefined;
  if (source === undefined || !isSameEncoding(source, encoding) || contents.isModifiedWithin) return undefined;
  return source.bytes.subarray(contents.start, contents.end);
}

function isSameEncoding(source: Source | undefined, encoding: Encoding): boolean {
  if (source === undefined) return false;
  return source.isImplicitVr === encoding.isImplicitVr && source.isBigEndian === encoding.isBigEndian;
}

class DataSetWriter {
  private readonly writer: ElementWriter;
  private readonly encoding: Encoding;
  private readonly rules: WriteRules;
  private readonly places: Place[] = [];

  constructor(writer: ElementWriter, encoding: Encoding, rules: WriteRules) {
    this.writer = writer;
    this.encoding = encoding;
    this.rules = rules;
  }

  /** All elements of a data set or item: what may be copied, in as few pieces as can be. */
  elements(map: ElementMap, path: string, inherited: TextCodec): void {
    if (this.places.length > maxNesting) throw new DataSetError('nesting-too-deep', 'Sequences nest too deep');
    const contents = contentsOf(map);
    const codec = ownCodec(contents) ?? inherited;
    fitText(map, codec);
    this.places.push({ path, codec });
    this.elementsOf(map, contents);
    this.places.pop();
  }

  private elementsOf(map: ElementMap, contents: Contents<ElementMap>): void {
    const { source } = contents;
    if (source === undefined || !isSameEncoding(source, this.encoding)) {
      for (const row of contents.rows) this.element(map, row);
      return;
    }
    if (contents.isModifiedWithin || source.keepsTruncated || !this.rules.isCopyable)
      this.elementsAndCopies(map, contents, source);
    else this.writer.bytes(source.bytes.subarray(contents.start, contents.end));
  }

  private elementsAndCopies(map: ElementMap, contents: Contents<ElementMap>, source: Source): void {
    let copyStart = 0;
    let copyEnd = 0;
    const isUntouchedRow = (row: ElementRow<ElementMap>) =>
      row.start >= 0 &&
      !isModifiedInside(row) &&
      this.mayCopy(map, row) &&
      !(source.keepsTruncated && mayBeCutOff(map, row, contents));
    // A group length is wrong as soon as anything in its group is written anew.
    const changedGroups = new Set(contents.rows.filter((row) => !isUntouchedRow(row)).map((row) => row.tag >>> 16));
    for (const row of contents.rows) {
      const isUntouched = isUntouchedRow(row) && !(isGroupLengthTag(row.tag) && changedGroups.has(row.tag >>> 16));
      if (isUntouched && row.start === copyEnd) {
        copyEnd = row.end;
        continue;
      }
      if (copyEnd > copyStart) this.writer.bytes(source.bytes.subarray(copyStart, copyEnd));
      copyStart = copyEnd = row.end;
      if (isUntouched) copyStart = row.start;
      else this.element(map, row);
    }
    if (copyEnd > copyStart) this.writer.bytes(source.bytes.subarray(copyStart, copyEnd));
  }

  private element(map: ElementMap, row: ElementRow<ElementMap>): void {
    const contents = contentsOf(map);
    const { source } = contents;
    if (isGroupLengthTag(row.tag) && (row.start >= 0 || this.rules.dropsGroupLengths)) return;
    const vr = vrOf(map, row);
    if (row.start < 0 && (this.plainText(row, vr) || this.plainNumber(row, vr))) return;
    // A value that is elsewhere looks like none.
    const reference = row.values?.length === 0 ? referenceOf(row) : undefined;
    if (reference?.kind === 'range' && takesReferences(this.writer)) this.reference(map, row, vr, reference);
    else if (row.isUndefinedLength && vrTraits[vr].kind === 'binary') this.fragments(map, row, vr);
    else if (row.start >= 0 && source !== undefined && this.staysUnknown(row, vr, contents)) this.unknown(source, row);
    else if (vr === 'SQ') this.sequence(map, row);
    else this.field(row.tag, vr, this.value(map, row, vr));
  }

  /** True for an element that may go on byte for byte, as far as the options go. */
  private mayCopy(map: ElementMap, row: ElementRow<ElementMap>): boolean {
    if (this.rules.isCopyable) return true;
    if (isGroupLengthTag(row.tag) && this.rules.dropsGroupLengths) return false;
    const vr = map.vr(row.tag);
    return vr !== 'SQ' && !(row.vr === vrCode('UN') && vr !== 'UN' && this.rules.resolvesUnknown);
  }

  private staysUnknown(row: ElementRow<ElementMap>, vr: Vr, contents: Contents<ElementMap>): boolean {
    if (row.vr !== vrCode('UN') || !hasDelimiter(row) || isModifiedInside(row)) return false;
    // Items of which the end is missing are no bytes to be passed on: written anew they are whole.
    if (vr === 'SQ' && contents.isTruncated && row.end >= contents.end) return false;
    return vr === 'UN' || !this.rules.resolvesUnknown;
  }

  private value(map: ElementMap, row: ElementRow<ElementMap>, vr: Vr): Uint8Array {
    const { source } = contentsOf(map);
    const { isBigEndian } = this.encoding;
    if (row.start < 0 || source === undefined) return this.encoded(row, vr);
    const bytes = source.bytes.subarray(row.offset, row.offset + row.length);
    // Whatever stands in UN is little endian.
    const isTurned = source.isBigEndian && row.vr !== vrCode('UN');
    return padded(isTurned === isBigEndian ? bytes : swapped(vr, bytes), vrTraits[vr].padding);
  }

  /** What stands in UN is in no byte order of ours: it goes on as it is. */
  private unknown(source: Source, row: ElementRow<ElementMap>): void {
    const bytes = source.bytes.subarray(row.offset, row.offset + row.length);
    if (!row.isUndefinedLength) {
      this.field(row.tag, 'UN', padded(bytes, 0));
      return;
    }
    this.header(row.tag, 'UN', undefinedLength);
    this.writer.bytes(source.bytes.subarray(row.offset, row.end));
  }

  /** A value that was left in the file that the data set came from, in whose encoding it stands. */
  private reference(map: ElementMap, row: ElementRow<ElementMap>, vr: Vr, range: BulkDataRange): void {
    const { writer, encoding } = this;
    const { source } = contentsOf(map);
    const isTurned = source !== undefined && source.isBigEndian !== encoding.isBigEndian && vrTraits[vr].unitBytes > 1;
    if (isTurned || !(writer instanceof PartsWriter)) {
      const message = "A value that is elsewhere (bulk data) can't be written in another byte order";
      throw new DataSetError('missing-bulk-data', message, { path: this.place.path + formatTag(row.tag) });
    }
    if (range.isEncapsulated) this.checkEncapsulation(row.tag);
    this.checkLength(row.tag, range.byteLength);
    this.header(row.tag, vr, range.isEncapsulated ? undefinedLength : range.byteLength + (range.byteLength % 2));
    writer.reference(range);
    if (range.isEncapsulated) this.delimiter(sequenceDelimiterTag);
    else if (range.byteLength % 2 === 1) writer.bytes(Uint8Array.of(vrTraits[vr].padding));
  }

  private fragments(map: ElementMap, row: ElementRow<ElementMap>, vr: Vr): void {
    this.checkEncapsulation(row.tag);
    this.header(row.tag, vr, undefinedLength);
    for (const fragment of map.fragments(row.tag) ?? []) {
      const isOdd = fragment.length % 2 === 1;
      this.writer.tag(itemTag);
      this.writer.uint32(fragment.length + (isOdd ? 1 : 0));
      this.writer.bytes(fragment);
      if (isOdd) this.writer.bytes(Uint8Array.of(0));
    }
    this.delimiter(sequenceDelimiterTag);
  }

  private checkEncapsulation(tag: number): void {
    if (!this.encoding.isImplicitVr && !this.encoding.isBigEndian) return;
    const message = 'Encapsulated pixel data needs an explicit VR little endian transfer syntax';
    throw new DataSetError('invalid-structure', message, { path: formatTag(tag) });
  }

  private sequence(map: ElementMap, row: ElementRow<ElementMap>): void {
    const isUndefinedLength = this.hasUndefinedLength(row);
    this.header(row.tag, 'SQ', isUndefinedLength ? undefinedLength : 0);
    const start = this.writer.length;
    const { path, codec } = this.place;
    for (const [index, item] of map.items(row.tag).entries()) {
      this.item(item, `${path}${formatTag(row.tag)}[${index}]/`, codec);
    }
    if (isUndefinedLength) this.delimiter(sequenceDelimiterTag);
    else this.patchLength(start, row.tag);
  }

  private item(item: ElementMap, path: string, codec: TextCodec): void {
    const isUndefinedLength = this.hasUndefinedLength(contentsOf(item));
    this.writer.tag(itemTag);
    this.writer.uint32(isUndefinedLength ? undefinedLength : 0);
    const start = this.writer.length;
    this.elements(item, path, codec);
    if (isUndefinedLength) this.delimiter(itemDelimiterTag);
    else this.patchLength(start, itemTag);
  }

  private hasUndefinedLength({ isUndefinedLength }: { readonly isUndefinedLength: boolean }): boolean {
    const { sequenceLengths } = this.rules;
    return sequenceLengths === 'keep' ? isUndefinedLength : sequenceLengths === 'undefined';
  }

  private field(tag: number, vr: Vr, bytes: Uint8Array): void {
    this.checkLength(tag, bytes.length);
    this.header(tag, vr, bytes.length);
    const becomesUnknown = this.encoding.isBigEndian && !fitsLength(vr, bytes.length);
    this.writer.bytes(becomesUnknown ? swapped(vr, bytes) : bytes);
  }

  /** Writes text that has the same bytes in every character set, which is most of it, without a detour. @returns false for other values. */
  private plainText(row: ElementRow<ElementMap>, vr: Vr): boolean {
    const { tag, values } = row;
    const { kind, padding, isSplit } = vrTraits[vr];
    if (kind !== 'text' || values === undefined || values.length === 0) return false;
    // Whether a UID is one is seen when texts are checked, else further on.
    if (vr === 'UI' && !this.rules.isTextChecked) return false;
    const text = joinedText(vr, values);
    // What is long, or has to be looked at in whole, goes the other way.
    if (text === undefined || text.length > 1024 || !isSameInAll(text, isSplit)) return false;
    this.checkTexts(row, vr, values);
    this.header(tag, vr, (text.length + 1) & ~1);
    this.writer.ascii(text, padding);
    return true;
  }

  /** Writes the one number of a US, which most numbers of images are. @returns false for other values. */
  private plainNumber({ tag, values }: ElementRow<ElementMap>, vr: Vr): boolean {
    const [value] = vr === 'US' && values?.length === 1 ? values : [];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff) return false;
    this.header(tag, vr, 2);
    this.writer.uint16(value);
    return true;
  }

  private checkLength(tag: number, byteLength: number): void {
    if (byteLength + (byteLength % 2) < undefinedLength) return;
    throw new DataSetError('too-large', 'A value is longer than its length field can tell', { path: formatTag(tag) });
  }

  private header(tag: number, vr: Vr, length: number): void {
    const { writer } = this;
    if (this.encoding.isImplicitVr) {
      writer.tag(tag);
      writer.uint32(length);
    } else if (!vrTraits[vr].hasLongLength && length <= 0xffff) {
      writer.shortHeader(tag, vr.charCodeAt(0), vr.charCodeAt(1), length);
    } else {
      // A short header's length has 16 bits; what is longer is written as UN. PS3.5 6.2.2 Note 5.
      const stated = vrTraits[vr].hasLongLength ? vr : 'UN';
      writer.shortHeader(tag, stated.charCodeAt(0), stated.charCodeAt(1), 0);
      writer.uint32(length);
    }
  }

  private delimiter(tag: number): void {
    this.writer.tag(tag);
    this.writer.uint32(0);
  }

  private patchLength(start: number, tag: number): void {
    const length = this.writer.length - start;
    if (length >= undefinedLength) {
      throw new DataSetError('too-large', 'A sequence is longer than its length field can tell', {
        path: formatTag(tag),
      });
    }
    this.writer.patchUint32(start - 4, length);
  }

  private encoded(row: ElementRow<ElementMap>, vr: Vr): Uint8Array {
    const { path, codec } = this.place;
    if (referenceOf(row) !== undefined) {
      const message = 'The value is elsewhere (bulk data) and has to be fetched before it can be written';
      throw new DataSetError('missing-bulk-data', message, { path: path + formatTag(row.tag) });
    }
    const values = row.values ?? [];
    // Before anything of that size is padded or turned around.
    if (values[0] instanceof Uint8Array) this.checkLength(row.tag, values[0].length);
    this.checkTexts(row, vr, values);
    try {
      return encodeValues(vr, values, this.encoding.isBigEndian, codec, this.rules.unencodable);
    } catch (error) {
      if (!(error instanceof DataSetError)) throw error;
      throw new DataSetError(error.code, error.message, { path: path + formatTag(row.tag) });
    }
  }

  private checkTexts(row: ElementRow<ElementMap>, vr: Vr, values: readonly PlainValue[]): void {
    if (!this.rules.isTextChecked || row.isCarried || vrTraits[vr].kind !== 'text') return;
    for (const value of values) {
      const problem = typeof value === 'string' ? textProblem(vr, value) : undefined;
      if (problem !== undefined)
        throw new DataSetError('invalid-value', problem, { path: this.place.path + formatTag(row.tag) });
    }
  }

  private get place(): Place {
    return this.places[this.places.length - 1] ?? { path: '', codec: textCodec([]) };
  }
}

/** Where bytes end inside something, copying would leave lengths and delimiters as they are: what may be concerned is written anew. */
function mayBeCutOff(map: ElementMap, row: ElementRow<ElementMap>, contents: Contents<ElementMap>): boolean {
  return (contents.isTruncated && row.end >= contents.end) || map.vr(row.tag) === 'SQ';
}

/** An explicit VR header has 16 bits for the lengths of most VRs. PS3.5 7.1.2. */
function fitsLength(vr: Vr, length: number): boolean {
  return vrTraits[vr].hasLongLength || length <= 0xffff;
}

/** True when something in an item was set or deleted. */
function isModifiedInside(row: ElementRow<ElementMap>): boolean {
  return row.items?.some((item) => item.isModified) === true;
}

/** False for undefined length whose delimiter was cut off. */
function hasDelimiter({ isUndefinedLength, offset, length, end }: ElementRow<ElementMap>): boolean {
  return !isUndefinedLength || end === offset + length + 8;
}

/** Values with backslashes between; `undefined` when one of them is neither text nor a number that its VR holds for certain. */
function joinedText(vr: Vr, values: readonly PlainValue[]): string | undefined {
  let joined: string | undefined;
  for (const value of values) {
    const text = typeof value === 'number' ? numberAsText(vr, value) : value;
    if (typeof text !== 'string') return undefined;
    joined = joined === undefined ? text : `${joined}\\${text}`;
  }
  return joined;
}

function numberAsText(vr: Vr, value: number): string | undefined {
  if (vr === 'IS') return Math.abs(value) < 0x8000_0000 && Number.isInteger(value) ? String(value) : undefined;
  return vr === 'DS' && Number.isFinite(value) ? formatDecimal(value) : undefined;
}

/** JIS X 0201 has other characters for backslash and tilde; an escape may begin a code extension. */
function isSameInAll(text: string, isSplit: boolean): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x7e || code === 0x1b || (code === 0x5c && !isSplit)) return false;
  }
  return true;
}

function takesReferences(writer: ElementWriter): boolean {
  return writer instanceof PartsWriter && writer.takesReferences;
}

/** The data set or item that is being written. */
interface Place {
  /** What stands before a tag in the path of an error. */
  readonly path: string;
  readonly codec: TextCodec;
}
