/** DICOM JSON in a form in which what different writers make of the same data set is the same. */
import type { DicomJsonObject } from '@dicomwire/dimse/dataset';

/** One element. */
export interface NormalElement {
  readonly vr: string;
  /** Number of items of a sequence. */
  readonly items?: number;
  readonly values?: readonly unknown[];
  /** In base64. */
  readonly binary?: string;
}

/** Elements by their path, without group lengths, which PS3.18 F.2.2 leaves out and pydicom does not. */
export function normalElements(json: DicomJsonObject, above = ''): Map<string, NormalElement> {
  const elements = new Map<string, NormalElement>();
  for (const [tag, { vr, Value = [], InlineBinary }] of Object.entries(json)) {
    if (tag.endsWith('0000')) continue;
    const path = `${above}${tag}`;
    if (vr === 'SQ') {
      elements.set(path, { vr, items: Value.length });
      Value.forEach((item, index) => {
        if (!isObject(item)) return;
        for (const [name, element] of normalElements(item, `${path}[${index}]/`)) elements.set(name, element);
      });
    } else if (InlineBinary !== undefined && InlineBinary !== '') {
      elements.set(path, { vr, binary: evenBinary(InlineBinary) });
    } else {
      const values = Value.map((value) => normalValue(vr, value));
      elements.set(path, { vr, values: values.every((value) => value === '') ? [] : values });
    }
  }
  return elements;
}

/** Nothing, `null` and an empty text are the same; numbers are, however they are written; padding says nothing. */
function normalValue(vr: string, value: unknown): unknown {
  if (value === null || value === undefined) return '';
  if (vr === 'PN') return typeof value === 'object' ? normalName(value) : value;
  if (vr === 'SV' || vr === 'UV') return Number(value);
  if (vr === 'FL') return Math.fround(Number(value));
  if (vr === 'FD' || vr === 'DS' || vr === 'IS') {
    const number = value === '' ? Number.NaN : Number(value);
    // Some write fewer digits than it takes.
    return Number.isNaN(number) ? String(value).trim() : Number(number.toPrecision(14));
  }
  return typeof value === 'string' ? value.replace(/[ \0]+$/, '') : value;
}

/** DCMTK leaves out components of a name that are empty at its end. PS3.5 6.2.1.1. */
function normalName(groups: object): unknown {
  const names = Object.entries(groups).map(([name, group]) => [name, String(group).replace(/[\^ ]+$/, '')]);
  const filled = names.filter(([, group]) => group !== '');
  return filled.length === 0 ? '' : filled.sort();
}

/** DCMTK makes a value of odd length even. */
function evenBinary(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length % 2 === 0 ? base64 : Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64');
}

function isObject(value: unknown): value is DicomJsonObject {
  return typeof value === 'object' && value !== null;
}
