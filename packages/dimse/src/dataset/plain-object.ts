/** Data sets to plain objects, from which the same data set can be built again. */
import type { BulkDataReference } from './bulk-data.js';
import { type ElementDefinition, elementDefinition, tagOfKeyword } from './dictionary.js';
import { DataSetError } from './errors.js';
import type { PlainValue } from './plain-value.js';
import { formatTag, isGroupLengthTag } from './tag.js';
import { formatDecimal } from './values/format-decimal.js';
import { type Vr, vrTraits } from './vr.js';

/** A data set, as far as this goes. */
export interface Convertible<Map> {
  /** Tags in order. */
  tags(): number[];
  /** VR of an element. */
  vr(tag: number): Vr | undefined;
  /** All values. */
  values(tag: number): readonly PlainValue[];
  /** Values as text. */
  texts(tag: number): readonly string[];
  /** Items of a sequence. */
  items(tag: number): readonly Map[];
  /** Fragments of encapsulated pixel data. */
  fragments(tag: number): readonly Uint8Array[] | undefined;
  /** Where the value is, when it is not in memory. */
  bulkData(tag: number): BulkDataReference | undefined;
}

/** VR that building would give a value; the data set says, since the context decides. */
export type VrChoice<Map> = (map: Map, definition: ElementDefinition, value: unknown) => Vr;

/** How deep sequences may nest; more are a sequence that holds itself. */
const maxNesting = 64;

/**
 * The members of the object: keyword and value, or tag and `{ vr, value }` for what the dictionary doesn't know, or has with another VR.
 *
 * @throws DataSetError `nesting-too-deep`; when a sequence's items are damaged.
 */
export function objectOf<Map extends Convertible<Map>>(
  map: Map,
  vrChoice: VrChoice<Map>,
  depth = 0,
): Record<string, unknown> {
  if (depth > maxNesting) throw new DataSetError('nesting-too-deep', 'Sequences nest too deep');
  const members: Record<string, unknown> = {};
  for (const tag of new Set(map.tags())) {
    if (isGroupLengthTag(tag)) continue;
    const { key, member } = memberOf(map, tag, vrChoice, depth);
    members[key] = member;
  }
  return members;
}

function memberOf<Map extends Convertible<Map>>(
  map: Map,
  tag: number,
  vrChoice: VrChoice<Map>,
  depth: number,
): { readonly key: string; readonly member: unknown } {
  const vr = map.vr(tag) ?? 'UN';
  const reference = map.bulkData(tag);
  if (reference !== undefined) return { key: formatTag(tag), member: { vr, bulkData: reference } };
  const fragments = map.fragments(tag);
  if (fragments !== undefined) return { key: formatTag(tag), member: { vr, fragments } };
  const values = vr === 'SQ' ? itemsOf(map, tag, vrChoice, depth) : valuesOf(map, tag, vr);
  const definition = elementDefinition(tag);
  const isSeveral = vr === 'SQ' || values.length > 1 || (definition !== undefined && mayBeList(definition, vr));
  const value = values.length === 0 ? null : isSeveral ? values : values[0];
  const hasKeyword = definition !== undefined && tagOfKeyword(definition.keyword) === tag;
  const isPlain = hasKeyword && fitsOne(definition, values) && vrChoice(map, definition, value) === vr;
  return isPlain ? { key: definition.keyword, member: value } : { key: formatTag(tag), member: { vr, value } };
}

function itemsOf<Map extends Convertible<Map>>(
  map: Map,
  tag: number,
  vrChoice: VrChoice<Map>,
  depth: number,
): unknown[] {
  return map.items(tag).map((item) => objectOf(item, vrChoice, depth + 1));
}

/** A DS or IS as a number where that gives the same digits when it is written again. */
function valuesOf<Map extends Convertible<Map>>(map: Map, tag: number, vr: Vr): readonly PlainValue[] {
  if (vr !== 'DS' && vr !== 'IS') return map.values(tag);
  return map.texts(tag).map((text) => {
    const number = Number(text);
    const isSame = text !== '' && Number.isFinite(number) && formatDecimal(number) === text;
    return isSame && (vr === 'DS' || Number.isSafeInteger(number)) ? number : text;
  });
}

function mayBeList({ vm }: ElementDefinition, vr: Vr): boolean {
  const { kind, isSplit } = vrTraits[vr];
  return vm !== '1' && kind !== 'binary' && (kind !== 'text' || isSplit);
}

/** Several values where the dictionary has one can't be given by keyword. */
function fitsOne({ vm, vrs }: ElementDefinition, values: readonly unknown[]): boolean {
  return vm !== '1' || vrs[0] === 'SQ' || values.length < 2;
}
