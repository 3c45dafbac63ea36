import { type CommandSet, DimseError, decodeCommandSet, encodeCommandSet, MESSAGES } from '@dicomwire/dimse';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMAND_FIELDS, type CommandFieldName } from '../src/command/fields.js';
import { Fragmenter } from '../src/message/fragmenter.js';

// FUZZ_SEED replays a run; a failure prints its seed by itself.
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff);
const numRuns = Number(process.env.FUZZ_RUNS ?? 500);
fc.configureGlobal({ seed, numRuns });
console.log(`seed: FUZZ_SEED=${seed}`);

const number = fc.nat(0xffff);
const tags = fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 5 });
const word = fc.stringMatching(/^[A-Z0-9._-]([A-Z0-9 ._-]{0,14}[A-Z0-9._-])?$/);
const uid = fc.stringMatching(/^[0-9]([0-9.]{0,62}[0-9])?$/);

function value(name: CommandFieldName): fc.Arbitrary<unknown> {
  switch (COMMAND_FIELDS[name].vr) {
    case 'US':
      return number;
    case 'AT':
      return tags;
    case 'UI':
      return uid;
    default:
      return word;
  }
}

/** Any message of the table with values for its fields, as decode gives it. */
const commandSet: fc.Arbitrary<CommandSet> = fc.oneof(
  ...Object.entries(MESSAGES).map(([type, { required, optional }]) => {
    const fields = Object.fromEntries([...required, ...optional].map((name) => [name, value(name)]));
    const requiredKeys = [...required, ...optional.filter((name) => name === 'priority')];
    return fc
      .tuple(fc.record(fields, { requiredKeys }), fc.boolean())
      .map(([values, hasDataSet]): unknown => ({ ...values, type, hasDataSet }))
      .filter(isCommandSet);
  }),
);

const damaged = fc
  .tuple(commandSet, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat())
  .map(([command, changes, length]) => {
    const bytes = encodeCommandSet(command);
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes.subarray(0, bytes.length - (length % 10));
  });

test('decoding gives back the command set that was encoded', () => {
  fc.assert(
    fc.property(commandSet, (command) => {
      expect(decodeCommandSet(encodeCommandSet(command))).toEqual(command);
    }),
  );
});

test('no bytes make decode throw anything but DimseError', () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      try {
        const command = decodeCommandSet(bytes);
        encodeCommandSet(command);
      } catch (error) {
        expect(error).toBeInstanceOf(DimseError);
      }
    }),
  );
});

test('fragments of any chunks are even, within the maximum, and join to the whole', () => {
  const lengths = fc.array(fc.oneof(fc.nat(20), fc.nat(5000), fc.nat(40_000)), { maxLength: 12 });
  const maximum = fc.oneof(
    fc.constant(6),
    fc.nat(70_000).map((half) => 6 + 2 * half),
  );
  fc.assert(
    fc.property(lengths, maximum, fc.boolean(), fc.boolean(), (chunkLengths, limit, isKnown, isReused) => {
      const total = chunkLengths.reduce((sum, length) => sum + length, 0);
      const fragmenter = new Fragmenter(limit, isKnown ? total : undefined, isReused);
      const taken: Uint8Array[] = [];
      const drain = () => {
        for (let next = fragmenter.take(); next !== undefined; next = fragmenter.take())
          taken.push(new Uint8Array(next));
      };
      const shared = new Uint8Array(40_000);
      let sum = 0;
      const whole = Buffer.alloc(total + (total % 2));
      for (const length of chunkLengths) {
        const chunk = isReused ? shared.subarray(0, length) : new Uint8Array(length);
        for (let i = 0; i < length; i++) chunk[i] = (sum + i) % 251;
        whole.set(chunk, sum);
        sum += length;
        fragmenter.add(chunk);
        drain();
      }
      fragmenter.finish();
      drain();
      expect(Buffer.concat(taken).equals(whole)).toBe(true);
      expect(taken.every(({ length }) => length % 2 === 0 && length <= limit)).toBe(true);
      expect(fragmenter.isLast).toBe(true);
    }),
    { numRuns: Math.min(numRuns, 200) },
  );
});

function isCommandSet(given: unknown): given is CommandSet {
  return typeof given === 'object' && given !== null && 'type' in given;
}
