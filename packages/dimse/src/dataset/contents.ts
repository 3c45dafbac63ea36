/** What stands behind a data set or an item: its elements in order, located when they are first asked for. */
import type { TextCodec } from './charset/text-codec.js';
import type { ElementRow, RowItem } from './element-row.js';
import type { DataSetWarning } from './errors.js';
import { type Located, locateElements, noStop } from './locate.js';
import type { Source } from './source.js';
import { formatTag, isGroupLengthTag } from './tag.js';

/** The data set or item around an item. */
export interface Enclosure<Item extends RowItem> {
  readonly contents: Contents<Item>;
  /** The sequence. */
  readonly tag: number;
  /** Number of the item, from 0. */
  readonly index: number;
}

/** Ordered rows with look-up by tag. */
export class Contents<Item extends RowItem> {
  readonly source: Source | undefined;
  readonly start: number;
  /** Byte after the last element. */
  end: number;
  readonly enclosure: Enclosure<Item> | undefined;
  /** Sequences around these elements. */
  readonly depth: number;
  /** The item's length field says undefined. */
  readonly isUndefinedLength: boolean;
  /** An element was set or deleted; items within may be modified all the same. */
  isModified = false;
  isTruncated = false;
  /** What was odd when the elements were located. */
  warnings: readonly DataSetWarning[] = [];
  /** What was odd about text, by tag: known once it was decoded. */
  textWarnings: Map<number, DataSetWarning> | undefined = undefined;
  /** Codec of the text here, once it was worked out. */
  codec: TextCodec | undefined = undefined;
  private located: ElementRow<Item>[] | undefined;
  private isAscending = true;
  /** Group lengths may be among the elements; they are true no longer when anything in their group changes. */
  private mayHaveGroupLengths: boolean;
  private byTag: Map<number, ElementRow<Item>> | undefined;

