/** Names of elements as PS3.6 has them, for people: `Patient's Name`. */
import { elementDefinition } from './dictionary.js';
import { oddElementNames } from './element-names.generated.js';
import { formatTag } from './tag.js';

let odd: Map<string, string> | undefined;

/** The dictionary's name for a tag; `(0009,1001)` for one that it doesn't know. */
export function elementName(tag: number): string {
  odd ??= new Map(oddElementNames.split('\n').map(divideAtSpace));
  const keyword = elementDefinition(tag)?.keyword ?? '';
  const named = odd.get(keyword === '' ? tag.toString(16).toUpperCase().padStart(8, '0') : keyword);
  return named ?? (keyword === '' ? formatTag(tag) : spaced(keyword));
}

/** A space before each capital that follows a small letter or a digit, or that begins a word after capitals. */
function spaced(keyword: string): string {
  return keyword.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4');
}

function divideAtSpace(line: string): [string, string] {
  const at = line.indexOf(' ');
  return [line.slice(0, at), line.slice(at + 1)];
}
