/** From a data set along a path to the item that holds an element. */
import { tagOfKeyword } from '../dictionary.js';
import { DataSetError } from '../errors.js';
import { type ElementKey, formatPath, nameInPath, type TagPath, tagPathOf } from './element-path.js';

/** What a path can be followed through: a data set. */
export interface Nested<Map> {
  /** Items of a sequence. */
  items(tag: number): readonly Map[];
}

/** Where a path leads. */
export interface Place<Map> {
  /** The data set or item around. */
  readonly map: Map;
  /** The element. */
  readonly tag: number;
  /** Number of the item or value, when the path ends with one. */
  readonly index: number | undefined;
}

/** Follows a path; `undefined` when an item on the way isn't there. @throws DataSetError `invalid-path`, `unknown-keyword`. */
export function placeOf<Map extends Nested<Map>>(map: Map, key: ElementKey): Place<Map> | undefined {
  const tag = typeof key === 'string' ? tagOfKeyword(key) : undefined;
  if (tag !== undefined) return { map, tag, index: undefined };
  return follow<Map>(map, tagPathOf(key), (around, sequence, index) => around.items(sequence)[index]);
}

/** As {@link placeOf}, of an element only. @throws DataSetError `invalid-path` when the path ends with the number of an item. */
export function elementPlace<Map extends Nested<Map>>(map: Map, key: ElementKey): Place<Map> | undefined {
  const place = placeOf(map, key);
  if (place?.index === undefined) return place;
  throw new DataSetError('invalid-path', `${nameInPath(place.tag)}[${place.index}] is no element`);
}

/**
 * Follows a path and makes the items that it needs.
 *
 * @param makeItem - gives the item of a sequence that has fewer.
 */
export function placeToWrite<Map extends Nested<Map>>(
  map: Map,
  key: ElementKey,
  makeItem: (map: Map, tag: number, index: number) => Map,
): Place<Map> {
  const path = tagPathOf(key);
  const itemAt = (around: Map, tag: number, index: number) => around.items(tag)[index] ?? makeItem(around, tag, index);
  const place = follow<Map>(map, path, itemAt);
  if (place === undefined) throw new DataSetError('invalid-path', `${formatPath(path, nameInPath)} leads nowhere`);
  return place;
}

function follow<Map>(
  map: Map,
  path: TagPath,
  itemAt: (map: Map, tag: number, index: number) => Map | undefined,
): Place<Map> | undefined {
  let around = map;
  let at = 0;
  for (; at + 2 < path.length; at += 2) {
    const item = itemAt(around, path[at] ?? 0, path[at + 1] ?? 0);
    if (item === undefined) return undefined;
    around = item;
  }
  return { map: around, tag: path[at] ?? 0, index: path[at + 1] };
}
