import type { DataSetInput } from '@dicomwire/dimse';
import { VirtualClock } from '@dicomwire/dimse/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { startScp } from '../../test/objects.js';
import { type Client, connect } from '../client.js';
import { ServiceError } from '../service-error.js';
import { type UpsNotification, upsListener } from './ups-listener.js';
import type { UpsOptions } from './ups-options.js';
import { ups } from './ups-scp.js';
import { memoryUpsStore } from './ups-store.js';

const order = {
  ProcedureStepLabel: 'Segment the liver',
  WorklistLabel: 'AI',
  ScheduledProcedureStepPriority: 'HIGH',
  ScheduledProcedureStepStartDateTime: '20260131101500',
  InputReadinessState: 'READY',
  PatientID: '4711',
} satisfies DataSetInput;

const code = { CodeValue: '1', CodingSchemeDesignator: '99ACME', CodeMeaning: 'Something' };
const performed = {
  UnifiedProcedureStepPerformedProcedureSequence: [
    {
      PerformedStationNameCodeSequence: [code],
      PerformedWorkitemCodeSequence: [code],
      PerformedProcedureStepStartDateTime: '20260131101500',
      PerformedProcedureStepEndDateTime: '20260131101700',
    },
  ],
} satisfies DataSetInput;
const discontinued = {
  ProcedureStepProgressInformationSequence: [
    { ProcedureStepCancellationDateTime: '20260131101700', ProcedureStepDiscontinuationReasonCodeSequence: [code] },
  ],
} satisfies DataSetInput;

async function scene(options: Partial<UpsOptions> = {}): Promise<Client> {
  const { peer } = await startScp({ aeTitle: 'MANAGER', services: [ups({ aeTitle: 'MANAGER', ...options })] });
  const client = await connect({ ...peer, callingAeTitle: 'PERFORMER', services: [] });
  onTestFinished(() => client.release());
  return client;
}

/** Where events go, and what came. */
async function startListener() {
  const heard: UpsNotification[] = [];
  const { peer } = await startScp({ aeTitle: 'WATCHER', services: [upsListener((event) => void heard.push(event))] });
  const peers = (aeTitle: string) => (aeTitle === 'WATCHER' ? peer : undefined);
  const told = () =>
    heard.map(({ event, information }) =>
      [event, information.get('ProcedureStepState')].filter((each) => each !== undefined).join(' '),
    );
  return { peers, heard, told };
}

const stateOf = async (client: Client, uid: string) => (await client.ups.get(uid)).get('ProcedureStepState');

describe('a step', () => {
  test('is ordered, claimed, worked on and completed', async () => {
    const manager = await scene();
    const { sopInstanceUid, status } = await manager.ups.create(order);
    expect(status).toBe(0x0000);
    const step = await manager.ups.claim(sopInstanceUid);
    expect(await stateOf(manager, sopInstanceUid)).toBe('IN PROGRESS');
    await manager.ups.reportProgress(step, { percent: 50, description: 'Half of it' });
    await manager.ups.complete(step, performed);
    const ended = await manager.ups.get(sopInstanceUid);
    expect(ended.get('ProcedureStepState')).toBe('COMPLETED');
    expect(ended.get('ProcedureStepProgressInformationSequence')[0]?.get('ProcedureStepProgress')).toBe(50);
    expect(ended.get('PatientID')).toBe('4711');
  });

  test('does not tell its key to anybody', async () => {
    const manager = await scene();
    const { sopInstanceUid } = await manager.ups.create(order);
    await manager.ups.claim(sopInstanceUid);
    expect((await manager.ups.get(sopInstanceUid)).has('TransactionUID')).toBe(false);
    const asked = await manager.ups.get(sopInstanceUid, { attributes: ['TransactionUID', 'PatientID'] });
    expect(asked.tags()).toEqual([0x00100020]);
  });

  test('that lacks what it must have is completed, and the order answered with a warning', async () => {
    const manager = await scene();
    const { sopInstanceUid, status } = await manager.ups.create({ PatientID: '4711' });
    expect(status).toBe(0xb300);
    const step = await manager.ups.get(sopInstanceUid);
    expect(step.get('ScheduledProcedureStepPriority')).toBe('MEDIUM');
    expect(step.get('InputReadinessState')).toBe('READY');
  });

  test('is claimed by one of two who try at once', async () => {
    const manager = await scene();
    const { sopInstanceUid } = await manager.ups.create(order);
    const tries = await Promise.allSettled([manager.ups.claim(sopInstanceUid), manager.ups.claim(sopInstanceUid)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { status: 0xc301 } });
  });

  test('that has ended and that nobody holds is deleted after its time', async () => {
    const clock = new VirtualClock();
    const store = memoryUpsStore();
    const manager = await scene({ clock, store, keepEndedMs: 0 });
    const { sopInstanceUid } = await manager.ups.create(order);
    await manager.ups.requestCancel(sopInstanceUid);
    const { sopInstanceUid: other } = await manager.ups.create(order);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2_000);
    onTestFinished(() => void vi.restoreAllMocks());
    await clock.advance(1_000);
    await vi.waitUntil(async () => (await store.steps.read(sopInstanceUid)) === undefined);
    expect(await stateOf(manager, other)).toBe('SCHEDULED');
  });
});

