/**
 * Queries applied to data sets: what the provider's engine does, for those who have data sets and no association.
 */
import type { DataSet } from '@dicomwire/dimse';
import { entityTest } from './matcher.js';
import type { Query } from './query.js';
import type { QuerySource } from './query-source.js';
import { type IdentifierDefaults, identifierOf } from './response-identifier.js';
import { supportedKeys } from './supported-keys.js';

/** What is done with the entities that a source yields. */
export interface CompiledQuery {
  /** Whether there are keys that are not known: FF01 in place of FF00. */
  readonly hasUnsupportedKeys: boolean;
  /** True for an entity that is asked for. */
  matches(entity: DataSet): boolean;
  /** What is answered of it. */
  identifier(entity: DataSet): DataSet;
}

/** Prepares what is the same for every entity. */
export function compileQuery(
  query: Query,
  source?: Pick<QuerySource, 'supports'>,
  defaults: IdentifierDefaults = {},
): CompiledQuery {
  const { keys, unsupported } = supportedKeys(query, source);
  return {
    hasUnsupportedKeys: unsupported.length > 0,
    matches: entityTest(query, keys),
    identifier: identifierOf(query, keys, defaults),
  };
}

/**
 * True when a data set is what a query asks for. Keys of levels below the query's, private ones and those that the dictionary does not know are
 * not minded. PS3.4 C.2.2.2.
 */
export function matchesQuery(query: Query, entity: DataSet): boolean {
  return compiled(query).matches(entity);
}

/**
 * The identifier that answers a query with an entity: the keys that were asked for, empty where it has no value, and the character set that they
 * need. PS3.4 C.4.1.1.3.2.
 */
export function responseIdentifier(query: Query, entity: DataSet, defaults: IdentifierDefaults = {}): DataSet {
  return compileQuery(query, undefined, defaults).identifier(entity);
}

function compiled(query: Query): CompiledQuery {
  let made = queries.get(query);
  if (made === undefined) {
    made = compileQuery(query);
    queries.set(query, made);
  }
  return made;
}

const queries = /* @__PURE__ */ new WeakMap<Query, CompiledQuery>();
