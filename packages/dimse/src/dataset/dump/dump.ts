/** Data sets for people to read, line by line. */
import { contentsOf, type ElementMap } from '../element-map.js';
import type { ElementRow } from '../element-row.js';
import { DataSetError } from '../errors.js';
import type { Part10File } from '../part10.js';
import { formatTag, itemDelimiterTag, itemTag, sequenceDelimiterTag } from '../tag.js';
import { transferSyntaxName } from '../transfer-syntax.js';
import { dumpName } from './dump-name.js';
import { type DumpedValue, dumpBytes, dumpValue } from './dump-value.js';
import { printable } from './printable.js';

/** How a data set is shown. */
export interface DumpOptions {
  /** Characters of a value that are shown; what is cut off is said by `…`. Default: 64. */
  readonly maxValueCharacters?: number | undefined;
}

/**
 * Shows a file: its file meta information, then its data set, as {@link dumpDataSet} does.
 */
export function* dumpPart10(file: Part10File, options: DumpOptions = {}): Generator<string, void, undefined> {
  yield '# File meta information';
  yield* dumpDataSet(file.metaElements, options);
  yield '';
  yield `# Data set, ${printable(transferSyntaxName(file.meta.transferSyntaxUid))}`;
  yield* dumpDataSet(file.dataSet, options);
}

/**
 * Shows a data set, one line for each element, item and fragment, made when it is asked for:
 *
 * ```
 * (0010,0010) PN [DOE^JOHN]                               #   8, 1 PatientName
 * (0008,1140) SQ (undefined length, 1 item)               # u/l, 1 ReferencedImageSequence
 *   (FFFE,E000) na (2 elements)                             #  52, 1 Item
 * ```
 *
 * Behind `#` stand the length of the value field in bytes (`u/l` where it is undefined), the number of values and the keyword. Control
 * characters are shown by their pictures (`␊`), others that could mislead by number (`<U+202E>`). Damaged sequences are said to be, and the rest
 * is shown: no bytes of a file make this throw.
 *
 * @example
 * ```ts
 * import { DataSet, dumpDataSet } from '@dicomwire/dimse/dataset';
 *
 * for (const line of dumpDataSet(DataSet.from({ PatientName: 'DOE^JOHN', Rows: 512 }))) console.log(line);
 * ```
 */
export function* dumpDataSet(dataSet: ElementMap, options: DumpOptions = {}): Generator<string, void, undefined> {
  yield* elementsOf(dataSet, { maxValueCharacters: options.maxValueCharacters ?? 64 }, 0);
}

interface Settings {
  readonly maxValueCharacters: number;
}

/** How deep sequences may nest; more are a sequence that holds itself. */
const maxNesting = 64;
/** Where `#` stands, unless the value is long. */
const noteColumn = 56;

function* elementsOf(map: ElementMap, settings: Settings, level: number): Generator<string, void, undefined> {
  const rows = attempt(() => contentsOf(map).rows);
  if (rows instanceof DataSetError) {
    yield damaged(rows, level);
    return;
  }
  const shown = new Set<number>();
  for (const row of rows) {
    // Of elements that stand twice the map gives the first only.
    if (shown.has(row.tag))
      yield line(level, row.tag, map.vr(row.tag) ?? 'UN', '(stands twice)', lengthOf(row), '-', name(map, row));
    else yield* elementOf(map, row, settings, level);
    shown.add(row.tag);
  }
}

function* elementOf(
  map: ElementMap,
  row: ElementRow<ElementMap>,
  settings: Settings,
  level: number,
): Generator<string, void, undefined> {
  const { tag } = row;
  const vr = map.vr(tag) ?? 'UN';
  if (vr === 'SQ') {
    yield* sequence(map, row, settings, level);
    return;
  }
  const fragments = attempt(() => map.fragments(tag));
  if (fragments !== undefined) {
    yield* encapsulated(map, row, fragments, settings, level);
    return;
  }
  const reference = map.bulkData(tag);
  if (reference !== undefined) {
    const place = reference.kind === 'uri' ? `at ${printable(reference.uri)}` : `at offset ${reference.offset}`;
    const length = reference.kind === 'uri' || reference.isEncapsulated ? 'u/l' : String(reference.byteLength);
    yield line(level, tag, vr, `(${place})`, length, '1', name(map, row));
    return;
  }
  const value: DumpedValue = dumpValue(map, tag, vr, settings.maxValueCharacters);
  const length = row.start >= 0 ? String(row.length) : encodedLength(map, tag);
  yield line(level, tag, vr, value.text, length, String(value.multiplicity), name(map, row));
}

