/** Messages that pass by the session's bookkeeping. */
import { type CommandSet, type DimseError, encodeCommandSet } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, echoRq, echoRsp, message, named, received, STORE, SUCCESS, storeRq } from './messages.js';
import { acceptor, CT_IMAGE_STORAGE, gate, pair, requestor, VERIFICATION } from './scene.js';

/** A private operation, and its response. */
const PRIVATE_RQ = 0x0160;
const PRIVATE_RSP = 0x8160;

function privateRq(messageId: number, hasDataSet = false): CommandSet {
  const unknownElements = [{ tag: 0x00001100, value: Uint8Array.of(1, 2, 3, 4) }];
  return { type: 'unknown', commandField: PRIVATE_RQ, messageId, hasDataSet, unknownElements };
}

describe('a message of private command field', () => {
  it('goes to those who know it and comes back, with elements and data set', async () => {
    const answers: unknown[] = [];
    const { client } = await pair({
      client: {
        rawMessages: {
          handle: async ({ command, dataSet }) => {
            answers.push(command, (await dataSet?.bytes())?.length);
          },
        },
      },
      server: {
        rawMessages: {
          handle: async ({ command, contextId, context, dataSet, association, session }) => {
            if (command.type !== 'unknown') return;
            answers.push(command.unknownElements, context?.abstractSyntax, association.callingAeTitle);
            const bytes = await dataSet?.bytes();
            const unknownElements = [{ tag: 0x00001101, value: Uint8Array.of(9, 9) }];
            const { messageId } = command;
            await session.sendMessage({
              contextId,
              command: {
                type: 'unknown',
                commandField: PRIVATE_RSP,
                messageIdBeingRespondedTo: messageId,
                status: 0,
                hasDataSet: false,
                unknownElements,
              },
              dataSet: bytes,
            });
          },
        },
      },
    });
    const messageId = client.nextMessageId();
    await client.sendMessage({ contextId: 3, command: privateRq(messageId), dataSet: new Uint8Array(50_000) });
    for (let i = 0; i < 5; i++) await settle();
    expect(answers).toEqual([
      [{ tag: 0x00001100, value: Uint8Array.of(1, 2, 3, 4) }],
      CT_IMAGE_STORAGE,
      'CT1',
      {
        type: 'unknown',
        commandField: PRIVATE_RSP,
        hasDataSet: true,
        messageIdBeingRespondedTo: messageId,
        status: 0,
        unknownElements: [{ tag: 0x00001101, value: Uint8Array.of(9, 9) }],
      },
      50_000,
    ]);
    expect((await client.release()).kind).toBe('released');
  });

  it('gets 0211 where nobody takes it, and its response ends an association that knows nothing of it', async () => {
    const { client } = await pair();
    await client.sendMessage({ contextId: 1, command: privateRq(1) });
    expect(await client.closed).toMatchObject({
      kind: 'aborted',
      by: 'local',
      error: { code: 'unexpected-message', message: expect.stringContaining('8160') },
    });
  });
});

