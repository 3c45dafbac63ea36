/**
 * Peers that vanish in the middle of storing, retrieving and moving: whoever it is, and however, every call settles, the counters are true, and neither
 * association nor timer is left. `FUZZ_SEED` plays one scenario alone, `FUZZ_RUNS` asks for more.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Association, MESSAGE_CHANNEL } from '@dicomwire/dimse';
import { type MemoryTransport, settle, VirtualClock } from '@dicomwire/dimse/testing';
import { expect, test } from 'vitest';
import {
  type Client,
  connect,
  get,
  move,
  type RetrieveOutcome,
  type RetrieveProgress,
  type Service,
  ServiceError,
  storage,
} from '../src/index.js';
import { type MemoryLine, memoryLine } from './memory-line.js';
import { makeInstance } from './objects.js';

const total = 12;
const objects = Array.from({ length: total }, (_, index) => makeInstance(`1.2.${index + 1}`, { pixelBytes: 40_000 }));
const study = { StudyInstanceUID: '1.2.3' };

const operations = { store, retrieve, move: moveAll } as const;
const ways = ['release', 'abort', 'reset', 'fin', 'silence'] as const;

const { FUZZ_SEED, FUZZ_RUNS = '40' } = process.env;
const first = Number(FUZZ_SEED ?? 1);
const seeds = Array.from({ length: FUZZ_SEED === undefined ? Number(FUZZ_RUNS) : 1 }, (_, index) => first + index);

for (const name of Object.keys(operations) as (keyof typeof operations)[]) {
  test.each(ways)(`${name}: a peer that vanishes by %s leaves nothing stuck`, async (way) => {
    for (const seed of seeds) {
      try {
        await play(name, way, generator(seed));
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed}`, { cause: error });
      }
    }
  });
}

/** What takes part in a scenario. */
interface Stage {
  readonly clock: VirtualClock;
  readonly archive: MemoryLine;
  readonly destination: MemoryLine;
  readonly client: Client;
  /** SOP instance UIDs that were stored by the archive, and by the destination. */
  readonly archived: Set<string>;
  readonly moved: Set<string>;
  readonly random: (below: number) => number;
}

async function play(name: keyof typeof operations, way: (typeof ways)[number], random: Stage['random']): Promise<void> {
  const stage = await setStage(random);
  const { clock, archive, destination, client } = stage;
  let countdown = 1 + random(60);
  const onMessage = (event: unknown) => {
    countdown -= 1;
    if (countdown !== 0 || !isMessageEvent(event)) return;
    const connections = [...archive.transports, ...destination.transports];
    const connection = connections[random(connections.length)];
    vanish(way, event.association, connection?.[random(2)]);
  };
  subscribe(MESSAGE_CHANNEL, onMessage);
  try {
    await drive(clock, operations[name](stage));
  } finally {
    unsubscribe(MESSAGE_CHANNEL, onMessage);
  }
  await drive(clock, client.release());
  await drive(clock, Promise.all([archive.scp.close(), destination.scp.close()]));
  await clock.advance(120_000);
  expect([archive.scp.associations.size, destination.scp.associations.size]).toEqual([0, 0]);
  expect(clock.pendingTimers).toBe(0);
}

async function setStage(random: Stage['random']): Promise<Stage> {
  const clock = new VirtualClock();
  const archived = new Set<string>();
  const moved = new Set<string>();
  const maximumOperations = 1 + random(4);
  const keeps = (kept: Set<string>): Service =>
    storage({
      async store({ sopInstanceUid, dataSet }) {
        await dataSet.bytes();
        kept.add(sopInstanceUid);
      },
    });
  const destination = memoryLine({ aeTitle: 'DEST', services: [keeps(moved)], maximumOperations }, clock);
  const source = { instances: () => objects };
  const DEST = { ...destination.peer, calledAeTitle: 'DEST', parallel: 1 + random(2), maximumOperations };
  const archive = memoryLine(
    { services: [keeps(archived), get({ source }), move({ source, peers: { DEST } })], maximumOperations },
    clock,
  );
  const client = await connect({ ...archive.peer, services: [], maximumOperations });
  return { clock, archive, destination, client, archived, moved, random };
}

function vanish(way: (typeof ways)[number], association: Association, end: MemoryTransport | undefined): void {
  switch (way) {
    case 'release':
      void association.release();
      return;
    case 'abort':
      association.abort();
      return;
    case 'reset':
      end?.reset();
      return;
    case 'fin':
      end?.end();
      return;
    case 'silence':
      // From now on nothing that it says arrives.
      if (end !== undefined) Object.assign(end, { _write: swallow, _writev: swallowAll });
      return;
  }
}

function swallow(_chunk: unknown, _encoding: unknown, done: () => void): void {
  done();
}

function swallowAll(_chunks: unknown, done: () => void): void {
  done();
}

async function store({ client, archived, random }: Stage): Promise<void> {
  const { results, counts } = await client.store(objects, { parallel: 1 + random(3), retry: random(2) });
  expect(results).toHaveLength(total);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(total);
  for (const { outcome, sopInstanceUid = '', reason, error } of results) {
    if (outcome === 'stored') expect(archived).toContain(sopInstanceUid);
    else expect([outcome, reason, error?.message]).toEqual([outcome, expect.any(String), expect.any(String)]);
  }
}

async function retrieve({ client }: Stage): Promise<void> {
  const received = new Set<string>();
  const steps: RetrieveProgress[] = [];
  const retrieval = client.retrieve(study, { onProgress: (step) => steps.push(step) });
  try {
    for await (const { sopInstanceUid, dataSet } of retrieval) {
      await dataSet.bytes();
      received.add(sopInstanceUid);
    }
    expect(retrieval.summary).toBeDefined();
    if (retrieval.summary !== undefined) expectOutcome(retrieval.summary, received);
  } catch (error) {
    expectReason(error, received);
  }
  expectTrue(steps);
}

async function moveAll({ client, moved }: Stage): Promise<void> {
  const steps: RetrieveProgress[] = [];
  try {
    const summary = await client.move('DEST', study, { onProgress: (step) => steps.push(step) });
    expectOutcome(summary, moved);
  } catch (error) {
    expectReason(error, moved);
  }
  expectTrue(steps);
}

function expectReason(error: unknown, arrived: ReadonlySet<string>): void {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  expect(error.message).not.toBe('');
  if (error instanceof ServiceError && error.retrieval !== undefined) expectOutcome(error.retrieval, arrived);
}

/** What is said to be there is there; what failed is named. */
function expectOutcome(outcome: RetrieveOutcome, arrived: ReadonlySet<string>): void {
  const { completed = 0, failed = 0, warning = 0, failedSopInstanceUids } = outcome;
  expect(completed + failed + warning).toBe(total);
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

/** Lets time pass until it settles. */
async function drive<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const watched = promise.finally(() => {
    isSettled = true;
  });
  watched.catch(() => undefined);
  for (let round = 0; round < 1000 && !isSettled; round += 1) {
    await settle();
    if (round % 20 === 19) await clock.advance(30_000);
  }
  if (!isSettled) throw new Error('stuck');
  return watched;
}

function isMessageEvent(event: unknown): event is { readonly association: Association } {
  return typeof event === 'object' && event !== null && 'association' in event;
}

/** The small generator that everybody uses: the same numbers for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
