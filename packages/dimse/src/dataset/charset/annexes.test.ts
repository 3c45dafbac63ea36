import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../testing/bytes.js';
import { textCodec } from './specific-character-set.js';
import type { Delimiters } from './text-codec.js';

/** Bytes as the annexes write them in columns and rows: `01/11 02/04`. */
function columns(notation: string): Uint8Array {
  return Uint8Array.from(notation.trim().split(/\s+/), (code) => {
    const [column, row] = code.split('/').map(Number);
    return (column ?? 0) * 16 + (row ?? 0);
  });
}

/** Bytes as the annexes write them in hexadecimal digits: `0x1B 0x24`. */
function digits(notation: string): Uint8Array {
  return hex(notation.replaceAll('0x', ''));
}

const name = '\\^=';
const text = '';

const examples: readonly [
  example: string,
  terms: string[],
  delimiters: Delimiters,
  characters: string,
  bytes: Uint8Array,
][] = [
  [
    'H.3-1',
    ['', 'ISO 2022 IR 87'],
    name,
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
    columns(`05/09 06/01 06/13 06/01 06/04 06/01 05/14 05/04 06/01 07/02 06/15 07/05 03/13
      01/11 02/04 04/02 03/11 03/03 04/05 04/04 01/11 02/08 04/02 05/14
      01/11 02/04 04/02 04/02 04/00 04/15 03/10 01/11 02/08 04/02 03/13
      01/11 02/04 04/02 02/04 06/04 02/04 05/14 02/04 04/00 01/11 02/08 04/02 05/14
      01/11 02/04 04/02 02/04 03/15 02/04 06/13 02/04 02/06 01/11 02/08 04/02`),
  ],
  [
    'H.3-2',
    ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    name,
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    columns(`13/04 12/15 12/00 13/14 05/14 12/00 13/11 11/03 03/13
      01/11 02/04 04/02 03/11 03/03 04/05 04/04 01/11 02/08 04/10 05/14
      01/11 02/04 04/02 04/02 04/00 04/15 03/10 01/11 02/08 04/10 03/13
      01/11 02/04 04/02 02/04 06/04 02/04 05/14 02/04 04/00 01/11 02/08 04/10 05/14
      01/11 02/04 04/02 02/04 03/15 02/04 06/13 02/04 02/06 01/11 02/08 04/10`),
  ],
  [
    'I.2-1',
    ['', 'ISO 2022 IR 149'],
    name,
    'Hong^Gildong=洪^吉洞=홍^길동',
    columns(`04/08 06/15 06/14 06/07 05/14 04/07 06/09 06/12 06/04 06/15 06/14 06/07 03/13
      01/11 02/04 02/09 04/03 15/11 15/03 05/14 01/11 02/04 02/09 04/03 13/01 12/14 13/04 13/07 03/13
      01/11 02/04 02/09 04/03 12/08 10/11 05/14 01/11 02/04 02/09 04/03 11/01 14/06 11/05 11/15`),
  ],
  [
    'J.1-1',
    ['ISO_IR 192'],
    name,
    'Wang^XiaoDong=王^小東=',
    digits('57616e67 5e 5869616f446f6e67 3d e78e8b 5e e5b08fe69db1 3d'),
  ],
  [
    'J.2-1',
    ['ISO_IR 192'],
    text,
    'The first line includes中文.\r\nThe second line includes中文, too.\r\nThe third line.\r\n',
    digits(`0x54 0x68 0x65 0x20 0x66 0x69 0x72 0x73 0x74 0x20 0x6c 0x69 0x6e 0x65 0x20 0x69 0x6e 0x63 0x6c 0x75 0x64 0x65 0x73
      0xe4 0xb8 0xad 0xe6 0x96 0x87 0x2e 0x0d 0x0a 0x54 0x68 0x65 0x20 0x73 0x65 0x63 0x6f 0x6e 0x64 0x20 0x6c 0x69 0x6e 0x65
      0x20 0x69 0x6e 0x63 0x6c 0x75 0x64 0x65 0x73 0xe4 0xb8 0xad 0xe6 0x96 0x87 0x2c 0x20 0x74 0x6f 0x6f 0x2e 0x0d 0x0a 0x54
      0x68 0x65 0x20 0x74 0x68 0x69 0x72 0x64 0x20 0x6c 0x69 0x6e 0x65 0x2e 0x0d 0x0a`),
  ],
  [
    'J.3-1',
    ['GB18030'],
    name,
    'Wang^XiaoDong=王^小东=',
    digits(
      `0x57 0x61 0x6e 0x67 0x5e 0x58 0x69 0x61 0x6f 0x44 0x6f 0x6e 0x67 0x3d 0xcd 0xf5 0x5e 0xd0 0xa1 0xb6 0xab 0x3d`,
    ),
  ],
  [
    'J.4-1',
    ['GB18030'],
    text,
    'The first line includes中文.\r\nThe second line includes中文, too.\r\nThe third line.\r\n',
    digits(`0x54 0x68 0x65 0x20 0x66 0x69 0x72 0x73 0x74 0x20 0x6c 0x69 0x6e 0x65 0x20 0x69 0x6e 0x63 0x6c 0x75 0x64 0x65 0x73
      0xd6 0xd0 0xce 0xc4 0x2e 0x0d 0x0a 0x54 0x68 0x65 0x20 0x73 0x65 0x63 0x6f 0x6e 0x64 0x20 0x6c 0x69 0x6e 0x65 0x20 0x69
      0x6e 0x63 0x6c 0x75 0x64 0x65 0x73 0xd6 0xd0 0xce 0xc4 0x2c 0x20 0x74 0x6f 0x6f 0x2e 0x0d 0x0a 0x54 0x68 0x65 0x20 0x74
      0x68 0x69 0x72 0x64 0x20 0x6c 0x69 0x6e 0x65 0x2e 0x0d 0x0a`),
  ],
  [
    'K.2-1',
    ['', 'ISO 2022 IR 58'],
    name,
    'Zhang^XiaoDong=张^小东= ',
    digits(`0x5A 0x68 0x61 0x6E 0x67 0x5E 0x58 0x69 0x61 0x6F 0x44 0x6F 0x6E 0x67 0x3D 0x1B 0x24 0x29 0x41 0xD5 0xC5 0x5E
      0x1B 0x24 0x29 0x41 0xD0 0xA1 0xB6 0xAB 0x3D 0x20`),
  ],
  [
    'K.3-1',
    ['', 'ISO 2022 IR 58'],
    text,
    '1.第一行文字。\r\n2.第二行文字。\r\n3.第三行文字。\r\n',
    digits(`0x31 0x2e 0x1B 0x24 0x29 0x41 0xB5 0xDA 0xD2 0xBB 0xD0 0xD0 0xCE 0xC4 0xD7 0xD6 0xA1 0xA3 0x0D 0x0A
      0x32 0x2e 0x1B 0x24 0x29 0x41 0xB5 0xDA 0xB6 0xFE 0xD0 0xD0 0xCE 0xC4 0xD7 0xD6 0xA1 0xA3 0x0D 0x0A
      0x33 0x2e 0x1B 0x24 0x29 0x41 0xB5 0xDA 0xC8 0xFD 0xD0 0xD0 0xCE 0xC4 0xD7 0xD6 0xA1 0xA3 0x0D 0x0A`),
  ],
];

