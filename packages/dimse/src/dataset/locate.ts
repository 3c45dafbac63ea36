/**
 * Locates elements, items and fragments: one pass, no value is looked at. This is the hot path of everything that reads data sets.
 * PS3.5 7.
 */
import { ElementRow, type RowItem } from './element-row.js';
import { DataSetError, type DataSetErrorCode, type DataSetWarning } from './errors.js';
import { HeaderReader } from './header.js';
import type { Source } from './source.js';
import {
  formatTag,
  isDelimiterTag,
  itemDelimiterTag,
  itemGroupTag,
  itemTag,
  sequenceDelimiterTag,
  undefinedLength,
} from './tag.js';
import { UndefinedLengthScanner } from './undefined-length.js';

/** Beyond every tag: nothing is stopped at. */
export const noStop = 0x1_0000_0000;

/** What is to be located. */
export interface LocateRange {
  /** First byte. */
  readonly start: number;
  /** Byte after the last. */
  readonly end: number;
  /** Sequences around this range. */
  readonly depth: number;
  /** Elements with this tag or a higher one aren't wanted; {@link noStop} takes all. */
  readonly stopTag: number;
  /** Stops at the first element for which it says true. */
  readonly stopWhen: ((tag: number) => boolean) | undefined;
  /** More followed that isn't wanted: zero bytes at the end are no padding. */
  readonly isHead?: boolean | undefined;
  /** Where the range is, for errors. */
  readonly path: () => string;
}

/** Where the elements are. */
export interface Located<Item extends RowItem> {
  /** In the order in which they stand. */
  readonly rows: ElementRow<Item>[];
  /** True when tags only ascend, as they should. */
  readonly isAscending: boolean;
  /** Offset at which locating stopped: the end, padding included, or the header of the element that was stopped at. */
  readonly end: number;
  /** The last element is cut off. */
  readonly isTruncated: boolean;
  readonly warnings: readonly DataSetWarning[];
}

/**
 * Locates the elements of a data set or an item, those at the top of it only.
 *
 * @throws DataSetError `truncated`, `invalid-length`, `invalid-structure`, `nesting-too-deep`.
 */
export function locateElements<Item extends RowItem>(source: Source, range: LocateRange): Located<Item> {
  const { end, stopTag, stopWhen } = range;
  const header = new HeaderReader();
  const rows: ElementRow<Item>[] = [];
  const warnings: DataSetWarning[] = [];
  let scanner: UndefinedLengthScanner | undefined;
  let isAscending = true;
  let isTruncated = false;
  let previousTag = -1;
  let nonZeroAt = 0;
  let position = range.start;
  while (position < end) {
    if (!header.read(source, position, end)) {
      isTruncated = isCutHeader(source, range, position, warnings);
      position = end;
      break;
    }
    const { tag, vr, valueOffset, length } = header;
    if (tag >= stopTag || stopWhen?.(tag) === true) break;
    if (tag === 0 && rows.length > 0 && position >= nonZeroAt && range.isHead !== true) {
      nonZeroAt = nextNonZero(source, position, end);
      if (nonZeroAt === end) {
        warnings.push({ message: `${end - position} zero bytes follow the last element`, offset: position });
        position = end;
        break;
      }
    }
    if (tag >= itemGroupTag) {
      skipStrayDelimiter(header, range, position, warnings);
      position = valueOffset;
      continue;
    }
    let valueEnd = valueOffset + length;
    let next = valueEnd;
    if (length === undefinedLength) {
      let contentEnd = source.contentEnds?.get(valueOffset);
      if (contentEnd === undefined) {
        scanner ??= new UndefinedLengthScanner(source.limits.maxNesting - range.depth);
        contentEnd = findContentEnd(source, scanner, header, range, position);
      }
      valueEnd = Math.min(contentEnd, end);
      next = contentEnd + 8;
    }
    if (next > end) {
      if (!source.keepsTruncated) throw cutOff(tag, next - end, position, range);
      warnings.push({ message: `${formatTag(tag)} ends ${next - end} bytes after the last byte`, offset: position });
      isTruncated = true;
      valueEnd = Math.min(valueEnd, end);
      next = end;
    }
    if (tag <= previousTag) isAscending = false;
    previousTag = tag;
    rows.push(new ElementRow(tag, vr, position, valueOffset, valueEnd - valueOffset, next, length === undefinedLength));
    position = next;
  }
  return { rows, isAscending, end: position, isTruncated, warnings };
}

