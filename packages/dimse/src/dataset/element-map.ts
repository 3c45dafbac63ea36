/** A data set without a dictionary: elements by tag. {@link DataSet} adds keywords and types. */
import { type BulkDataReference, referenceOf, referTo } from './bulk-data.js';
import { characterSetsOf } from './charset/defined-terms.js';
import { textCodec } from './charset/specific-character-set.js';
import type { TextCodec } from './charset/text-codec.js';
import { Contents, type Enclosure } from './contents.js';
import { DataElement } from './data-element.js';
import { decodeTexts, decodeValues } from './decode-value.js';
import { ElementRow } from './element-row.js';
import { encodeValues } from './encode-value.js';
import { DataSetError, type DataSetWarning } from './errors.js';
import { joinFragments } from './join-fragments.js';
import { locateItems } from './locate.js';
import type { PlainValue } from './plain-value.js';
import { isPlainText, setTextsOf, setValuesOf, valuesToKeep } from './set-values.js';
import type { Source } from './source.js';
import { formatTag, specificCharacterSetTag } from './tag.js';
import { isExplicitInside } from './undefined-length.js';
import { isVr, type Vr, vrTraits } from './vr.js';
import { vrCode, vrOfCode } from './vr-code.js';

/** How deep sequences may nest; more are a sequence that holds itself. */
const maxNesting = 64;

/**
 * An ordered map of elements by tag, over the bytes that it was parsed from. Elements are decoded when asked for; those that nobody
 * touches are written back byte for byte. VRs are those in the bytes: without a dictionary an element of an implicit VR data set is
 * `UN` unless a VR is given.
 */
export class ElementMap implements Iterable<DataElement<ElementMap>> {
  /** Rows and their source; internal, reached by {@link contentsOf}. */
  private contents: Contents<ElementMap> = new Contents();

  /** Number of elements. */
  get size(): number {
    return this.contents.rows.length;
  }

  /** True when an element was set or deleted since parsing, here or in an item. */
  get isModified(): boolean {
    return this.contents.isModifiedWithin;
  }

  /** True when the bytes ended inside the last element and `keepTruncated` kept what was there. */
  get isTruncated(): boolean {
    return this.contents.isTruncated;
  }

  /**
   * What was odd and read all the same. About text (bytes that its character set doesn't have, an unknown character set) it is known
   * once the text was decoded. Items have their own.
   */
  get warnings(): readonly DataSetWarning[] {
    const { warnings, textWarnings } = this.contents;
    return textWarnings === undefined ? warnings : [...warnings, ...textWarnings.values()];
  }

  /** Tags in order. */
  tags(): number[] {
    return this.contents.rows.map((row) => row.tag);
  }

  /** Elements in order: those that are there when it begins, so that they may be set and deleted meanwhile. */
  *[Symbol.iterator](): IterableIterator<DataElement<ElementMap>> {
    for (const tag of this.tags()) yield new DataElement(this, tag);
  }

  /** True when the element is there, empty or not. */
  has(tag: number): boolean {
    return this.contents.find(tag) !== undefined;
  }

  /** The element, with its VR and bytes. */
  element(tag: number): DataElement<ElementMap> | undefined {
    return this.contents.find(tag) === undefined ? undefined : new DataElement(this, tag);
  }

  /** VR of an element: that in the bytes, or what is known of the tag where they have none. */
  vr(tag: number): Vr | undefined {
    const row = this.contents.find(tag);
    return row === undefined ? undefined : this.vrOfRow(row);
  }

  /**
   * All values, decoded by the element's VR; empty when the element is absent, empty or a sequence. Binary VRs (OB, OW, UN, …) give
   * one array of bytes, in little endian order: a view of the value field, or a copy where it was big endian. Do not change it.
   *
   * @param vr - decodes by this VR instead.
   */
  values(tag: number, vr?: Vr): readonly PlainValue[] {
    const row = this.contents.find(tag);
    if (row === undefined) return [];
    if (row.start < 0) return row.isUndefinedLength ? [joinFragments(setFragments(row))] : this.valuesSet(row);
    if (row.values !== undefined && vr === undefined) return row.values;
    const decodeAs = vr ?? this.vrOfRow(row);
    if (vrTraits[decodeAs].kind === 'sequence') return [];
    const codec = this.codecFor(decodeAs);
    const values = decodeValues(decodeAs, this.fieldBytes(row), this.isFieldBigEndian(row), codec, (problem) =>
      this.contents.warnOfText(row, problem),
    );
    if (vr === undefined) row.values = values;
    return values;
  }

