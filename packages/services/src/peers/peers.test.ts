import { MemoryTransport, ScriptedPeer, settle } from '@dicomwire/dimse/testing';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { makeInstance, mrImageStorage } from '../../test/objects.js';
import { connect, createPeers, type KnownPeer, mpps, type Service, storage, verification } from '../index.js';

/** A verification that is answered when the test says so. */
function slowVerification() {
  const waiting: (() => void)[] = [];
  const service: Service = {
    ...verification(),
    perform: () => new Promise((resolve) => waiting.push(() => resolve({ status: 0 }))),
  };
  return {
    service,
    waiting,
    async answerAll() {
      for (const answer of waiting.splice(0)) answer();
      await settle();
    },
  };
}

async function openPool(maximumAssociations: number, services: readonly Service[] = [verification()]) {
  const line = memoryLine({ services });
  const client = await connect({ ...line.peer, maximumOperations: 1, maximumAssociations });
  onTestFinished(() => client.abort());
  return { ...line, client };
}

test('calls at the same time are spread over as many associations as are allowed, and no more', async () => {
  const { service, waiting, answerAll } = slowVerification();
  const { client, transports } = await openPool(3, [service]);
  const calls = [1, 2, 3, 4, 5].map(() => client.verify());
  await settle();
  expect(transports).toHaveLength(3);
  expect(waiting).toHaveLength(3);
  for (let round = 0; round < 3; round += 1) await answerAll();
  await Promise.all(calls);
  expect(transports).toHaveLength(3);
});

test('associations of a pool are kept for the next calls', async () => {
  const { client, transports } = await openPool(2);
  await Promise.all([client.verify(), client.verify()]);
  await Promise.all([client.verify(), client.verify()]);
  expect(transports).toHaveLength(2);
});

test('idle associations are released, and opened anew when they are needed', async () => {
  const line = memoryLine({ services: [verification()] });
  const client = await connect({ ...line.peer, maximumAssociations: 2, idleTimeoutMs: 5000 });
  await client.verify();
  await line.clock.advance(5000);
  expect(client.association).toBeUndefined();
  await client.verify();
  expect(line.transports).toHaveLength(2);
  await client.release();
});

test.each<[string, number | undefined]>([
  ['a client', undefined],
  ['a pool', 2],
])('%s whose association was lost opens another one at the next call', async (_name, maximumAssociations) => {
  const line = memoryLine({ services: [verification()] });
  const client = await connect({ ...line.peer, maximumAssociations });
  line.transports[0]?.[1].reset();
  await settle();
  expect(client.association).toBeUndefined();
  await client.verify();
  expect(line.transports).toHaveLength(2);
  await client.release();
});

test('a call that needs other contexts takes the place of an idle association when the pool is full', async () => {
  const { client, transports } = await openPool(1, [verification(), storage({ store: async () => undefined })]);
  await client.store(makeInstance('1.1'));
  await client.store(makeInstance('1.2', { sopClassUid: mrImageStorage }));
  await client.verify();
  expect(transports.length).toBeGreaterThan(1);
  const open = transports.filter(([user]) => !user.destroyed);
  expect(open).toHaveLength(1);
});

test('a call that needs other contexts waits while the pool is full and busy; its signal ends the wait', async () => {
  const { service, answerAll } = slowVerification();
  const { client } = await openPool(1, [service, storage({ store: async () => undefined })]);
  const verified = client.verify();
  await settle();
  const stop = new AbortController();
  const given = client.store(makeInstance('1.1'), { signal: stop.signal });
  const waiting = client.store(makeInstance('1.2'));
  await settle();
  stop.abort(new Error('Enough'));
  expect((await given).results).toMatchObject([{ outcome: 'not-sent', reason: 'aborted' }]);
  await answerAll();
  await verified;
  expect((await waiting).isComplete).toBe(true);
});

test('a peer that takes no second association gets the calls over the first', async () => {
  const { service, waiting, answerAll } = slowVerification();
  const line = memoryLine({ services: [service], maximumAssociations: 1 });
  const client = await connect({ ...line.peer, maximumAssociations: 4, maximumOperations: 8 });
  const calls = [client.verify(), client.verify()];
  await settle();
  expect(waiting).toHaveLength(2);
  await answerAll();
  await Promise.all(calls);
  await client.release();
});

test('a pool that is released lets nothing wait', async () => {
  const { service } = slowVerification();
  const { client } = await openPool(1, [service, storage({ store: async () => undefined })]);
  const verified = client.verify();
  await settle();
  const stored = client.store(makeInstance('1.1'));
  client.abort();
  await expect(verified).rejects.toMatchObject({ code: 'association-ended' });
  expect((await stored).results).toMatchObject([{ outcome: 'not-sent', error: { code: 'closed' } }]);
});

