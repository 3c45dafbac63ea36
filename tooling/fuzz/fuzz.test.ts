import { describe, expect, test } from 'vitest';
import { commandStructure, dataSetStructure } from './dataset/structure.ts';
import { fuzz } from './fuzz.ts';
import type { Structure } from './part.ts';
import { pduStructure } from './pdu/structure.ts';
import { pduTarget } from './pdu/target.ts';
import { Random } from './random.ts';
import { TARGETS } from './targets.ts';

// FUZZ_SEED tries the same inputs again.
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff);

/** Twenty seconds in all: what has the most code has the most time. */
const SECONDS: Readonly<Record<string, number>> = { pdu: 7, command: 3, dataset: 10 };

const STRUCTURES: Readonly<Record<string, Structure>> = {
  pdu: pduStructure,
  command: commandStructure,
  dataset: dataSetStructure,
};

describe.each(TARGETS)('$name', (target) => {
  const corpus = target.readCorpus();
  const seconds = SECONDS[target.name] ?? 0;

  test(`${seconds} seconds of mutations: every claim holds, in bounded memory`, async () => {
    const { failure, executions, kept, blocks, peakBytes } = await fuzz({ target, seconds, seed });
    console.log(`${target.name}, FUZZ_SEED=${seed}: ${executions} inputs, ${kept} kept, ${blocks} blocks reached`);
    const input = failure && Buffer.from(failure.input).toString('hex');
    expect(failure, `FUZZ_SEED=${seed}, input ${input}`).toBeUndefined();
    expect(executions).toBeGreaterThan(corpus.length);
    expect(peakBytes).toBeLessThan(512 * 1024 * 1024);
  });

  test('the corpus is there, and holds to every claim', () => {
    expect(corpus.length).toBeGreaterThan(20);
    for (const bytes of corpus) target.testClaims(bytes);
  });

  test('the corpus is put together again from its structure, byte for byte, lengths repaired or not', () => {
    const structure = STRUCTURES[target.name];
    for (const bytes of corpus) {
      expect(structure?.bytesOf(structure.structureOf(bytes), false)).toEqual(bytes);
      expect(structure?.bytesOf(structure.structureOf(bytes), true)).toEqual(bytes);
    }
  });

  test('a seed gives the same mutations again', () => {
    const made = () => {
      const random = new Random(7);
      return Array.from({ length: 50 }, () => target.mutate(random.pick(corpus), corpus, random));
    };
    expect(made()).toEqual(made());
  });
});

test('claims are tested: an error that is no PduError is not let pass', () => {
  const broken = new Proxy(new Uint8Array(10), {
    get(target, property) {
      if (property === '0') throw new TypeError('of the codec');
      return Reflect.get(target, property, target);
    },
  });
  expect(() => pduTarget.testClaims(broken)).toThrow('of the codec');
});
