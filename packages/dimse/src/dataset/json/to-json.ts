/** Data sets to the DICOM JSON model. PS3.18 F.2. */
import { textCodec } from '../charset/specific-character-set.js';
import { DataElement } from '../data-element.js';
import { decodeValues } from '../decode-value.js';
import type { ElementMap } from '../element-map.js';
import { DataSetError } from '../errors.js';
import type { PlainValue } from '../plain-value.js';
import { formatTag, isGroupLengthTag } from '../tag.js';
import { type Vr, vrTraits } from '../vr.js';
import { toBase64 } from './base64.js';
import { exactNumber } from './decimal.js';
import type { DicomJsonElement, DicomJsonObject, DicomJsonPersonName, DicomJsonValue } from './model.js';

/** How a data set becomes JSON. */
export interface ToDicomJsonOptions {
  /**
   * Says where the value of an element can be had: it then stands as `BulkDataURI`. Asked for every element that isn't empty and may be
   * bulk data (DS, FL, FD, IS, LT, OB, OD, OF, OL, OV, OW, SL, SS, ST, SV, UC, UL, UN, US, UT, UV), those in items too; `undefined`
   * leaves the value where it is. Default: the URI that the element came with, if any.
   *
   * @param element - the element; `element.bytes.length` is the length of its value field.
   * @param path - where it is: `(7FE0,0010)`, `(0040,A730)[2]/(0042,0011)`.
   */
  readonly bulkDataUri?: ((element: DataElement<ElementMap>, path: string) => string | undefined) | undefined;
  /**
   * Values of binary VRs (OB, OW, UN, …) longer than this, and without a URI, are left out: their elements stand as if they were empty.
   * Default: none is left out.
   */
  readonly inlineBinaryMaxBytes?: number | undefined;
  /**
   * What IS, DS, SV and UV become. `number`: a number, or the text where a number would not be exactly the same value. `string`: always
   * the text, with the digits as they were written. Default: `number`.
   */
  readonly numberStrings?: 'number' | 'string' | undefined;
}

/**
 * The DICOM JSON model object of a data set. Group lengths are left out, as the standard wants it; text is Unicode whatever the specific
 * character set. Infinity and NaN, for which JSON has no number, become the strings `Infinity`, `-Infinity` and `NaN`.
 *
 * JavaScript puts properties such as `54000100` before `00080005`; `stringifyDicomJson` writes them in the order of the standard.
 *
 * @throws DataSetError what reading damaged items throws; `nesting-too-deep`.
 *
 * @example
 * ```ts
 * import { DataSet, toDicomJson } from '@dicomwire/dimse/dataset';
 *
 * const json = toDicomJson(DataSet.from({ PatientName: 'DOE^JOHN', Rows: 512 }));
 * console.log(json['00100010']); // { vr: 'PN', Value: [ { Alphabetic: 'DOE^JOHN' } ] }
 * ```
 */
export function toDicomJson(dataSet: ElementMap, options: ToDicomJsonOptions = {}): DicomJsonObject {
  return objectOf(dataSet, options, '', 0);
}

/** How deep sequences may nest; more are a sequence that holds itself. */
const maxNesting = 64;

/** VRs whose values may stand elsewhere. PS3.18 F.2.2. */
const bulkVrs: ReadonlySet<Vr> = new Set<Vr>([
  ...(['DS', 'FL', 'FD', 'IS', 'LT', 'OB', 'OD', 'OF', 'OL', 'OV', 'OW'] as const),
  ...(['SL', 'SS', 'ST', 'SV', 'UC', 'UL', 'UN', 'US', 'UT', 'UV'] as const),
]);

function objectOf(map: ElementMap, options: ToDicomJsonOptions, above: string, depth: number): DicomJsonObject {
  if (depth > maxNesting) throw new DataSetError('nesting-too-deep', 'Sequences nest too deep', { path: above });
  const json: Record<string, DicomJsonElement> = {};
  for (const tag of map.tags().sort((a, b) => a - b)) {
    if (isGroupLengthTag(tag)) continue;
    const key = tag.toString(16).toUpperCase().padStart(8, '0');
    // Of elements that stand twice the first counts, as everywhere.
    json[key] ??= elementOf(map, tag, options, above, depth);
  }
  return json;
}

