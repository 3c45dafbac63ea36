/** Those who may change what passes. */
import { type DimseError, type IncomingDataSet, type SessionInterceptor, StatusError } from '@dicomwire/dimse';
import { parseDataSet } from '@dicomwire/dimse/dataset';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, echoRq, echoRsp, FIND, keeper, message, named, received, STORE, SUCCESS, storeRq } from './messages.js';
import { acceptor, gate, IMPLICIT_LITTLE_ENDIAN, pair, requestor } from './scene.js';

/** Does it after a turn. */
function later<T>(value: T): Promise<T> {
  return settle().then(() => value);
}

describe('a request that goes out', () => {
  it.each([
    ['at once', <T>(value: T) => value],
    ['after a while', later],
  ])('may be changed, and its data set, %s', async (_name, when) => {
    const requests: unknown[] = [];
    const bytes: Buffer[] = [];
    const { client } = await pair({
      client: {
        interceptors: [
          {
            outgoingRequest: ({ command }) =>
              when(command.type === 'C-STORE-RQ' ? { command: { ...command, priority: 1 } } : undefined),
          },
          { outgoingRequest: ({ command }) => when({ command, dataSet: named('CHANGED') }) },
        ],
      },
      server: {
        handler: async ({ command, dataSet }) => {
          requests.push(command);
          bytes.push(Buffer.from((await dataSet?.bytes()) ?? []));
          return SUCCESS;
        },
      },
    });
    await client.request(STORE, { dataSet: named('ORIGINAL') });
    expect(requests).toMatchObject([{ ...STORE, priority: 1, messageId: 1 }]);
    const sent = bytes.map((one) => parseDataSet(one, IMPLICIT_LITTLE_ENDIAN).text('PatientName'));
    expect(sent).toEqual(['CHANGED']);
  });

  it('fails with what an interceptor throws, and the next one goes', async () => {
    const { client } = await pair({
      client: {
        interceptors: [
          {
            outgoingRequest: async ({ command }) => {
              if (command.type === 'C-STORE-RQ') throw new Error('not this one');
              return undefined;
            },
          },
        ],
      },
      server: { handler: async () => SUCCESS },
    });
    const store = client.request(STORE, { dataSet: new Uint8Array(2) });
    const echo = client.request(ECHO);
    await expect(store).rejects.toThrow('not this one');
    expect((await echo).command.status).toBe(0);
    expect(client.operationCount).toBe(0);
  });

  it.each([
    ['of another type', { type: 'N-DELETE-RQ', requestedSopClassUid: '1.2', requestedSopInstanceUid: '1.2' }],
    ['with another message ID', { messageId: 7 }],
  ])('can not become one %s', async (_name, change) => {
    const { client } = await pair({
      client: {
        interceptors: [{ outgoingRequest: ({ command }) => ({ command: Object.assign({ ...command }, change) }) }],
      },
      server: { handler: async () => SUCCESS },
    });
    await expect(client.request(ECHO)).rejects.toMatchObject({ code: 'invalid-command' });
  });

  it('keeps its place: those behind it wait for the interceptor, in a window of any size', async () => {
    const { opened, open } = gate();
    const { session, peer } = await requestor({
      window: 8,
      interceptors: [
        {
          outgoingRequest: async ({ command }) => {
            if (command.messageId === 1) await opened;
            return undefined;
          },
        },
      ],
    });
    const echoes = [session.request(ECHO), session.request(ECHO)];
    await settle();
    expect(received(peer)).toEqual([]);
    open();
    await settle();
    expect(received(peer)).toMatchObject([{ messageId: 1 }, { messageId: 2 }]);
    peer.send(message(1, echoRsp(1)), message(1, echoRsp(2)));
    await Promise.all(echoes);
  });

  it('can be given up while an interceptor has it, and the next one goes', async () => {
    const controller = new AbortController();
    const { session, peer } = await requestor({
      interceptors: [
        {
          outgoingRequest: ({ command }) => (command.messageId === 1 ? gate().opened.then(() => undefined) : undefined),
        },
      ],
    });
    const first = session.request(ECHO, { signal: controller.signal });
    const second = session.request(ECHO);
    await settle();
    controller.abort('enough');
    await expect(first).rejects.toBe('enough');
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-ECHO-RQ', messageId: 2 }]);
    peer.send(message(1, echoRsp(2)));
    expect((await second).command.status).toBe(0);
  });

  it('fails when the association ends while an interceptor has it', async () => {
    const { session, peer } = await requestor({
      interceptors: [{ outgoingRequest: () => gate().opened.then(() => undefined) }],
    });
    const echo = session.request(ECHO);
    await settle();
    peer.close();
    await expect(echo).rejects.toMatchObject({ code: 'association-ended' });
  });

  it('is not answered by a response that came before it left', async () => {
    const { session, peer } = await requestor({
      interceptors: [{ outgoingRequest: () => gate().opened.then(() => undefined) }],
    });
    const echo = session.request(ECHO);
    await settle();
    peer.send(message(1, { type: 'C-ECHO-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0x0110 }));
    await expect(echo).rejects.toMatchObject({ code: 'unexpected-response' });
  });
});

describe('a response that comes in', () => {
  it('may be changed, and its data set', async () => {
    const interceptor: SessionInterceptor = {
      incomingResponse: ({ command, dataSet, request }) => {
        if (command.type !== 'C-FIND-RSP') return undefined;
        const errorComment = `of ${request.type}`;
        const name = dataSet?.text('PatientName');
        return {
          command: { ...command, errorComment },
          dataSet: name === undefined ? undefined : named(`${name}^CHANGED`),
        };
      },
    };
    const { client } = await pair({
      client: { interceptors: [interceptor] },
      server: {
        handler: async function* () {
          yield { status: 0xff00, dataSet: named('A') };
          yield SUCCESS;
        },
      },
    });
    const seen: unknown[] = [];
    for await (const { command, dataSet } of client.requestMany(FIND, { dataSet: named('*') })) {
      seen.push([command.status, command.errorComment, dataSet?.text('PatientName')]);
    }
    expect(seen).toEqual([
      [0xff00, 'of C-FIND-RQ', 'A^CHANGED'],
      [0, 'of C-FIND-RQ', undefined],
    ]);
  });

  it('fails its request when an interceptor throws; a pending one is cancelled, the association goes on', async () => {
    const { session, peer } = await requestor({
      interceptors: [
        {
          incomingResponse: ({ command }) => {
            if (command.status === 0xff00) throw new Error('unwanted');
            return undefined;
          },
        },
      ],
    });
    const responses = session.requestMany(FIND, { dataSet: named('*') });
    const first = responses.next();
    const failed = expect(first).rejects.toThrow('unwanted');
    await settle();
    received(peer);
    const rsp = { type: 'C-FIND-RSP', messageIdBeingRespondedTo: 1 } as const;
    peer.send(message(5, { ...rsp, hasDataSet: true, status: 0xff00 }, new Uint8Array(0)));
    await failed;
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 1 }]);
    peer.send(message(5, { ...rsp, hasDataSet: false, status: 0xfe00 }));
    await settle();
    expect(session.operationCount).toBe(0);
  });

  it('that is final can not become pending, nor the other way round', async () => {
    const { client } = await pair({
      client: { interceptors: [{ incomingResponse: ({ command }) => ({ command: { ...command, status: 0xff00 } }) }] },
      server: { handler: async () => SUCCESS },
    });
    await expect(client.request(ECHO)).rejects.toMatchObject({ code: 'invalid-command' });
    expect(client.operationCount).toBe(0);
  });
});