/** A range of the source that holds an item's elements. */
export interface LocatedItem {
  /** First byte of the elements. */
  readonly start: number;
  /** Byte after the last. */
  readonly end: number;
  /** The item's length field says undefined. */
  readonly isUndefinedLength: boolean;
  /** What is wrong about its length, and was read all the same. */
  readonly warning: string | undefined;
}

/**
 * Locates the items of a sequence, or the fragments of encapsulated pixel data, the offset table first.
 *
 * @param depth - sequences around the items, theirs included.
 * @throws DataSetError `truncated`, `invalid-structure`, `nesting-too-deep`.
 */
export function locateItems(
  source: Source,
  row: { readonly offset: number; readonly length: number },
  depth: number,
  path: () => string,
): LocatedItem[] {
  if (depth > source.limits.maxNesting) {
    throw new DataSetError('nesting-too-deep', 'Sequences nest too deep', { offset: row.offset, path: path() });
  }
  const items: LocatedItem[] = [];
  const header = new HeaderReader();
  const end = row.offset + row.length;
  let position = row.offset;
  while (position < end) {
    const isWhole = header.read(source, position, end);
    const { tag, length, valueOffset } = header;
    if (isWhole && tag === sequenceDelimiterTag) break;
    if (isWhole && tag === itemDelimiterTag) {
      position = valueOffset;
      continue;
    }
    if (!isWhole || tag !== itemTag) {
      const lengthened = depth > 0 ? lengthenedItem(source, items.pop(), position, end, depth) : undefined;
      if (lengthened !== undefined) {
        items.push(lengthened);
        position = lengthened.end;
        continue;
      }
      if (!isWhole && source.keepsTruncated) break;
      const place = { offset: position, path: path() };
      if (!isWhole) throw new DataSetError('truncated', 'The item header is cut off', place);
      throw new DataSetError('invalid-structure', `${formatTag(tag)} stands where an item should`, place);
    }
    const isUndefinedLength = length === undefinedLength;
    const itemEnd = isUndefinedLength ? findItemEnd(source, valueOffset, end, depth, path) : valueOffset + length;
    const excess = itemEnd - end;
    if (excess > 0 && depth === 0 && !source.keepsTruncated) {
      const message = `The item ends ${excess} bytes after its sequence`;
      throw new DataSetError('invalid-length', message, { offset: position, path: path() });
    }
    const warning = excess > 0 ? `The item is said to end ${excess} bytes after its sequence` : undefined;
    items.push({ start: valueOffset, end: Math.min(itemEnd, end), isUndefinedLength, warning });
    position = isUndefinedLength ? itemEnd + 8 : itemEnd;
  }
  return items;
}

/**
 * Some writers state too short a length for an item, so that no item follows where it is said to end. Then its elements tell where it does.
 *
 * @returns undefined when they don't.
 */
function lengthenedItem(
  source: Source,
  item: LocatedItem | undefined,
  statedEnd: number,
  end: number,
  depth: number,
): LocatedItem | undefined {
  if (item === undefined || item.isUndefinedLength || item.warning !== undefined) return undefined;
  const header = new HeaderReader();
  let position = item.start;
  while (position < statedEnd) {
    if (!header.read(source, position, end) || header.tag >= itemGroupTag) return undefined;
    const { tag, vr, valueOffset, length } = header;
    position = valueOffset + length;
    if (length === undefinedLength) {
      const scanner = new UndefinedLengthScanner(source.limits.maxNesting - depth);
      scanner.openElement(tag, vr, valueOffset);
      if (!scanner.run(source, end)) return undefined;
      position = scanner.position;
    }
  }
  if (position === statedEnd || position > end) return undefined;
  return { ...item, end: position, warning: `The item is ${position - statedEnd} bytes longer than it is said to be` };
}

