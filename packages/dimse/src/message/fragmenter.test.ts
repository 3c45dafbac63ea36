import { describe, expect, it } from 'vitest';
import { DimseError } from '../errors.js';
import { Fragmenter } from './fragmenter.js';

/** Everything that goes through a fragmenter when its chunks have these lengths. */
function fragmentsOf(
  lengths: readonly number[],
  maximum: number,
  declared: number | undefined,
  copiesHeld = false,
): { readonly fragments: Uint8Array[]; readonly isLast: boolean[]; readonly chunks: Uint8Array[] } {
  const fragmenter = new Fragmenter(maximum, declared, copiesHeld);
  const fragments: Uint8Array[] = [];
  const isLast: boolean[] = [];
  const drain = () => {
    for (let next = fragmenter.take(); next !== undefined; next = fragmenter.take()) {
      fragments.push(next);
      isLast.push(fragmenter.isLast);
    }
  };
  let byte = 0;
  const chunks = lengths.map((length) => Uint8Array.from({ length }, () => byte++ % 251));
  for (const chunk of chunks) {
    fragmenter.add(chunk);
    drain();
  }
  fragmenter.finish();
  drain();
  return { fragments, isLast, chunks };
}

const CHUNKS: readonly (readonly number[])[] = [
  [],
  [0],
  [1],
  [2],
  [3, 3],
  [1, 1, 1, 1, 1],
  [4095, 4097],
  [5001, 5001, 5001],
  [5001, 1, 5000, 3],
  [10, 100_000, 7, 8192, 8192, 0, 1],
  [65536, 65536],
  [65537, 65537],
  [200_001],
  Array.from({ length: 300 }, () => 999),
];
const MAXIMA = [6, 100, 16_378, 131_066];
const CASES = CHUNKS.flatMap((lengths) => MAXIMA.map((maximum) => ({ lengths, maximum })));

describe.each([
  ['known', true, false],
  ['unknown', false, false],
  ['unknown, from memory that is used again', false, true],
])('a data set of %s length', (_name, isKnown, copiesHeld) => {
  it.each(CASES)(
    'in chunks of $lengths goes out whole and even, at most $maximum at a time',
    ({ lengths, maximum }) => {
      const total = lengths.reduce((sum, length) => sum + length, 0);
      const { fragments, isLast, chunks } = fragmentsOf(lengths, maximum, isKnown ? total : undefined, copiesHeld);
      const expected = Buffer.concat([...chunks, Buffer.alloc(total % 2)]);
      expect(Buffer.concat(fragments).equals(expected)).toBe(true);
      expect(fragments.every((fragment) => fragment.length % 2 === 0 && fragment.length <= maximum)).toBe(true);
      expect(isLast.indexOf(true)).toBe(fragments.length - 1);
      expect(fragments.slice(0, -1).every((fragment) => fragment.length > 0)).toBe(true);
    },
  );
});

describe('a fragmenter', () => {
  it('cuts views, not copies, from a data set given as one array', () => {
    const { fragments, chunks } = fragmentsOf([100_000], 16_378, 100_000);
    expect(fragments.every((fragment) => fragment.buffer === chunks[0]?.buffer)).toBe(true);
  });

  it('gathers small chunks into few fragments', () => {
    const { fragments } = fragmentsOf(
      Array.from({ length: 1000 }, () => 100),
      131_066,
      100_000,
    );
    expect(fragments.length).toBe(2);
  });

  it('marks the last fragment without looking ahead when the length is known', () => {
    const fragmenter = new Fragmenter(100_000, 8192);
    fragmenter.add(new Uint8Array(8192));
    expect(fragmenter.take()?.length).toBe(8192);
    expect(fragmenter.isLast).toBe(true);
  });

  it('copies what it holds back when the memory is used again', () => {
    const fragmenter = new Fragmenter(100_000, undefined, true);
    const chunk = new Uint8Array(8192).fill(1);
    fragmenter.add(chunk);
    expect(fragmenter.take()).toBeUndefined();
    chunk.fill(2);
    fragmenter.finish();
    expect(fragmenter.take()?.[0]).toBe(1);
  });

  it('refuses more than was declared before the last fragment is made of it', () => {
    const fragmenter = new Fragmenter(100_000, 10_000);
    fragmenter.add(new Uint8Array(8192));
    fragmenter.take();
    expect(() => fragmenter.add(new Uint8Array(8192))).toThrow(DimseError);
  });

  it('refuses less than was declared', () => {
    const fragmenter = new Fragmenter(100_000, 10_000);
    fragmenter.add(new Uint8Array(8192));
    fragmenter.take();
    expect(() => fragmenter.finish()).toThrow('ended after 8192 of the 10000 bytes');
  });
});
