/** Elements on the command line: `PatientName=DOE^JOHN`, `0010,0020=4711`, `RequestedProcedureCodeSequence.CodeValue=X`. */
import { readFile, stat } from 'node:fs/promises';
import { DataSet, type Keyword, type PlainValue } from '@dicomwire/dimse';
import {
  elementDefinition,
  formatTag,
  fromDicomJson,
  isKeyword,
  tagOfKeyword,
  type Vr,
} from '@dicomwire/dimse/dataset';
import type { QueryKeys } from '@dicomwire/services';
import { InvalidArgumentError } from 'commander';
import { similarKeyword } from './similar-keyword.js';
import { UsageError } from './usage-error.js';

/** An element that was given: sequences around it from the outside in, then the element itself. */
export interface GivenElement {
  readonly path: readonly { readonly tag: number; readonly item: number }[];
  readonly tag: number;
  readonly vr: Vr;
  /** Empty for one that has no value: as a key it asks for the value. */
  readonly values: readonly (string | number)[];
}

/** Parses one word, and gathers those that an option is given with. */
export function collectElement(word: string, before: readonly GivenElement[] = []): readonly GivenElement[] {
  return [...before, parseElement(word)];
}

/** Options as `-k` and `-a` take them; several values are separated by `\`. */
export function parseElement(word: string): GivenElement {
  const at = word.indexOf('=');
  const names = (at < 0 ? word : word.slice(0, at)).trim().split(/[./]/);
  const value = at < 0 ? '' : word.slice(at + 1);
  const path = names.slice(0, -1).map(parseSequence);
  const name = names[names.length - 1] ?? '';
  const tag = tagOf(name);
  const vr = vrOf(name, tag);
  if (vr === 'SQ' && value !== '')
    throw new InvalidArgumentError(`${name} is a sequence: write ${name}.ELEMENT=VALUE.`);
  return { path, tag, vr, values: value === '' ? [] : valuesOf(name, vr, value) };
}

/** A data set of them. Text beyond ASCII is said to be UTF-8. */
export function dataSetOf(elements: readonly GivenElement[], into: DataSet = new DataSet()): DataSet {
  for (const element of elements) put(into, element, 0);
  const isWide = elements.some(({ values }) => values.some((value) => /[^\0-\x7f]/.test(String(value))));
  if (isWide && !into.has('SpecificCharacterSet')) into.set('SpecificCharacterSet', 'ISO_IR 192');
  return into;
}

/** Keys of a query by keyword; each sequence has one item. */
export function queryKeysOf(elements: readonly GivenElement[]): QueryKeys {
  const keys: { -readonly [K in Keyword]?: string | number | readonly (string | number)[] | QueryKeys | null } = {};
  const within = new Map<Keyword, GivenElement[]>();
  for (const element of elements) {
    const [outer, ...path] = element.path;
    const keyword = keywordOf(outer?.tag ?? element.tag);
    if (outer !== undefined) within.set(keyword, [...(within.get(keyword) ?? []), { ...element, path }]);
    else keys[keyword] = element.values.length === 0 ? null : element.values;
  }
  for (const [keyword, inner] of within) keys[keyword] = queryKeysOf(inner);
  return keys;
}

/** Attributes from a file of DICOM JSON, and those that were given besides, which win. */
export async function readAttributes(path: string | undefined, elements: readonly GivenElement[]): Promise<DataSet> {
  if (path === undefined) return dataSetOf(elements);
  if ((await stat(path)).size > MAX_JSON_BYTES) throw new UsageError(`${path} is too large for a file of attributes`);
  return dataSetOf(elements, dataSetOfJson(path, await readFile(path, 'utf8')));
}

const MAX_JSON_BYTES = 16 * 1024 * 1024;

function dataSetOfJson(path: string, text: string): DataSet {
  try {
    return fromDicomJson(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path} is no JSON of a data set (DICOM JSON): ${why}`, { cause });
  }
}

function put(dataSet: DataSet, element: GivenElement, depth: number): void {
  const step = element.path[depth];
  if (step === undefined) {
    const values: readonly PlainValue[] = element.values;
    dataSet.set(element.tag, element.vr, values);
    return;
  }
  const items = [...dataSet.items(step.tag)];
  if (step.item > items.length) throw new UsageError(`${formatTag(step.tag)}[${step.item}] leaves items out`);
  const item = items[step.item] ?? new DataSet();
  put(item, element, depth + 1);
  items[step.item] = item;
  dataSet.set(step.tag, 'SQ', items);
}

function parseSequence(name: string): { tag: number; item: number } {
  const match = /^(.*?)(?:\[(\d{1,4})\])?$/.exec(name);
  const tag = tagOf(match?.[1] ?? '');
  if (vrOf(name, tag) !== 'SQ') throw new InvalidArgumentError(`${name} is no sequence.`);
  return { tag, item: Number(match?.[2] ?? 0) };
}

function tagOf(name: string): number {
  const digits = /^\(?([0-9a-f]{4}),?([0-9a-f]{4})\)?$/i.exec(name);
  const tag = digits === null ? tagOfKeyword(name) : Number.parseInt(`${digits[1]}${digits[2]}`, 16);
  if (tag === undefined) {
    const similar = similarKeyword(name);
    const hint =
      similar === undefined ? 'give a keyword (PatientName) or a tag (0010,0010).' : `did you mean ${similar}?`;
    throw new InvalidArgumentError(`No element is called ${JSON.stringify(name)}: ${hint}`);
  }
  return tag;
}

function vrOf(name: string, tag: number): Vr {
  const vr = elementDefinition(tag)?.vrs[0];
  if (vr === undefined) throw new InvalidArgumentError(`The dictionary does not know ${name}.`);
  return vr;
}

function keywordOf(tag: number): Keyword {
  const keyword = elementDefinition(tag)?.keyword ?? '';
  if (!isKeyword(keyword)) throw new UsageError(`${formatTag(tag)} has no keyword`);
  return keyword;
}

function valuesOf(name: string, vr: Vr, text: string): readonly (string | number)[] {
  if (['LT', 'ST', 'UT', 'UR'].includes(vr)) return [text];
  const values = text.split('\\');
  if (['US', 'SS', 'UL', 'SL', 'FL', 'FD'].includes(vr)) {
    return values.map((value) => {
      const number = value.trim() === '' ? Number.NaN : Number(value);
      if (!Number.isFinite(number)) throw new InvalidArgumentError(`${name} takes numbers.`);
      return number;
    });
  }
  if (vr === 'AT') return values.map(tagOf);
  if (/^(O.|UN|SV|UV)$/.test(vr))
    throw new InvalidArgumentError(`${name} has binary values, which can't be given here.`);
  return values;
}
