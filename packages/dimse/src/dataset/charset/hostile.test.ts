import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repeated } from '../testing/bytes.js';
import { characterSetsOf } from './defined-terms.js';
import { textCodec } from './specific-character-set.js';
import type { Delimiters } from './text-codec.js';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const numRuns = Number(process.env.FUZZ_RUNS ?? 300);

/** Sets by defined term, and characters that they have. */
const alphabets: readonly [terms: string[], characters: string][] = [
  [[], 'AZaz09 ~!@'],
  [['ISO_IR 100'], 'aÄéñß÷ÿ§'],
  [['ISO_IR 101'], 'ałęśźŐ'],
  [['ISO_IR 109'], 'aĦŭĉżĝ'],
  [['ISO_IR 110'], 'aĸŗĪšūŅ'],
  [['ISO_IR 126'], 'aΑΩάώ·½'],
  [['ISO_IR 127'], 'aقبانيلنزار،'],
  [['ISO_IR 138'], 'aשרוןדבורה×'],
  [['ISO_IR 144'], 'aЛюкЁ№ў'],
  [['ISO_IR 148'], 'aÇşğıİ'],
  [['ISO_IR 166'], 'aนามสกุล฿๙'],
  [['ISO_IR 203'], 'a€ŠŒœŸé'],
  [['ISO_IR 13'], 'aｱﾝﾞ｡‾'],
  [['ISO_IR 192'], 'a漢é𠮷글ก\u200d'],
  [['GB18030'], 'a漢é𠮷글ก誠乗'],
  [['GBK'], 'a漢誠乗囗亖'],
  [['', 'ISO 2022 IR 87'], 'a漢字あア怒党貼－'],
  [['ISO 2022 IR 13', 'ISO 2022 IR 87'], 'aｱﾝ漢字あア怒党貼‾'],
  [['ISO 2022 IR 6', 'ISO 2022 IR 87', 'ISO 2022 IR 159'], 'a漢齩鷗é'],
  [['ISO 2022 IR 13', 'ISO 2022 IR 87', 'ISO 2022 IR 159', 'ISO 2022 IR 6'], 'a~\u203eｱ漢齩鷗é'],
  [['', 'ISO 2022 IR 149'], 'a홍길동洪吉洞'],
  [['', 'ISO 2022 IR 58'], 'a张小东王第一行'],
  [['ISO 2022 IR 100', 'ISO 2022 IR 144', 'ISO 2022 IR 126', 'ISO 2022 IR 138'], 'aéЛюΩήשר'],
  [['ISO 2022 IR 127', 'ISO 2022 IR 166', 'ISO 2022 IR 203', 'ISO 2022 IR 148'], 'aقนŠş'],
  [['ISO 2022 IR 101', 'ISO 2022 IR 109', 'ISO 2022 IR 110', 'ISO 2022 IR 149', 'ISO 2022 IR 58'], 'ałĦŗ홍张'],
];

const delimiters: Delimiters[] = ['', '\\', '\\^='];
const divided = fc.constantFrom(...delimiters);

