import { describe, expect, test } from 'vitest';
import { collectAeTitle, parseAeTitle, parseCount, parsePduBytes, parsePort, parseSeconds } from './values.js';

describe('option values', () => {
  test.each([
    ['a port', parsePort, '11112', 11_112],
    ['any free port', parsePort, '0', 0],
    ['a count', parseCount, '200', 200],
    ['seconds', parseSeconds, '30', 30_000],
    ['fractions of seconds', parseSeconds, '0.25', 250],
    ['PDU bytes', parsePduBytes, '131072', 131_072],
    ['an AE title', parseAeTitle, 'DEMO_SCP', 'DEMO_SCP'],
    ['an AE title with spaces around it', parseAeTitle, ' A B ', 'A B'],
  ])('%s', (_name, parse, word, expected) => {
    expect(parse(word)).toBe(expected);
  });

  test.each([
    ['a port beyond 16 bits', parsePort, '65536'],
    ['a negative port', parsePort, '-1'],
    ['a port in words', parsePort, 'http'],
    ['a port with a fraction', parsePort, '80.5'],
    ['no associations', parseCount, '0'],
    ['no time', parseSeconds, '0'],
    ['more time than a timer holds', parseSeconds, '99999999'],
    ['time in words', parseSeconds, '1e3'],
    ['a tiny PDU', parsePduBytes, '16'],
    ['a huge PDU', parsePduBytes, '4294967295'],
    ['a blank AE title', parseAeTitle, '   '],
    ['a long AE title', parseAeTitle, 'A_TITLE_OF_17_CHS'],
    ['an AE title with a backslash', parseAeTitle, 'A\\B'],
    ['an AE title with a line break', parseAeTitle, 'A\nB'],
  ])('refuses %s, and says what is expected', (_name, parse, word) => {
    expect(() => parse(word)).toThrow(/^Expected/);
  });

  test('AE titles are collected', () => {
    expect(collectAeTitle('B', collectAeTitle('A', undefined))).toEqual(['A', 'B']);
  });
});
