/** What a misspelt keyword was meant to be. */
import { elementDefinition } from '@dicomwire/dimse/dataset';

/** Groups that people give elements of. */
const groups = [0x0008, 0x0010, 0x0018, 0x0020, 0x0028, 0x0032, 0x0038, 0x0040, 0x0054, 0x0074, 0x2000, 0x2010, 0x2100];

/** The keyword that differs least, if it differs little; capitals don't count. */
export function similarKeyword(word: string): string | undefined {
  const sought = word.toLowerCase();
  let least = Math.min(3, Math.floor(sought.length / 4)) + 1;
  let closest: string | undefined;
  if (sought.length > 64) return undefined;
  for (const group of groups) {
    for (let element = 1; element < 0x10000; element++) {
      const keyword = elementDefinition(group * 0x10000 + element)?.keyword;
      if (!keyword || Math.abs(keyword.length - sought.length) >= least) continue;
      const distance = editDistance(sought, keyword.toLowerCase());
      if (distance < least) {
        least = distance;
        closest = keyword;
      }
    }
  }
  return closest;
}

/** Letters to put in, take out or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 1; at <= from.length; at++) {
    const next = [at];
    for (let column = 1; column <= to.length; column++) {
      const changed = (row[column - 1] ?? 0) + (from[at - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
