import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PduTap } from './pdu-tap.js';

function shownBy(...chunks: readonly Uint8Array[]) {
  const shown: { length: number; isWhole: boolean }[] = [];
  const tap = new PduTap((bytes, isWhole) => shown.push({ length: bytes.length, isWhole }));
  for (const chunk of chunks) tap.push(chunk);
  tap.end();
  return shown;
}

function pdu(length: number): Uint8Array {
  const bytes = Buffer.alloc(6 + length, 7);
  bytes.writeUInt32BE(length, 2);
  return bytes;
}

describe('an observer of PDUs', () => {
  it('sees each one whole, however the stream is cut', () => {
    const lengths = fc.array(fc.nat(40), { maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.array(fc.nat(400), { maxLength: 12 }), (sizes, cuts) => {
        const stream = Buffer.concat(sizes.map(pdu));
        const ends = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => stream.subarray(ends[index - 1] ?? 0, end));
        expect(shownBy(...chunks)).toEqual(sizes.map((size) => ({ length: size + 6, isWhole: true })));
      }),
    );
  });

  it('sees what has begun, and the first megabyte of what is longer', () => {
    expect(shownBy(pdu(100).subarray(0, 50))).toEqual([{ length: 50, isWhole: false }]);
    expect(shownBy(pdu(0x200000), pdu(4))).toEqual([
      { length: 0x100000, isWhole: false },
      { length: 10, isWhole: true },
    ]);
    expect(shownBy(pdu(0xfffffff0 % 1000), Uint8Array.of(4, 0, 0xff, 0xff, 0xff, 0xff, 1))).toMatchObject([
      { isWhole: true },
      { length: 7, isWhole: false },
    ]);
  });
});