describe('a raw message', () => {
  it('is sent as it stands, byte for byte', async () => {
    const { session, peer } = await requestor();
    const command = Buffer.from(encodeCommandSet(echoRq(77)));
    command.writeUInt32LE(12345, 8); // a wrong group length
    await session.sendMessage({ contextId: 1, command });
    await session.sendMessage({ contextId: 3, command: encodeCommandSet(storeRq(78)), dataSet: new Uint8Array(20) });
    await settle();
    const values = peer.takePdus().flatMap((pdu) => (pdu.type === 'P-DATA-TF' ? pdu.values : []));
    expect(values.map(({ contextId, isCommand, isLast, data }) => [contextId, isCommand, isLast, data.length])).toEqual(
      [
        [1, true, true, command.length],
        [3, true, true, encodeCommandSet(storeRq(78)).length],
        [3, false, true, 20],
      ],
    );
    expect(Buffer.from(values[0]?.data ?? [])).toEqual(command);
    expect(session.operationCount).toBe(0);
  });

  it('announces the data set that goes with it, and none that does not', async () => {
    const { session, peer } = await requestor();
    await session.sendMessage({ contextId: 3, command: storeRq(1) });
    await session.sendMessage({ contextId: 1, command: echoRq(2), dataSet: named('A') });
    await settle();
    expect(received(peer)).toMatchObject([
      { type: 'C-STORE-RQ', hasDataSet: false },
      { type: 'C-ECHO-RQ', hasDataSet: true },
      expect.stringContaining('last'),
    ]);
  });

  it.each([
    ['on a context that was not accepted', { contextId: 99, command: echoRq(1) }, 'no-context'],
    ['of no bytes', { contextId: 1, command: new Uint8Array(0) }, 'invalid-command'],
    ['of an odd number of bytes', { contextId: 1, command: new Uint8Array(7) }, 'invalid-command'],
    ['with a value that does not fit', { contextId: 1, command: echoRq(70_000) }, 'invalid-command'],
  ])('%s is refused before anything is sent', async (_name, raw, code) => {
    const { session, peer } = await requestor();
    await expect(session.sendMessage(raw)).rejects.toMatchObject({ code });
    await settle();
    expect(received(peer)).toEqual([]);
    expect(session.operationCount).toBe(0);
  });

  it('is seen by observers, even when it is no command set', async () => {
    const seen: string[] = [];
    const { session } = await requestor({ observers: [{ sent: ({ command }) => void seen.push(command.type) }] });
    await session.sendMessage({ contextId: 1, command: encodeCommandSet(echoRq(1)) });
    await session.sendMessage({ contextId: 1, command: Uint8Array.of(1, 2, 3, 4) });
    expect(seen).toEqual(['C-ECHO-RQ', 'unknown']);
  });

  it('is waited for by release', async () => {
    const { opened, open } = gate();
    const { client } = await pair({
      server: {
        rawMessages: {
          handle: async ({ dataSet }) => {
            await dataSet?.discard();
          },
        },
      },
    });
    async function* chunks() {
      yield new Uint8Array(100);
      await opened;
      yield new Uint8Array(100);
    }
    const sent = client.sendMessage({ contextId: 3, command: privateRq(1), dataSet: { chunks } });
    const released = client.release();
    await settle();
    await expect(client.sendMessage({ contextId: 3, command: privateRq(2) })).rejects.toMatchObject({
      code: 'association-ended',
    });
    open();
    await sent;
    expect(await released).toEqual({ kind: 'released', by: 'local' });
  });

  it('fails with the association', async () => {
    const { session, peer } = await requestor();
    async function* chunks() {
      yield new Uint8Array(100_000);
      await gate().opened;
    }
    const sent = session.sendMessage({ contextId: 3, command: privateRq(1), dataSet: { chunks } });
    await settle();
    peer.close();
    await expect(sent).rejects.toMatchObject({ code: 'association-ended' });
  });
});

