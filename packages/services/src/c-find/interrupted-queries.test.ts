/**
 * Peers that vanish in the middle of a query, each side, each way, at any match: what waits fails with the reason, sources are left, nothing is stuck, and
 * the client goes on over another association. `FUZZ_SEED` replays a run.
 */
import { connectSession, DataSet } from '@dicomwire/dimse';
import { SopClass } from '@dicomwire/dimse/dataset';
import { settle } from '@dicomwire/dimse/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { connect, find, type QuerySource } from '../index.js';

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff);
const studyRoot = SopClass.StudyRootQueryRetrieveInformationModelFind;

const scenario = fc.record({
  /** Matches before it happens. */
  after: fc.nat({ max: 40 }),
  /** Matches that there are; a source that hangs yields no more. */
  count: fc.nat({ max: 60 }),
  kind: fc.constantFrom('iterable', 'generator', 'async', 'hanging'),
  /** Entities between two matches that do not match. */
  misses: fc.constantFrom(0, 0, 1, 250),
  reads: fc.boolean(),
});

/** A source that counts who is still at work in it. */
function watchedSource({ count, kind, misses }: { count: number; kind: string; misses: number }) {
  let running = 0;
  const signals: AbortSignal[] = [];
  function* entities(): Generator<DataSet> {
    for (let at = 0; at < count; at += 1) {
      for (let miss = 0; miss < misses; miss += 1) yield DataSet.from({ PatientName: 'ROE' });
      yield DataSet.from({ StudyInstanceUID: `1.2.${at}`, PatientName: 'DOE' });
    }
  }
  const source: QuerySource['find'] = (_query, { signal }) => {
    signals.push(signal);
    if (kind === 'iterable') return [...entities()];
    if (kind === 'generator') {
      return (function* () {
        running += 1;
        try {
          yield* entities();
        } finally {
          running -= 1;
        }
      })();
    }
    return (async function* () {
      running += 1;
      try {
        yield* entities();
        // A database that answers nothing but notices that it is no longer wanted.
        if (kind === 'hanging') {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        }
      } finally {
        running -= 1;
      }
    })();
  };
  return {
    source,
    signals,
    get running() {
      return running;
    },
  };
}

async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await settle();
}

const ways = ['abort', 'reset', 'release', 'silence'] as const;

test.each(ways)(`a provider hears of a user's %s (FUZZ_SEED=${seed})`, async (way) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const watched = watchedSource(given);
      const { peer, clock, transports } = memoryLine({ services: [find({ source: watched.source })] });
      const session = await connectSession({
        transport: peer.openTransport?.(),
        clock,
        calledAeTitle: 'ARCHIVE',
        callingAeTitle: 'RAW',
        presentationContexts: [{ abstractSyntax: studyRoot, transferSyntaxes: ['1.2.840.10008.1.2'] }],
      });
      const responses = session.requestMany(
        { type: 'C-FIND-RQ', affectedSopClassUid: studyRoot, priority: 0 },
        {
          dataSet: DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: null, PatientName: 'DOE' }),
          timeoutMs: 0,
        },
      );
      const [user] = transports.at(-1) ?? [];
      let hasVanished = false;
      const vanish = () => {
        if (hasVanished) return;
        hasVanished = true;
        if (way === 'abort') session.abort();
        if (way === 'reset') user?.reset();
        if (way === 'release') void session.association.release({ timeoutMs: 1000 });
        // It reads nothing any more.
        if (way === 'silence') user?.pause();
      };
      // Whoever asks for the next one hears of the end.
      const end = (async () => {
        for (let taken = 0; given.reads || taken < given.after; taken += 1) {
          const { done } = await responses.next();
          if (done === true) return;
          if (taken === given.after) vanish();
        }
        vanish();
      })().catch(() => undefined);
      await manyTurns();
      vanish();
      for (let minute = 0; minute < 30; minute += 1) await clock.advance(60_000);
      await manyTurns();
      session.abort();
      await clock.advance(60_000);
      await manyTurns();
      await end;
      expect(watched.running).toBe(0);
      expect(clock.pendingTimers).toBe(0);
    }),
    { seed, numRuns: 25 },
  );
});

test.each(ways)(`a user hears of a provider's %s (FUZZ_SEED=${seed})`, async (way) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const watched = watchedSource(given);
      const { peer, clock, transports } = memoryLine({ services: [find({ source: watched.source })] });
      const client = await connect({ ...peer, services: [], responseTimeoutMs: 30_000 });
      const found = client.find('STUDY', { PatientName: 'DOE' });
      const vanish = () => {
        const [, provider] = transports.at(0) ?? [];
        if (way === 'reset') provider?.reset();
        // Nothing that it writes goes out any more.
        else if (way === 'silence') provider?.cork();
        else provider?.end();
      };
      let taken = 0;
      const end = (async () => {
        for await (const _match of found) {
          taken += 1;
          if (taken === given.after) vanish();
        }
      })().catch((error: unknown) => error);
      await manyTurns();
      for (let minute = 0; minute < 15; minute += 1) await clock.advance(60_000);
      await manyTurns();
      const error = await end;
      // Either everything came before, or it is known that it did not.
      if (error === undefined) expect(found.isComplete || taken >= given.count).toBe(true);
      else expect(error).toBeInstanceOf(Error);
      if (given.count > 0) {
        expect(await client.find('STUDY', { PatientName: 'DOE' }, { limit: 1 }).toArray()).toHaveLength(1);
      }
      await client.release();
      await manyTurns();
      expect(watched.running).toBe(0);
    }),
    { seed, numRuns: 25 },
  );
});
