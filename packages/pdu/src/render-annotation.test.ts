import { describe, expect, test } from 'vitest';
import { ascii, associate, hex, item, pdu, uidItem } from '../test/hex.js';
import { annotate } from './annotate.js';
import { renderAnnotation } from './render-annotation.js';

test('writes a line for each PDU, item and field: offset, bytes, name, meaning', () => {
  const digits = `${pdu(0x04, '00000004 01 03 0102')} ${pdu(0x07, '0000 02 01')}`;
  expect(renderAnnotation(annotate(hex(digits))).split('\n')).toEqual([
    '     0                             P-DATA-TF  14 bytes, PS3.8 9.3.5',
    '     0  04                           pduType  04H',
    '     1  00                           reserved',
    '     2  00 00 00 08                  pduLength  8',
    '     6                               presentationDataValue[0]  8 bytes, PS3.8 9.3.5.1',
    '     6  00 00 00 04                    itemLength  4',
    '    10  01                             contextId  1',
    '    11  03                             messageControlHeader  command, last fragment (3)',
    '    12  01 02                          data  2 bytes',
    '    14                             A-ABORT  10 bytes, PS3.8 9.3.8',
    '    14  07                           pduType  07H',
    '    15  00                           reserved',
    '    16  00 00 00 04                  pduLength  4',
    '    20  00 00                        reserved',
    '    22  02                           source  service provider (2)',
    '    23  01                           reason  unrecognized PDU (1)',
  ]);
});

test('says what is wrong where it is', () => {
  expect(
    renderAnnotation(annotate(hex('07 00 00000009')))
      .split('\n')
      .at(-1),
  ).toBe('     6                               undecoded  pduLength: 9, expected 4 (offset 2, PS3.8 9.3.8)');
});

test('cuts long values short', () => {
  const text = renderAnnotation(annotate(hex(associate(0x01, uidItem(0x10, '1.2345678'.repeat(1000))))));
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(200);
  expect(text).toContain('31 2e 32 33 34 35 36 37 …');
});

test('lets no control character of a peer through', () => {
  const text = renderAnnotation(annotate(hex(associate(0x01, uidItem(0x10, '\x1b]0;\x07\x9b2J\r\n')))));
  expect(text).not.toMatch(/[^\n -~\xa0-\xff…]/);
});

describe('credentials', () => {
  const request = hex(associate(0x01, item(0x50, item(0x58, `02 01 0005${ascii('alice')} 0006${ascii('secret')}`))));
  const hexOf = (text: string) => ascii(text).match(/../g)?.join(' ') ?? '';

  test('are not shown', () => {
    const text = renderAnnotation(annotate(request));
    expect(text).toContain('username and passcode (2)');
    expect(text).toContain('secondaryField  6 bytes');
    expect(text).not.toContain(hexOf('alice'));
    expect(text).not.toContain(hexOf('secret'));
  });

  test('are shown to who asks for them', () => {
    const text = renderAnnotation(annotate(request), { showCredentials: true });
    expect(text).toContain(hexOf('alice'));
    expect(text).toContain(hexOf('secret'));
  });
});

test('of nothing nothing is written', () => {
  expect(renderAnnotation([])).toBe('');
});
