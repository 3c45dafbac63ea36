/**
 * Wild card matching: `*` is any characters or none, `?` any one. PS3.4 C.2.2.2.4.
 */

/** True for a value that is matched as a pattern. */
export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** What stands before the first wildcard. */
export function wildcardPrefix(pattern: string): string {
  const end = pattern.search(/[*?]/);
  return end < 0 ? pattern : pattern.slice(0, end);
}

/**
 * True when the pattern is the whole text. On a mismatch only the last `*` is tried longer, which suffices since it takes what
 * earlier ones could: the time is at most the product of the lengths.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  if (hasPairs(text)) return matchesUnits([...pattern], [...text]);
  return matchesUnits(pattern, text);
}

function matchesUnits(pattern: ArrayLike<string>, text: ArrayLike<string>): boolean {
  let atPattern = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = pattern[atPattern];
    if (wanted === '*') {
      star = atPattern;
      starAt = at;
      atPattern += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[at])) {
      atPattern += 1;
      at += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      atPattern = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[atPattern] === '*') atPattern += 1;
  return atPattern === pattern.length;
}

/** Characters beyond the Basic Multilingual Plane take two units, and are one character to a `?`. */
function hasPairs(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}
