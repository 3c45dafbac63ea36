/** What pydicom makes of files. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PYDICOM_PYTHON } from '../peers/availability.ts';
import { digestFrom, type ReadElement, type Reading, type Scalar } from './reading.ts';
import { significantTexts } from './significant.ts';

const SCRIPT = fileURLToPath(new URL('pydicom-elements.py', import.meta.url));

/** Reads files in one process. */
export function readByPydicom(paths: readonly string[]): Map<string, Reading> {
  const { status, stdout, stderr } = spawnSync(PYDICOM_PYTHON, [SCRIPT], {
    input: paths.map((path) => `${path}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 0x1000_0000,
  });
  if (status !== 0) throw new Error(`pydicom ended with ${status}: ${stderr}`);
  const readings = new Map<string, Reading>();
  let elements = new Map<string, ReadElement>();
  let file = '';
  for (const text of stdout.split('\n').filter((line) => line !== '')) {
    const line: Line = JSON.parse(text);
    if (line.file !== undefined) {
      file = line.file;
      elements = new Map();
      readings.set(file, { elements });
    } else if (line.path === undefined) readings.set(file, { elements, error: line.error });
    else elements.set(line.path, elementOf(line));
  }
  return readings;
}

interface Line {
  readonly file?: string;
  readonly path?: string;
  readonly vr?: string;
  readonly bytes?: Digest | null;
  readonly values?: readonly (Scalar | Digest)[];
  readonly numbers?: readonly Scalar[];
  readonly items?: number;
  readonly fragments?: readonly Digest[];
  readonly error?: string;
}

type Digest = readonly [length: number, md5: string];

function elementOf({ vr, bytes, values, numbers, items, fragments, error }: Line): ReadElement {
  const scalars = values?.filter((value) => typeof value !== 'object' || value === null);
  const field = bytes === null || bytes === undefined ? undefined : digestFrom(...bytes);
  return {
    vr,
    field,
    // pydicom leaves binary values in the byte order of the file: they are compared as fields.
    values:
      scalars !== undefined && scalars.length === values?.length ? significantTexts(vr ?? '', scalars) : undefined,
    numbers,
    items,
    fragments: fragments?.map((fragment) => digestFrom(...fragment)),
    error,
  };
}
