/** Which VR an element has where the dictionary leaves a choice. PS3.5 8.2, Annex A. */
import type { Contents } from './contents.js';
import type { ElementDefinition } from './dictionary.js';
import type { RowItem } from './element-row.js';
import type { Vr } from './vr.js';

const pixelRepresentationTag = 0x00280103;

/** VR of an element that has none in its bytes. */
export function vrToRead<Item extends RowItem>(vrs: readonly Vr[], contents: Contents<Item>): Vr {
  if (vrs.length < 2) return vrs[0] ?? 'UN';
  if (vrs.includes('OW')) return 'OW';
  return isPixelRepresentationSigned(contents) ? 'SS' : 'US';
}

/** VR for a value that is set by keyword. */
export function vrToWrite<Item extends RowItem>(
  { vrs }: ElementDefinition,
  value: unknown,
  contents: Contents<Item>,
): Vr {
  const [first = 'UN'] = vrs;
  if (vrs.length < 2) return first;
  if (value instanceof Uint8Array) return vrs.includes('OW') ? 'OW' : first;
  if (vrs.includes('SS')) {
    const isNegative = [value].flat().some((number) => typeof number === 'number' && number < 0);
    return isNegative || isPixelRepresentationSigned(contents) ? 'SS' : 'US';
  }
  return vrs.includes('US') ? 'US' : first;
}

/** Pixel Representation (0028,0103) here or around. PS3.3 C.7.6.3. */
function isPixelRepresentationSigned<Item extends RowItem>(contents: Contents<Item>): boolean {
  for (let at: Contents<Item> | undefined = contents; at !== undefined; at = at.enclosure?.contents) {
    const row = at.find(pixelRepresentationTag);
    if (row?.values !== undefined) return row.values[0] === 1;
    if (row !== undefined && row.length >= 2 && at.source !== undefined) {
      return at.source.view.getUint16(row.offset, !at.source.isBigEndian) === 1;
    }
  }
  return false;
}
