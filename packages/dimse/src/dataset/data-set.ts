/** Data sets: elements by keyword, tag or path, typed by the dictionary. PS3.5 7. */

import type { BulkDataReference } from './bulk-data.js';
import { Contents } from './contents.js';
import { DataElement } from './data-element.js';
import { elementDefinition, type Keyword, tagOfKeyword } from './dictionary.js';
import { differences } from './diff.js';
import { contentsOf, ElementMap, mapOver } from './element-map.js';
import type { ElementTypes } from './element-types.generated.js';
import { DataSetError } from './errors.js';
import { mayHaveSeveral, valueType } from './expected-values.js';
import {
  type ElementKey,
  type ElementPath,
  nameInPath,
  type PathText,
  type TagText,
  tagPathOf,
  tagPathOfText,
} from './path/element-path.js';
import { elementPlace, placeOf, placeToWrite } from './path/follow-path.js';
import type { AnyInput, AnyValue, PathInput, PathValue } from './path/path-types.js';
import { type WalkedElement, walkElements } from './path/walk.js';
import { objectOf } from './plain-object.js';
import type { PlainValue } from './plain-value.js';
import { creatorTagOf } from './private/creator.js';
import { creatorIn } from './private/creator-in-contents.js';
import { PrivateBlock } from './private/private-block.js';
import type { PrivateDictionary } from './private/private-dictionary.js';
import { formatTag } from './tag.js';
import type { KeywordInputs, ObjectInputs, ShapeInputs, ShapeValues, TaggedInput } from './value-types.js';
import { isVr, type Vr } from './vr.js';
import { vrToRead, vrToWrite } from './vr-choice.js';

/** The type of a keyword's value: `number | undefined` for `Rows`, `readonly string[]` for `ImageType`. */
export type ElementValue<K extends Keyword> = ShapeValues<DataSet>[ElementTypes[K]];

/** The type of what may be written to a keyword. */
export type ElementInput<K extends Keyword> = ShapeInputs<DataSet>[ElementTypes[K]];

/** An object that a data set is made from: values by keyword. `null` makes an empty element, `undefined` none. */
export type DataSetInput = KeywordInputs<DataSet>;

/**
 * A data set as an object. What has no keyword, or another VR than the dictionary's, stands by tag:
 * `'(0009,1001)': { vr: 'LO', value: 'mine' }`.
 */
export type DataSetObject = ObjectInputs<DataSet>;

/** What a data set knows beyond the standard. */
export interface DataSetOptions {
  /** What is known of private elements, here and in items. Default: nothing. */
  readonly privateDictionary?: PrivateDictionary | undefined;
}

/**
 * A data set: an ordered map over the bytes that it was parsed from, or one that was built. Elements are located in one pass, decoded
 * when asked for, and written back byte for byte unless they were set.
 *
 * Elements are named by keyword, by tag (`0x00100010` or `'(0010,0010)'`), and by a path into sequences, as text
 * (`'RequestAttributesSequence[0].ScheduledProcedureStepID'`, `'(0040,0275)[0].(0040,0009)'`) or as a list
 * (`['RequestAttributesSequence', 0, 'ScheduledProcedureStepID']`). Where an item on the way is missing, reading finds nothing and writing
 * makes it.
 *
 * @example
 * ```ts
 * import { DataSet, encodeDataSet, parseDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
 *
 * const query = DataSet.from({ PatientName: 'DOE*', StudyInstanceUID: null, QueryRetrieveLevel: 'STUDY' });
 * const bytes = encodeDataSet(query, TransferSyntax.ExplicitVRLittleEndian);
 * const name: string | undefined = parseDataSet(bytes, TransferSyntax.ExplicitVRLittleEndian).get('PatientName');
 * ```
 */
export class DataSet extends ElementMap {
  readonly #privateDictionary: PrivateDictionary | undefined;