describe('a request that comes in', () => {
  it('may be changed before the handler has it; the response echoes what came', async () => {
    const seen: unknown[] = [];
    const { client } = await pair({
      server: {
        interceptors: [
          {
            incomingRequest: async ({ command }) =>
              command.type === 'C-STORE-RQ' ? { command: { ...command, affectedSopInstanceUid: '2.25.1' } } : undefined,
          },
        ],
        handler: async ({ command, dataSet, context, association, isCancelled, signal, session }) => {
          seen.push(command, (await dataSet?.bytes())?.length, context.id, association.callingAeTitle);
          seen.push(isCancelled, signal.aborted, session.findContext('1.2.3'));
          return SUCCESS;
        },
      },
    });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(10) });
    expect(seen).toMatchObject([
      { type: 'C-STORE-RQ', affectedSopInstanceUid: '2.25.1', messageId: 1 },
      10,
      3,
      'CT1',
      false,
      false,
      undefined,
    ]);
    expect(command.affectedSopInstanceUid).toBe('1.2.3');
  });

  it('may be given another data set', async () => {
    const { kept, handler } = keeper();
    const { client } = await pair({
      server: {
        interceptors: [{ incomingRequest: ({ dataSet }) => dataSet && { dataSet: shouting(dataSet) } }],
        handler,
      },
    });
    await client.request(STORE, { dataSet: new TextEncoder().encode('secret') });
    expect(kept.map(String)).toEqual(['SECRET']);
  });

  it('may be answered in the handler’s place', async () => {
    let handled = 0;
    const errors: DimseError[] = [];
    const { client } = await pair({
      server: {
        onError: (error) => errors.push(error),
        interceptors: [
          {
            incomingRequest: async ({ command }) => {
              if (command.type === 'C-STORE-RQ') throw new StatusError(0x0124, 'not today');
              return undefined;
            },
          },
        ],
        handler: async () => {
          handled++;
          return SUCCESS;
        },
      },
    });
    const { status } = await client.request(STORE, { dataSet: new Uint8Array(100_000) });
    expect(status).toMatchObject({ code: 0x0124, errorComment: 'not today', meaning: 'Refused: Not Authorized' });
    expect((await client.request(ECHO)).command.status).toBe(0);
    expect(handled).toBe(1);
    expect(errors).toEqual([]);
  });

  it('fails alone when an interceptor does', async () => {
    const errors: DimseError[] = [];
    const { client } = await pair({
      server: {
        onError: (error) => errors.push(error),
        interceptors: [
          {
            incomingRequest: () => {
              throw new Error('bug');
            },
          },
        ],
        handler: async () => SUCCESS,
      },
    });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(2) });
    expect(command.status).toBe(0xc000);
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'bug' } }]);
    expect((await client.request(ECHO)).command.status).toBe(0x0110);
  });

  it('keeps its place: handlers are called in the order in which requests came', async () => {
    const { opened, open } = gate();
    const order: number[] = [];
    const { peer } = await acceptor(
      async ({ command }) => {
        order.push(command.messageId);
        return SUCCESS;
      },
      {
        window: 8,
        interceptors: [
          {
            incomingRequest: ({ command }) =>
              command.messageId === 1 ? opened.then(() => undefined) : Promise.resolve(undefined),
          },
        ],
      },
    );
    peer.send(message(1, echoRq(1)), message(3, storeRq(2), new Uint8Array(10)), message(1, echoRq(3)));
    await settle();
    expect(order).toEqual([]);
    open();
    await settle();
    expect(order).toEqual([1, 2, 3]);
    expect(received(peer).length).toBe(3);
  });

  it('is not begun when the association has ended meanwhile', async () => {
    const { opened, open } = gate();
    let handled = 0;
    const { peer, session, errors } = await acceptor(
      async () => {
        handled++;
        return SUCCESS;
      },
      { interceptors: [{ incomingRequest: () => opened.then(() => undefined) }] },
    );
    peer.send(message(1, echoRq(1)));
    await settle();
    peer.close();
    await settle();
    open();
    await settle();
    expect([handled, session.operationCount, errors]).toEqual([0, 0, []]);
  });

  it('does not make those behind it wait for its handler', async () => {
    const { opened, open } = gate();
    const { peer } = await acceptor(
      ({ command }) => (command.messageId === 1 ? opened : Promise.resolve()).then(() => SUCCESS),
      {
        window: 8,
        interceptors: [{ incomingRequest: async () => undefined }],
      },
    );
    peer.send(message(1, echoRq(1)), message(1, echoRq(2)));
    await settle();
    expect(received(peer)).toMatchObject([{ messageIdBeingRespondedTo: 2 }]);
    open();
    await settle();
    expect(received(peer)).toMatchObject([{ messageIdBeingRespondedTo: 1 }]);
  });

  it('is cancelled while an interceptor has it', async () => {
    const { opened, open } = gate();
    const { peer } = await acceptor(
      async ({ signal }) => {
        signal.throwIfAborted();
        return SUCCESS;
      },
      { interceptors: [{ incomingRequest: () => opened.then(() => undefined) }] },
    );
    peer.send(message(5, { ...FIND, messageId: 1, hasDataSet: true }, new Uint8Array(2)));
    peer.send(message(5, { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 1, hasDataSet: false }));
    await settle();
    open();
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-FIND-RSP', status: 0xfe00 }]);
  });
});