  constructor(source?: Source, start = 0, end = 0, enclosure?: Enclosure<Item>, isUndefinedLength = false) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.enclosure = enclosure;
    this.depth = enclosure === undefined ? 0 : enclosure.contents.depth + 1;
    this.isUndefinedLength = isUndefinedLength;
    this.mayHaveGroupLengths = source !== undefined;
  }

  /** Contents that were located already. */
  static of<Item extends RowItem>(source: Source, start: number, located: Located<Item>): Contents<Item> {
    const contents = new Contents<Item>(source, start, located.end);
    contents.take(located);
    return contents;
  }

  /**
   * A copy that can be changed by itself, over the same bytes. Rows that nobody can change are shared.
   *
   * @param copyItem - copies an item that was opened or set; those that were not are located again when asked for.
   */
  copy(
    enclosure: Enclosure<Item> | undefined,
    copyItem: (item: Item, enclosure: Enclosure<Item>) => Item,
  ): Contents<Item> {
    const copy = new Contents<Item>(this.source, this.start, this.end, enclosure, this.isUndefinedLength);
    copy.isModified = this.isModified;
    copy.isTruncated = this.isTruncated;
    copy.warnings = this.warnings;
    copy.textWarnings = this.textWarnings === undefined ? undefined : new Map(this.textWarnings);
    copy.isAscending = this.isAscending;
    copy.mayHaveGroupLengths = this.mayHaveGroupLengths;
    copy.located = this.located?.map((row) => {
      // An element of values, set in memory, is replaced as a whole.
      if (row.start < 0 && row.items === undefined) return row;
      const { tag } = row;
      return row.copy(row.items?.map((item, index) => copyItem(item, { contents: copy, tag, index })));
    });
    return copy;
  }

  /** All rows in order. */
  get rows(): readonly ElementRow<Item>[] {
    return this.list();
  }

  /** The row of a tag; the first of them when a tag stands twice. */
  find(tag: number): ElementRow<Item> | undefined {
    const rows = this.list();
    if (!this.isAscending) return this.index().get(tag);
    const at = lowerBound(rows, tag);
    const row = rows[at];
    return row?.tag === tag ? row : undefined;
  }

  /** Puts a row in its place, in place of one with its tag. */
  put(row: ElementRow<Item>): void {
    const rows = this.rowsBefore(row.tag);
    this.isModified = true;
    this.codec = undefined;
    this.byTag = undefined;
    if (isGroupLengthTag(row.tag)) this.mayHaveGroupLengths = true;
    const last = rows[rows.length - 1];
    if (last === undefined || last.tag < row.tag) rows.push(row);
    else if (this.isAscending) rows.splice(lowerBound(rows, row.tag), 0, row);
    else
      rows.splice(
        rows.findIndex((other) => other.tag > row.tag),
        0,
        row,
      );
  }

  /** Puts rows in place of those with their tags, all of which are there: at once, so that many cost no more than one each. */
  replace(changed: ReadonlyMap<number, ElementRow<Item>>): void {
    if (changed.size === 0) return;
    const groupLengths = new Set([...changed.keys()].map((tag) => (tag & 0xffff0000) >>> 0));
    const rest = new Map(changed);
    this.located = this.list().flatMap((row) => {
      if (groupLengths.has(row.tag)) return [];
      const replacement = rest.get(row.tag);
      rest.delete(row.tag);
      return changed.has(row.tag) ? (replacement ?? []) : row;
    });
    this.isModified = true;
    this.codec = undefined;
    this.byTag = undefined;
  }

  /** Removes a tag, and the length of its group, which is true no longer. */
  remove(tag: number): boolean {
    const groupLength = (tag & 0xffff0000) >>> 0;
    const had = this.removeRow(tag);
    if (!isGroupLengthTag(tag)) this.removeRow(groupLength);
    return had;
  }

  /** True when anything differs from the source, items included. */
  get isModifiedWithin(): boolean {
    if (this.isModified) return true;
    return this.located?.some((row) => row.items?.some((item) => item.isModified) === true) === true;
  }

  /** Keeps what is odd about an element's text; the first such thing is enough. */
  warnOfText(row: ElementRow<Item>, problem: string): void {
    this.textWarnings ??= new Map();
    if (this.textWarnings.has(row.tag)) return;
    this.textWarnings.set(row.tag, { message: `${formatTag(row.tag)}: ${problem}`, offset: row.offset });
  }

  /** Tags and item numbers from the outside in; empty at the top. */
  path(): string {
    if (this.enclosure === undefined) return '';
    const { contents, tag, index } = this.enclosure;
    const above = contents.path();
    return `${above === '' ? '' : `${above}/`}${formatTag(tag)}[${index}]`;
  }

  /** The rows, without those whose place an element with this tag takes. */
  private rowsBefore(tag: number): ElementRow<Item>[] {
    const rows = this.list();
    const last = rows[rows.length - 1];
    const isLast = last === undefined || (this.isAscending && last.tag < tag);
    if (isLast && !this.mayHaveGroupLengths) return rows;
    this.remove(tag);
    return this.list();
  }

  private removeRow(tag: number): boolean {
    const row = this.find(tag);
    if (row === undefined) return false;
    const rows = this.list();
    this.isModified = true;
    this.codec = undefined;
    this.byTag = undefined;
    this.located = this.isAscending ? rows : rows.filter((other) => other.tag !== tag);
    if (this.isAscending) rows.splice(lowerBound(rows, tag), 1);
    return true;
  }

  private list(): ElementRow<Item>[] {
    if (this.located === undefined) this.locate();
    return this.located!;
  }

  private locate(): void {
    if (this.source === undefined) {
      this.located = [];
      return;
    }
    const { start, end, depth } = this;
    const range = { start, end, depth, stopTag: noStop, stopWhen: undefined, path: () => this.path() };
    this.take(locateElements(this.source, range));
  }

  private take(located: Located<Item>): void {
    this.located = located.rows;
    this.isAscending = located.isAscending;
    this.isTruncated = located.isTruncated;
    // What was odd about the item's length is known before its elements are.
    this.warnings = this.warnings.length === 0 ? located.warnings : [...this.warnings, ...located.warnings];
  }

  private index(): Map<number, ElementRow<Item>> {
    if (this.byTag !== undefined) return this.byTag;
    this.byTag = new Map();
    for (const row of this.list()) if (!this.byTag.has(row.tag)) this.byTag.set(row.tag, row);
    return this.byTag;
  }
}

function lowerBound(rows: readonly { readonly tag: number }[], tag: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.tag < tag) low = middle + 1;
    else high = middle;
  }
  return low;
}
