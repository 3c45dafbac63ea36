import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { makeInstance } from '../../test/objects.js';
import { sourceOf } from '../../test/retrieving.js';
import {
  connect,
  type MoveOptions,
  move,
  type RetrieveProgress,
  type StorageOptions,
  storage,
  verification,
} from '../index.js';

const many = Array.from({ length: 100 }, (_, index) => makeInstance(`1.2.${index + 1}`));
const study = { StudyInstanceUID: '1.2.3' };

/** A client of an archive that may move to DEST. */
async function open(store: StorageOptions['store'], options: Partial<MoveOptions> = {}, maximumOperations = 1) {
  const destination = memoryLine({ aeTitle: 'DEST', services: [storage({ store })] });
  const DEST = { ...destination.peer, calledAeTitle: 'DEST', maximumOperations };
  const services = [move({ source: sourceOf(many), peers: { DEST }, ...options }), verification()];
  const archive = memoryLine({ services }, destination.clock);
  const client = await connect(archive.peer);
  onTestFinished(() => client.abort());
  return { client, destination, archive };
}

test('resolves with the counters, and tells them on the way', async () => {
  const { client } = await open(async () => undefined);
  const steps: RetrieveProgress[] = [];
  const summary = await client.move('DEST', study, { onProgress: (step) => steps.push(step) });
  expect(summary).toMatchObject({ status: 0, completed: 100, failed: 0, warning: 0, isComplete: true });
  expect(steps[0]).toEqual({ remaining: 100, completed: 0, failed: 0, warning: 0 });
  for (const { remaining = 0, completed = 0, failed = 0, warning = 0 } of steps) {
    expect(remaining + completed + failed + warning).toBe(100);
  }
});

test('resolves with what failed', async () => {
  const { client } = await open(async ({ sopInstanceUid }) => (sopInstanceUid.endsWith('7') ? 0xc000 : undefined));
  const summary = await client.move('DEST', study);
  expect(summary).toMatchObject({ status: 0xb000, completed: 90, failed: 10, isComplete: false });
  expect(summary.failedSopInstanceUids).toHaveLength(10);
});

test('rejects when everything failed', async () => {
  const { client } = await open(async () => 0xa700);
  await expect(client.move('DEST', study)).rejects.toMatchObject({
    code: 'refused',
    status: 0xa702,
    retrieval: { failed: 100 },
  });
});

test('rejects when the destination is not known', async () => {
  const { client } = await open(async () => undefined);
  await expect(client.move('NOBODY', study)).rejects.toMatchObject({ code: 'refused', status: 0xa801 });
});

test('a signal cancels: within one further instance, and the counters tell what was moved', async () => {
  const stop = new AbortController();
  let stored = 0;
  const { client } = await open(async () => {
    stored += 1;
    if (stored === 3) stop.abort(new Error('Enough'));
  });
  const summary = await client.move('DEST', study, { signal: stop.signal });
  expect(summary).toMatchObject({ status: 0xfe00, category: 'Cancel', isComplete: false });
  expect(stored).toBeLessThanOrEqual(5);
  expect((summary.remaining ?? 0) + (summary.completed ?? 0)).toBe(100);
  expect(summary.completed).toBe(stored);
  await client.verify();
});

test('while one large instance is on its way, the requestor is told now and then that all is well', async () => {
  let answer: () => void = () => undefined;
  const busy = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { client, destination } = await open(() => busy);
  const steps: RetrieveProgress[] = [];
  const moved = client.move('DEST', study, { timeoutMs: 30_000, onProgress: (step) => steps.push(step) });
  await destination.clock.advance(59_000);
  expect(steps.length).toBeGreaterThanOrEqual(5);
  answer();
  expect((await moved).isComplete).toBe(true);
});

test('a destination that never answers costs its deadline and no more', async () => {
  const { client, destination } = await open(() => new Promise(() => undefined));
  const moved = client.move('DEST', study).catch((error: unknown) => error);
  await destination.clock.advance(60_000);
  expect(await moved).toMatchObject({ status: 0xa702, retrieval: { failed: 100 } });
});

test('several moves share the associations with a destination', async () => {
  const { client, destination } = await open(async () => undefined);
  const summaries = await Promise.all([1, 2, 3, 4, 5, 6].map(() => client.move('DEST', study)));
  expect(summaries.map(({ completed }) => completed)).toEqual(Array(6).fill(100));
  expect(destination.transports.length).toBeLessThanOrEqual(4);
});
