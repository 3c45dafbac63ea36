/** The DICOM JSON model to data sets: tolerant of the dialects that are met. PS3.18 F.2. */
import { DataSet } from '../data-set.js';
import { elementDefinition, tagOfKeyword } from '../dictionary.js';
import { DataSetError } from '../errors.js';
import type { PlainValue } from '../plain-value.js';
import { formatTag, isGroupLengthTag, specificCharacterSetTag } from '../tag.js';
import { isVr, type Vr, vrTraits } from '../vr.js';
import { fromBase64 } from './base64.js';
import { type BulkDataRequest, bulkDataValues } from './bulk-data-values.js';
import { type JsonPlace, misfit } from './json-place.js';
import { valuesFromJson } from './json-values.js';

/** How JSON becomes a data set. */
export interface FromDicomJsonOptions {
  /**
   * Gives the bytes of a value that stands at a URI: little endian, text in UTF-8. `undefined` keeps the reference, which `bulkData` of the
   * element shows and {@link toDicomJson} writes again. To fetch values over a network see `resolveBulkData`. Default: all are kept.
   */
  readonly bulkData?: ((request: BulkDataRequest) => Uint8Array | undefined) | undefined;
}

/**
 * Makes a data set of a DICOM JSON model object, as `JSON.parse` gives it.
 *
 * Read all the same: a missing VR that the dictionary knows, tags in small letters or with parentheses and comma, keywords in place of tags, a
 * value that stands alone instead of in a list, person names as text, numbers as text and text as numbers, `InlineBinary` for numbers,
 * base64 with line breaks or without padding. Group lengths and file meta information (group 0002) are left out. Text beyond ASCII in an object
 * that names no character set gets `ISO_IR 192`, so that it can be written.
 *
 * @throws DataSetError `invalid-json`, with the path of what is wrong; `invalid-value`, `nesting-too-deep`.
 *
 * @example
 * ```ts
 * import { fromDicomJson } from '@dicomwire/dimse/dataset';
 *
 * const dataSet = fromDicomJson(JSON.parse('{"00100010":{"vr":"PN","Value":[{"Alphabetic":"DOE^JOHN"}]}}'));
 * console.log(dataSet.get('PatientName')); // DOE^JOHN
 * ```
 */
export function fromDicomJson(json: unknown, options: FromDicomJsonOptions = {}): DataSet {
  const reading: Reading = { options, hasWideText: false };
  const dataSet = dataSetOf(json, reading, '', 0);
  if (reading.hasWideText && !dataSet.has(specificCharacterSetTag)) dataSet.set('SpecificCharacterSet', 'ISO_IR 192');
  return dataSet;
}

interface Reading {
  readonly options: FromDicomJsonOptions;
  /** Text beyond ASCII was met. */
  hasWideText: boolean;
}

/** How deep sequences may nest. */
const maxNesting = 64;

function dataSetOf(json: unknown, reading: Reading, above: string, depth: number): DataSet {
  if (depth > maxNesting) throw new DataSetError('nesting-too-deep', 'Sequences nest too deep', { path: above });
  if (!isRecord(json)) {
    const advice = Array.isArray(json) && depth === 0 ? ' (of a list, give each member)' : '';
    throw misfit({ path: above.replace(/\/$/, '') }, `A DICOM JSON model object was expected${advice}`, json);
  }
  const dataSet = new DataSet();
  const members = Object.entries(json).map(([key, element]) => ({ tag: tagOf(key, above), element }));
  // In order of tags each element goes to the end, which costs nothing.
  for (const { tag, element } of members.sort((a, b) => a.tag - b.tag)) {
    if (isGroupLengthTag(tag) || tag >>> 16 === 2) continue;
    takeElement(dataSet, tag, element, reading, above, depth);
  }
  return dataSet;
}

function takeElement(
  dataSet: DataSet,
  tag: number,
  element: unknown,
  reading: Reading,
  above: string,
  depth: number,
): void {
  const place: JsonPlace = { path: above + formatTag(tag) };
  if (!isRecord(element)) throw misfit(place, 'An element is an object with "vr" and "Value"', element);
  const { InlineBinary, BulkDataURI } = element;
  const vr = vrOf(dataSet, tag, element, place);
  const Value = listOf(element.Value);
  if (vr === 'SQ') {
    if (typeof BulkDataURI === 'string' && Value.length === 0)
      throw misfit(place, "A sequence can't stand at a URI", BulkDataURI);
    const items = Value.filter((item) => item !== null).map((item, index) =>
      dataSetOf(item, reading, `${place.path}[${index}]/`, depth + 1),
    );
    dataSet.setItems(tag, items);
    return;
  }
  const [inline] = listOf(InlineBinary);
  if (inline !== undefined && inline !== null) {
    const bytes = typeof inline === 'string' ? fromBase64(inline) : undefined;
    if (bytes === undefined) throw misfit(place, 'InlineBinary is no base64', inline);
    setValues(dataSet, tag, vr, bulkDataValues(vr, bytes), reading, place);
    return;
  }
  if (typeof BulkDataURI === 'string' && Value.length === 0) {
    const bytes = reading.options.bulkData?.({ uri: BulkDataURI, vr, tag, path: place.path });
    if (bytes === undefined) dataSet.setBulkData(tag, vr, { kind: 'uri', uri: BulkDataURI });
    else setValues(dataSet, tag, vr, bulkDataValues(vr, bytes), reading, place);
    return;
  }
  setValues(dataSet, tag, vr, valuesFromJson(vr, Value, place), reading, place);
}

function setValues(
  dataSet: DataSet,
  tag: number,
  vr: Vr,
  values: readonly PlainValue[],
  reading: Reading,
  { path }: JsonPlace,
): void {
  if (vrTraits[vr].usesCharacterSet) reading.hasWideText ||= values.some(isWide);
  try {
    dataSet.setValues(tag, vr, values);
  } catch (error) {
    if (!(error instanceof DataSetError)) throw error;
    // It names the tag; where in the object that is, is known here.
    const suffix = ` (${error.path})`;
    const message = error.message.endsWith(suffix) ? error.message.slice(0, -suffix.length) : error.message;
    throw new DataSetError(error.code, message, { path, cause: error });
  }
}

function vrOf(dataSet: DataSet, tag: number, element: Record<string, unknown>, place: JsonPlace): Vr {
  const stated = typeof element.vr === 'string' ? element.vr.trim().toUpperCase() : undefined;
  if (stated !== undefined && isVr(stated)) return stated;
  const [known, ...others] = elementDefinition(tag)?.vrs ?? [];
  if (known === undefined) {
    if (element.Value !== undefined)
      throw misfit(place, 'The element has no VR, and the dictionary none either', element.vr);
    return 'UN';
  }
  if (others.length === 0) return known;
  if (element.InlineBinary !== undefined || element.BulkDataURI !== undefined)
    return others.includes('OW') ? 'OW' : known;
  return others.includes('SS') && dataSet.get('PixelRepresentation') === 1 ? 'SS' : known;
}

/** `00100010`, `0010,0010`, `(0010,0010)`, or a keyword. */
function tagOf(key: string, above: string): number {
  const digits = /^\(?([0-9A-Fa-f]{4}),? ?([0-9A-Fa-f]{4})\)?$/.exec(key);
  if (digits !== null) return Number.parseInt(`${digits[1]}${digits[2]}`, 16);
  const tag = tagOfKeyword(key);
  if (tag === undefined) throw misfit({ path: above.replace(/\/$/, '') }, 'A name that is no tag', key);
  return tag;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isWide(value: unknown): boolean {
  return typeof value === 'string' && /[^\0-\x7f]/.test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
