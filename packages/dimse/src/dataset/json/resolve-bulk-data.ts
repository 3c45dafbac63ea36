/** Fetches values that are elsewhere. */
import type { BulkDataReference } from '../bulk-data.js';
import type { ElementMap } from '../element-map.js';
import { formatTag } from '../tag.js';
import type { Vr } from '../vr.js';
import { bulkDataValues } from './bulk-data-values.js';

/** An element whose value is elsewhere. */
export interface BulkDataElement {
  /** Where the value is. */
  readonly reference: BulkDataReference;
  /** VR of the element. */
  readonly vr: Vr;
  /** Tag of the element. */
  readonly tag: number;
  /** Where the element is: `(7FE0,0010)`, `(0040,A730)[2]/(0042,0011)`. */
  readonly path: string;
}

/**
 * Fetches the values that a data set only refers to (`BulkDataURI` of DICOM JSON), those in items too, one after the other, and puts them in
 * place.
 *
 * @param fetch - gives the bytes of a value field: little endian, text in UTF-8; `undefined` leaves the reference.
 * @returns how many references are left.
 * @throws what `fetch` throws; what was fetched before stays in place.
 */
export async function resolveBulkData(
  dataSet: ElementMap,
  fetch: (element: BulkDataElement) => Promise<Uint8Array | undefined> | Uint8Array | undefined,
): Promise<number> {
  let left = 0;
  for (const { map, ...element } of elementsElsewhere(dataSet, '')) {
    const bytes = await fetch(element);
    if (bytes === undefined) left++;
    else map.setValues(element.tag, element.vr, bulkDataValues(element.vr, bytes));
  }
  return left;
}

function elementsElsewhere(map: ElementMap, above: string): (BulkDataElement & { readonly map: ElementMap })[] {
  return map.tags().flatMap((tag) => {
    const path = above + formatTag(tag);
    const reference = map.bulkData(tag);
    if (reference !== undefined) return [{ map, reference, vr: map.vr(tag) ?? 'UN', tag, path }];
    return map.items(tag).flatMap((item, index) => elementsElsewhere(item, `${path}[${index}]/`));
  });
}