  /** An empty data set. */
  constructor(options: DataSetOptions = {}) {
    super();
    this.#privateDictionary = options.privateDictionary;
  }

  /**
   * Builds a data set from an object: values by keyword, sequences as lists of objects or data sets. `null` makes an empty element,
   * `undefined` none.
   *
   * @throws DataSetError `unknown-keyword`, `invalid-value`.
   */
  static from(input: DataSetInput | DataSetObject, options: DataSetOptions = {}): DataSet {
    const dataSet = new DataSet(options);
    const entries = entriesOf(input);
    // In order of tags each element goes to the end, which costs nothing.
    if (!entries.every(({ tag }, at) => at === 0 || entries[at - 1]!.tag <= tag)) entries.sort((a, b) => a.tag - b.tag);
    for (const { tag, isTagged, value } of entries) {
      if (isTagged) dataSet.putTagged(tag, value);
      else dataSet.put(tag, undefined, value);
    }
    return dataSet;
  }

  /**
   * The value of an element. Elements that may have several values, and sequences, always give a list, empty when there is none;
   * others give their value, or `undefined` when absent or empty. {@link has} tells absent from empty.
   *
   * @throws DataSetError when a sequence's items are damaged.
   */
  get<K extends Keyword>(keyword: K): ElementValue<K>;
  /**
   * The value at a path. Where an item on the way is missing, as if the element were absent. A path that ends with a number gives one item, or
   * one of several values.
   *
   * @throws DataSetError `invalid-path`, `unknown-keyword`.
   */
  get<P extends PathText>(path: P): PathValue<P, DataSet>;
  /** By tag: one value as it is, several as a list; the dictionary decides where it knows the tag, else what is there. */
  get(key: number | TagText | ElementPath): AnyValue<DataSet>;
  get(key: ElementKey): unknown {
    if (typeof key === 'number') return this.value(key);
    const place = placeOf<DataSet>(this, key);
    if (place === undefined) return absentValue(key);
    const value = place.map.value(place.tag);
    if (place.index === undefined) return value;
    if (Array.isArray(value)) return value[place.index];
    return place.index === 0 ? value : undefined;
  }

  /**
   * Sets an element by keyword; `null` leaves it empty.
   *
   * @throws DataSetError `unknown-keyword`, `invalid-value`.
   */
  set<K extends Keyword>(keyword: K, value: ElementInput<K>): this;
  /**
   * Sets an element at a path; items that it needs are made. A path that ends with a number sets an item.
   *
   * @throws DataSetError `invalid-path`, `unknown-keyword`, `invalid-value`; also when the dictionary doesn't know which VR a tag has.
   */
  set<P extends PathText>(path: P, value: PathInput<P, DataSet, DataSet | DataSetInput | DataSetObject>): this;
  /** Sets an element by tag or path and VR, private ones included. @throws DataSetError `invalid-path`, `invalid-value`. */
  set(
    key: number | TagText | PathText | ElementPath,
    vr: Vr,
    value: AnyInput<DataSet | DataSetInput | DataSetObject>,
  ): this;
  set(key: ElementKey, ...rest: readonly unknown[]): this {
    const { map, tag, index } = placeToWrite<DataSet>(this, key, (around, sequence, number) =>
      around.makeItem(sequence, number),
    );
    const [vr, value] = rest.length > 1 ? rest : [undefined, rest[0]];
    if (index !== undefined) map.putItem(tag, index, value);
    else if (vr === undefined && typeof key !== 'number') map.put(tag, undefined, value);
    else if (isVrName(vr)) map.put(tag, vr, value);
    else throw new DataSetError('invalid-value', `${formatTag(tag)} needs a VR`);
    return this;
  }

  /** True when the element is there, empty or not; or the item, for a path that ends with a number. */
  override has(key: ElementKey): boolean {
    if (typeof key === 'number') return super.has(key);
    const place = placeOf<DataSet>(this, key);
    if (place === undefined) return false;
    return place.index === undefined ? place.map.has(place.tag) : place.index < place.map.items(place.tag).length;
  }

