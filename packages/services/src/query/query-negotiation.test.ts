import { expect, test } from 'vitest';
import { answerQueryNegotiation, decodeQueryNegotiation, encodeQueryNegotiation } from './query-negotiation.js';

test.each([
  ['nothing', {}, undefined],
  ['relational queries', { relationalQueries: true }, [1]],
  ['names', { fuzzySemanticMatching: true }, [0, 0, 1]],
  ['time zones', { timezoneQueryAdjustment: true }, [0, 0, 0, 1]],
  [
    'everything',
    {
      relationalQueries: true,
      dateTimeMatching: true,
      fuzzySemanticMatching: true,
      timezoneQueryAdjustment: true,
      enhancedMultiFrameImageConversion: true,
      emptyValueMatching: true,
      multipleValueMatching: true,
    },
    [1, 1, 1, 1, 1, 1, 1],
  ],
])('proposes %s (PS3.4 Table C.5-1)', (_what, asked, bytes) => {
  expect(encodeQueryNegotiation(asked)).toEqual(bytes && Uint8Array.from(bytes));
});

test('worklists have two bytes that are always 1 (PS3.4 K.5.1.1)', () => {
  expect(encodeQueryNegotiation({ fuzzySemanticMatching: true }, true)).toEqual(Uint8Array.of(1, 1, 1));
  expect(encodeQueryNegotiation({ timezoneQueryAdjustment: true }, true)).toEqual(Uint8Array.of(1, 1, 0, 1));
  expect(encodeQueryNegotiation({ dateTimeMatching: true }, true)).toBeUndefined();
});

test('reads what is missing as not agreed on, and only 1 as yes', () => {
  expect(decodeQueryNegotiation(Uint8Array.of(1, 2))).toMatchObject({
    relationalQueries: true,
    dateTimeMatching: false,
    fuzzySemanticMatching: false,
  });
});

test('answers as many bytes as were proposed, 1 where both want it (PS3.4 Table C.5-2)', () => {
  const offered = { relationalQueries: true, fuzzySemanticMatching: true };
  expect(answerQueryNegotiation(offered, Uint8Array.of(1))).toEqual(Uint8Array.of(1));
  expect(answerQueryNegotiation(offered, Uint8Array.of(0, 1, 1))).toEqual(Uint8Array.of(0, 0, 1));
  expect(answerQueryNegotiation(offered, Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1))).toEqual(
    Uint8Array.of(1, 0, 1, 0, 0, 0, 0),
  );
});
