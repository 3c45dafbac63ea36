import { expect, test } from 'vitest';
import { createLogger } from './log.js';

const now = () => new Date(0);

test('a message is one line, whatever a peer put into it', () => {
  const lines: string[] = [];
  createLogger('info', (line) => lines.push(line), now).warn('AE "A\n2026 error forged"');
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z warn  AE "A\\n2026 error forged"\n']);
});

test.each([
  ['silent', []],
  ['error', ['error']],
  ['warn', ['error', 'warn']],
  ['info', ['error', 'warn', 'info']],
  ['debug', ['error', 'warn', 'info', 'debug']],
] as const)('level %s', (level, expected) => {
  const lines: string[] = [];
  const log = createLogger(level, (line) => lines.push(line), now);
  for (const name of ['error', 'warn', 'info', 'debug'] as const) log[name](name);
  expect(lines.map((line) => line.slice(25).trim().split(/ +/)[1])).toEqual(expected);
});