  /** Removes an element, or an item for a path that ends with a number; false when it wasn't there. */
  override delete(key: ElementKey): boolean {
    if (typeof key === 'number') return super.delete(key);
    const place = placeOf<DataSet>(this, key);
    if (place === undefined) return false;
    const { map, tag, index } = place;
    if (index === undefined) return map.delete(tag);
    const items = map.items(tag);
    if (index >= items.length) return false;
    map.setItems(
      tag,
      items.filter((_, at) => at !== index),
    );
    return true;
  }

  override element(key: ElementKey): DataElement<DataSet> | undefined {
    const place = elementPlace<DataSet>(this, key);
    if (place === undefined || !place.map.has(place.tag)) return undefined;
    return new DataElement<DataSet>(place.map, place.tag);
  }

  override vr(key: ElementKey): Vr | undefined {
    if (typeof key === 'number') return super.vr(key);
    const place = elementPlace<DataSet>(this, key);
    return place?.map.vr(place.tag);
  }

  override values(key: ElementKey, vr?: Vr): readonly PlainValue[] {
    if (typeof key === 'number') return super.values(key, vr);
    const place = elementPlace<DataSet>(this, key);
    return place?.map.values(place.tag, vr) ?? [];
  }

  override texts(key: ElementKey): readonly string[] {
    if (typeof key === 'number') return super.texts(key);
    const place = elementPlace<DataSet>(this, key);
    return place?.map.texts(place.tag) ?? [];
  }

  override text(key: ElementKey): string | undefined {
    return this.texts(key)[0] || undefined;
  }

  override bytes(key: ElementKey): Uint8Array | undefined {
    if (typeof key === 'number') return super.bytes(key);
    const place = elementPlace<DataSet>(this, key);
    return place?.map.bytes(place.tag);
  }

  override fragments(key: ElementKey): readonly Uint8Array[] | undefined {
    if (typeof key === 'number') return super.fragments(key);
    const place = elementPlace<DataSet>(this, key);
    return place?.map.fragments(place.tag);
  }

  override bulkData(key: ElementKey): BulkDataReference | undefined {
    if (typeof key === 'number') return super.bulkData(key);
    const place = elementPlace<DataSet>(this, key);
    return place?.map.bulkData(place.tag);
  }

  override items(key: ElementKey): readonly DataSet[] {
    if (typeof key === 'number') return dataSets(this.itemsOf(key));
    const place = elementPlace<DataSet>(this, key);
    return place?.map.items(place.tag) ?? [];
  }

  override setItems(tag: number, items: readonly ElementMap[]): this {
    return super.setItems(
      tag,
      items.map((item) => (isDataSet(item) ? item : mapOver(this.emptyItem(), contentsOf(item)))),
    );
  }

  override *[Symbol.iterator](): IterableIterator<DataElement<DataSet>> {
    for (const tag of this.tags()) yield new DataElement<DataSet>(this, tag);
  }

  /**
   * All elements in order, each sequence followed by what is in its items. Those that were reached may be set and deleted on the way.
   *
   * @throws DataSetError when a sequence's items are damaged.
   */
  walk(): IterableIterator<WalkedElement<DataSet, DataElement<DataSet>>> {
    return walkElements<DataSet, DataElement<DataSet>>(this, nameInPath);
  }

  /** True when both hold the same elements with the same values, however they are encoded; `diffDataSets` tells what differs. */
  equals(other: DataSet): boolean {
    return differences<DataSet>(this, other, nameInPath).next().done === true;
  }

  override clone(): DataSet {
    return mapOver(this.emptyItem(), contentsOf(super.clone()));
  }