// PS3.4 Table CC.1.1-2. The wrong key is one of another step, the right one that of who claimed it.
describe('the state table answers', () => {
  const states = {
    SCHEDULED: async () => undefined,
    'IN PROGRESS': async (manager: Client, uid: string) => (await manager.ups.claim(uid)).transactionUid,
    COMPLETED: async (manager: Client, uid: string) => {
      const step = await manager.ups.claim(uid);
      await manager.ups.complete(step, performed);
      return step.transactionUid;
    },
    CANCELED: async (manager: Client, uid: string) => {
      const step = await manager.ups.claim(uid);
      await manager.ups.cancel(step, discontinued);
      return step.transactionUid;
    },
  };
  const right = 'right';
  const wrong = 'wrong';
  const none = 'none';
  test.each([
    ['SCHEDULED', 'IN PROGRESS', right, 0x0000],
    ['SCHEDULED', 'IN PROGRESS', none, 0xc301],
    ['SCHEDULED', 'SCHEDULED', right, 0xc303],
    ['SCHEDULED', 'COMPLETED', right, 0xc310],
    ['SCHEDULED', 'COMPLETED', none, 0xc301],
    ['SCHEDULED', 'CANCELED', right, 0xc310],
    ['IN PROGRESS', 'IN PROGRESS', right, 0xc302],
    ['IN PROGRESS', 'IN PROGRESS', wrong, 0xc301],
    ['IN PROGRESS', 'SCHEDULED', right, 0xc303],
    ['IN PROGRESS', 'COMPLETED', right, 0xc304],
    ['IN PROGRESS', 'COMPLETED', wrong, 0xc301],
    ['IN PROGRESS', 'CANCELED', right, 0xc304],
    ['IN PROGRESS', 'CANCELED', none, 0xc301],
    ['COMPLETED', 'IN PROGRESS', right, 0xc300],
    ['COMPLETED', 'SCHEDULED', right, 0xc303],
    ['COMPLETED', 'COMPLETED', right, 0xb306],
    ['COMPLETED', 'COMPLETED', wrong, 0xc301],
    ['COMPLETED', 'CANCELED', right, 0xc300],
    ['CANCELED', 'IN PROGRESS', right, 0xc300],
    ['CANCELED', 'CANCELED', right, 0xb304],
    ['CANCELED', 'CANCELED', none, 0xc301],
    ['CANCELED', 'COMPLETED', right, 0xc300],
  ] as const)('%s to %s with the %s key: %i', async (state, requested, key, expected) => {
    const manager = await scene();
    const { sopInstanceUid } = await manager.ups.create(order);
    const own = (await states[state](manager, sopInstanceUid)) ?? '1.2.3';
    const TransactionUID = key === none ? undefined : key === wrong ? '1.9.9' : own;
    const answer = await manager.nServices
      .action({
        sopClassUid: '1.2.840.10008.5.1.4.34.6.1',
        abstractSyntax: '1.2.840.10008.5.1.4.34.6.3',
        sopInstanceUid,
        actionTypeId: 1,
        information: { ProcedureStepState: requested, TransactionUID },
      })
      .catch((error: unknown) => error);
    expect(answer).toMatchObject({ status: expected });
  });
});