describe('a response that goes out', () => {
  it.each([
    ['at once', <T>(value: T) => value],
    ['after a while', later],
  ])('may be changed, status and data set, %s', async (_name, when) => {
    const { client } = await pair({
      server: {
        interceptors: [
          {
            outgoingResponse: ({ command, request, dataSet }) =>
              when(
                command.status === 0xff00
                  ? { command: { ...command, status: 0xff01 }, dataSet: named(dataSet === undefined ? '' : 'MASKED') }
                  : { command: { ...command, errorComment: `of ${request.messageId}` } },
              ),
          },
        ],
        handler: async function* () {
          yield { status: 0xff00, dataSet: named('SECRET') };
          yield SUCCESS;
        },
      },
    });
    const seen: unknown[] = [];
    for await (const { command, dataSet } of client.requestMany(FIND, { dataSet: named('*') })) {
      seen.push([command.status, command.errorComment, dataSet?.text('PatientName')]);
    }
    expect(seen).toEqual([
      [0xff01, undefined, 'MASKED'],
      [0, 'of 1', undefined],
    ]);
  });

  it('may be replaced by a status that an interceptor throws', async () => {
    const { client } = await pair({
      server: {
        interceptors: [
          {
            outgoingResponse: () => {
              throw new StatusError(0xa700, 'full');
            },
          },
        ],
        handler: async () => SUCCESS,
      },
    });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(2) });
    expect(command).toMatchObject({ status: 0xa700 });
  });

  it('is a failure when an interceptor fails', async () => {
    const errors: DimseError[] = [];
    const { client } = await pair({
      server: {
        onError: (error) => errors.push(error),
        interceptors: [{ outgoingResponse: () => Promise.reject(new Error('bug')) }],
        handler: async () => SUCCESS,
      },
    });
    expect((await client.request(ECHO)).command.status).toBe(0x0110);
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'bug' } }]);
  });
});

/** Upper case of a data set, as it passes. */
function shouting(dataSet: IncomingDataSet): IncomingDataSet {
  const bytes = async () =>
    Buffer.from(
      Buffer.from(await dataSet.bytes())
        .toString()
        .toUpperCase(),
    );
  return {
    transferSyntax: dataSet.transferSyntax,
    get receivedBytes() {
      return dataSet.receivedBytes;
    },
    pipe: async (sink) => {
      await sink.write(await bytes());
    },
    bytes,
    parse: async () => parseDataSet(await bytes(), dataSet.transferSyntax),
    discard: () => dataSet.discard(),
    async *[Symbol.asyncIterator]() {
      yield await bytes();
    },
  };
}