  /**
   * A plain object from which {@link DataSet.from} builds the same data set: keywords with their values, a DS or IS as a number where that
   * keeps its digits, other elements by tag. Group lengths are left out. Bytes are views, not copies.
   *
   * @throws DataSetError when a sequence's items are damaged.
   */
  toObject(): DataSetObject {
    const members = objectOf<DataSet>(this, (map, definition, value) => vrToWrite(definition, value, contentsOf(map)));
    if (!isInput(members)) throw new TypeError('Not an object');
    return members;
  }

  /**
   * The private elements of a creator.
   *
   * @param group - private group; default: any in which the creator has reserved a block.
   * @throws DataSetError `invalid-value` for a creator without text, or a group that isn't private.
   */
  privateBlock(
    creator: string,
    group?: number,
  ): PrivateBlock<DataSet, DataElement<DataSet>, DataSetInput | DataSetObject> {
    return new PrivateBlock<DataSet, DataElement<DataSet>, DataSetInput | DataSetObject>(
      this,
      creator,
      group,
      this.#privateDictionary,
    );
  }

  protected override emptyItem(): DataSet {
    return new DataSet({ privateDictionary: this.#privateDictionary });
  }

  protected override vrOfTag(tag: number): Vr {
    const creatorTag = creatorTagOf(tag);
    if (creatorTag === undefined) return vrToRead(elementDefinition(tag)?.vrs ?? [], contentsOf(this));
    if (this.#privateDictionary === undefined) return 'UN';
    const creator = creatorIn(contentsOf(this), creatorTag);
    if (creator === undefined) return 'UN';
    return this.#privateDictionary.find(creator, tag >>> 16, tag & 0xff)?.vr ?? 'UN';
  }

  private value(tag: number): unknown {
    const definition = elementDefinition(tag);
    const expected = definition?.vrs[0] ?? super.vr(tag);
    if (expected === undefined) return undefined;
    if (expected === 'SQ') return this.items(tag);
    const values = this.valuesAs(tag, definition?.vrs ?? [expected]);
    if (definition === undefined) return values.length > 1 ? values : values[0];
    return mayHaveSeveral(definition, values) ? values : values[0];
  }

  /** Values in the type that the dictionary promises, also where another VR stands in the bytes. */
  private valuesAs(tag: number, expected: readonly Vr[]): readonly PlainValue[] {
    const stored = super.vr(tag);
    const [first = 'UN'] = expected;
    if (stored === undefined || stored === 'SQ') return [];
    if (expected.some((vr) => valueType(vr) === valueType(stored))) return super.values(tag);
    switch (valueType(first)) {
      case 'string':
        return super.texts(tag);
      case 'number':
        return super.texts(tag).map(Number);
      case 'bigint':
        return super
          .texts(tag)
          .filter((text) => /^-?\d+$/.test(text))
          .map(BigInt);
      case 'bytes':
        return [super.bytes(tag) ?? new Uint8Array(0)];
    }
  }

  /** Sets an element; without a VR the dictionary's is taken. */
  private put(tag: number, vr: Vr | undefined, value: unknown): void {
    const chosen = vr ?? this.vrFor(tag, value);
    if (chosen !== 'SQ' && (typeof value === 'string' || typeof value === 'number')) {
      this.setValues(tag, chosen, [value]);
      return;
    }
    const list = value === null || value === undefined ? [] : Array.isArray(value) ? value : [value];
    if (chosen === 'SQ')
      this.setItems(
        tag,
        list.map((item) => this.toItem(tag, item)),
      );
    else
      this.setValues(
        tag,
        chosen,
        list.map((single) => toValue(tag, single)),
      );
  }

  private putTagged(tag: number, input: unknown): void {
    if (!isTagged(input)) throw new DataSetError('invalid-value', `${formatTag(tag)} takes an object { vr, value }`);
    if ('fragments' in input) this.setFragments(tag, input.vr, input.fragments);
    else if ('bulkData' in input) this.setBulkData(tag, input.vr, input.bulkData);
    else this.put(tag, input.vr, input.value);
  }

  private putItem(tag: number, index: number, value: unknown): void {
    const items = this.items(tag);
    if (index > items.length) this.makeItem(tag, index - 1);
    const item = this.toItem(tag, value);
    this.setItems(tag, [...this.items(tag).slice(0, index), item, ...items.slice(index + 1)]);
  }

  /** Adds items to a sequence, as far as the one that is asked for. */
  private makeItem(tag: number, index: number): DataSet {
    const vr = this.vr(tag) ?? elementDefinition(tag)?.vrs[0] ?? 'SQ';
    if (vr !== 'SQ') throw new DataSetError('invalid-path', `${nameInPath(tag)} is ${vr}: it has no items`);
    const items = [...this.items(tag)];
    for (let at = items.length; at <= index; at++) {
      const enclosure = { contents: contentsOf(this), tag, index: at };
      items.push(mapOver(this.emptyItem(), new Contents(undefined, 0, 0, enclosure)));
    }
    this.setItems(tag, items);
    return items[index]!;
  }

  private vrFor(tag: number, value: unknown): Vr {
    const definition = elementDefinition(tag);
    const vr = definition === undefined ? this.vrOfTag(tag) : vrToWrite(definition, value, contentsOf(this));
    if (vr !== 'UN' || definition !== undefined) return vr;
    throw new DataSetError('invalid-value', `${formatTag(tag)} needs a VR: no dictionary knows it`);
  }

  private toItem(tag: number, item: unknown): DataSet {
    if (isDataSet(item)) return item;
    if (isInput(item)) return DataSet.from(item, { privateDictionary: this.#privateDictionary });
    throw new DataSetError('invalid-value', `${formatTag(tag)} takes data sets or objects of keywords as items`);
  }
}

/** What `get` gives where an item on the way is missing: as if the element were absent. */
function absentValue(key: ElementKey): unknown {
  const path = tagPathOf(key);
  const tag = path[path.length - 1];
  return path.length % 2 === 0 || tag === undefined ? undefined : new DataSet().get(tag);
}

function tagOf(key: string): number {
  return tagOfKeyword(key) ?? tagPathOfText(key)[0] ?? 0;
}

interface Entry {
  readonly tag: number;
  readonly isTagged: boolean;
  readonly value: unknown;
}

function entriesOf(input: DataSetInput | DataSetObject): Entry[] {
  const values: readonly unknown[] = Object.values(input);
  const entries: Entry[] = [];
  let index = 0;
  for (const key of Object.keys(input)) {
    const value = values[index++];
    if (value !== undefined) entries.push({ tag: tagOf(key), isTagged: key.startsWith('('), value });
  }
  return entries;
}

function dataSets(items: readonly ElementMap[]): readonly DataSet[] {
  // All are of one kind: they were made by `emptyItem` or went through `setItems`.
  return areDataSets(items) ? items : items.filter(isDataSet);
}

function areDataSets(items: readonly ElementMap[]): items is readonly DataSet[] {
  return items.length === 0 || isDataSet(items[0]);
}

function isDataSet(map: unknown): map is DataSet {
  return map instanceof DataSet;
}

function isVrName(value: unknown): value is Vr {
  return typeof value === 'string' && isVr(value);
}

/** A plain object; whether its keys are keywords is seen when they are looked up. */
function isInput(value: unknown): value is DataSetObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function isTagged(value: unknown): value is TaggedInput<DataSet> {
  if (typeof value !== 'object' || value === null || !('vr' in value) || !isVrName(value.vr)) return false;
  if ('fragments' in value) return value.vr === 'OB' || value.vr === 'OW';
  return 'value' in value || 'bulkData' in value;
}

function toValue(tag: number, value: unknown): PlainValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new DataSetError('invalid-value', `${formatTag(tag)} can't hold ${value === null ? 'null' : typeof value}`);
}
