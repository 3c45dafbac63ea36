/** Verification, storage, retrieval and move, as operations of the simulation. */
import { expect } from 'vitest';
import {
  createPeers,
  get,
  move,
  type RetrieveOutcome,
  type RetrieveProgress,
  type Service,
  ServiceError,
  storage,
  verification,
} from '../../src/index.js';
import { makeInstance } from '../objects.js';
import { oneOf } from './random.js';
import type { Play, World } from './world.js';

const total = 8;

/** C-ECHO, several at once. */
export function verify(): Play {
  return {
    services: [],
    async run(client, { signal }) {
      return failuresOf(
        await Promise.allSettled([client.verify({ signal }), client.verify(), client.verify({ signal })]),
      );
    },
  };
}

/** Clients by AE title, over pools. */
export function pools({ peer, random }: World): Play {
  const maximumAssociations = 1 + random(3);
  const idleTimeoutMs = oneOf(random, [5000, undefined]);
  const known = (aeTitle: string) => ({ ...peer(aeTitle), maximumAssociations, idleTimeoutMs });
  return {
    services: [],
    others: { OTHER: [verification()] },
    async run(_client, { signal }) {
      const peers = createPeers({ ARCHIVE: known('ARCHIVE'), OTHER: known('OTHER') }, { callingAeTitle: 'USER' });
      const [archive, other] = await Promise.all([peers.client('ARCHIVE'), peers.client('OTHER')]);
      const calls = [archive, other, archive, archive, other].map((client) => client.verify({ signal }));
      const first = failuresOf(await Promise.allSettled(calls));
      // A pool that lost associations goes on over others.
      const second = failuresOf(await Promise.allSettled([other.verify(), archive.verify()]));
      await peers.release();
      return [...first, ...second];
    },
  };
}

/** C-STORE of several objects. */
export function store(world: World): Play {
  const { random } = world;
  const kept = new Set<string>();
  const options = { parallel: 1 + random(3), retry: random(3) };
  return {
    services: [keeps(world, kept)],
    // Where associations are few, lanes try one after another.
    attempts: (1 + options.retry) * options.parallel,
    async run(client, { round, signal }) {
      const objects = instances(`1.${round}`);
      const finished: number[] = [];
      const { results, counts, sentBytes, isComplete } = await client.store(objects, {
        ...options,
        signal,
        onProgress: (progress) => finished.push(progress.finished),
      });
      expect(results.map(({ sopInstanceUid }) => sopInstanceUid).sort()).toEqual(objects.map(uidOf).sort());
      expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(total);
      expect(sentBytes).toBe(results.reduce((sum, result) => sum + result.sentBytes, 0));
      expect(finished).toEqual([...finished].sort((one, other) => one - other));
      expect(finished.at(-1)).toBe(total);
      expect(isComplete).toBe(counts.stored === total);
      for (const { outcome, sopInstanceUid = '', reason } of results) {
        if (outcome === 'stored') expect(kept).toContain(sopInstanceUid);
        else expect(reason).toBeDefined();
      }
      return results.filter(({ outcome }) => outcome !== 'stored').map(({ error }) => error);
    },
  };
}

/** C-GET. */
export function retrieve(world: World): Play {
  const source = { instances: () => instances('1.2') };
  const takes = oneOf(world.random, [total, total, total, 3]);
  return {
    services: [get({ source })],
    async run(client, { signal }) {
      const received = new Set<string>();
      const steps: RetrieveProgress[] = [];
      const retrieval = client.retrieve(study, { signal, onProgress: (step) => steps.push(step) });
      try {
        for await (const { sopInstanceUid, dataSet } of retrieval) {
          await dataSet.bytes();
          await world.work();
          received.add(sopInstanceUid);
          if (received.size === takes && takes < total) return [];
        }
        expect(retrieval.summary).toBeDefined();
        if (retrieval.summary !== undefined) expectOutcome(retrieval.summary, received);
        return retrieval.summary?.isComplete === true ? [] : [notComplete()];
      } catch (error) {
        expectOutcomeOf(error, received);
        return [error];
      } finally {
        expectTrue(steps);
      }
    },
  };
}

/** C-MOVE to somebody else. */
export function moveAll(world: World): Play {
  const { random, peer } = world;
  const moved = new Set<string>();
  const parallel = 1 + random(2);
  const idleTimeoutMs = oneOf(random, [undefined, 20_000]);
  const source = { instances: () => instances('1.2') };
  return {
    services: [
      move({
        source,
        peers: () => ({ ...peer('DEST', 'ARCHIVE'), parallel, idleTimeoutMs }),
        reassuranceIntervalMs: 10_000,
      }),
    ],
    others: { DEST: [keeps(world, moved)] },
    async run(client, { signal }) {
      const steps: RetrieveProgress[] = [];
      try {
        const options = { signal, timeoutMs: 60_000, onProgress: (step: RetrieveProgress) => steps.push(step) };
        const summary = await client.move('DEST', study, options);
        expectOutcome(summary, moved);
        return summary.isComplete ? [] : [notComplete()];
      } catch (error) {
        expectOutcomeOf(error, moved);
        return [error];
      } finally {
        expectTrue(steps);
      }
    },
  };
}

const study = { StudyInstanceUID: '1.2.3' };

function instances(prefix: string) {
  return Array.from({ length: total }, (_each, index) =>
    makeInstance(`${prefix}.${index + 1}`, { pixelBytes: index === 2 ? 20_000 : 600 }),
  );
}

function keeps(world: World, kept: Set<string>): Service {
  return storage({
    async store({ sopInstanceUid, dataSet }) {
      await dataSet.bytes();
      await world.work();
      kept.add(sopInstanceUid);
    },
  });
}

function uidOf({ sopInstanceUid }: { readonly sopInstanceUid: string }): string {
  return sopInstanceUid;
}

function failuresOf(settled: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
  return settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
}

/** The peer says in its summary that some did not arrive: that is an answer. */
function notComplete(): Error {
  return new ServiceError('refused', 'Not all instances arrived');
}

function expectOutcomeOf(error: unknown, arrived: ReadonlySet<string>): void {
  if (error instanceof ServiceError && error.retrieval !== undefined) expectOutcome(error.retrieval, arrived);
}

/** What is said to be there is there; what failed is named. */
function expectOutcome(outcome: RetrieveOutcome, arrived: ReadonlySet<string>): void {
  const { remaining = 0, completed = 0, failed = 0, warning = 0, failedSopInstanceUids } = outcome;
  expect(remaining + completed + failed + warning).toBe(total);
  expect(completed).toBeLessThanOrEqual(arrived.size);
  expect(failedSopInstanceUids).toHaveLength(failed);
}

function expectTrue(steps: readonly RetrieveProgress[]): void {
  let last = 0;
  for (const { remaining = 0, completed = 0, failed = 0, warning = 0 } of steps) {
    expect(remaining + completed + failed + warning).toBe(total);
    expect(completed + failed + warning).toBeGreaterThanOrEqual(last);
    last = completed + failed + warning;
  }
}
