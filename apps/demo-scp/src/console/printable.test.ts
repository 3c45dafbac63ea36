import { expect, test } from 'vitest';
import { printable } from './printable.js';

test.each([
  ['ordinary text and other alphabets pass', 'Müller^Jürgen 山田', 'Müller^Jürgen 山田'],
  ['line breaks', 'A\r\nB', 'A\\r\\nB'],
  ['terminal escapes', '\u001b[2J', '\\x1b[2J'],
  ['C1 controls', '\u009b', '\\x9b'],
  ['line separators', '\u2028', '\\u2028'],
  ['direction overrides', '\u202e', '\\u202e'],
])('%s', (_name, text, expected) => {
  expect(printable(text)).toBe(expected);
});