function elementOf(
  map: ElementMap,
  tag: number,
  options: ToDicomJsonOptions,
  above: string,
  depth: number,
): DicomJsonElement {
  const vr = map.vr(tag) ?? 'UN';
  const path = above + formatTag(tag);
  if (vr === 'SQ') {
    const items = map.items(tag);
    if (items.length === 0) return { vr };
    return { vr, Value: items.map((item, index) => objectOf(item, options, `${path}[${index}]/`, depth + 1)) };
  }
  const uri = uriOf(map, tag, vr, options, path);
  if (uri !== undefined) return { vr, BulkDataURI: uri };
  if (vrTraits[vr].kind === 'binary') return binaryElement(map, tag, vr, options);
  const values = vr === 'DS' || vr === 'IS' ? decimals(map.texts(tag), options) : valuesOf(map, tag, vr, options);
  return values.length === 0 ? { vr } : { vr, Value: values };
}

function uriOf(
  map: ElementMap,
  tag: number,
  vr: Vr,
  { bulkDataUri }: ToDicomJsonOptions,
  path: string,
): string | undefined {
  const reference = map.bulkData(tag);
  const known = reference?.kind === 'uri' ? reference.uri : undefined;
  if (bulkDataUri === undefined || !bulkVrs.has(vr)) return known;
  if (reference === undefined && (map.bytes(tag)?.length ?? 0) === 0) return undefined;
  return bulkDataUri(new DataElement(map, tag), path) ?? known;
}

function binaryElement(
  map: ElementMap,
  tag: number,
  vr: Vr,
  { inlineBinaryMaxBytes = Number.POSITIVE_INFINITY }: ToDicomJsonOptions,
): DicomJsonElement {
  const [value] = map.values(tag);
  if (!(value instanceof Uint8Array) || value.length === 0 || value.length > inlineBinaryMaxBytes) return { vr };
  return { vr, InlineBinary: toBase64(value) };
}

function decimals(texts: readonly string[], { numberStrings }: ToDicomJsonOptions): DicomJsonValue[] {
  return texts.map((text) => {
    if (text === '') return null;
    return numberStrings === 'string' ? text : (exactNumber(text) ?? text);
  });
}

function valuesOf(map: ElementMap, tag: number, vr: Vr, options: ToDicomJsonOptions): DicomJsonValue[] {
  if (vrTraits[vr].kind === 'text') {
    const texts = map.texts(tag);
    return texts.map((text) => (text === '' ? null : vr === 'PN' ? personName(text) : text));
  }
  // Numbers may have been set as the bytes of the value field.
  const values = map
    .values(tag)
    .flatMap((value) => (value instanceof Uint8Array ? decodeValues(vr, value, false, textCodec([])) : [value]));
  return values.map((value) => numberOf(vr, value, options));
}

function numberOf(vr: Vr, value: PlainValue, { numberStrings }: ToDicomJsonOptions): string | number {
  if (vr === 'AT') return Number(value).toString(16).toUpperCase().padStart(8, '0');
  if (vr === 'SV' || vr === 'UV') {
    const number = Number(value);
    return numberStrings === 'string' || !Number.isSafeInteger(number) ? String(value) : number;
  }
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}

/** The component groups that aren't empty. PS3.5 6.2.1.1. */
function personName(text: string): DicomJsonPersonName {
  const [alphabetic = '', ideographic = '', ...phonetic] = text.split('=');
  return {
    ...(alphabetic !== '' && { Alphabetic: alphabetic }),
    ...(ideographic !== '' && { Ideographic: ideographic }),
    ...(phonetic.some((group) => group !== '') && { Phonetic: phonetic.join('=') }),
  };
}