test('the number of associations of a pool is a number', async () => {
  const line = memoryLine({ services: [verification()] });
  await expect(connect({ ...line.peer, maximumAssociations: 0 })).rejects.toMatchObject({ code: 'invalid-option' });
});

test('peers are called by AE title: one client for each, over one pool', async () => {
  const line = memoryLine({ aeTitle: 'PACS', services: [verification()] });
  const { callingAeTitle, calledAeTitle, ...PACS } = line.peer;
  const peers = createPeers({ PACS }, { callingAeTitle: 'NODE' });
  const client = await peers.client('PACS');
  expect(line.transports).toHaveLength(0);
  await client.verify();
  expect(client.association).toMatchObject({ calledAeTitle: 'PACS', callingAeTitle: 'NODE' });
  expect(await peers.client(' PACS ')).toBe(client);
  await peers.release();
  await expect(client.verify()).rejects.toMatchObject({ code: 'closed' });
});

test.each<[string, Parameters<typeof createPeers>[0]]>([
  ['an object', { PACS: { host: 'pacs', port: 104 } }],
  ['a map', new Map([['PACS', { host: 'pacs', port: 104 }]])],
  ['a function', async (title) => (title === 'PACS' ? { host: 'pacs', port: 104 } : undefined)],
])('a directory that is %s knows its titles and no others', async (_name, directory) => {
  const peers = createPeers(directory);
  expect(await peers.client('PACS')).toBeDefined();
  for (const title of ['pacs', '', 'constructor', '__proto__']) {
    await expect(peers.client(title)).rejects.toMatchObject({ code: 'unknown-peer' });
  }
});

test('a directory without anybody is refused', () => {
  expect(() => createPeers({})).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  expect(() => createPeers(new Map())).toThrow(expect.objectContaining({ code: 'invalid-option' }));
});

test('a peer that has moved is called where it is now', async () => {
  const old = memoryLine({ services: [verification()] });
  const current = memoryLine({ services: [verification()] });
  let where: KnownPeer = old.peer;
  const peers = createPeers(() => where);
  await (await peers.client('PACS')).verify();
  where = { ...current.peer };
  await (await peers.client('PACS')).verify();
  await peers.release();
  expect([old.transports.length, current.transports.length]).toEqual([1, 1]);
});

test('a client of a title that was released is made anew', async () => {
  const line = memoryLine({ services: [verification()] });
  const peers = createPeers({ PACS: line.peer });
  const first = await peers.client('PACS');
  await first.release();
  await (await peers.client('PACS')).verify();
  await peers.release();
});

/** A peer that accepts and is gone in the same moment, until it is told to behave. */
function fleeingPeer() {
  const line = memoryLine({ services: [verification()] });
  const state = { flees: true };
  const openTransport = () => {
    if (!state.flees) return line.peer.openTransport?.() ?? new MemoryTransport();
    const [ours, theirs] = MemoryTransport.pair();
    const peer = new ScriptedPeer(theirs);
    void peer.expectPdu('A-ASSOCIATE-RQ').then((request) => {
      const presentationContexts = request.presentationContexts.map(({ id, transferSyntaxes }) => ({
        id,
        result: 0,
        transferSyntax: transferSyntaxes[0],
      }));
      theirs.cork();
      peer.send(
        { ...request, type: 'A-ASSOCIATE-AC', presentationContexts },
        { type: 'A-ABORT', source: 0, reason: 0 },
      );
      theirs.uncork();
    });
    return ours;
  };
  return { state, peer: { ...line.peer, openTransport } };
}

test('an association that is over in the moment in which it was accepted takes no place in a pool', async () => {
  const { state, peer } = fleeingPeer();
  const client = await connect({ ...peer, services: [], maximumAssociations: 1 });
  await expect(client.verify()).rejects.toMatchObject({ code: 'aborted', by: 'peer' });
  state.flees = false;
  await client.verify();
  await client.release();
});

test('a call that is given up before its association is asked for leaves no transport open', async () => {
  const { peer, transports, clock } = memoryLine({ services: [verification(), mpps()] });
  const client = await connect({ ...peer, maximumAssociations: 1 });
  const stop = new AbortController();
  // The idle association has to be released to make room; meanwhile the call is given up.
  const created = client.mpps.create({ Modality: 'CT' }, { signal: stop.signal });
  stop.abort(new Error('Enough'));
  await expect(created).rejects.toThrow('Enough');
  await client.release();
  await clock.advance(60_000);
  expect(transports.filter(([user]) => !user.destroyed)).toEqual([]);
});
