import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../testing/bytes.js';
import { textCodec } from './specific-character-set.js';

describe('sets that stand alone', () => {
  test.each([
    // As the codecs of Python write them.
    ['GB18030', '𠮷', '9534b235'],
    ['GB18030', '㐀', '8139ee39'],
    ['GB18030', 'ﬀ', '8430b232'],
    ['GB18030', 'é', 'a8a6'],
    ['GB18030', '¿', '81308637'],
    ['GB18030', '\u{10ffff}', 'e3329a35'],
    ['GB18030', '€', 'a2e3'],
    ['GB18030', '誠', 'd55c'],
    ['GBK', '誠', 'd55c'],
    ['GBK', '乗', '815c'],
    ['ISO_IR 192', '𠮷', 'f0a0aeb7'],
    ['ISO_IR 192', '\ufeffa', 'efbbbf61'],
  ])('%s reads and writes %s', (term, text, bytes) => {
    expect(textCodec([term]).decode(hex(bytes), '\\')).toBe(text);
    expect(toHex(textCodec([term]).encode(text, '\\'))).toBe(bytes);
  });

  test('GBK has no characters of four bytes', () => {
    expect(() => textCodec(['GBK']).encode('誠é𠮷', '')).toThrow(
      expect.objectContaining({ code: 'unsupported-character-set', message: expect.stringContaining('"𠮷"') }),
    );
    expect(toHex(textCodec(['GBK']).encode('𠮷é', '', 'replace'))).toBe('3fa8a6');
  });

  test.each(['GB18030', 'GBK', 'ISO_IR 192'])('%s has no half of a surrogate pair', (term) => {
    expect(() => textCodec([term]).encode('a\ud800', '')).toThrow(
      expect.objectContaining({ code: 'unsupported-character-set' }),
    );
    expect(toHex(textCodec([term]).encode('a\ud800b', '', 'replace'))).toBe('613f62');
  });

  test('GB18030 has every character of Unicode', () => {
    const codec = textCodec(['GB18030']);
    for (let first = 0; first < 0x110000; first += 0x100) {
      if (first >= 0xd800 && first < 0xf900) continue;
      const text = String.fromCodePoint(...Array.from({ length: 0x100 }, (_, index) => first + index)).replace(
        '\ufffd',
        '',
      );
      expect(codec.decode(codec.encode(text, ''), '')).toBe(text);
    }
  });

  test.each([
    ['ISO_IR 192', 'c4e9ef'],
    ['GB18030', '81'],
    ['GBK', '41ff'],
  ])('%s has a problem with %s', (term, bytes) => {
    const problems: string[] = [];
    expect(textCodec([term]).decode(hex(bytes), '', (problem) => problems.push(problem))).toContain('\ufffd');
    expect(problems).toEqual([`Bytes that ${term} does not have`]);
  });
});