describe('who takes raw messages', () => {
  it('may take any, before the session knows of them', async () => {
    const taken: string[] = [];
    const { client } = await pair({
      server: {
        handler: async () => SUCCESS,
        rawMessages: {
          takes: ({ type }) => type === 'C-ECHO-RQ',
          handle: async ({ command, contextId, session }) => {
            taken.push(command.type);
            if (command.type !== 'C-ECHO-RQ') return;
            const { messageId: messageIdBeingRespondedTo } = command;
            await session.sendMessage({
              contextId,
              command: { ...echoRspOf(messageIdBeingRespondedTo), status: 0x0124 },
            });
          },
        },
      },
    });
    expect((await client.request(ECHO)).command.status).toBe(0x0124);
    expect((await client.request(STORE, { dataSet: new Uint8Array(2) })).command.status).toBe(0);
    expect(taken).toEqual(['C-ECHO-RQ']);
  });

  it('may take the response to a message that was sent raw', async () => {
    const responses: CommandSet[] = [];
    const { client } = await pair({
      client: {
        rawMessages: {
          takes: (command) => 'messageIdBeingRespondedTo' in command && command.messageIdBeingRespondedTo === 1000,
          handle: async ({ command }) => void responses.push(command),
        },
      },
      server: { handler: async () => SUCCESS },
    });
    await client.sendMessage({ contextId: 1, command: encodeCommandSet(echoRq(1000)) });
    expect((await client.request(ECHO)).command.status).toBe(0);
    expect(responses).toMatchObject([{ type: 'C-ECHO-RSP', messageIdBeingRespondedTo: 1000, status: 0 }]);
  });

  it('gets what lacks an element that its message requires', async () => {
    const taken: CommandSet[] = [];
    const { peer } = await acceptor(undefined, {
      rawMessages: { handle: async ({ command }) => void taken.push(command) },
    });
    peer.send(message(3, { type: 'unknown', commandField: 0x0001, messageId: 6, hasDataSet: false }));
    await settle();
    expect(taken).toMatchObject([{ type: 'unknown', commandField: 0x0001, messageId: 6 }]);
    expect(received(peer)).toEqual([]);
  });

  it('may leave the data set, and fail, without harm', async () => {
    const errors: DimseError[] = [];
    const { client } = await pair({
      server: {
        onError: (error) => errors.push(error),
        handler: async () => SUCCESS,
        rawMessages: {
          handle: async () => {
            throw new Error('bug');
          },
        },
      },
    });
    await client.sendMessage({ contextId: 3, command: privateRq(1), dataSet: new Uint8Array(600_000) });
    expect((await client.request(ECHO)).command.status).toBe(0);
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'bug' } }]);
  });

  it('whose choice throws leaves the message to the session', async () => {
    const errors: DimseError[] = [];
    const { client } = await pair({
      server: {
        onError: (error) => errors.push(error),
        handler: async () => SUCCESS,
        rawMessages: {
          takes: () => {
            throw new Error('bug');
          },
          handle: async () => undefined,
        },
      },
    });
    expect((await client.request(ECHO)).command.status).toBe(0);
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'bug' } }]);
  });

  it('makes the peer wait while he has too many', async () => {
    const { opened, open } = gate();
    let handled = 0;
    const { peer, peerTransport, session } = await acceptor(undefined, {
      maxOperationsPerformed: 4,
      rawMessages: {
        handle: async () => {
          handled++;
          await opened;
        },
      },
    });
    const many = Buffer.concat(Array.from({ length: 1000 }, () => message(1, privateRq(5))));
    for (let i = 0; i < 40; i++) peer.send(many);
    for (let i = 0; i < 100; i++) await settle();
    expect(handled).toBeLessThan(20_000);
    expect(peerTransport.writableLength).toBeGreaterThan(1_000_000);
    open();
    for (let i = 0; i < 500 && handled < 40_000; i++) await settle();
    expect(handled).toBe(40_000);
    expect(session.operationCount).toBe(0);
  });

  it('learns that the rest of a data set will never come', async () => {
    const failures: unknown[] = [];
    const { peer } = await acceptor(undefined, {
      rawMessages: {
        handle: async ({ dataSet }) => void (await dataSet?.bytes().catch((error) => failures.push(error))),
      },
    });
    peer.send(message(1, privateRq(1, true)));
    await settle();
    peer.close();
    await settle();
    expect(failures).toMatchObject([{ code: 'association-ended' }]);
  });
});

function echoRspOf(messageId: number) {
  const response = echoRsp(messageId);
  if (response.type !== 'C-ECHO-RSP') throw new Error('not a response');
  return response;
}

it('message IDs given out for raw messages are not given to requests', async () => {
  const { session, peer } = await requestor({ window: 3 });
  const first = session.nextMessageId();
  const second = session.nextMessageId();
  void session.request(ECHO).catch(() => undefined);
  await settle();
  expect([first, second]).toEqual([1, 2]);
  expect(received(peer)).toMatchObject([{ messageId: 3, affectedSopClassUid: VERIFICATION }]);
});
