/** What a dump calls elements. */
import { elementDefinition } from '../dictionary.js';
import type { ElementMap } from '../element-map.js';
import { isGroupLengthTag, isPrivateTag } from '../tag.js';
import { printable } from './printable.js';

/** The keyword, or what can be said of an element that has none. */
export function dumpName(map: ElementMap, tag: number): string {
  const keyword = elementDefinition(tag)?.keyword ?? '';
  if (keyword !== '') return keyword;
  if (isGroupLengthTag(tag)) return 'GenericGroupLength';
  if (!isPrivateTag(tag)) return 'Unknown';
  const element = tag & 0xffff;
  if (element >= 0x10 && element <= 0xff) return 'PrivateCreator';
  const creator = map.text(((tag & 0xffff0000) | (element >>> 8)) >>> 0);
  return element < 0x1000 || creator === undefined ? 'Private' : `Private, ${printable(creator)}`;
}
