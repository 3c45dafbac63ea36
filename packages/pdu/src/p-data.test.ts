import { expect, test } from 'vitest';
import { toHex } from '../test/hex.js';
import { encode } from './encode.js';
import { PduError } from './errors.js';
import { encodePDataHeader } from './p-data.js';

test.each([
  [1, true, true, 0],
  [3, true, false, 1],
  [255, false, true, 16_370],
  [5, false, false, 70_000],
])(
  'the header for context %i, command %s, last %s, %i bytes is that of a whole P-DATA-TF',
  (contextId, isCommand, isLast, length) => {
    const buffer = new Uint8Array(20).fill(0xee);
    encodePDataHeader(contextId, isCommand, isLast, length, buffer, 5);
    const whole = encode({
      type: 'P-DATA-TF',
      values: [{ contextId, isCommand, isLast, data: new Uint8Array(length) }],
    });
    expect(toHex(buffer)).toBe(`eeeeeeeeee${toHex(whole.subarray(0, 12))}eeeeee`);
  },
);

test('the longest fragment fits its length fields', () => {
  const header = new Uint8Array(12);
  encodePDataHeader(1, false, true, 0xfffffff9, header, 0);
  expect(toHex(header)).toBe('0400fffffffffffffffb0102');
});

test.each([
  ['a fragment too long for the length fields', 0xfffffffa, 0],
  ['a negative length', -1, 0],
  ['no room after the offset', 0, 1],
  ['a negative offset', 0, -1],
])('%s is refused and nothing written', (_name, length, at) => {
  const header = new Uint8Array(12);
  expect(() => encodePDataHeader(1, false, true, length, header, at)).toThrow(PduError);
  expect(header).toEqual(new Uint8Array(12));
});
