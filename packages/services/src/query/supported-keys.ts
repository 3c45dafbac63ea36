/**
 * Which keys a provider knows. PS3.4 C.2.2.1.3.
 */
import { isPrivateTag } from '@dicomwire/dimse/dataset';
import type { QueryKey } from './criterion.js';
import type { Query } from './query.js';
import { queryLevels } from './query-level.js';
import type { QuerySource } from './query-source.js';

/** The keys of a query, by what is done with them. */
export interface SupportedKeys {
  /** Those that are matched and returned. */
  readonly keys: readonly QueryKey[];
  /** Those that are neither, because they are not known. */
  readonly unsupported: readonly QueryKey[];
}

/** Asks the source; without one, {@link isUsuallySupported} decides. The unique keys of the model are always known. */
export function supportedKeys(query: Query, source?: Pick<QuerySource, 'supports'>): SupportedKeys {
  const keys: QueryKey[] = [];
  const unsupported: QueryKey[] = [];
  for (const key of query.keys) {
    const isSupported = source?.supports?.(key, query) ?? isUsuallySupported(key, query);
    (isSupported ? keys : unsupported).push(key);
  }
  return { keys, unsupported };
}

/** Attributes of the level and those above, as far as the dictionary has them. */
export function isUsuallySupported({ tag, keyword, level }: QueryKey, query: Query): boolean {
  if (keyword === '' || isPrivateTag(tag)) return false;
  if (level === undefined || query.level === undefined) return true;
  return queryLevels.indexOf(level) <= queryLevels.indexOf(query.level);
}