describe('the examples of PS3.5 Annexes H to K', () => {
  test.each(examples)('%s is read and written', (_example, terms, delimiters, characters, bytes) => {
    const problems: string[] = [];
    expect(textCodec(terms).decode(bytes, delimiters, (problem) => problems.push(problem))).toBe(characters);
    expect(problems).toEqual([]);
    expect(toHex(textCodec(terms).encode(characters, delimiters))).toBe(toHex(bytes));
  });

  test('J.3-1 and J.4-1 are the same in GBK', () => {
    for (const [example, , delimiters, characters, bytes] of examples) {
      if (!/^J\.[34]/.test(example)) continue;
      expect(textCodec(['GBK']).decode(bytes, delimiters)).toBe(characters);
      expect(toHex(textCodec(['GBK']).encode(characters, delimiters))).toBe(toHex(bytes));
    }
  });

  test('I.3-1 names its set at the head of a line, which holds to the end of it', () => {
    const bytes = hex(
      "1b'$)CThe first line includes 'c7d1b1db'.'0d0a 1b'$)CThe second line includes 'c7d1b1db', too.'0d0a 'The third line'",
    );
    const characters = 'The first line includes 한글.\r\nThe second line includes 한글, too.\r\nThe third line';
    const codec = textCodec(['', 'ISO 2022 IR 149']);
    expect(codec.decode(bytes, text)).toBe(characters);
    // Naming it no earlier than it is needed is right as well.
    expect(toHex(codec.encode(characters, text))).toBe(
      toHex(
        hex(
          "'The first line includes '1b'$)C'c7d1b1db'.'0d0a'The second line includes '1b'$)C'c7d1b1db', too.'0d0a'The third line'",
        ),
      ),
    );
  });
});
