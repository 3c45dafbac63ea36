/** What differs between two data sets: elements and their values, however they are encoded. */
import type { BulkDataReference } from './bulk-data.js';
import { DataSetError } from './errors.js';
import { formatPath, type TagPath } from './path/element-path.js';
import type { PlainValue } from './plain-value.js';
import { isGroupLengthTag } from './tag.js';
import { type Vr, vrTraits } from './vr.js';

/** A data set, as far as comparing goes. */
export interface Comparable<Map> {
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

/**
 * How two data sets differ in one place.
 *
 * - `removed`: only the left one has it.
 * - `added`: only the right one has it.
 * - `changed`: the values differ.
 * - `vr`: the values are the same, the VRs differ.
 */
export type DifferenceKind = 'removed' | 'added' | 'changed' | 'vr';

/** One side of a difference. */
export interface DifferenceSide<Map> {
  /** VR of the element. */
  readonly vr: Vr;
  /** Its values, fragments for encapsulated pixel data; none for sequences. */
  readonly values: readonly PlainValue[];
  /** Items of a sequence; of a difference in the number of items the one item. */
  readonly items: readonly Map[];
}

/** One difference. */
export interface DataSetDifference<Map> {
  /** Where it is, as `get` takes it: `RequestAttributesSequence[0].ScheduledProcedureStepID`; ends with a number for a whole item. */
  readonly path: string;
  /** The same as tags and numbers of items. */
  readonly tagPath: TagPath;
  /** What it is. */
  readonly kind: DifferenceKind;
  /** What the left data set has; absent when `added`. */
  readonly left: DifferenceSide<Map> | undefined;
  /** What the right data set has; absent when `removed`. */
  readonly right: DifferenceSide<Map> | undefined;
}

/** What counts as a difference. */
export interface DiffOptions {
  /**
   * Elements that don't count, with all that is in them. Default: group lengths, which never count.
   *
   * @param tag - of the element.
   * @param path - of the element, as in {@link DataSetDifference.path}.
   */
  readonly ignore?: ((tag: number, path: string) => boolean) | undefined;
}

/** How deep sequences may nest; more are a sequence that holds itself. */
const maxNesting = 64;

/**
 * Differences in order of the tags, one by one as they are found. Values count, not how they are written: padding, byte order, kinds of length,
 * character sets and group lengths make no difference; the digits of a DS or IS do.
 *
 * @throws DataSetError when a sequence's items are damaged.
 */
export function* differences<Map extends Comparable<Map>>(
  left: Map,
  right: Map,
  nameOf: (tag: number) => string,
  options: DiffOptions = {},
): IterableIterator<DataSetDifference<Map>> {
  yield* between(left, right, [], { nameOf, ignore: options.ignore });
}

interface Comparison {
  readonly nameOf: (tag: number) => string;
  readonly ignore: DiffOptions['ignore'];
}

function* between<Map extends Comparable<Map>>(
  left: Map,
  right: Map,
  above: TagPath,
  comparison: Comparison,
): IterableIterator<DataSetDifference<Map>> {
  if (above.length > 2 * maxNesting)
    throw new DataSetError('nesting-too-deep', 'Sequences nest too deep', { path: formatPath(above) });
  if (left === right) return;
  const [lefts, rights] = [new Set(left.tags()), new Set(right.tags())];
  for (const tag of [...new Set([...lefts, ...rights])].sort((a, b) => a - b)) {
    const tagPath = [...above, tag];
    const path = formatPath(tagPath, comparison.nameOf);
    if (isGroupLengthTag(tag) || comparison.ignore?.(tag, path) === true) continue;
    if (!rights.has(tag)) yield { path, tagPath, kind: 'removed', left: sideOf(left, tag), right: undefined };
    else if (!lefts.has(tag)) yield { path, tagPath, kind: 'added', left: undefined, right: sideOf(right, tag) };
    else yield* elementDifferences(left, right, tag, tagPath, comparison);
  }
}

function* elementDifferences<Map extends Comparable<Map>>(
  left: Map,
  right: Map,
  tag: number,
  tagPath: TagPath,
  comparison: Comparison,
): IterableIterator<DataSetDifference<Map>> {
  const [leftVr, rightVr] = [left.vr(tag) ?? 'UN', right.vr(tag) ?? 'UN'];
  if (leftVr === 'SQ' && rightVr === 'SQ') {
    yield* itemDifferences(left.items(tag), right.items(tag), tagPath, comparison);
    return;
  }
  const isSame = hasSameValue(left, right, tag);
  if (isSame && leftVr === rightVr) return;
  yield {
    path: formatPath(tagPath, comparison.nameOf),
    tagPath,
    kind: isSame ? 'vr' : 'changed',
    left: sideOf(left, tag),
    right: sideOf(right, tag),
  };
}

function* itemDifferences<Map extends Comparable<Map>>(
  lefts: readonly Map[],
  rights: readonly Map[],
  above: TagPath,
  comparison: Comparison,
): IterableIterator<DataSetDifference<Map>> {
  for (let index = 0; index < Math.max(lefts.length, rights.length); index++) {
    const [left, right] = [lefts[index], rights[index]];
    const tagPath = [...above, index];
    if (left !== undefined && right !== undefined) {
      yield* between(left, right, tagPath, comparison);
      continue;
    }
    yield {
      path: formatPath(tagPath, comparison.nameOf),
      tagPath,
      kind: left === undefined ? 'added' : 'removed',
      left: itemSide(left),
      right: itemSide(right),
    };
  }
}

function itemSide<Map>(item: Map | undefined): DifferenceSide<Map> | undefined {
  return item === undefined ? undefined : { vr: 'SQ', values: [], items: [item] };
}

function sideOf<Map extends Comparable<Map>>(map: Map, tag: number): DifferenceSide<Map> {
  const vr = map.vr(tag) ?? 'UN';
  if (vr === 'SQ') return { vr, values: [], items: map.items(tag) };
  return { vr, values: map.fragments(tag) ?? map.values(tag), items: [] };
}

function hasSameValue<Map extends Comparable<Map>>(left: Map, right: Map, tag: number): boolean {
  const [leftReference, rightReference] = [left.bulkData(tag), right.bulkData(tag)];
  if (leftReference !== undefined || rightReference !== undefined)
    return isSameReference(leftReference, rightReference);
  const [leftKind, rightKind] = [kindOf(left, tag), kindOf(right, tag)];
  if (leftKind === 'sequence' || rightKind === 'sequence') return false;
  if (leftKind !== 'binary' && rightKind !== 'binary') return isSameList(left.texts(tag), right.texts(tag));
  if (leftKind !== rightKind) return false;
  const [leftFragments, rightFragments] = [left.fragments(tag), right.fragments(tag)];
  if ((leftFragments === undefined) !== (rightFragments === undefined)) return false;
  return isSameList(leftFragments ?? left.values(tag), rightFragments ?? right.values(tag));
}

function kindOf<Map extends Comparable<Map>>(map: Map, tag: number) {
  return vrTraits[map.vr(tag) ?? 'UN'].kind;
}

function isSameReference(left: BulkDataReference | undefined, right: BulkDataReference | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.kind === 'uri') return right.kind === 'uri' && left.uri === right.uri;
  return right.kind === 'range' && left.offset === right.offset && left.byteLength === right.byteLength;
}

function isSameList(left: readonly PlainValue[], right: readonly PlainValue[]): boolean {
  // Bytes that aren't there and an empty array are both an empty element.
  if (left.length !== right.length) return [...left, ...right].every(isEmptyBytes);
  return left.every((value, index) => isSameValue(value, right[index]));
}

function isEmptyBytes(value: PlainValue): boolean {
  return value instanceof Uint8Array && value.length === 0;
}

function isSameValue(left: PlainValue, right: PlainValue | undefined): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return isSameBytes(left, right);
  return left === right;
}

/** The zero byte that makes a length even is no difference. */
function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  const isPadded = long.length === short.length + 1 && short.length % 2 === 1 && long[short.length] === 0;
  if (short.length !== long.length && !isPadded) return false;
  for (let at = 0; at < short.length; at++) if (short[at] !== long[at]) return false;
  return true;
}
