import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StatusError } from '@dicomwire/dimse';
import { MemoryTransport, settle } from '@dicomwire/dimse/testing';
import { expect, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { makeDirectory, makeFile, makeInstance } from '../../test/objects.js';
import {
  type PeerOptions,
  type ReceivedInstance,
  type ScpOptions,
  type StoreProgress,
  storage,
  storeInstances,
} from '../index.js';

const many = (count: number) => Array.from({ length: count }, (_, index) => makeInstance(`1.2.${index + 1}`));

/** A peer that does with instances what the test says, and notes what it kept. */
function start(
  store: (instance: ReceivedInstance, break_: () => void) => Promise<void>,
  options: Partial<ScpOptions> = {},
) {
  const kept: string[] = [];
  const line = memoryLine({
    services: [
      storage({
        async store(instance) {
          // The association that was opened last.
          await store(instance, () => line.transports.at(-1)?.[1].reset());
          kept.push(instance.sopInstanceUid);
        },
      }),
    ],
    ...options,
  });
  return { ...line, kept };
}

function openOf({ openTransport }: PeerOptions) {
  if (openTransport === undefined) throw new Error('The peer is in memory');
  return openTransport();
}

const inOrder = (peer: PeerOptions) => ({ ...peer, maximumOperations: 1 });

test('goes on over a new association when the peer breaks off at one object', async () => {
  const { peer, kept } = start(async ({ sopInstanceUid }, breakOff) => {
    if (['1.2.3', '1.2.4', '1.2.9'].includes(sopInstanceUid)) {
      breakOff();
      throw new Error('I broke');
    }
  });
  const summary = await storeInstances(inOrder(peer), many(10));
  expect(summary.counts).toMatchObject({ stored: 7, failed: 3, 'not-sent': 0 });
  expect(
    summary.results.filter(({ outcome }) => outcome === 'failed').map(({ sopInstanceUid }) => sopInstanceUid),
  ).toEqual(['1.2.3', '1.2.4', '1.2.9']);
  expect(summary.associations).toBe(4);
  expect(kept).toHaveLength(7);
});

test('of several objects on their way when the peer broke off, only the one that it can not bear has failed', async () => {
  const { peer, kept } = start(
    async ({ sopInstanceUid, dataSet }, breakOff) => {
      await dataSet.discard();
      await settle();
      if (sopInstanceUid === '1.2.5') {
        breakOff();
        throw new Error('I broke');
      }
    },
    { maximumOperations: 4 },
  );
  const summary = await storeInstances({ ...peer, maximumOperations: 4 }, many(12));
  expect(summary.counts).toMatchObject({ stored: 11, failed: 1, 'not-sent': 0 });
  expect(summary.results.find(({ outcome }) => outcome === 'failed')).toMatchObject({
    sopInstanceUid: '1.2.5',
    reason: 'association-lost',
  });
  expect(new Set(kept).size).toBe(11);
});

test('gives up on a peer that breaks off again and again', async () => {
  let count = 0;
  const { peer } = start(async (_instance, breakOff) => {
    count += 1;
    breakOff();
    throw new Error('I broke');
  });
  const summary = await storeInstances(inOrder(peer), many(40));
  expect(count).toBe(10);
  expect(summary.counts).toMatchObject({ stored: 0, failed: 10, 'not-sent': 30 });
});

test('an object that is never answered costs its deadline; the others go over a new association', async () => {
  const { peer, clock } = start(async ({ sopInstanceUid }) => {
    if (sopInstanceUid === '1.2.4') await new Promise(() => undefined);
  });
  const storing = storeInstances(inOrder(peer), many(6));
  await clock.advance(60_000);
  const summary = await storing;
  expect(summary.counts).toMatchObject({ stored: 5, failed: 1 });
  expect(summary.results.find(({ outcome }) => outcome === 'failed')).toMatchObject({ reason: 'timeout' });
});

test('a stream that was read is not sent again: it has failed', async () => {
  const { peer } = start(
    async ({ dataSet }, breakOff) => {
      await dataSet.discard();
      breakOff();
      throw new Error('I broke');
    },
    { maximumOperations: 4 },
  );
  const streams = many(2).map(({ dataSet, ...instance }) => ({ ...instance, dataSet: { chunks: () => [dataSet] } }));
  const summary = await storeInstances({ ...peer, maximumOperations: 4 }, streams);
  expect(summary.counts).toMatchObject({ stored: 0, failed: 2 });
});

test('tries again what the peer had no room for, and waits longer each time', async () => {
  const seen: number[] = [];
  const { peer, clock } = start(async ({ sopInstanceUid }) => {
    if (sopInstanceUid !== '1.2.2') return;
    seen.push(clock.now());
    if (seen.length <= 3) throw new StatusError(0xa700, 'Full');
  });
  const progress: StoreProgress[] = [];
  const storing = storeInstances(inOrder(peer), many(3), {
    retry: { attempts: 5, firstDelayMs: 1000, maximumDelayMs: 2500 },
    onProgress: (step) => progress.push(step),
  });
  await clock.advance(60_000);
  const summary = await storing;
  expect(seen).toEqual([0, 1000, 3000, 5500]);
  expect(summary.counts).toMatchObject({ stored: 3, refused: 0 });
  expect(progress.map(({ finished }) => finished)).toEqual([1, 2, 3]);
  expect(progress.at(-1)).toMatchObject({ sentBytes: summary.sentBytes, totalBytes: summary.sentBytes });
});

test('reports what is still refused after the last attempt; what is refused for cause at once', async () => {
  let attempts = 0;
  const { peer, clock } = start(async ({ sopInstanceUid }) => {
    attempts += 1;
    throw new StatusError(sopInstanceUid === '1.2.1' ? 0xa701 : 0xa900);
  });
  const storing = storeInstances(inOrder(peer), many(2), { retry: 2 });
  await clock.advance(60_000);
  expect((await storing).results).toMatchObject([
    { sopInstanceUid: '1.2.2', outcome: 'refused', status: 0xa900 },
    { sopInstanceUid: '1.2.1', outcome: 'refused', status: 0xa701 },
  ]);
  expect(attempts).toBe(1 + 3);
});

test('waits for a peer that can not be reached', async () => {
  const { peer, clock, kept } = start(async () => undefined);
  let tries = 0;
  const openTransport = () => {
    tries += 1;
    if (tries < 3) throw new Error('Nobody there');
    return openOf(peer);
  };
  const storing = storeInstances({ ...inOrder(peer), openTransport }, many(2), { retry: 3 });
  await clock.advance(60_000);
  expect((await storing).counts).toMatchObject({ stored: 2 });
  expect(kept).toHaveLength(2);
});

test('a signal ends the wait for another attempt; what was to be sent again is reported as it was', async () => {
  const { peer, clock } = start(async () => {
    throw new StatusError(0xa700);
  });
  const stop = new AbortController();
  const storing = storeInstances(inOrder(peer), many(2), { retry: 3, signal: stop.signal });
  await clock.advance(500);
  stop.abort(new Error('Enough'));
  expect((await storing).results).toMatchObject([
    { outcome: 'refused', status: 0xa700 },
    { outcome: 'refused', status: 0xa700 },
  ]);
});

test('spreads objects over associations', async () => {
  const byAssociation = new Map<number, number>();
  const { peer, transports } = start(async ({ association }) => {
    byAssociation.set(association.id, (byAssociation.get(association.id) ?? 0) + 1);
    await settle();
  });
  const summary = await storeInstances(inOrder(peer), many(40), { parallel: 4 });
  expect(summary).toMatchObject({ associations: 4, counts: { stored: 40 } });
  expect(transports).toHaveLength(4);
  expect([...byAssociation.values()].every((count) => count >= 5)).toBe(true);
});

test('opens no more associations than there are objects', async () => {
  const { peer, transports } = start(async () => undefined);
  await storeInstances(inOrder(peer), many(2), { parallel: 8 });
  expect(transports).toHaveLength(2);
});

test('a peer that takes one association at a time gets everything over that one', async () => {
  const { peer, kept } = start(async () => settle(), { maximumAssociations: 1 });
  const summary = await storeInstances(inOrder(peer), many(10), { parallel: 4 });
  expect(summary).toMatchObject({ associations: 1, counts: { stored: 10 } });
  expect(kept).toHaveLength(10);
});

test('a peer that lets further associations wait gets everything over the first', async () => {
  const { peer } = start(async () => settle());
  let opened = 0;
  const openTransport = () => {
    opened += 1;
    // Connected, and nobody accepts.
    if (opened > 1) return MemoryTransport.pair()[0];
    return openOf(peer);
  };
  const summary = await storeInstances({ ...inOrder(peer), openTransport }, many(10), { parallel: 3 });
  expect(summary).toMatchObject({ associations: 1, counts: { stored: 10 } });
});

test('parallel is a number of associations', async () => {
  const { peer } = start(async () => undefined);
  await expect(storeInstances(peer, many(1), { parallel: 0 })).rejects.toMatchObject({ code: 'invalid-option' });
});

test('sends only what an earlier run did not store', async () => {
  let isFull = true;
  const { peer, kept } = start(async ({ sopInstanceUid }) => {
    if (isFull && sopInstanceUid === '1.2.2') throw new StatusError(0xa700);
  });
  const first = await storeInstances(inOrder(peer), many(3));
  isFull = false;
  const second = await storeInstances(inOrder(peer), many(4), { resume: first });
  expect(second.results.map(({ sopInstanceUid, outcome }) => [sopInstanceUid, outcome])).toEqual([
    ['1.2.1', 'already-stored'],
    ['1.2.3', 'already-stored'],
    ['1.2.2', 'stored'],
    ['1.2.4', 'stored'],
  ]);
  expect(second.isComplete).toBe(true);
  expect(kept).toEqual(['1.2.1', '1.2.3', '1.2.2', '1.2.4']);
  const third = await storeInstances(inOrder(peer), many(4), { resume: second });
  expect(third).toMatchObject({ associations: 0, isComplete: true, counts: { 'already-stored': 4 } });
});

test('asks whoever knows what is stored', async () => {
  const { peer, kept } = start(async () => undefined);
  const progress: StoreProgress[] = [];
  await storeInstances(inOrder(peer), many(3), {
    isStored: async ({ sopInstanceUid }) => sopInstanceUid === '1.2.2',
    onProgress: (step) => progress.push(step),
  });
  expect(kept).toEqual(['1.2.1', '1.2.3']);
  expect(progress.at(-1)).toMatchObject({ total: 3, finished: 3 });
});

test('keeps a report from which a later run goes on, even if the first was killed in the middle of a line', async () => {
  const directory = makeDirectory();
  const report = join(directory, 'report.jsonl');
  const paths = ['1.2.1', '1.2.2', '1.2.3'].map((uid) => {
    const path = join(directory, `${uid}.dcm`);
    writeFileSync(path, makeFile(uid));
    return path;
  });
  let isDown = true;
  const { peer, kept } = start(async ({ sopInstanceUid }) => {
    if (isDown && sopInstanceUid !== '1.2.1') throw new StatusError(0xa700, 'Full');
  });
  await storeInstances(inOrder(peer), paths, { report, resume: report });
  const lines = readFileSync(report, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { source: paths[0], sopInstanceUid: '1.2.1', outcome: 'stored' },
    { sopInstanceUid: '1.2.2', outcome: 'refused', status: 0xa700, comment: 'Full' },
    { sopInstanceUid: '1.2.3', outcome: 'refused' },
  ]);
  appendFileSync(report, '{"outcome":"stored","sopInstanceUid":"1.2.2');
  isDown = false;
  const again = await storeInstances(inOrder(peer), paths, { report, resume: report });
  expect(again.counts).toMatchObject({ 'already-stored': 1, stored: 2 });
  expect(kept).toEqual(['1.2.1', '1.2.2', '1.2.3']);
  expect((await storeInstances(inOrder(peer), paths, { resume: report })).counts).toMatchObject({
    'already-stored': 3,
  });
});