  /**
   * The values as text, without padding: for DS and IS exactly the digits that were written. Elements that aren't text (known only
   * as UN, in an implicit VR data set read without dictionary) are read as text too.
   */
  texts(tag: number): readonly string[] {
    const row = this.contents.find(tag);
    if (row === undefined) return [];
    const known = this.vrOfRow(row);
    if (row.start < 0) return setTextsOf(known, row.values ?? []);
    const { kind } = vrTraits[known];
    if (kind === 'sequence') return [];
    if (kind === 'number' || kind === 'bigint' || kind === 'tag') return this.values(tag).map(String);
    const textVr = kind === 'binary' ? 'LO' : known;
    const parts = decodeTexts(textVr, this.fieldBytes(row), this.codecFor(textVr), (problem) =>
      this.contents.warnOfText(row, problem),
    );
    return parts.length === 1 && parts[0] === '' ? [] : parts;
  }

  /** The first value as text; `undefined` when absent or empty. */
  text(tag: number): string | undefined {
    return this.texts(tag)[0] || undefined;
  }

  /**
   * The value field as it would be written in the encoding that the data set came in (little endian for one that was built). For a located
   * element it is a view of the source; for sequences and encapsulated pixel data the items with their headers.
   */
  bytes(tag: number): Uint8Array | undefined {
    const row = this.contents.find(tag);
    if (row === undefined) return undefined;
    if (row.start >= 0) return this.fieldBytes(row);
    if (row.isUndefinedLength) return joinFragments(setFragments(row));
    const vr = this.vrOfRow(row);
    return encodeValues(vr, row.values ?? [], this.contents.source?.isBigEndian === true, this.codecFor(vr));
  }

  /**
   * Items of a sequence; none when the element is absent, empty or no sequence.
   *
   * @throws DataSetError when what should be items isn't.
   */
  items(tag: number): readonly ElementMap[] {
    return this.itemsOf(tag);
  }

  /**
   * Fragments of encapsulated pixel data as views, the basic offset table first; `undefined` when the element isn't encapsulated.
   * PS3.5 A.4.
   */
  fragments(tag: number): readonly Uint8Array[] | undefined {
    const row = this.contents.find(tag);
    const { source } = this.contents;
    if (row === undefined || !row.isUndefinedLength) return undefined;
    if (row.start < 0 || source === undefined) return setFragments(row);
    if (vrTraits[this.vrOfRow(row)].kind !== 'binary' || row.vr === vrCode('UN')) return undefined;
    const located = locateItems(source, row, 0, () => formatTag(tag));
    return located.map(({ start, end }) => source.bytes.subarray(start, end));
  }

  /**
   * Sets an element, in place of one with its tag. Values are checked and encoded when the data set is written.
   *
   * @throws DataSetError `invalid-value` when a value's type doesn't fit the VR.
   */
  setValues(tag: number, vr: Vr, values: readonly PlainValue[]): this {
    if (!isVr(vr) || vr === 'SQ')
      throw new DataSetError('invalid-value', `${formatTag(tag)} can't be set to values of ${vr}`);
    const isPlain = isPlainText(vr, values);
    if (tag === specificCharacterSetTag) this.decodeAllText();
    else if (!isPlain) checkTypes(tag, vr, values);
    this.contents.put(ElementRow.of(tag, vrCode(vr), isPlain ? [...values] : valuesToKeep(vr, values), undefined));
    return this;
  }

  /**
   * Where the value of an element is, when it is not here: at a URI (from DICOM JSON), or in a file of which only the header was read.
   * Such an element has no values and no bytes, and can't be written.
   */
  bulkData(tag: number): BulkDataReference | undefined {
    const row = this.contents.find(tag);
    return row === undefined ? undefined : referenceOf(row);
  }

  /**
   * Sets an element whose value is elsewhere.
   *
   * @throws DataSetError `invalid-value` for a sequence.
   */
  setBulkData(tag: number, vr: Vr, reference: BulkDataReference): this {
    if (!isVr(vr) || vr === 'SQ')
      throw new DataSetError('invalid-value', `${formatTag(tag)} can't be a reference to bulk data of ${vr}`);
    this.contents.put(referTo(ElementRow.of<ElementMap>(tag, vrCode(vr), [], undefined), reference));
    return this;
  }

  /**
   * Sets encapsulated pixel data. `encapsulate` makes fragments of frames.
   *
   * @param fragments - the basic offset table, which may be empty, then the fragments. They are shared, not copied; those of odd length get a
   * zero byte when they are written.
   * @throws DataSetError `invalid-value` when there is no basic offset table.
   */
  setFragments(tag: number, vr: 'OB' | 'OW', fragments: readonly Uint8Array[]): this {
    if (fragments.length === 0)
      throw new DataSetError('invalid-value', `${formatTag(tag)} needs a basic offset table, which may be empty`);
    this.contents.put(ElementRow.ofFragments(tag, vrCode(vr), [...fragments]));
    return this;
  }

