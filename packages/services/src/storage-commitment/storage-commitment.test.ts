import { connectSession, DataSet } from '@dicomwire/dimse';
import { settle, VirtualClock } from '@dicomwire/dimse/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, startScp } from '../../test/objects.js';
import { connect } from '../client.js';
import { commitmentRequest, commitmentSopClass, commitmentSopInstance } from './commitment-data.js';
import type { StorageCommitmentOptions } from './commitment-options.js';
import { commitmentResults } from './commitment-results.js';
import { storageCommitment } from './commitment-scp.js';
import { type CommitmentStore, memoryCommitmentStore, type PendingCommitment } from './commitment-store.js';

const kept = { sopClassUid: ctImageStorage, sopInstanceUid: '1.2.3' };
const lost = { sopClassUid: ctImageStorage, sopInstanceUid: '1.2.4' };

const check: StorageCommitmentOptions['check'] = async (instances) =>
  instances.map(({ sopInstanceUid }) => (sopInstanceUid === '1.2.3' ? undefined : 0x0112));

async function scene(options: Partial<StorageCommitmentOptions> = {}) {
  const { peer } = await startScp({ services: [storageCommitment({ check, ...options })] });
  const client = await connect({ ...peer, services: [] });
  onTestFinished(() => client.release());
  return { peer, client };
}

/** Asks, and releases the association as soon as the request is answered. */
async function askAndLeave(peer: Parameters<typeof connect>[0], transactionUid = '1.9') {
  const session = await connectSession({
    ...peer,
    calledAeTitle: 'ARCHIVE',
    callingAeTitle: 'MODALITY',
    presentationContexts: [{ abstractSyntax: commitmentSopClass, transferSyntaxes: ['1.2.840.10008.1.2'] }],
  });
  const { command } = await session.request(
    {
      type: 'N-ACTION-RQ',
      requestedSopClassUid: commitmentSopClass,
      requestedSopInstanceUid: commitmentSopInstance,
      actionTypeId: 1,
    },
    { dataSet: commitmentRequest(transactionUid, [kept, lost]) },
  );
  session.abort();
  await session.closed;
  return command.status;
}

describe('on the association of the request', () => {
  test('says what is kept and what is not, and why', async () => {
    const { client } = await scene({ retrieveAeTitle: 'LONGTERM' });
    expect(await client.storageCommitment.commit([kept, lost], { transactionUid: '1.9' })).toEqual({
      transactionUid: '1.9',
      committed: [kept],
      failed: [{ ...lost, failureReason: 0x0112, meaning: 'no such object instance' }],
      retrieveAeTitle: 'LONGTERM',
    });
  });

  test('a check that fails reports every instance with processing failure', async () => {
    const { client } = await scene({
      check: async () => {
        throw new Error('Database is away');
      },
    });
    const { committed, failed } = await client.storageCommitment.commit([kept]);
    expect([committed, failed]).toEqual([[], [{ ...kept, failureReason: 0x0110, meaning: 'processing failure' }]]);
  });

  test('the wait for a result ends at its deadline, and the association is of use afterwards', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slowCheck: StorageCommitmentOptions['check'] = async (instances) => {
      await held;
      return instances.map(() => undefined);
    };
    const { peer, clock } = memoryLine({ services: [storageCommitment({ check: slowCheck })] });
    const client = await connect({ ...peer, services: [] });
    const commit = client.storageCommitment.commit([kept], { resultTimeoutMs: 45_000 });
    commit.catch(() => undefined);
    await clock.advance(44_999);
    expect(clock.pendingTimers).toBeGreaterThan(0);
    await clock.advance(1);
    await expect(commit).rejects.toMatchObject({ code: 'no-result' });
    release();
    await expect(client.storageCommitment.commit([kept])).resolves.toMatchObject({ committed: [kept] });
    await client.release();
  });

  test('a result that came on no other association either: the loss of the first one is the cause', async () => {
    const { peer, clock, transports } = memoryLine({
      services: [storageCommitment({ check: () => new Promise(() => undefined) })],
    });
    const client = await connect({ ...peer, services: [] });
    const commit = client.storageCommitment.commit([kept], { results: commitmentResults() });
    commit.catch(() => undefined);
    await settle();
    transports[0]?.[1].reset();
    await clock.advance(60_000);
    await expect(commit).rejects.toMatchObject({ code: 'no-result', cause: { code: 'connection-lost' } });
    await client.release();
  });

  test('fails when the association is lost before the result came', async () => {
    const { peer, transports } = memoryLine({
      services: [
        storageCommitment({
          check: async () => {
            await settle();
            transports[0]?.[1].destroy();
            return new Promise(() => undefined);
          },
        }),
      ],
    });
    const client = await connect({ ...peer, services: [] });
    await expect(client.storageCommitment.commit([kept])).rejects.toMatchObject({ code: 'no-result' });
    await client.release();
  });
});

