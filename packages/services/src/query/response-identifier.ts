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
    cut(entity, entity, identifier);
    for (const tag of above) if (entity.text(tag) !== undefined) copyValue(entity, tag, 'LO', identifier);
    describe(query, entity, defaults, identifier);
    setCharacterSet(query, entity, identifier);
    return identifier;
  };
}

type Cutter = (dataSet: DataSet, entity: DataSet, into: DataSet) => void;

function cutter(query: Query, keys: readonly QueryKey[]): Cutter {
  const cutters = keys.map((key): Cutter => {
    if (key.criterion.kind === 'sequence') return sequenceCutter(query, key, key.criterion.keys);
    return (dataSet, _entity, into) => copyValue(dataSet, key.tag, key.vr, into);
  });
  return (dataSet, entity, into) => {
    for (const each of cutters) each(dataSet, entity, into);
  };
}

/** PS3.4 C.2.2.2.6: the items that match, with the attributes asked for. */
function sequenceCutter(query: Query, { tag }: QueryKey, keys: readonly QueryKey[]): Cutter {
  const isMatch = keys.every(({ criterion }) => isUniversal(criterion)) ? () => true : itemTest(query, keys);
  const cut = cutter(query, keys);
  return (dataSet, entity, into) => {
    const items = dataSet.items(tag).filter((item) => isMatch(item, entity));
    const cutItems = items.map((item) => {
      const cutItem = new DataSet();
      cut(item, entity, cutItem);
      return cutItem;
    });
    into.set(tag, 'SQ', cutItems);
  };
}

/** PS3.4 C.4.1.3.1.1: the unique keys of the levels above are returned, asked for or not. */
function uniqueKeysAbove({ model, level }: Query, keys: readonly QueryKey[]): readonly number[] {
  if (level === undefined) return [];
  const above = model.levels.slice(0, model.levels.indexOf(level)).map((name) => uniqueKeyTags[name]);
  return above.filter((tag) => !keys.some((key) => key.tag === tag));
}

/** The value, or none where there is none: the key is known, its value is not. */
function copyValue(from: DataSet, tag: number, vr: Vr, into: DataSet): void {
  const own = from.vr(tag) ?? vr;
  if (own === 'SQ') into.set(tag, 'SQ', from.items(tag));
  else into.set(tag, own, valuesOf(from, tag, own));
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
  else if (isAsked(queryRetrieveLevel)) copyValue(query.identifier, queryRetrieveLevel, 'CS', identifier);
  if (query.level !== undefined || isAsked(retrieveAeTitle)) {
    const own = entity.texts(retrieveAeTitle);
    identifier.set(retrieveAeTitle, 'AE', own.length > 0 ? own : (defaults.retrieveAeTitles ?? []));
  }
  // An empty value is not permitted.
  const availability = entity.text(instanceAvailability) ?? defaults.instanceAvailability;
  if (availability !== undefined && (query.level !== undefined || isAsked(instanceAvailability))) {
    identifier.set(instanceAvailability, 'CS', availability);
  }
  const offset = entity.text(timezoneOffsetFromUtc);
  if (offset !== undefined && isAsked(timezoneOffsetFromUtc)) identifier.set(timezoneOffsetFromUtc, 'SH', offset);
}

/**
 * The character set of the request if it has all characters, else that of the entity, else Unicode; none where the default repertoire is enough.
 * PS3.4 C.4.1.1.3.2.
 */
function setCharacterSet(query: Query, entity: DataSet, identifier: DataSet): void {
  if (isDefaultRepertoire(identifier)) return;
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
    encodeDataSet(identifier, TransferSyntax.ExplicitVRLittleEndian);
    return true;
  } catch (error) {
    if (error instanceof DataSetError && error.code === 'unsupported-character-set') return false;
    throw error;
  }
}

function isDefaultRepertoire(dataSet: DataSet): boolean {
  for (const element of dataSet) {
    if (element.vr === 'SQ') {
      if (!element.items.every(isDefaultRepertoire)) return false;
    } else if (characterSetVrs.has(element.vr) && !element.values.every(isAscii)) {
      return false;
    }
  }
  return true;
}

const characterSetVrs: ReadonlySet<Vr> = new Set<Vr>(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

function isAscii(value: PlainValue): boolean {
  if (typeof value !== 'string') return true;
  for (let at = 0; at < value.length; at += 1) if (value.charCodeAt(at) > 0x7f) return false;
  return true;
}
