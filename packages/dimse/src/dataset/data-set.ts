/** Data sets: elements by keyword or tag, typed by the dictionary. PS3.5 7. */

import type { BulkDataReference } from './bulk-data.js';
import { DataElement } from './data-element.js';
import { type ElementDefinition, elementDefinition, isKeyword, type Keyword, tagOfKeyword } from './dictionary.js';
import { contentsOf, ElementMap } from './element-map.js';
import type { ElementTypes } from './element-types.generated.js';
import { DataSetError } from './errors.js';
import type { PlainValue } from './plain-value.js';
import { formatTag } from './tag.js';
import type { KeywordInputs, ShapeInputs, ShapeValues } from './value-types.js';
import { type Vr, type VrKind, vrTraits } from './vr.js';

/** The type of a keyword's value: `number | undefined` for `Rows`, `readonly string[]` for `ImageType`. */
export type ElementValue<K extends Keyword> = ShapeValues<DataSet>[ElementTypes[K]];

/** The type of what may be written to a keyword. */
export type ElementInput<K extends Keyword> = ShapeInputs<DataSet>[ElementTypes[K]];

/** An object that a data set is made from: values by keyword. `null` makes an empty element, `undefined` none. */
export type DataSetInput = KeywordInputs<DataSet>;

/**
 * A data set: an ordered map over the bytes that it was parsed from, or one that was built. Elements are located in one pass, decoded
 * when asked for, and written back byte for byte unless they were set.
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
  /**
   * Builds a data set from an object: values by keyword, sequences as lists of objects or data sets. `null` makes an empty element,
   * `undefined` none.
   *
   * @throws DataSetError `unknown-keyword`, `invalid-value`.
   */
  static from(input: DataSetInput): DataSet {
    const dataSet = new DataSet();
    const entries = Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([keyword, value]) => ({ definition: definitionOf(keyword), value }));
    // In order of tags each element goes to the end, which costs nothing.
    for (const { definition, value } of entries.sort((a, b) => a.definition.tag - b.definition.tag)) {
      dataSet.put(definition.tag, dataSet.vrToWrite(definition, value), value);
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
  /** By tag: one value as it is, several as a list; the dictionary decides where it knows the tag, else what is there. */
  get(tag: number): PlainValue | readonly PlainValue[] | readonly DataSet[] | undefined;
  get(key: number | Keyword): unknown {
    const tag = tagOf(key);
    const definition = elementDefinition(tag);
    const expected = definition?.vrs[0] ?? super.vr(tag);
    if (expected === undefined) return undefined;
    if (expected === 'SQ') return this.itemsOf(tag);
    const values = this.valuesAs(tag, definition?.vrs ?? [expected]);
    if (definition === undefined) return values.length > 1 ? values : values[0];
    return mayHaveSeveral(definition, values) ? values : values[0];
  }

  /**
   * Sets an element by keyword; `null` leaves it empty.
   *
   * @throws DataSetError `unknown-keyword`, `invalid-value`.
   */
  set<K extends Keyword>(keyword: K, value: ElementInput<K>): this;
  /** Sets an element by tag and VR, private ones included. */
  set(
    tag: number,
    vr: Vr,
    value: PlainValue | readonly PlainValue[] | readonly (DataSet | DataSetInput)[] | null,
  ): this;
  set(key: number | Keyword, vrOrValue: unknown, value?: unknown): this {
    if (typeof key !== 'number') {
      const definition = definitionOf(key);
      return this.put(definition.tag, this.vrToWrite(definition, vrOrValue), vrOrValue);
    }
    const vr = isVrName(vrOrValue) ? vrOrValue : undefined;
    if (vr === undefined) throw new DataSetError('invalid-value', `${formatTag(key)} needs a VR`);
    return this.put(key, vr, value);
  }

  override has(key: number | Keyword): boolean {
    return super.has(tagOf(key));
  }

  override delete(key: number | Keyword): boolean {
    return super.delete(tagOf(key));
  }

  override element(key: number | Keyword): DataElement<DataSet> | undefined {
    const tag = tagOf(key);
    return super.has(tag) ? new DataElement<DataSet>(this, tag) : undefined;
  }

  override vr(key: number | Keyword): Vr | undefined {
    return super.vr(tagOf(key));
  }

  override values(key: number | Keyword, vr?: Vr): readonly PlainValue[] {
    return super.values(tagOf(key), vr);
  }

  override texts(key: number | Keyword): readonly string[] {
    return super.texts(tagOf(key));
  }

  override text(key: number | Keyword): string | undefined {
    return super.text(tagOf(key));
  }

  override bytes(key: number | Keyword): Uint8Array | undefined {
    return super.bytes(tagOf(key));
  }

  override fragments(key: number | Keyword): readonly Uint8Array[] | undefined {
    return super.fragments(tagOf(key));
  }

  override bulkData(key: number | Keyword): BulkDataReference | undefined {
    return super.bulkData(tagOf(key));
  }

  override items(key: number | Keyword): readonly DataSet[] {
    return this.itemsOf(tagOf(key)).filter(isDataSet);
  }

  override *[Symbol.iterator](): IterableIterator<DataElement<DataSet>> {
    for (const tag of this.tags()) yield new DataElement<DataSet>(this, tag);
  }

  protected override emptyItem(): DataSet {
    return new DataSet();
  }

  protected override vrOfTag(tag: number): Vr {
    const vrs = elementDefinition(tag)?.vrs ?? [];
    if (vrs.length < 2) return vrs[0] ?? 'UN';
    if (vrs.includes('OW')) return 'OW';
    return this.isPixelRepresentationSigned() ? 'SS' : 'US';
  }

  private vrToWrite({ tag, vrs }: ElementDefinition, value: unknown): Vr {
    const [first = 'UN'] = vrs;
    if (vrs.length < 2) return first;
    if (value instanceof Uint8Array) return vrs.includes('OW') ? 'OW' : first;
    if (vrs.includes('SS')) {
      const isNegative = [value].flat().some((number) => typeof number === 'number' && number < 0);
      return isNegative || this.vrOfTag(tag) === 'SS' ? 'SS' : 'US';
    }
    return vrs.includes('US') ? 'US' : first;
  }

  private put(tag: number, vr: Vr, value: unknown): this {
    const list = value === null || value === undefined ? [] : Array.isArray(value) ? value : [value];
    if (vr === 'SQ')
      return this.setItems(
        tag,
        list.map((item) => toItem(tag, item)),
      );
    return this.setValues(
      tag,
      vr,
      list.map((single) => toValue(tag, single)),
    );
  }

  /** Values in the type that the dictionary promises, also where another VR stands in the bytes. */
  private valuesAs(tag: number, expected: readonly Vr[]): readonly PlainValue[] {
    const stored = super.vr(tag);
    const [first = 'UN'] = expected;
    if (stored === undefined || stored === 'SQ') return [];
    if (expected.some((vr) => valueType(vr) === valueType(stored))) return this.values(tag);
    switch (valueType(first)) {
      case 'string':
        return this.texts(tag);
      case 'number':
        return this.texts(tag).map(Number);
      case 'bigint':
        return this.texts(tag)
          .filter((text) => /^-?\d+$/.test(text))
          .map(BigInt);
      case 'bytes':
        return [this.bytes(tag) ?? new Uint8Array(0)];
    }
  }

  private isPixelRepresentationSigned(): boolean {
    for (
      let at: ReturnType<typeof contentsOf> | undefined = contentsOf(this);
      at !== undefined;
      at = at.enclosure?.contents
    ) {
      const row = at.find(pixelRepresentationTag);
      if (row?.values !== undefined) return row.values[0] === 1;
      if (row !== undefined && row.length >= 2 && at.source !== undefined) {
        return at.source.view.getUint16(row.offset, !at.source.isBigEndian) === 1;
      }
    }
    return false;
  }
}