function* sequence(
  map: ElementMap,
  row: ElementRow<ElementMap>,
  settings: Settings,
  level: number,
): Generator<string, void, undefined> {
  const kind = row.isUndefinedLength ? 'undefined length, ' : '';
  const items = attempt(() => map.items(row.tag));
  if (items instanceof DataSetError || level >= 2 * maxNesting) {
    yield line(level, row.tag, 'SQ', `(${kind}damaged)`, lengthOf(row), '1', name(map, row));
    if (items instanceof DataSetError) yield damaged(items, level + 1);
    return;
  }
  yield line(level, row.tag, 'SQ', `(${kind}${counted(items.length, 'item')})`, lengthOf(row), '1', name(map, row));
  for (const item of items) {
    const contents = contentsOf(item);
    const { isUndefinedLength, source, start, end } = contents;
    const length = isUndefinedLength || source === undefined ? 'u/l' : String(end - start);
    const size = attempt(() => item.size);
    const inside = size instanceof DataSetError ? 'damaged' : counted(size, 'element');
    yield line(level + 1, itemTag, 'na', `(${inside})`, length, '1', 'Item');
    yield* elementsOf(item, settings, level + 2);
    if (isUndefinedLength) yield line(level + 1, itemDelimiterTag, 'na', '', '0', '0', 'ItemDelimitationItem');
  }
  if (row.isUndefinedLength) yield line(level, sequenceDelimiterTag, 'na', '', '0', '0', 'SequenceDelimitationItem');
}

function* encapsulated(
  map: ElementMap,
  row: ElementRow<ElementMap>,
  fragments: readonly Uint8Array[] | DataSetError,
  settings: Settings,
  level: number,
): Generator<string, void, undefined> {
  const vr = map.vr(row.tag) ?? 'OB';
  if (fragments instanceof DataSetError) {
    yield line(level, row.tag, vr, '(damaged)', 'u/l', '1', name(map, row));
    yield damaged(fragments, level + 1);
    return;
  }
  const count = counted(Math.max(0, fragments.length - 1), 'fragment');
  yield line(level, row.tag, vr, `(${count})`, 'u/l', '1', name(map, row));
  for (const [index, fragment] of fragments.entries()) {
    // The basic offset table is made of 32-bit numbers. PS3.5 A.4.
    const value = dumpBytes(index === 0 ? 'OL' : 'OB', fragment, settings.maxValueCharacters);
    const what = index === 0 ? 'BasicOffsetTable' : 'Item';
    yield line(level + 1, itemTag, 'pi', value.text, String(fragment.length), String(value.multiplicity), what);
  }
  yield line(level, sequenceDelimiterTag, 'na', '', '0', '0', 'SequenceDelimitationItem');
}

function name(map: ElementMap, { tag }: ElementRow<ElementMap>): string {
  return dumpName(map, tag);
}

function line(
  level: number,
  tag: number,
  vr: string,
  value: string,
  length: string,
  multiplicity: string,
  what: string,
): string {
  const indent = '  '.repeat(level);
  const shown = `${formatTag(tag)} ${vr} ${value}`.trimEnd();
  return `${indent}${shown.padEnd(noteColumn - 1)} #${length.padStart(4)}, ${multiplicity} ${what}`;
}

function damaged(error: DataSetError, level: number): string {
  return `${'  '.repeat(level)}# damaged: ${printable(error.message)}`;
}

function lengthOf(row: ElementRow<ElementMap>): string {
  return row.isUndefinedLength || row.start < 0 ? 'u/l' : String(row.length);
}

/** Length of a value that was set, `?` when it can't be written. */
function encodedLength(map: ElementMap, tag: number): string {
  const bytes = attempt(() => map.bytes(tag));
  return bytes instanceof DataSetError ? '?' : String(bytes?.length ?? 0);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** What a file's bytes make of a look at it: a value, or what is wrong. */
function attempt<T>(look: () => T): T | DataSetError {
  try {
    return look();
  } catch (error) {
    if (error instanceof DataSetError) return error;
    throw error;
  }
}