describe('refuses', () => {
  const request = (overrides: { sopInstanceUid?: string; actionTypeId?: number; information?: DataSet }) => ({
    sopClassUid: commitmentSopClass,
    sopInstanceUid: commitmentSopInstance,
    actionTypeId: 1,
    information: commitmentRequest('1.9', [kept]),
    ...overrides,
  });
  test.each([
    ['another instance than the well-known one', request({ sopInstanceUid: '1.2.3' }), 0x0112],
    ['an action that is none', request({ actionTypeId: 2 }), 0x0123],
    ['a request without transaction', request({ information: DataSet.from({ ReferencedSOPSequence: [{}] }) }), 0x0120],
    ['a request without instances', request({ information: DataSet.from({ TransactionUID: '1.9' }) }), 0x0120],
    [
      'an instance without UID',
      request({ information: commitmentRequest('1.9', [{ ...kept, sopInstanceUid: '' }]) }),
      0x0106,
    ],
  ])('%s', async (_name, action, status) => {
    const { client } = await scene();
    await expect(client.nServices.action(action)).rejects.toMatchObject({ code: 'refused', status });
  });

  test('more instances than the limit', async () => {
    const { client } = await scene({ maximumInstances: 1 });
    await expect(client.storageCommitment.request([kept, lost])).rejects.toMatchObject({ status: 0x0213 });
  });
});

describe('on an association of its own', () => {
  test('reports to who left right after asking', async () => {
    const results = commitmentResults();
    const listener = await startScp({ aeTitle: 'MODALITY', services: [results.service] });
    const { peer } = await scene({ peers: (aeTitle) => (aeTitle === 'MODALITY' ? listener.peer : undefined) });
    const result = results.waitFor('1.9');
    expect(await askAndLeave(peer)).toBe(0x0000);
    expect(await result).toMatchObject({ transactionUid: '1.9', committed: [kept], failed: [lost] });
  });

  test('commit hears a result that comes there', async () => {
    const results = commitmentResults();
    const listener = await startScp({ aeTitle: 'MODALITY', services: [results.service] });
    const { peer, transports } = memoryLine({
      services: [
        storageCommitment({
          peers: () => listener.peer,
          check: async (instances) => {
            await settle();
            transports[0]?.[0].destroy();
            return instances.map(() => undefined);
          },
        }),
      ],
    });
    const client = await connect({ ...peer, services: [] });
    await expect(client.storageCommitment.commit([kept], { results })).resolves.toMatchObject({ committed: [kept] });
    await client.release();
  });

  test('tries again, with growing delays, until the report is taken', async () => {
    const clock = new VirtualClock();
    let refusals = 2;
    const results = commitmentResults({
      onResult: () => {
        if (refusals > 0) throw new Error(`Refused ${refusals--}`);
      },
    });
    const listener = await startScp({ aeTitle: 'MODALITY', services: [results.service] });
    const failures: unknown[] = [];
    const reported: PendingCommitment[] = [];
    const { peer } = await scene({
      clock,
      peers: () => listener.peer,
      retryDelaysMs: [1000, 5000],
      onReportFailed: (error, _commitment, isGivenUp) => void failures.push([error, isGivenUp]),
      onReported: (commitment) => void reported.push(commitment),
    });
    await askAndLeave(peer);
    await vi.waitUntil(() => failures.length === 1);
    await clock.advance(0);
    await vi.waitUntil(() => failures.length === 2);
    await clock.advance(999);
    expect(failures).toHaveLength(2);
    await clock.advance(1);
    await vi.waitUntil(() => failures.length === 3);
    await clock.advance(5000);
    await vi.waitUntil(() => reported.length === 1);
    expect(failures.slice(1)).toEqual(
      Array(2).fill([expect.objectContaining({ code: 'refused', status: 0x0110 }), false]),
    );
  });

  test('takes up at the next start what an earlier process left', async () => {
    const store = memoryCommitmentStore();
    await store.add({
      id: 'left',
      transactionUid: '1.7',
      callingAeTitle: 'MODALITY',
      calledAeTitle: 'ARCHIVE',
      instances: [kept],
      requestedAt: Date.now(),
    });
    const results = commitmentResults();
    const listener = await startScp({ aeTitle: 'MODALITY', services: [results.service] });
    const result = results.waitFor('1.7');
    await scene({ store, peers: () => listener.peer });
    expect(await result).toMatchObject({ transactionUid: '1.7', committed: [kept] });
    await vi.waitUntil(async () => (await store.all()).length === 0);
  });

  test('gives up a result whose time is over, and one that nobody can be called for', async () => {
    const store = memoryCommitmentStore();
    const givenUp: boolean[] = [];
    const { peer } = await scene({ store, onReportFailed: (_error, _of, isGivenUp) => void givenUp.push(isGivenUp) });
    await askAndLeave(peer);
    await vi.waitUntil(() => givenUp.length === 1);
    expect(givenUp).toEqual([true]);
    await vi.waitUntil(async () => (await store.all()).length === 0);
  });
});

test('acknowledges nothing that could not be stored', async () => {
  const broken: CommitmentStore = {
    ...memoryCommitmentStore(),
    add: async () => {
      throw new Error('Disk is full');
    },
  };
  const { client } = await scene({ store: broken });
  await expect(client.storageCommitment.request([kept])).rejects.toMatchObject({ code: 'refused', status: 0x0110 });
});

test('refuses a transaction that is under way with the same UID', async () => {
  const { client } = await scene({ check: () => new Promise(() => undefined) });
  await client.storageCommitment.request([kept], { transactionUid: '1.9' });
  const again = client.storageCommitment.request([kept], { transactionUid: '1.9' });
  await expect(again).rejects.toMatchObject({ status: 0x0131 });
});
