/** Bytes from a bulk data URI, or from `InlineBinary`, to values. PS3.18 F.2.6, F.2.7. */
import { textCodec } from '../charset/specific-character-set.js';
import { decodeTexts, decodeValues } from '../decode-value.js';
import type { PlainValue } from '../plain-value.js';
import { type Vr, vrTraits } from '../vr.js';

/** What is asked of who fetches bulk data. */
export interface BulkDataRequest {
  /** The URI as it stands, which may be relative. */
  readonly uri: string;
  /** VR of the element. */
  readonly vr: Vr;
  /** Tag of the element. */
  readonly tag: number;
  /** Where the element is: `(7FE0,0010)`, `(0040,A730)[2]/(0042,0011)`. */
  readonly path: string;
}

/** The values of a value field in little endian, text in UTF-8. */
export function bulkDataValues(vr: Vr, bytes: Uint8Array): readonly PlainValue[] {
  if (bytes.length === 0) return [];
  if (vrTraits[vr].kind === 'text') {
    const texts = decodeTexts(vr, bytes, textCodec(['ISO_IR 192']));
    return texts.length === 1 && texts[0] === '' ? [] : texts;
  }
  return decodeValues(vr, bytes, false, textCodec([]));
}