describe('refuses', () => {
  test('a new step that is not SCHEDULED, or has a key, or a UID that is there', async () => {
    const manager = await scene();
    await expect(manager.ups.create({ ...order, ProcedureStepState: 'IN PROGRESS' })).rejects.toMatchObject({
      status: 0xc309,
    });
    await expect(manager.ups.create({ ...order, TransactionUID: '1.2' })).rejects.toMatchObject({ status: 0x0106 });
    await manager.ups.create(order, { sopInstanceUid: '1.2.3' });
    await expect(manager.ups.create(order, { sopInstanceUid: '1.2.3' })).rejects.toMatchObject({ status: 0x0111 });
  });

  test('changes by who has not the key, of what has ended, and of the state', async () => {
    const manager = await scene();
    const { sopInstanceUid } = await manager.ups.create(order);
    const change = { PatientID: '4712' };
    await expect(manager.ups.set({ sopInstanceUid }, change)).resolves.toMatchObject({ status: 0 });
    await expect(manager.ups.set({ sopInstanceUid, transactionUid: '1.2' }, change)).rejects.toMatchObject({
      status: 0xc310,
    });
    const step = await manager.ups.claim(sopInstanceUid);
    await expect(manager.ups.set({ sopInstanceUid }, change)).rejects.toMatchObject({ status: 0xc301 });
    await expect(manager.ups.set(step, { ProcedureStepState: 'COMPLETED' })).rejects.toMatchObject({ status: 0x0106 });
    await manager.ups.complete(step, performed);
    await expect(manager.ups.set(step, change)).rejects.toMatchObject({ status: 0xc300 });
  });

  test('what is about a step that is not there', async () => {
    const manager = await scene({ peers: () => ({ host: '127.0.0.1', port: 1 }) });
    const missing = { status: 0xc307 };
    await expect(manager.ups.get('1.2.3')).rejects.toMatchObject(missing);
    await expect(manager.ups.claim('1.2.3')).rejects.toMatchObject(missing);
    await expect(manager.ups.set({ sopInstanceUid: '1.2.3' }, {})).rejects.toBeDefined();
    await expect(manager.ups.requestCancel('1.2.3')).rejects.toMatchObject(missing);
    await expect(manager.ups.subscribe('1.2.3')).rejects.toMatchObject(missing);
    await expect(manager.ups.unsubscribe('1.2.3')).rejects.toMatchObject(missing);
  });

  test('subscribers that nobody knows, and all of them where there are no event reports', async () => {
    const { peers } = await startListener();
    const manager = await scene({ peers });
    const { sopInstanceUid } = await manager.ups.create(order);
    await expect(manager.ups.subscribe(sopInstanceUid)).rejects.toMatchObject({ status: 0xc308 });
    const mute = await scene();
    await expect(mute.ups.subscribe('all')).rejects.toMatchObject({ status: 0xc315 });
  });
});

describe('a query', () => {
  test('finds steps by what they are, and does not tell their keys', async () => {
    const manager = await scene();
    const { sopInstanceUid } = await manager.ups.create({ ...order, PatientName: 'DOE^JANE' });
    await manager.ups.create({ ...order, PatientName: 'ROE^RICHARD' });
    await manager.ups.claim(sopInstanceUid);
    const keys = { PatientName: 'doe*', ProcedureStepState: 'IN PROGRESS', SOPInstanceUID: null, TransactionUID: null };
    for (const as of ['pull', 'watch', 'query'] as const) {
      const found = await manager.ups.find(keys, { as }).toArray();
      expect(found.map((step) => step.get('SOPInstanceUID'))).toEqual([sopInstanceUid]);
      expect(found[0]?.get('TransactionUID')).toBeUndefined();
    }
  });

  test('for steps that a filtered subscription is for goes by the same keys', async () => {
    const { peers, heard } = await startListener();
    const manager = await scene({ peers });
    const there = await manager.ups.create({ ...order, WorklistLabel: 'AI' });
    await manager.ups.create({ ...order, WorklistLabel: 'CT' });
    await manager.ups.subscribe('all', { receivingAeTitle: 'WATCHER', filter: { WorklistLabel: 'A*' } });
    await manager.ups.create({ ...order, WorklistLabel: 'MR' });
    const late = await manager.ups.create({ ...order, WorklistLabel: 'ALSO' });
    await vi.waitUntil(() => heard.length === 2);
    expect(heard.map((each) => each.sopInstanceUid)).toEqual([there.sopInstanceUid, late.sopInstanceUid]);
  });
});

