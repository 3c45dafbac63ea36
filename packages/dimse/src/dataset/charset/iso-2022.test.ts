import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../testing/bytes.js';
import { designated } from './repertoire.js';
import { textCodec } from './specific-character-set.js';
import type { Delimiters } from './text-codec.js';

const korean = ['', 'ISO 2022 IR 149'];
const japanese = ['', 'ISO 2022 IR 87'];
const allJapanese = ['ISO 2022 IR 13', 'ISO 2022 IR 87', 'ISO 2022 IR 159'];
const european = ['ISO 2022 IR 100', 'ISO 2022 IR 144', 'ISO 2022 IR 126'];

describe('sets of two bytes', () => {
  test.each([
    // Numbers of characters: JIS X 0208-1990, JIS X 0212-1990, GB 2312-80, KS X 1001:1992.
    ['$B', 6879],
    ['$D', 6067],
    ['$A', 7445],
    ['$C', 8224],
  ])('%s has its %d characters, none of a vendor', (designation, count) => {
    const set = designated(designation);
    const codes = new Set<number>();
    for (let unit = 0; unit <= 0xffff; unit++) {
      const code = set?.codeOf(String.fromCharCode(unit));
      if (code !== undefined) codes.add(code);
    }
    expect(codes.size).toBe(count);
  });

  test.each([
    ['$B', '①', 0x2d21],
    ['$A', 'ⅰ', 0x2221],
    ['$D', 'ⅰ', 0x7321],
  ])('%s is read with %s, which a vendor added, though not written with it', (designation, character, code) => {
    const set = designated(designation);
    expect(String.fromCharCode(set?.characterOf(code) ?? 0)).toBe(character);
    expect(set?.codeOf(character)).toBeUndefined();
  });

  test.each(['〜～', '‖∥', '−－', '¢￠', '£￡', '¬￢', '—―'])(
    'both of %s are written as one character of JIS X 0208: tables differ in which it is',
    ([one = '', other = '']) => {
      const codec = textCodec(japanese);
      expect(toHex(codec.encode(one, ''))).toBe(toHex(codec.encode(other, '')));
    },
  );
});

