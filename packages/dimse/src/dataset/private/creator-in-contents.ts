/** The creator of a private element, from the rows themselves: asked for whenever a private VR is. */
import { decodeLatin1 } from '../charset/latin-1.js';
import type { Contents } from '../contents.js';
import type { RowItem } from '../element-row.js';

/** Text of a creator element; where an item hasn't got it, that of the data set around it, as some writers expect. PS3.5 7.8.1. */
export function creatorIn<Item extends RowItem>(contents: Contents<Item>, creatorTag: number): string | undefined {
  for (let at: Contents<Item> | undefined = contents; at !== undefined; at = at.enclosure?.contents) {
    const row = at.find(creatorTag);
    if (row === undefined) continue;
    if (row.start < 0) return String(row.values?.[0] ?? '').trim();
    const bytes = at.source?.bytes.subarray(row.offset, row.offset + row.length);
    // Creators are of the default repertoire. PS3.5 7.8.1.
    return bytes === undefined ? undefined : decodeLatin1(bytes).replace(/\0+$/, '').trim();
  }
  return undefined;
}