test('a report that can not be written rejects the call before anything is sent', async () => {
  const { peer, kept } = start(async () => undefined);
  const report = join(makeDirectory(), 'nowhere', 'report.jsonl');
  await expect(storeInstances(peer, many(1), { report })).rejects.toMatchObject({ code: 'ENOENT' });
  expect(kept).toEqual([]);
  expect(existsSync(report)).toBe(false);
});

test.each([0, 2])(
  'a peer that goes away for good: results say what happened first as well, after %i retries',
  async (retry) => {
    const { peer, clock } = start(async (_instance, breakOff) => {
      breakOff();
      throw new Error('I broke');
    });
    let opened = 0;
    const openTransport = () => {
      opened += 1;
      if (opened === 1) return openOf(peer);
      const [ours] = MemoryTransport.pair();
      process.nextTick(() => ours.destroy(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })));
      return ours;
    };
    const stored = storeInstances(inOrder({ ...peer, openTransport }), many(3), { retry });
    for (let minute = 0; minute < 5; minute += 1) await clock.advance(60_000);
    const { results } = await stored;
    const last = results.filter(({ reason }) => reason === 'association-failed');
    expect(last.length).toBeGreaterThanOrEqual(2);
    for (const { error } of last) {
      expect(error).toMatchObject({ code: 'not-reconnected', earlier: expect.any(Error), cause: expect.any(Error) });
      expect(error?.message).toMatch(/ECONNREFUSED.*before that: .*ECONNRESET/);
    }
  },
);