describe('a request to cancel', () => {
  test('cancels a step that nobody claimed', async () => {
    const manager = await scene();
    const { sopInstanceUid } = await manager.ups.create(order);
    const answer = await manager.ups.requestCancel(sopInstanceUid, { ReasonForCancellation: 'Wrong patient' });
    expect(answer.status).toBe(0x0000);
    const step = await manager.ups.get(sopInstanceUid);
    expect(step.get('ProcedureStepState')).toBe('CANCELED');
    expect(step.get('ProcedureStepProgressInformationSequence')[0]?.get('ReasonForCancellation')).toBe('Wrong patient');
    expect((await manager.ups.requestCancel(sopInstanceUid)).status).toBe(0xb304);
  });

  test('is passed on to who hears of a claimed step, and refused when nobody does', async () => {
    const { peers, heard } = await startListener();
    const manager = await scene({ peers });
    const { sopInstanceUid } = await manager.ups.create(order);
    const step = await manager.ups.claim(sopInstanceUid);
    await expect(manager.ups.requestCancel(sopInstanceUid)).rejects.toMatchObject({ status: 0xc312 });
    await manager.ups.subscribe(sopInstanceUid, { receivingAeTitle: 'WATCHER' });
    await manager.ups.requestCancel(sopInstanceUid, { ReasonForCancellation: 'Patient left' });
    await vi.waitUntil(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ event: 'cancelRequested', sopInstanceUid });
    expect(heard[1]?.information.get('ReasonForCancellation')).toBe('Patient left');
    expect(heard[1]?.information.get('RequestingAE')).toBe('PERFORMER');
    expect(await stateOf(manager, sopInstanceUid)).toBe('IN PROGRESS');
    await manager.ups.complete(step, performed);
    await expect(manager.ups.requestCancel(sopInstanceUid)).rejects.toMatchObject({ status: 0xc311 });
  });
});