  /** Sets a sequence. The items are shared, not copied. */
  setItems(tag: number, items: readonly ElementMap[]): this {
    this.contents.put(ElementRow.of(tag, vrCode('SQ'), undefined, [...items]));
    return this;
  }

  /** Removes an element; false when it wasn't there. */
  delete(tag: number): boolean {
    if (tag === specificCharacterSetTag) this.decodeAllText();
    return this.contents.remove(tag);
  }

  /**
   * A copy that can be changed by itself: the bytes that it was parsed from are shared, elements that are set in one are not seen in the
   * other, items included.
   *
   * @throws DataSetError `nesting-too-deep` for a sequence that holds itself.
   */
  clone(): ElementMap {
    return this.cloneWithin(this.contents.enclosure, 0);
  }

  private cloneWithin(enclosure: Enclosure<ElementMap> | undefined, depth: number): ElementMap {
    if (depth > maxNesting) throw new DataSetError('nesting-too-deep', 'Sequences nest too deep');
    const clone = this.emptyItem();
    clone.contents = this.contents.copy(enclosure, (item, around) => item.cloneWithin(around, depth + 1));
    return clone;
  }

  /** VR that the context gives a tag whose bytes have none. Here always UN; a dictionary knows better. */
  protected vrOfTag(_tag: number): Vr {
    return 'UN';
  }

  /** A map for an item, of the same kind as this one. */
  protected emptyItem(): ElementMap {
    return new ElementMap();
  }

  /** Items of any kind of map; {@link items} narrows the type. */
  protected itemsOf(tag: number): readonly ElementMap[] {
    const row = this.contents.find(tag);
    const { source } = this.contents;
    if (row === undefined) return [];
    if (row.items !== undefined) return row.items;
    if (source === undefined || row.length === 0 || !this.holdsItems(row)) return [];
    row.items = this.locateItemsOf(row, source);
    return row.items;
  }

  private valuesSet(row: ElementRow<ElementMap>): readonly PlainValue[] {
    return setValuesOf(this.vrOfRow(row), row.values ?? []);
  }

  private locateItemsOf(row: ElementRow<ElementMap>, outer: Source): ElementMap[] {
    const isUnknown = row.vr === vrCode('UN');
    const source = isUnknown ? outer.asImplicit() : outer;
    const path = () => [this.contents.path(), formatTag(row.tag)].filter(Boolean).join('/');
    const located = locateItems(source, row, this.contents.depth + 1, path);
    return located.map(({ start, end, isUndefinedLength, warning }, index) => {
      const item = this.emptyItem();
      const enclosure = { contents: this.contents, tag: row.tag, index };
      const inside = isUnknown && isExplicitInside(outer, start) ? outer : source;
      item.contents = new Contents<ElementMap>(inside, start, end, enclosure, isUndefinedLength);
      if (warning !== undefined) item.contents.warnings = [{ message: warning, offset: start }];
      return item;
    });
  }

  /** UN of undefined length is a sequence, whatever the tag (PS3.5 6.2.2 Note 4); so is anything without VR of undefined length. */
  private holdsItems(row: ElementRow<ElementMap>): boolean {
    const vr = this.vrOfRow(row);
    return vr === 'SQ' || (vr === 'UN' && row.isUndefinedLength);
  }

  private vrOfRow(row: ElementRow<ElementMap>): Vr {
    const stated = vrOfCode(row.vr);
    if (stated !== undefined && stated !== 'UN') return stated;
    if (row.isUndefinedLength) return stated === 'UN' ? 'SQ' : this.vrOfUndefinedLength(row.tag);
    return row.start < 0 ? 'UN' : this.vrOfTag(row.tag);
  }

  private vrOfUndefinedLength(tag: number): Vr {
    const vr = this.vrOfTag(tag);
    return tag === 0x7fe00010 || vr === 'OB' || vr === 'OW' ? 'OB' : 'SQ';
  }

  private fieldBytes(row: ElementRow<ElementMap>): Uint8Array {
    const { source } = this.contents;
    if (source === undefined || row.start < 0) return new Uint8Array(0);
    return source.bytes.subarray(row.offset, row.offset + row.length);
  }

  /** What is known to be something else than UN stands in UN as implicit VR little endian would have it. */
  private isFieldBigEndian(row: ElementRow<ElementMap>): boolean {
    return this.contents.source?.isBigEndian === true && row.vr !== vrCode('UN');
  }

  /** Most VRs do without a character set: then nobody needs to know which one it is. */
  private codecFor(vr: Vr): TextCodec {
    return vrTraits[vr].usesCharacterSet ? codecOf(this.contents) : textCodec([]);
  }

