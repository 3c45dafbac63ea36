/** All elements of a data set one after the other, those in items too. */
import { DataSetError } from '../errors.js';
import { formatPath, type TagPath } from './element-path.js';

/** What can be walked through: a data set. */
export interface Walkable<Map, Element> {
  /** Tags in order. */
  tags(): number[];
  /** The element of a tag. */
  element(tag: number): Element | undefined;
  /** Items of a sequence. */
  items(tag: number): readonly Map[];
}

/** An element and where it is. */
export class WalkedElement<Map, Element> {
  /** The element. */
  readonly element: Element;
  /** The data set or item that it is in. */
  readonly dataSet: Map;
  /** Tags and numbers of items from the outside in; the last is the tag of the element. */
  readonly tagPath: TagPath;
  readonly #nameOf: (tag: number) => string;

  /** Made by `walk()`. */
  constructor(element: Element, dataSet: Map, tagPath: TagPath, nameOf: (tag: number) => string) {
    this.element = element;
    this.dataSet = dataSet;
    this.tagPath = tagPath;
    this.#nameOf = nameOf;
  }

  /** Where it is, as `get` takes it: `RequestAttributesSequence[0].ScheduledProcedureStepID`, tags where there is no keyword. */
  get path(): string {
    return formatPath(this.tagPath, this.#nameOf);
  }

  /** Sequences around it. */
  get depth(): number {
    return (this.tagPath.length - 1) / 2;
  }
}

/** How deep sequences may nest; more are a sequence that holds itself. */
const maxNesting = 64;

interface Place<Map> {
  readonly map: Map;
  readonly above: TagPath;
  /** Tags, once its turn has come. */
  tags: readonly number[] | undefined;
  next: number;
}

/**
 * Elements in order, each sequence followed by what is in its items. Whoever walks may set and delete the elements that were reached: what is
 * no longer there is not entered.
 *
 * @throws DataSetError when a sequence's items are damaged.
 */
export function* walkElements<Map extends Walkable<Map, Element>, Element>(
  map: Map,
  nameOf: (tag: number) => string,
): IterableIterator<WalkedElement<Map, Element>> {
  const places: Place<Map>[] = [{ map, above: [], tags: undefined, next: 0 }];
  for (let place = places[0]; place !== undefined; place = places[places.length - 1]) {
    place.tags ??= place.map.tags();
    const tag = place.tags[place.next++];
    if (tag === undefined) {
      places.pop();
      continue;
    }
    const element = place.map.element(tag);
    if (element === undefined) continue;
    const path = [...place.above, tag];
    yield new WalkedElement(element, place.map, path, nameOf);
    const items = place.map.items(tag);
    if (items.length > 0 && path.length > 2 * maxNesting)
      throw new DataSetError('nesting-too-deep', 'Sequences nest too deep', { path: formatPath(path) });
    // The first item has to come off the pile first.
    for (let index = items.length - 1; index >= 0; index--) {
      places.push({ map: items[index]!, above: [...path, index], tags: undefined, next: 0 });
    }
  }
}
