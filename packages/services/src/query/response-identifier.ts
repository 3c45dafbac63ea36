/**
 * The identifier of a C-FIND response: what was asked for, of an entity that matches. PS3.4 C.4.1.1.3.2.
 */
import { DataSet, type PlainValue, type Vr } from '@dicomwire/dimse';
import { DataSetError, encodeDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import type { QueryKey } from './criterion.js';
import { isUniversal, itemTest } from './matcher.js';
import { identifierTags } from './parse-query.js';
import type { Query } from './query.js';
import { uniqueKeyTags } from './query-level.js';
import { readableItems, unlessDamaged } from './readable-items.js';

/** What goes into identifiers beside the keys. */
export interface IdentifierDefaults {
  /** Retrieve AE Title (0008,0054) for entities that have none of their own; several are possible. */
  readonly retrieveAeTitles?: readonly string[] | undefined;
  /** Instance Availability (0008,0056) for entities that have none of their own. Default: not said. */
  readonly instanceAvailability?: InstanceAvailability | undefined;
}

/** How soon instances can be had. PS3.4 C.4.1.1.3.2. */
export type InstanceAvailability = 'ONLINE' | 'NEARLINE' | 'OFFLINE' | 'UNAVAILABLE';

/** Makes the function that cuts entities to a query's keys. */
export function identifierOf(
  query: Query,
  keys: readonly QueryKey[],
  defaults: IdentifierDefaults,
): (entity: DataSet) => DataSet {
  const cut = cutter(query, keys);
  const above = uniqueKeysAbove(query, keys);
  return (entity) => {
    const identifier = new DataSet();
    let needsCharacterSet = cut(entity, entity, identifier);
    for (const tag of above) {
      if (entity.text(tag) !== undefined && copyValue(entity, tag, 'LO', identifier)) needsCharacterSet = true;
    }
    describe(query, entity, defaults, identifier);
    if (needsCharacterSet) setCharacterSet(query, entity, identifier);
    return identifier;
  };
}

/** @returns true when there is text that the default repertoire has not. */
type Cutter = (dataSet: DataSet, entity: DataSet, into: DataSet) => boolean;

function cutter(query: Query, keys: readonly QueryKey[]): Cutter {
  const cutters = keys.map((key): Cutter => {
    if (key.criterion.kind === 'sequence') return sequenceCutter(query, key, key.criterion.keys);
    return (dataSet, _entity, into) => copyValue(dataSet, key.tag, key.vr, into);
  });
  return (dataSet, entity, into) => {
    let needsCharacterSet = false;
    for (const each of cutters) if (each(dataSet, entity, into)) needsCharacterSet = true;
    return needsCharacterSet;
  };
}

/** PS3.4 C.2.2.2.6: the items that match, with the attributes asked for. */
function sequenceCutter(query: Query, { tag }: QueryKey, keys: readonly QueryKey[]): Cutter {
  const isMatch = keys.every(({ criterion }) => isUniversal(criterion)) ? () => true : itemTest(query, keys);
  const cut = cutter(query, keys);
  return (dataSet, entity, into) => {
    let needsCharacterSet = false;
    const items = readableItems(dataSet, tag).filter((item) => isMatch(item, entity));
    const cutItems = items.map((item) => {
      const cutItem = new DataSet();
      if (cut(item, entity, cutItem)) needsCharacterSet = true;
      return cutItem;
    });
    into.setItems(tag, cutItems);
    return needsCharacterSet;
  };
}

/** PS3.4 C.4.1.3.1.1: the unique keys of the levels above are returned, asked for or not. */
function uniqueKeysAbove({ model, level }: Query, keys: readonly QueryKey[]): readonly number[] {
  if (level === undefined) return [];
  const above = model.levels.slice(0, model.levels.indexOf(level)).map((name) => uniqueKeyTags[name]);
  return above.filter((tag) => !keys.some((key) => key.tag === tag));
}

/**
 * The value, or none where there is none: the key is known, its value is not.
 *
 * @returns as a {@link Cutter}.
 */
function copyValue(from: DataSet, tag: number, vr: Vr, into: DataSet): boolean {
  const own = from.vr(tag) ?? vr;
  if (own === 'SQ') {
    const items = readableItems(from, tag);
    // Whole items go out as they are: what can't be read all the way down can't be written either.
    const needsCharacterSet = unlessDamaged(() => items.filter(needsCharacterSetWithin).length > 0);
    into.setItems(tag, needsCharacterSet === undefined ? [] : items);
    return needsCharacterSet === true;
  }
  const values = valuesOf(from, tag, own);
  into.setValues(tag, own, values);
  return characterSetVrs.has(own) && !values.every(isAscii);
}

/** Decimal and integer strings with their own digits; of UIDs only what can be written. */
function valuesOf(from: DataSet, tag: number, vr: Vr): readonly PlainValue[] {
  if (vr === 'UI') return from.texts(tag).filter((uid) => /^[0-9.]*$/.test(uid));
  return vr === 'DS' || vr === 'IS' ? from.texts(tag) : from.values(tag);
}

function describe(query: Query, entity: DataSet, defaults: IdentifierDefaults, identifier: DataSet): void {
  const { queryRetrieveLevel, retrieveAeTitle, instanceAvailability, timezoneOffsetFromUtc } = identifierTags;
  const isAsked = (tag: number) => query.identifier.has(tag);
  if (query.level !== undefined) identifier.set(queryRetrieveLevel, 'CS', query.level);
  else if (isAsked(queryRetrieveLevel)) {
    identifier.set(queryRetrieveLevel, 'CS', codesOf(query.identifier, queryRetrieveLevel));
  }
  if (query.level !== undefined || isAsked(retrieveAeTitle)) {
    const own = codesOf(entity, retrieveAeTitle);
    identifier.set(retrieveAeTitle, 'AE', own.length > 0 ? own : (defaults.retrieveAeTitles ?? []));
  }
  // An empty value is not permitted.
  const availability = codesOf(entity, instanceAvailability)[0] ?? defaults.instanceAvailability;
  if (availability !== undefined && (query.level !== undefined || isAsked(instanceAvailability))) {
    identifier.set(instanceAvailability, 'CS', availability);
  }
  const [offset] = codesOf(entity, timezoneOffsetFromUtc);
  if (offset !== undefined && isAsked(timezoneOffsetFromUtc)) identifier.set(timezoneOffsetFromUtc, 'SH', offset);
}

/** Values of an element that can only have ASCII in it; what has other characters is none. */
function codesOf(dataSet: DataSet, tag: number): readonly string[] {
  return dataSet.texts(tag).filter((text) => text !== '' && isAscii(text));
}

/**
 * The character set of the request if it has all characters, else that of the entity, else Unicode. Where the default repertoire is enough there is
 * none. PS3.4 C.4.1.1.3.2.
 */
function setCharacterSet(query: Query, entity: DataSet, identifier: DataSet): void {
  const { specificCharacterSet } = identifierTags;
  for (const dataSet of [query.identifier, entity]) {
    const terms = dataSet.texts(specificCharacterSet);
    if (terms.length === 0) continue;
    identifier.set(specificCharacterSet, 'CS', terms);
    if (terms[0] === 'ISO_IR 192' || canBeEncoded(identifier)) return;
  }
  identifier.set(specificCharacterSet, 'CS', 'ISO_IR 192');
}

function canBeEncoded(identifier: DataSet): boolean {
  try {
    encodeDataSet(identifier, TransferSyntax.ExplicitVRLittleEndian, { invalidText: 'write' });
    return true;
  } catch (error) {
    if (error instanceof DataSetError && error.code === 'unsupported-character-set') return false;
    throw error;
  }
}

/** Looks at everything, and so finds whatever is damaged. */
function needsCharacterSetWithin(dataSet: DataSet): boolean {
  let isNeeded = false;
  for (const { vr, values, items } of dataSet) {
    if (vr === 'SQ') isNeeded = items.filter(needsCharacterSetWithin).length > 0 || isNeeded;
    else if (characterSetVrs.has(vr) && !values.every(isAscii)) isNeeded = true;
  }
  return isNeeded;
}

const characterSetVrs: ReadonlySet<Vr> = new Set<Vr>(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

function isAscii(value: PlainValue): boolean {
  if (typeof value !== 'string') return true;
  for (let at = 0; at < value.length; at += 1) if (value.charCodeAt(at) > 0x7f) return false;
  return true;
}