  /** Before the character set changes, text is decoded by the old one, so that it is written in the new one. */
  private decodeAllText(): void {
    const changed = new Map<number, ElementRow<ElementMap>>();
    for (const row of this.contents.rows) {
      const vr = this.vrOfRow(row);
      if (vr === 'SQ') for (const item of this.itemsOf(row.tag)) item.decodeInherited();
      else if (vrTraits[vr].usesCharacterSet && row.start >= 0 && !changed.has(row.tag)) {
        if (isSameInAll(this.fieldBytes(row), vrTraits[vr].isSplit)) continue;
        changed.set(row.tag, ElementRow.carried(row.tag, vrCode(vr), this.texts(row.tag)));
      }
    }
    this.contents.replace(changed);
  }

  private decodeInherited(): void {
    if (!this.has(specificCharacterSetTag)) this.decodeAllText();
  }
}

/** True for text that has the same bytes in every character set. JIS X 0201 has other characters for backslash and tilde. */
function isSameInAll(bytes: Uint8Array, isSplit: boolean): boolean {
  return bytes.every((byte) => byte < 0x7e && byte !== 0x1b && (byte !== 0x5c || isSplit));
}

function setFragments(row: ElementRow<ElementMap>): readonly Uint8Array[] {
  return (row.values ?? []).filter((value) => value instanceof Uint8Array);
}

/** What stands behind a map: for the writer and the parser only. */
export function contentsOf(map: ElementMap): Contents<ElementMap> {
  // biome-ignore lint/complexity/useLiteralKeys: the brackets reach a private field from its own file
  return map['contents'];
}

/** VR of an element whose row is at hand: for the writer only. */
export function vrOf(map: ElementMap, row: ElementRow<ElementMap>): Vr {
  // biome-ignore lint/complexity/useLiteralKeys: the brackets reach a private method from its own file
  return map['vrOfRow'](row);
}

/** Puts located contents behind an empty map: for the parsers only. */
export function mapOver<Map extends ElementMap>(map: Map, contents: Contents<ElementMap>): Map {
  // biome-ignore lint/complexity/useLiteralKeys: the brackets reach a private field from its own file
  map['contents'] = contents;
  return map;
}

/** The codec of a data set's or item's text: its own character set, else that of the data set around it. PS3.3 C.12.1.1.2. */
function codecOf(contents: Contents<ElementMap>): TextCodec {
  if (contents.codec !== undefined) return contents.codec;
  const { enclosure } = contents;
  contents.codec = ownCodec(contents) ?? (enclosure === undefined ? textCodec([]) : codecOf(enclosure.contents));
  return contents.codec;
}

/**
 * Makes text that was located fit to be written in a codec: what stands in another character set is decoded by that first. An item
 * that was moved from one data set to another needs it.
 */
export function fitText(map: ElementMap, codec: TextCodec): void {
  const contents = contentsOf(map);
  // biome-ignore lint/complexity/useLiteralKeys: the brackets reach a private method from its own file
  if (contents.source !== undefined && codecOf(contents) !== codec) map['decodeAllText']();
}

/** The codec of the character set that these elements name themselves. */
export function ownCodec(contents: Contents<ElementMap>): TextCodec | undefined {
  const row = contents.find(specificCharacterSetTag);
  if (row === undefined) return undefined;
  const terms = characterSets(contents, row);
  const { problem } = row.start < 0 ? noProblem : characterSetsOf(terms);
  if (problem !== undefined) contents.warnOfText(row, problem);
  return textCodec(terms);
}

/** What was set is checked when it is written, and warns nobody. */
const noProblem: { readonly problem?: string } = {};

function characterSets(contents: Contents<ElementMap>, row: ElementRow<ElementMap>): readonly string[] {
  if (row.start < 0) return (row.values ?? []).map(String);
  const bytes = contents.source?.bytes.subarray(row.offset, row.offset + row.length) ?? new Uint8Array(0);
  return decodeTexts('CS', bytes, textCodec([]));
}

function checkTypes(tag: number, vr: Vr, values: readonly PlainValue[]): void {
  // Values are encoded once here and thrown away, so that a wrong one is reported where it is set. Text is checked when the
  // character set is known for certain: at writing.
  if (vrTraits[vr].kind === 'text') {
    const wrong = values.find(
      (value) => typeof value !== 'string' && (typeof value !== 'number' || (vr !== 'DS' && vr !== 'IS')),
    );
    if (wrong !== undefined)
      throw new DataSetError('invalid-value', `${formatTag(tag)} is text, found ${typeof wrong}`);
    return;
  }
  // Small numbers fit all VRs of numbers, and most are.
  const [first] = values;
  const isSmall = typeof first === 'number' && Number.isInteger(first) && first >= 0 && first <= 0x7fff;
  if (values.length === 1 && isSmall && vrTraits[vr].kind === 'number') return;
  try {
    encodeValues(vr, values, false, textCodec([]));
  } catch (error) {
    if (!(error instanceof DataSetError)) throw error;
    throw new DataSetError(error.code, error.message, { path: formatTag(tag) });
  }
}