describe('a provider that is closed', () => {
  test('says which events were not told', async () => {
    const untold: string[] = [];
    const clock = new VirtualClock();
    const service = ups({
      aeTitle: 'MANAGER',
      clock,
      // Whoever looks for the subscriber takes for ever.
      peers: vi
        .fn()
        .mockReturnValueOnce({ host: 'watcher', port: 1 })
        .mockReturnValue(new Promise(() => undefined)),
      onReportFailed: (error, aeTitle, { event }) =>
        untold.push(`${aeTitle} ${event} ${error instanceof ServiceError ? error.code : error}`),
    });
    const { peer, scp } = memoryLine({ aeTitle: 'MANAGER', services: [service] }, clock);
    const manager = await connect({ ...peer, services: [] });
    const { sopInstanceUid } = await manager.ups.create(order);
    await manager.ups.subscribe(sopInstanceUid, { receivingAeTitle: 'WATCHER' });
    await manager.release();
    await scp.close();
    expect(untold).toEqual(['WATCHER stateReport closed']);
  });

  test('sweeps no more, even when it was at it', async () => {
    const store = memoryUpsStore();
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const all = async function* () {
      await held;
      yield* store.steps.all();
    };
    const clock = new VirtualClock();
    const steps = {
      read: store.steps.read,
      insert: store.steps.insert,
      update: store.steps.update,
      delete: store.steps.delete,
      all,
    };
    const service = ups({ aeTitle: 'MANAGER', clock, store: { ...store, steps } });
    await service.started?.({ aeTitle: 'MANAGER' });
    await clock.advance(3_600_000);
    await service.closed?.();
    goOn();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a subscriber', () => {
  test('of one step hears how it stands, and what becomes of it, in order', async () => {
    const { peers, told } = await startListener();
    const manager = await scene({ peers });
    const { sopInstanceUid } = await manager.ups.create(order);
    await manager.ups.create(order);
    await manager.ups.subscribe(sopInstanceUid, { receivingAeTitle: 'WATCHER' });
    const step = await manager.ups.claim(sopInstanceUid);
    await manager.ups.reportProgress(step, { percent: 10 });
    await manager.ups.set(step, { ScheduledStationNameCodeSequence: [code], InputReadinessState: 'INCOMPLETE' });
    await manager.ups.complete(step, performed);
    await vi.waitUntil(() => told().length === 6);
    expect(told()).toEqual([
      'stateReport SCHEDULED',
      'stateReport IN PROGRESS',
      'progressReport',
      'stateReport IN PROGRESS',
      'assigned',
      'stateReport COMPLETED',
    ]);
  });

  test('of all hears of what is there and of what comes, until it has enough', async () => {
    const { peers, heard, told } = await startListener();
    const manager = await scene({ peers });
    const first = await manager.ups.create(order);
    await manager.ups.subscribe('all', { receivingAeTitle: 'WATCHER' });
    const second = await manager.ups.create(order);
    await vi.waitUntil(() => heard.length === 2);
    expect(heard.map((each) => each.sopInstanceUid)).toEqual([first.sopInstanceUid, second.sopInstanceUid]);
    await manager.ups.suspendGlobal({ receivingAeTitle: 'WATCHER' });
    const third = await manager.ups.create(order);
    await manager.ups.requestCancel(third.sopInstanceUid);
    await manager.ups.claim(second.sopInstanceUid);
    await vi.waitUntil(() => heard.length === 3);
    expect(told()[2]).toBe('stateReport IN PROGRESS');
    await manager.ups.unsubscribe('all', { receivingAeTitle: 'WATCHER' });
    await expect(manager.ups.requestCancel(second.sopInstanceUid)).rejects.toMatchObject({ status: 0xc312 });
  });

  test('holds a step that has ended until it lets go', async () => {
    const { peers } = await startListener();
    const clock = new VirtualClock();
    const store = memoryUpsStore();
    const manager = await scene({ peers, clock, store, keepEndedMs: 0 });
    const { sopInstanceUid } = await manager.ups.create(order);
    await manager.ups.subscribe(sopInstanceUid, { receivingAeTitle: 'WATCHER', hasDeletionLock: true });
    await manager.ups.requestCancel(sopInstanceUid);
    const later = Date.now() + 2_000;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    onTestFinished(() => void vi.restoreAllMocks());
    const other = await manager.ups.create(order);
    await clock.advance(1_000);
    expect(await stateOf(manager, other.sopInstanceUid)).toBe('SCHEDULED');
    expect(await stateOf(manager, sopInstanceUid)).toBe('CANCELED');
    await manager.ups.unsubscribe(sopInstanceUid, { receivingAeTitle: 'WATCHER' });
    await vi.waitUntil(async () => {
      await clock.advance(1_000);
      return (await store.steps.read(sopInstanceUid)) === undefined;
    });
  });

  test('is remembered by the next process', async () => {
    const { peers, told } = await startListener();
    const store = memoryUpsStore();
    await store.subscriptions.put({
      aeTitle: 'WATCHER',
      sopInstanceUid: '1.2.840.10008.5.1.4.34.5',
      hasDeletionLock: false,
    });
    const manager = await scene({ peers, store });
    await manager.ups.create(order);
    await vi.waitUntil(() => told().length === 1);
    expect(told()).toEqual(['stateReport SCHEDULED']);
  });

  test('that is away is tried again, and given up, while others hear', async () => {
    const { peers, told } = await startListener();
    const clock = new VirtualClock();
    const failed: string[] = [];
    const manager = await scene({
      clock,
      peers: (aeTitle) => (aeTitle === 'GONE' ? { host: '127.0.0.1', port: 1 } : peers(aeTitle)),
      retryDelaysMs: [1000],
      onReportFailed: (_error, aeTitle, { event }) => void failed.push(`${aeTitle} ${event}`),
    });
    const { sopInstanceUid } = await manager.ups.create(order);
    for (const receivingAeTitle of ['GONE', 'WATCHER'])
      await manager.ups.subscribe(sopInstanceUid, { receivingAeTitle });
    await vi.waitUntil(() => told().length === 1);
    await vi.waitUntil(async () => {
      await clock.advance(1000);
      return failed.length === 1;
    });
    expect(failed).toEqual(['GONE stateReport']);
  });
});
