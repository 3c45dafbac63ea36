import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { annotate, renderAnnotation } from '../src/index.js';
import { hex } from './hex.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('what the README says that annotations look like is what they look like', () => {
  const [, digits = ''] = /const hex = `([^`]*)`;[^`]*annotate\(/.exec(README) ?? [];
  const [, output] = /```text\n([\s\S]*?)\n```/.exec(README) ?? [];
  expect(renderAnnotation(annotate(hex(digits)))).toBe(output);
});