describe.each(alphabets)(`%j (FUZZ_SEED=${seed})`, (terms, characters) => {
  const codec = textCodec(terms);
  const units = [...characters, ...' \r\n\t\f^='];

  test('reads what it wrote, delimiters and lines among it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units, '\\')), divided, (parts, dividing) => {
        // JIS X 0201 has no backslash but the one that divides values.
        const hasBackslash = dividing !== '' || !terms.some((term) => / 13$/.test(term));
        const text = parts.filter((part) => part !== '\\' || hasBackslash).join('');
        const problems: string[] = [];
        expect(codec.decode(codec.encode(text, dividing), dividing, (problem) => problems.push(problem))).toBe(text);
        expect(problems).toEqual([]);
      }),
      { seed, numRuns },
    );
  });

  test('writes ASCII at both ends of every value, component and line, so that delimiters are found by whoever looks for them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units)), (parts) => {
        const whole = codec.encode(parts.join(''), '\\^=');
        // Each part alone comes out as it does within the whole.
        const pieces = parts.join('').split(/([\^=\r\n\t\f])/);
        const joined = pieces.flatMap((piece) => [...codec.encode(piece, '\\^=')]);
        expect([...whole]).toEqual(joined);
      }),
      { seed, numRuns },
    );
  });

  test('reads any bytes', () => {
    const escapes = ['1b2842', '1b284a', '1b2949', '1b2442', '1b242844', '1b242943', '1b242941', '1b2d46', '1b'];
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.constantFrom(...escapes.map((sequence) => Uint8Array.from(Buffer.from(sequence, 'hex')))),
    );
    fc.assert(
      fc.property(fc.array(chunk), divided, (chunks, dividing) => {
        const bytes = Uint8Array.from(chunks.flatMap((part) => [...part]));
        const text = codec.decode(bytes, dividing);
        expect(text.length).toBeLessThanOrEqual(bytes.length);
        expect(text.includes('\x1b') && codec !== textCodec(['ISO_IR 192']) && !/GB/.test(terms[0] ?? '')).toBe(false);
      }),
      { seed, numRuns },
    );
  });

  test('reads every truncation of text', () => {
    const bytes = codec.encode(`${characters}\r\n${characters}^${characters}`, '\\^=');
    for (let length = 0; length <= bytes.length; length++) {
      for (const dividing of delimiters) codec.decode(bytes.subarray(0, length), dividing);
    }
  });

  test('writes any text, given leave to replace', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), divided, (text, dividing) => {
        const again = codec.decode(codec.encode(text, dividing, 'replace'), dividing);
        expect(codec.encode(again, dividing, 'replace')).toEqual(codec.encode(text, dividing, 'replace'));
      }),
      { seed, numRuns },
    );
  });
});

describe('in linear time', () => {
  const million = 1_000_000;

  test.each([
    ['escape sequences alone', '1b2442'],
    ['unknown escape sequences', '1b2447'],
    ['bytes of no set', 'e9'],
    ['halves of characters', 'c841'],
    ['delimiters', '5c'],
    ['characters of changing sets', '1b24423441' + '1b2842' + '41' + '1b242943c8ab'],
  ])('a megabyte of %s is read', (_name, digits) => {
    const unit = Uint8Array.from(Buffer.from(digits, 'hex'));
    const bytes = repeated(unit, Math.ceil(million / unit.length));
    for (const terms of [[], ['', 'ISO 2022 IR 87', 'ISO 2022 IR 149'], ['ISO_IR 13'], ['GB18030'], ['ISO_IR 192']]) {
      expect(textCodec(terms).decode(bytes, '\\^=').length).toBeLessThanOrEqual(bytes.length);
    }
  });

  test('a megabyte of changing sets is written', () => {
    const text = 'é漢^'.repeat(200_000);
    expect(textCodec(['ISO 2022 IR 100', 'ISO 2022 IR 87']).encode(text, '\\^=').length).toBe(200_000 * 10);
  });

  test('names of sets without end are few sets, and few codecs', () => {
    const terms = Array.from({ length: 100_000 }, (_, index) => `ISO 2022 IR ${index % 300}`);
    expect(characterSetsOf(terms).sets.length).toBeLessThan(20);
    expect(characterSetsOf(terms).problem).toBe('The character set "ISO 2022 IR 0" is not known');
    const known = ['6', '13', '58', '87', '100', '101', '109', '110', '126', '127', '138', '144', '148', '149', '159'];
    const held = textCodec(['ISO 2022 IR 166', 'ISO 2022 IR 87']);
    for (const first of known) for (const second of known) textCodec([`ISO 2022 IR ${first}`, `ISO 2022 IR ${second}`]);
    expect(textCodec(['ISO 2022 IR 166', 'ISO 2022 IR 87'])).not.toBe(held);
  });
});
