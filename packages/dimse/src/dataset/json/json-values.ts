/** Values of the DICOM JSON model to those of a data set, by VR. PS3.18 F.2.3 to F.2.5. */
import type { PlainValue } from '../plain-value.js';
import { type Vr, vrTraits } from '../vr.js';
import { type JsonPlace, misfit } from './json-place.js';

/**
 * The values of one element.
 *
 * @throws DataSetError `invalid-json`.
 */
export function valuesFromJson(vr: Vr, values: readonly unknown[], place: JsonPlace): readonly PlainValue[] {
  // Several empty values are a value; a single one is none.
  const mayBeEmpty = vrTraits[vr].isSplit && values.length > 1;
  if (!mayBeEmpty && values.every(isNothing)) return [];
  const read = (value: unknown, index: number) => valueFromJson(vr, value, { path: `${place.path} Value[${index}]` });
  return values.map(read);
}

function valueFromJson(vr: Vr, value: unknown, place: JsonPlace): PlainValue {
  switch (vrTraits[vr].kind) {
    case 'text':
      return vr === 'PN' ? nameFromJson(value, place) : textFromJson(vr, value, place);
    case 'number':
      return numberFromJson(vr, value, place);
    case 'bigint':
      return bigFromJson(vr, value, place);
    case 'tag':
      return tagFromJson(value, place);
    case 'binary':
    case 'sequence':
      throw misfit(place, `The value of ${vr} stands in InlineBinary or at a BulkDataURI`, value);
  }
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** IS and DS keep their digits: they are text in a data set. */
function textFromJson(vr: Vr, value: unknown, place: JsonPlace): PlainValue {
  if (isNothing(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') throw misfit(place, `Text was expected for ${vr}`, value);
  return vr === 'DS' || vr === 'IS' ? value : String(value);
}

function nameFromJson(value: unknown, place: JsonPlace): string {
  if (isNothing(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw misfit(place, 'A person name is an object of component groups', value);
  }
  const groups: string[] = ['', '', ''];
  for (const [name, group] of Object.entries(value)) {
    const at = groupNames.indexOf(name.toLowerCase());
    if (at < 0 || isNothing(group)) continue;
    if (typeof group !== 'string') throw misfit(place, 'A component group of a person name is text', group);
    groups[at] = group;
  }
  while (groups.length > 0 && groups[groups.length - 1] === '') groups.pop();
  return groups.join('=');
}

const groupNames: readonly string[] = ['alphabetic', 'ideographic', 'phonetic'];

/** Names that are in use for what JSON has no number for. */
const notFinite: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

function numberFromJson(vr: Vr, value: unknown, place: JsonPlace): number {
  if (typeof value === 'number') return value;
  const isFloat = vr === 'FL' || vr === 'FD';
  if (isFloat && isNothing(value)) return Number.NaN;
  if (typeof value === 'string' && value.trim() !== '') {
    const named = isFloat ? notFinite[value.trim().toLowerCase().replace(/^\+/, '')] : undefined;
    const number = named ?? Number(value);
    if (named !== undefined || !Number.isNaN(number)) return number;
  }
  throw misfit(place, `A number was expected for ${vr}`, value);
}

function bigFromJson(vr: Vr, value: unknown, place: JsonPlace): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) {
    // The largest value, which some write as a number: JSON.parse rounds it up.
    return value === (vr === 'UV' ? 2 ** 64 : 2 ** 63) ? BigInt(value) - 1n : BigInt(value);
  }
  if (typeof value === 'bigint') return value;
  // 2^64 has 20 digits: more are no such number, and would take long to read.
  if (typeof value === 'string' && /^\s*[+-]?\d{1,30}\s*$/.test(value)) return BigInt(value.trim().replace('+', ''));
  throw misfit(place, 'A whole number was expected', value);
}

/** PS3.18 F.2.3: eight hexadecimal digits. */
function tagFromJson(value: unknown, place: JsonPlace): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  const digits = typeof value === 'string' ? /^\(?([0-9A-Fa-f]{4}),? ?([0-9A-Fa-f]{4})\)?$/.exec(value) : null;
  if (digits === null) throw misfit(place, 'A tag of eight hexadecimal digits was expected', value);
  return Number.parseInt(`${digits[1]}${digits[2]}`, 16);
}
