/** What we make of a file: every element, whatever way there is to look at it. */
import { DataSetError, type ElementMap, formatTag, parsePart10, readFileMeta } from '@dicomwire/dimse/dataset';
import { digestOf, type ReadElement, type Reading, type Scalar } from './reading.ts';

/** Reads a file; one that we refuse is read again as far as it goes, with the code of the error. */
export function readOurs(bytes: Uint8Array): Reading {
  const elements = new Map<string, ReadElement>();
  let error = attempt(() => addFile(bytes, false, elements));
  if (error !== undefined) {
    elements.clear();
    const remaining = attempt(() => addFile(bytes, true, elements));
    if (remaining !== undefined) error = remaining;
  }
  return { elements, error };
}

function attempt(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof DataSetError) return error.code;
    throw error;
  }
}

function addFile(bytes: Uint8Array, keepTruncated: boolean, elements: Map<string, ReadElement>): void {
  const meta = readFileMeta(bytes, { isComplete: true });
  if (meta !== undefined) addElements(meta.elements, '', elements);
  addElements(parsePart10(bytes, { keepTruncated }).dataSet, '', elements);
}

function addElements(map: ElementMap, above: string, elements: Map<string, ReadElement>): void {
  for (const tag of map.tags()) addElement(map, tag, above + formatTag(tag), elements);
}

function addElement(map: ElementMap, tag: number, path: string, elements: Map<string, ReadElement>): void {
  const vr = map.vr(tag);
  const fragments = map.fragments(tag)?.map(digestOf);
  const field = digestOf(map.bytes(tag) ?? new Uint8Array(0));
  if (vr === 'SQ') {
    const items = map.items(tag);
    elements.set(path, { vr, field, items: items.length });
    for (const [index, item] of items.entries()) addElements(item, `${path}[${index}]/`, elements);
  } else if (fragments !== undefined) {
    elements.set(path, { vr, field, fragments });
  } else if (vr === 'DS' || vr === 'IS') {
    elements.set(path, { vr, field, values: map.texts(tag), numbers: map.values(tag).map(scalarOf) });
  } else {
    const values = map.values(tag).map((value) => (vr === 'AT' ? formatTag(Number(value)) : scalarOf(value)));
    elements.set(path, { vr, field, values });
  }
}

function scalarOf(value: string | number | bigint | Uint8Array): Scalar {
  if (value instanceof Uint8Array) return digestOf(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? null : value > 0 ? 'inf' : '-inf';
}