function findContentEnd(
  source: Source,
  scanner: UndefinedLengthScanner,
  header: HeaderReader,
  range: LocateRange,
  position: number,
): number {
  const { tag } = header;
  try {
    scanner.openElement(tag, header.vr, header.valueOffset);
    // A position past the end is a value that reaches beyond it: cut off as well, and so is a missing delimiter.
    if (scanner.run(source, range.end) && scanner.position <= range.end) return scanner.position - 8;
  } catch (error) {
    throw placed(error, range, tag);
  }
  if (source.keepsTruncated) return range.end;
  throw new DataSetError('truncated', `${formatTag(tag)} has no delimiter`, {
    offset: position,
    path: pathTo(range, tag),
  });
}

function findItemEnd(source: Source, start: number, end: number, depth: number, path: () => string): number {
  const known = source.contentEnds?.get(start);
  if (known !== undefined) return known;
  const scanner = new UndefinedLengthScanner(source.limits.maxNesting - depth);
  scanner.openItem(start);
  if (scanner.run(source, end) && scanner.position <= end) return scanner.position - 8;
  if (source.keepsTruncated) return end;
  throw new DataSetError('truncated', 'The item has no delimiter', { offset: start, path: path() });
}

/** Files are padded to the blocks of a tape or a disk. */
function nextNonZero({ bytes }: Source, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === 0) at++;
  return at;
}

/** Fewer than 8 bytes are left, or the header is cut. Zeros are padding: an odd data set gains one on the wire. */
function isCutHeader(source: Source, range: LocateRange, position: number, warnings: DataSetWarning[]): boolean {
  const rest = source.bytes.subarray(position, range.end);
  if (rest.length < 8 && rest.every((byte) => byte === 0)) {
    warnings.push({ message: `${rest.length} zero bytes follow the last element`, offset: position });
    return false;
  }
  if (!source.keepsTruncated) {
    throw new DataSetError('truncated', 'An element header is cut off', { offset: position, path: range.path() });
  }
  warnings.push({ message: 'The last element header is cut off', offset: position });
  return true;
}

/** Delimiters that end nothing are left by some writers in items of defined length. */
function skipStrayDelimiter(
  header: HeaderReader,
  range: LocateRange,
  position: number,
  warnings: DataSetWarning[],
): void {
  const { tag, length } = header;
  if (length !== 0 || !isDelimiterTag(tag)) {
    const message = `${formatTag(tag)} stands where an element should`;
    throw new DataSetError('invalid-structure', message, { offset: position, path: range.path() });
  }
  warnings.push({ message: `${formatTag(tag)} ends nothing here`, offset: position });
}

function cutOff(tag: number, missing: number, offset: number, range: LocateRange): DataSetError {
  // Within a sequence all bytes are there, so that a length that leads out of it is wrong rather than cut.
  const code: DataSetErrorCode = range.depth > 0 ? 'invalid-length' : 'truncated';
  const end = range.depth > 0 ? 'the item' : 'the data set';
  return new DataSetError(code, `${formatTag(tag)} reaches ${missing} bytes beyond ${end}`, {
    offset,
    path: range.path(),
  });
}

function placed(error: unknown, range: LocateRange, tag: number): unknown {
  if (!(error instanceof DataSetError) || error.offset === undefined) return error;
  return new DataSetError(error.code, error.message.replace(/ \(offset \d+\)$/, ''), {
    offset: error.offset,
    path: pathTo(range, tag),
  });
}

function pathTo(range: LocateRange, tag: number): string {
  const above = range.path();
  return above === '' ? formatTag(tag) : `${above}/${formatTag(tag)}`;
}
