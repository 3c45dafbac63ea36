import { describe, expect, test } from 'vitest';
import { testClaims } from './claims.ts';
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import { bytesOf, structureOf } from './structure.ts';

// FUZZ_SEED tries the same inputs again.
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff);

test('twenty seconds of mutated PDUs: every claim holds, in bounded memory', async () => {
  const { failure, executions, kept, blocks, peakBytes } = await fuzz({ seconds: 20, seed });
  console.log(`FUZZ_SEED=${seed}: ${executions} inputs, ${kept} kept, ${blocks} blocks reached`);
  const input = failure && Buffer.from(failure.input).toString('hex');
  expect(failure, `FUZZ_SEED=${seed}, input ${input}`).toBeUndefined();
  expect(executions).toBeGreaterThan(readCorpus().length);
  expect(peakBytes).toBeLessThan(512 * 1024 * 1024);
});

describe('the corpus', () => {
  const corpus = readCorpus();

  test('is there', () => {
    expect(corpus.length).toBeGreaterThan(40);
  });

  test('is put together again from its structure, byte for byte, lengths repaired or not', () => {
    for (const bytes of corpus) {
      expect(bytesOf(structureOf(bytes), false)).toEqual(bytes);
      expect(bytesOf(structureOf(bytes), true)).toEqual(bytes);
    }
  });
});

test('a seed gives the same mutations again', () => {
  const corpus = readCorpus();
  const made = () => {
    const random = new Random(7);
    return Array.from({ length: 50 }, () => mutate(random.pick(corpus), corpus, random));
  };
  expect(made()).toEqual(made());
});

test('claims are tested: an error that is no PduError is not let pass', () => {
  const broken = new Proxy(new Uint8Array(10), {
    get(target, property) {
      if (property === '0') throw new TypeError('of the codec');
      return Reflect.get(target, property, target);
    },
  });
  expect(() => testClaims(broken)).toThrow('of the codec');
});
