/** Fragments of encapsulated pixel data as they stand in its value field. PS3.5 A.4. */
import { ByteWriter } from './byte-writer.js';
import { itemTag } from './tag.js';

/** Fragments with their item headers, without the delimiter. Those of odd length get a zero byte. */
export function joinFragments(fragments: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(
    false,
    fragments.reduce((length, fragment) => length + fragment.length + 9, 0),
  );
  for (const fragment of fragments) {
    const isOdd = fragment.length % 2 === 1;
    writer.tag(itemTag);
    writer.uint32(fragment.length + (isOdd ? 1 : 0));
    writer.bytes(fragment);
    if (isOdd) writer.bytes(Uint8Array.of(0));
  }
  return writer.written();
}