const pixelRepresentationTag = 0x00280103;

function tagOf(key: number | Keyword): number {
  return typeof key === 'number' ? key : definitionOf(key).tag;
}

function definitionOf(keyword: string): ElementDefinition {
  const tag = tagOfKeyword(keyword);
  const definition = tag === undefined ? undefined : elementDefinition(tag);
  if (definition === undefined)
    throw new DataSetError('unknown-keyword', `No element has the keyword ${JSON.stringify(keyword)}`);
  return definition;
}

function mayHaveSeveral({ vrs, vm }: ElementDefinition, values: readonly PlainValue[]): boolean {
  const [first = 'UN'] = vrs;
  if (vm === '1' || values[0] instanceof Uint8Array) return false;
  return vrTraits[first].isSplit || vrTraits[first].kind !== 'text';
}

const valueTypes: Readonly<Record<VrKind, 'string' | 'number' | 'bigint' | 'bytes'>> = {
  text: 'string',
  number: 'number',
  bigint: 'bigint',
  tag: 'number',
  binary: 'bytes',
  sequence: 'bytes',
};

function valueType(vr: Vr): 'string' | 'number' | 'bigint' | 'bytes' {
  return vr === 'DS' || vr === 'IS' ? 'number' : valueTypes[vrTraits[vr].kind];
}

function isDataSet(map: unknown): map is DataSet {
  return map instanceof DataSet;
}

function isVrName(value: unknown): value is Vr {
  return typeof value === 'string' && Object.hasOwn(vrTraits, value);
}

function isInput(value: unknown): value is DataSetInput {
  return typeof value === 'object' && value !== null && Object.keys(value).every(isKeyword);
}

function toItem(tag: number, item: unknown): DataSet {
  if (isDataSet(item)) return item;
  if (isInput(item)) return DataSet.from(item);
  throw new DataSetError('invalid-value', `${formatTag(tag)} takes data sets or objects of keywords as items`);
}

function toValue(tag: number, value: unknown): PlainValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new DataSetError('invalid-value', `${formatTag(tag)} can't hold ${value === null ? 'null' : typeof value}`);
}
