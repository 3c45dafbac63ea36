import { describe, expect, test } from 'vitest';
import { decode, encode } from '../src/index.js';
import { hex, toHex } from './hex.js';
import { asDecoded, PDU_TABLE } from './pdu-table.js';

describe.each(PDU_TABLE)('%s', (_name, pdu, digits) => {
  const bytes = hex(digits);

  test('is encoded', () => {
    expect(toHex(encode(pdu))).toBe(toHex(bytes));
  });

  test('is decoded, whatever follows it', () => {
    const expected = { pdu: asDecoded(pdu, bytes), byteLength: bytes.length };
    expect(decode(bytes)).toEqual(expected);
    expect(decode(hex(`${digits}ff0102`))).toEqual(expected);
  });

  test('is decoded from within a larger buffer', () => {
    const buffer = hex(`aabbcc${digits}dd`);
    expect(decode(buffer.subarray(3))?.pdu).toEqual(asDecoded(pdu, bytes));
  });

  test('is not there until its last byte is', () => {
    for (let length = 0; length < bytes.length; length++) expect(decode(bytes.subarray(0, length))).toBeUndefined();
  });
});

test('byte strings are views of what was decoded', () => {
  const bytes = hex('04 00 00000008 00000004 01 03 0102');
  const pdu = decode(bytes)?.pdu;
  expect(pdu?.type === 'P-DATA-TF' && pdu.values[0]?.data.buffer).toBe(bytes.buffer);
});
