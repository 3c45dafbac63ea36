/** Peers' strings on a terminal or in a log: one line stays one line, and nothing moves the cursor. */

/**
 * Control characters, line and paragraph separators and direction marks written as escapes (`\n`, `\x1b`, `\u2028`).
 *
 * @example printable('A\nB') // 'A\\nB'
 */
export function printable(text: string): string {
  return text.replace(unprintable, escapeOf);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeOf(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
