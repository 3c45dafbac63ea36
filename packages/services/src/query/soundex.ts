/**
 * What names sound like. PS3.4 C.2.2.2.1.1 leaves the method to the provider.
 */

/**
 * American Soundex: the first letter, and the class of each consonant that follows in three digits. Letters of the same class count once where they
 * stand together, or with H or W between them.
 *
 * @param word - Capital letters A to Z, as {@link foldName} makes them.
 * @returns `undefined` for a word that has other characters: its sound is not known.
 */
export function soundex(word: string): string | undefined {
  if (!/^[A-Z]+$/.test(word)) return undefined;
  let code = word.charAt(0);
  let last = classes[word.charCodeAt(0) - 65];
  for (let at = 1; at < word.length && code.length < 4; at += 1) {
    const letter = classes[word.charCodeAt(at) - 65];
    if (letter === 'h') continue;
    if (letter !== '0' && letter !== last) code += letter;
    last = letter;
  }
  return code.padEnd(4, '0');
}

/** Classes of A to Z: `0` for vowels, which part letters; `h` for H and W, which don't. */
const classes = '0123012h02245501262301h202';