/** Text, its sets, delimiters and bytes: from the standard's rules, and as pydicom 2.3.1 writes or reads them. */
const valid: readonly [text: string, terms: string[], delimiters: Delimiters, notation: string][] = [
  [
    'Mori^Ogai=森^鷗外=もり^おうがい',
    ['ISO 2022 IR 6', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
    '\\^=',
    "'Mori^Ogai='1b'$B?9'1b'(B^'1b'$(Dl?'1b'$B30'1b'(B='1b'$B$b$j'1b'(B^'1b'$B$*$&$,$$'1b'(B'",
  ],
  // Each line, value and component begins in value 1, and ends in it.
  ['漢\r\n字', japanese, '', "1b'$B4A'1b'(B'0d0a1b'$B;z'1b'(B'"],
  ['漢\t字', japanese, '', "1b'$B4A'1b'(B'09 1b'$B;z'1b'(B'"],
  ['漢\f字', japanese, '', "1b'$B4A'1b'(B'0c 1b'$B;z'1b'(B'"],
  ['漢\\字', japanese, '\\', "1b'$B4A'1b'(B\\'1b'$B;z'1b'(B'"],
  ['漢 字', japanese, '\\', "1b'$B4A'1b'(B '1b'$B;z'1b'(B'"],
  // Where nothing is divided, backslash, caret and equals sign are characters.
  ['한\\글^=', korean, '', "1b'$)C'c7d1'\\'b1db'^='"],
  ['한^글', korean, '\\', "1b'$)C'c7d1'^'b1db"],
  ['한^글', korean, '\\^=', "1b'$)C'c7d1'^'1b'$)C'b1db"],
  // Bytes of delimiters within characters divide nothing.
  ['怒党貼^権', japanese, '\\^=', "1b'$BE'5c'E^E='1b'(B^'1b'$B8" + "\"'1b'(B'"],
  // Value 1 has a G1 set, which is put back as well.
  ['Ä Д\\Ω', european, '\\', "c4'\x20'1b'-L'b4 1b'-A\\'1b'-F'd9 1b'-A'"],
  ['ｱ', ['', 'ISO 2022 IR 13'], '', "1b')I'b1"],
  ['นาม', ['', 'ISO 2022 IR 166'], '', "1b'-T'b9d2c1"],
  ['€', ['', 'ISO 2022 IR 203'], '', "1b'-b'a4"],
];

describe('code extension', () => {
  test.each(valid)('%j in %j divided by %j', (text, terms, delimiters, notation) => {
    const problems: string[] = [];
    expect(textCodec(terms).decode(hex(notation), delimiters, (problem) => problems.push(problem))).toBe(text);
    expect(problems).toEqual([]);
    expect(toHex(textCodec(terms).encode(text, delimiters))).toBe(toHex(hex(notation)));
  });

  test('mixes all Japanese sets', () => {
    const codec = textCodec(allJapanese);
    const bytes = hex(`1b'$B$"'1b'(Ja'1b')I'b1 1b'$B%"'1b'$(DmN'1b'(J'`);
    expect(toHex(codec.encode('あaｱア齩', ''))).toBe(toHex(bytes));
    expect(codec.decode(bytes, '')).toBe('あaｱア齩');
  });

  test('writes nothing to G1 beside two bytes in G0, and designates it anew after them, for readers that know one set at a time', () => {
    expect(toHex(textCodec(allJapanese).encode('ｱ漢ｱ', ''))).toBe(toHex(hex("b1 1b'$B4A'1b'(J'1b')I'b1")));
    const both = ['ISO 2022 IR 100', 'ISO 2022 IR 87', 'ISO 2022 IR 149'];
    expect(toHex(textCodec(both).encode('é漢é漢^글a한', '\\^='))).toBe(
      toHex(hex("e9 1b'$B4A'1b'(B'1b'-A'e9 1b'$B4A'1b'(B^'1b'$)C'b1db'a'c7d1 1b'-A'")),
    );
  });

  test('takes the first set that has a character, the active one before all', () => {
    // Cyrillic letters are in JIS X 0208 and KS X 1001 as well.
    const both = ['ISO 2022 IR 100', 'ISO 2022 IR 144', 'ISO 2022 IR 87'];
    expect(toHex(textCodec(both).encode('ДД', ''))).toBe(toHex(hex("1b'-L'b4b4 1b'-A'")));
    expect(toHex(textCodec(both).encode('漢Д', ''))).toBe(toHex(hex("1b'$B4A'2725 1b'(B'")));
  });

  test.each(['漢', '\x1b', '\u0085', '☃'])('%j is an error where no set has it, or a question mark', (text) => {
    expect(() => textCodec(european).encode(text, '')).toThrow(
      expect.objectContaining({ code: 'unsupported-character-set' }),
    );
    const replaced = textCodec(european).encode(`Д${text}`, '', 'replace');
    expect(textCodec(european).decode(replaced, '')).toBe(`Д${text.replace(/[^ -~]/, '?')}`);
  });

  test('an error names the sets and the character', () => {
    expect(() => textCodec(european).encode('漢', '')).toThrow(
      'The character set ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126 has no "漢"; set SpecificCharacterSet to \'ISO_IR 192\' for Unicode',
    );
  });

  test('comes to a question mark in value 1', () => {
    expect(toHex(textCodec(japanese).encode('漢ñ字', '', 'replace'))).toBe(toHex(hex("1b'$B4A'1b'(B?'1b'$B;z'1b'(B'")));
  });
});

/** What is met in the field: sets, delimiters, bytes, what they are read as, the problem. */
const odd: readonly [
  name: string,
  terms: string[],
  delimiters: Delimiters,
  notation: string,
  text: string,
  problem?: RegExp,
][] = [
  [
    'an escape sequence forgotten after a delimiter',
    korean,
    '\\^=',
    "1b'$)C'c8ab'^'b1e6b5bf",
    '홍^길동',
    /no escape sequence/,
  ],
  ['no escape sequence at all', korean, '\\^=', "c8ab'^'b1e6b5bf", '홍^길동', /no escape sequence/],
  ['a set of two bytes alone', ['ISO 2022 IR 149'], '\\^=', "1b'$)C'c8ab", '홍'],
  ['a set of two bytes as value 1', ['ISO 2022 IR 87', 'ISO 2022 IR 6'], '', "1b'$B4A'1b'(Ba'", '漢a'],
  ['bytes of no set', japanese, '', "'J'e9", 'Jé', /no escape sequence/],
  ['an escape sequence of a set that is not named', japanese, '', "1b'$)C'c8ab", '홍', /ESC \$\)C .* not named/],
  ['escape sequences where one set stands alone', ['ISO_IR 100'], '', "1b'-F'c4e9", 'Δι', /ESC -F .* not named/],
  ['escape sequences in the default repertoire', [], '', "1b'$B4A'1b'(B'", '漢', /ESC \$B .* not named/],
  ['roman in place of ASCII', japanese, '\\', "1b'$B4A'1b'(Ja'", '漢a', /ESC \(J/],
  ['the first edition of JIS X 0208', japanese, '', "1b'$@4A'1b'(B'", '漢', /ESC \$@/],
  ['katakana in seven bits', allJapanese, '', "1b'(I1'1b'(J'", 'ｱ', /ESC \(I/],
  ['KS X 1001 in seven bits', korean, '', "1b'$(CH+'1b'(B'", '홍', /ESC \$\(C/],
  ['no return to value 1 at the end', japanese, '', "1b'$B4A'", '漢'],
  ['no return to value 1 before a line', japanese, '', "1b'$B4A'0d0a'a'", '漢\r\na'],
  ['an unknown escape sequence', korean, '', "'a'1b'%Gb'", 'a\ufffd%Gb', /not known/],
  ['an escape sequence cut off', korean, '', "'a'1b'$'", 'a\ufffd$', /not known/],
  ['ESC at the end', korean, '', "'a'1b", 'a\ufffd', /not known/],
  ['half a character at the end', japanese, '', "1b'$B4A4'", '漢\ufffd', /does not have/],
  ['half a character before an escape sequence', japanese, '', "1b'$B4A4'1b'(Ba'", '漢\ufffda', /does not have/],
  ['half a character of G1', korean, '', "1b'$)C'c8ab c8'a'", '홍\ufffda', /does not have/],
  ['a code without character', japanese, '', "1b'$B4A)!'1b'(B'", '漢\ufffd', /does not have/],
  ['C1 control characters', european, '', "'a'85'b'", 'a\x85b', /Control/],
  ['bytes beyond the default repertoire', [], '', "'J'e9", 'Jé', /no escape sequence/],
];

describe('reading lets pass', () => {
  test.each(odd)('%s', (_name, terms, delimiters, notation, text, problem) => {
    const problems: string[] = [];
    expect(textCodec(terms).decode(hex(notation), delimiters, (found) => problems.push(found))).toBe(text);
    expect(problems).toEqual(problem === undefined ? [] : [expect.stringMatching(problem)]);
  });
});
