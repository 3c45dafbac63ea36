import { connectSession } from '@dicomwire/dimse';
import { expect, test } from 'vitest';
import { connect, createScp, type Service, storage, verification, verify } from '../src/index.js';
import { startScp } from './objects.js';

const keepNothing = storage({ store: async () => undefined });

test('verifies a peer, again and again on one association', async () => {
  const { scp, peer } = await startScp({ services: [verification()] });
  const client = await connect(peer);
  for (let round = 0; round < 5; round += 1) await client.verify();
  expect([...scp.associations]).toEqual([
    expect.objectContaining({ callingAeTitle: 'MODALITY', calledAeTitle: 'ARCHIVE', peer: expect.anything() }),
  ]);
  expect(client.association).toMatchObject({ callingAeTitle: 'MODALITY', calledAeTitle: 'ARCHIVE' });
  await client.release();
  expect(client.association).toBeUndefined();
});

test('verifies without a client', async () => {
  const { peer } = await startScp({ services: [verification()] });
  await expect(verify(peer)).resolves.toBeUndefined();
});

test('says that a peer does not take Verification', async () => {
  const { peer } = await startScp({ services: [keepNothing] });
  await expect(verify(peer)).rejects.toMatchObject({ name: 'ServiceError', code: 'no-accepted-context' });
});

test('opens no association before one is needed when none is asked for', async () => {
  const { scp, peer } = await startScp({ services: [verification()] });
  const client = await connect({ ...peer, services: [] });
  expect(client.association).toBeUndefined();
  expect(scp.associations.size).toBe(0);
  await client.verify();
  expect(scp.associations.size).toBe(1);
  await client.release();
});

test('a released client can not be used', async () => {
  const { peer } = await startScp({ services: [verification()] });
  const client = await connect(peer);
  await client.release();
  await expect(client.verify()).rejects.toMatchObject({ code: 'closed' });
});

test('stops waiting for an answer at the signal', async () => {
  const stop = new AbortController();
  const never: Service = {
    name: 'never',
    requests: ['C-ECHO-RQ'],
    sopClasses: ['1.2.840.10008.1.1'],
    perform: () => {
      stop.abort(new Error('Enough'));
      return new Promise(() => undefined);
    },
  };
  const ends: (Error | undefined)[] = [];
  const { scp, peer } = await startScp({
    services: [never],
    onAssociationEnd: (_association, error) => ends.push(error),
  });
  await expect(verify(peer, { signal: stop.signal })).rejects.toThrow('Enough');
  await expect.poll(() => ends).toEqual([expect.any(Error)]);
  expect(scp.associations.size).toBe(0);
});

test('is disposed by release', async () => {
  const { scp, peer } = await startScp({ services: [verification()] });
  const client = await connect(peer);
  await client[Symbol.asyncDispose]();
  expect(client.association).toBeUndefined();
  await scp[Symbol.asyncDispose]();
});

test('a signal aborts the client', async () => {
  const ended: (Error | undefined)[] = [];
  const { scp, peer } = await startScp({
    services: [verification()],
    onAssociationEnd: (_association, error) => ended.push(error),
  });
  const stop = new AbortController();
  await connect({ ...peer, signal: stop.signal });
  stop.abort();
  await scp.close({ graceMs: 10_000 });
  expect(ended).toHaveLength(1);
});

test.each([
  ['a called AE title that is not ours', { checkCalledAeTitle: true }, { calledAeTitle: 'OTHER' }, 7],
  ['a calling AE title that may not call', { allowedCallingAeTitles: ['CT1'] }, { callingAeTitle: 'CT2' }, 3],
])('rejects %s', async (_name, options, called, reason) => {
  const rejections: Error[] = [];
  const { peer } = await startScp({
    services: [verification()],
    onRejected: (error) => rejections.push(error),
    ...options,
  });
  await expect(connect({ ...peer, ...called })).rejects.toMatchObject({ code: 'rejected', source: 1, reason });
});

test('rejects associations beyond the maximum, for a time', async () => {
  const { peer } = await startScp({ services: [verification()], maximumAssociations: 1 });
  const client = await connect(peer);
  await expect(connect(peer)).rejects.toMatchObject({ code: 'rejected', result: 2, source: 3, reason: 2 });
  await client.verify();
  await client.release();
});

test.each([
  ['no service', []],
  [
    'two services for one SOP class',
    [keepNothing, storage({ store: async () => undefined, sopClasses: ['1.2.840.10008.5.1.4.1.1.2'] })],
  ],
  ['the same service twice', [verification(), verification()]],
  [
    'two services for any SOP class',
    [
      storage({ store: async () => undefined, sopClasses: ['1.2'], promiscuous: true }),
      storage({ store: async () => undefined, sopClasses: ['1.3'], promiscuous: true }),
    ],
  ],
])('refuses at once what can not work: %s', (_name, services) => {
  expect(() => createScp({ aeTitle: 'X', services })).toThrow(expect.objectContaining({ code: 'invalid-option' }));
});

test.each(['', '   ', 'A'.repeat(17), 'A\\B', 'TÜR', 'A\nB'])('refuses %j for an AE title', (aeTitle) => {
  expect(() => createScp({ aeTitle, services: [verification()] })).toThrow(
    expect.objectContaining({ code: 'invalid-option' }),
  );
});

test('goes on when its observers throw', async () => {
  const boom = () => {
    throw new Error('boom');
  };
  const { peer } = await startScp({
    services: [verification()],
    onAssociationEnd: boom,
    onError: boom,
    onRejected: boom,
  });
  await verify(peer);
  await verify(peer);
});

test('answers 0122 to a C-service and 0118 to an N-service for a SOP class that nobody performs, by the command', async () => {
  const { peer } = await startScp({ services: [verification()] });
  const context = { abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] };
  const session = await connectSession({ ...peer, presentationContexts: [context] });
  const contextId = session.findContext(context.abstractSyntax)?.id;
  const echo = await session.request({ type: 'C-ECHO-RQ', affectedSopClassUid: '1.2.3' }, { contextId });
  expect(echo.command.status).toBe(0x0122);
  const get = await session.request(
    { type: 'N-GET-RQ', requestedSopClassUid: '1.2.3', requestedSopInstanceUid: '1.2.3.4' },
    { contextId },
  );
  expect(get.command.status).toBe(0x0118);
  const verified = await session.request(
    { type: 'C-ECHO-RQ', affectedSopClassUid: context.abstractSyntax },
    { contextId },
  );
  expect(verified.command.status).toBe(0);
  await session.release();
});

test('lets associations come to their end when it is closed with grace, and can listen again', async () => {
  const { scp, port, peer } = await startScp({ services: [verification()] });
  const client = await connect(peer);
  const closed = scp.close({ graceMs: 60_000 });
  await client.verify();
  await client.release();
  await closed;
  await scp.listen({ host: '127.0.0.1', port });
  await verify(peer);
});
