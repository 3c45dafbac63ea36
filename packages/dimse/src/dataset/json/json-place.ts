/** Where in a DICOM JSON model object something is wrong. */
import { DataSetError } from '../errors.js';

/** A place in a DICOM JSON model object. */
export interface JsonPlace {
  /** Tags from the outside in, items by number; empty at the top. */
  readonly path: string;
}

/** The error about something that stands where something else was expected. */
export function misfit({ path }: JsonPlace, problem: string, found: unknown): DataSetError {
  return new DataSetError('invalid-json', `${problem}; found ${shown(found)}`, { path });
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
