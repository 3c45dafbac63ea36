/**
 * What DCMTK makes of files: its `dcm2json`. It says nothing of group lengths (PS3.18 F.2.2), of the character set, since it writes
 * all text in UTF-8, and of encapsulated pixel data.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessEnd, run } from '../peers/process.ts';
import { temporaryDirectory } from '../peers/temporary-directory.ts';
import { digestOf, type ReadElement, type Reading, type Scalar } from './reading.ts';
import { significantTexts } from './significant.ts';

/** Without DCMTK's own dictionary of private elements, which is not part of the standard. */
const STANDARD_DICTIONARY = { DCMDICTPATH: '/usr/share/libdcmtk17/dicom.dic' } as const;

/** Processes at a time. */
const AT_A_TIME = 4;

/** Reads files, one process each. */
export async function readByDcmtk(paths: readonly string[]): Promise<Map<string, Reading>> {
  const readings = new Map<string, Reading>();
  const directory = await temporaryDirectory('dcm2json');
  const left = paths.map((path, index) => ({ path, copy: join(directory.path, `${index}.dcm`) }));
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      readings.set(next.path, await readFile(next.path, next.copy));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  } finally {
    await directory.remove();
  }
  return readings;
}

async function readFile(path: string, copy: string): Promise<Reading> {
  const whole = await toJson(path);
  if (!whole.stderr.includes('not supported for compressed pixel data')) return readingOf(whole.stdout, whole.stderr);
  // What it can't write breaks it off: encapsulated pixel data is taken out of a copy, and all else is read there; only the file
  // meta information is that of the copy's writer.
  const meta = readingOf(`${whole.stdout.trimEnd().replace(/,\}$/, '')}}`, '');
  await copyFile(path, copy);
  const { exitCode, stderr } = await run('dcmodify', ['--no-backup', '--erase-all', '(7fe0,0010)', copy], {
    env: STANDARD_DICTIONARY,
  });
  if (exitCode !== 0) return { elements: new Map(), error: lastLine(stderr) };
  const rest = await toJson(copy);
  const { elements, error } = readingOf(rest.stdout, rest.stderr);
  const isOfMeta = ([path]: [string, unknown]) => path.startsWith('(0002,');
  const kept = [...meta.elements].filter(isOfMeta);
  return { elements: new Map([...kept, ...[...elements].filter((entry) => !isOfMeta(entry))]), error };
}

function toJson(path: string): Promise<ProcessEnd> {
  const options = ['--compact-code', '--write-meta', '--encode-extended'];
  return run('dcm2json', [...options, path], { env: STANDARD_DICTIONARY });
}

function readingOf(stdout: string, stderr: string): Reading {
  const error = /^[EF]: /m.test(stderr) ? lastLine(stderr) : undefined;
  try {
    return { elements: elementsOfJson(stdout.replace(/\b(?:inf|nan)\b/g, '"$&"')), error };
  } catch {
    return { elements: new Map(), error: error ?? 'no JSON' };
  }
}

/** The elements of a DICOM JSON model object. PS3.18 F.2. @throws when it is no JSON. */
export function elementsOfJson(json: string): Map<string, ReadElement> {
  const elements = new Map<string, ReadElement>();
  addElements(JSON.parse(json), '', elements);
  return elements;
}

function lastLine(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return line.replace(/: \/.*$/, '');
}

interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly JsonValue[];
  readonly InlineBinary?: string;
}

type JsonValue = Scalar | { readonly [key: string]: unknown };

function addElements(json: Readonly<Record<string, JsonElement>>, above: string, elements: Map<string, ReadElement>) {
  for (const [digits, element] of Object.entries(json)) {
    if (digits === '00080005') continue;
    const path = `${above}(${digits.slice(0, 4)},${digits.slice(4)})`;
    elements.set(path, elementOf(element));
    if (element.vr !== 'SQ') continue;
    for (const [index, item] of (element.Value ?? []).entries()) {
      addElements(item as Readonly<Record<string, JsonElement>>, `${path}[${index}]/`, elements);
    }
  }
}

function elementOf({ vr, Value = [], InlineBinary }: JsonElement): ReadElement {
  if (vr === 'SQ') return { vr, items: Value.length };
  if (InlineBinary !== undefined) {
    const bytes = Buffer.from(InlineBinary, 'base64');
    // What stands as UN may be known to us by its tag: then only its bytes can be compared.
    return vr === 'UN' ? { vr, field: digestOf(bytes) } : { vr, values: bytes.length === 0 ? [] : [digestOf(bytes)] };
  }
  const scalars = Value.map((value) => scalarOf(vr, value));
  return vr === 'DS' || vr === 'IS' ? { vr, numbers: scalars } : { vr, values: significantTexts(vr, scalars) };
}

function scalarOf(vr: string, value: JsonValue): Scalar {
  if (vr === 'AT' && typeof value === 'string') return `(${value.slice(0, 4)},${value.slice(4)})`;
  if (vr === 'SV' || vr === 'UV') return String(value);
  if (vr === 'FL' && typeof value === 'number') return Math.fround(value);
  if (typeof value !== 'object') return value;
  if (value === null) return vr === 'DS' || vr === 'IS' ? null : '';
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value;
  return `${Alphabetic}=${Ideographic}=${Phonetic}`.replace(/=+$/, '');
}

/** False for elements that DCMTK says nothing of. */
export function isAskedOfDcmtk(path: string, our: ReadElement | undefined): boolean {
  return !/,0000\)$|\(0008,0005\)$/.test(path) && our?.fragments === undefined;
}
