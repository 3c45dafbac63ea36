import { expect, test } from 'vitest';
import { memoryLine } from '../test/memory-line.js';
import { ctImageStorage, makeInstance } from '../test/objects.js';
import { connect, type RawMessageHandler, type SessionObserver, StatusError, storage, verification } from './index.js';

const verificationContext = { abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] };

function note(into: string[]): SessionObserver {
  return {
    received: ({ command }) => void into.push(`< ${command.type}`),
    sent: ({ command }) => void into.push(`> ${command.type}`),
  };
}

test('observers of both sides see every message', async () => {
  const [ours, theirs]: [string[], string[]] = [[], []];
  const { peer } = memoryLine({ services: [verification()], observers: [note(theirs)] });
  const client = await connect({ ...peer, observers: [note(ours)] });
  await client.verify();
  await client.release();
  expect(ours).toEqual(['> C-ECHO-RQ', '< C-ECHO-RSP']);
  expect(theirs).toEqual(['< C-ECHO-RQ', '> C-ECHO-RSP']);
});

test('interceptors of both sides change and refuse requests', async () => {
  const priorities: unknown[] = [];
  const { peer } = memoryLine({
    services: [storage({ store: async () => undefined })],
    interceptors: [
      {
        incomingRequest({ command }) {
          if (command.type !== 'C-STORE-RQ') return undefined;
          priorities.push(command.priority);
          if (command.affectedSopInstanceUid === '1.2') throw new StatusError(0xa700, 'no room for this one');
          return undefined;
        },
      },
    ],
  });
  const client = await connect({
    ...peer,
    services: [],
    maximumOperations: 1,
    interceptors: [
      {
        outgoingRequest: ({ command }) =>
          command.type === 'C-STORE-RQ' ? { command: { ...command, priority: 2 } } : undefined,
      },
    ],
  });
  const { results } = await client.store([makeInstance('1.1'), makeInstance('1.2')]);
  await client.release();
  expect(priorities).toEqual([2, 2]);
  expect(results).toMatchObject([
    { outcome: 'stored' },
    { outcome: 'refused', status: 0xa700, comment: 'no room for this one' },
  ]);
});

test('a message that the standard does not know goes over an association of the client, and is answered', async () => {
  const answers: RawMessageHandler = {
    async handle({ command, contextId, session }) {
      if (command.type !== 'unknown') return;
      const { messageId: messageIdBeingRespondedTo, commandField } = command;
      const response = { type: 'unknown', commandField: commandField | 0x8000, messageIdBeingRespondedTo } as const;
      await session.sendMessage({ contextId, command: { ...response, status: 0x0000, hasDataSet: false } });
    },
  };
  const { peer, transports } = memoryLine({ services: [verification()], rawMessages: answers });
  let told: (status: number | undefined) => void = () => undefined;
  const answer = new Promise<number | undefined>((resolve) => {
    told = resolve;
  });
  const hears: RawMessageHandler = {
    handle: async ({ command }) => told(command.type === 'unknown' ? command.status : undefined),
  };
  const client = await connect({ ...peer, rawMessages: hears });
  const status = await client.withSession([verificationContext], async (session, { calledAeTitle }) => {
    expect(calledAeTitle).toBe('ARCHIVE');
    const contextId = session.findContext(verificationContext.abstractSyntax)?.id ?? 0;
    const request = { type: 'unknown', commandField: 0x0160, messageId: session.nextMessageId() } as const;
    await session.sendMessage({ contextId, command: { ...request, hasDataSet: false } });
    return answer;
  });
  expect(status).toBe(0);
  await client.verify();
  expect(transports).toHaveLength(1);
  await client.release();
});

test('an association that is lent belongs to the function alone, until that is over', async () => {
  const { peer, transports } = memoryLine({ services: [verification(), storage({ store: async () => undefined })] });
  const client = await connect(peer);
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const lent = client.withSession([verificationContext], () => held);
  await client.verify();
  expect(transports).toHaveLength(2);
  goOn();
  await lent;
  const failed = client.withSession([verificationContext], () => Promise.reject(new Error('Mine')));
  await expect(failed).rejects.toThrow('Mine');
  await client.verify();
  await client.release();
});

test('the signal ends the call, and the association with it', async () => {
  const { peer } = memoryLine({ services: [verification()] });
  const client = await connect({ ...peer, services: [] });
  const stop = new AbortController();
  const storesNothing = [{ abstractSyntax: ctImageStorage, transferSyntaxes: ['1.2.840.10008.1.2'] }];
  const lent = client.withSession(
    [verificationContext, ...storesNothing],
    (session) => {
      expect(session.findContext(ctImageStorage)).toBeUndefined();
      const asked = session.request({ type: 'C-ECHO-RQ', affectedSopClassUid: verificationContext.abstractSyntax });
      stop.abort(new Error('Enough'));
      return asked;
    },
    { signal: stop.signal },
  );
  await expect(lent).rejects.toThrow('Enough');
  expect(client.association).toBeUndefined();
  await client.release();
});
