/** DICOM JSON to text. */
import type { DicomJsonObject } from './model.js';

/**
 * The text of a DICOM JSON model object, or of a list of them: elements in ascending order of their tags, as PS3.18 F.2.2 requires.
 * `JSON.stringify` would put properties such as `54000100` first, since they look like the index of an array.
 *
 * @param space - spaces of indentation, as for `JSON.stringify`. Default: all in one line.
 */
export function stringifyDicomJson(json: DicomJsonObject | readonly DicomJsonObject[], space = 0): string {
  return write(json, '\n', ' '.repeat(Math.min(space, 10)));
}

function write(value: unknown, lineBreak: string, indent: string): string {
  // JSON.stringify would take its sign.
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = lineBreak + indent;
  if (Array.isArray(value)) {
    const isFlat = value.every((member) => typeof member !== 'object' || member === null);
    const members = value.map((member) => write(member, inner, indent));
    if (members.length === 0) return '[]';
    if (indent === '' || isFlat) return `[${members.join(indent === '' ? ',' : ', ')}]`;
    return `[${inner}${members.join(`,${inner}`)}${lineBreak}]`;
  }
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  if (entries.length === 0) return '{}';
  const sorted = isDataSet(entries) ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
  const colon = indent === '' ? ':' : ': ';
  const members = sorted.map(([key, member]) => `${JSON.stringify(key)}${colon}${write(member, inner, indent)}`);
  return indent === '' ? `{${members.join(',')}}` : `{${inner}${members.join(`,${inner}`)}${lineBreak}}`;
}

function isDataSet(entries: readonly (readonly [string, unknown])[]): boolean {
  return entries.every(([key]) => /^[0-9A-Fa-f]{8}$/.test(key));
}
