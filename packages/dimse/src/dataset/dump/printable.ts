/** Text that may hold anything, made fit to be shown on a terminal or in a log. */

/**
 * Control characters become their pictures (U+2400 and on): a line feed `␊`, an escape `␛`. Others that break lines, are not seen or turn the
 * direction of text become their number: `<U+202E>`.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** Controls, formats (bidirectional ones among them), line and paragraph separators, and halves of surrogate pairs. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
