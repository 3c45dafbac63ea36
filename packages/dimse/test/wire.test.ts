/** What peers do, played with raw bytes, and what they get: BEHAVIOUR of the message layer. */
import {
  type CommandSet,
  decodeCommandSet,
  encodeCommandSet,
  type IncomingRequest,
  type OutgoingResponse,
} from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import {
  acceptor,
  CT_IMAGE_STORAGE,
  echoRq,
  findRq,
  gate,
  message,
  pdv,
  received,
  receivedCommands,
  requestor,
  STUDY_ROOT_FIND,
  storeRq,
  VERIFICATION,
} from './scene.js';

const SUCCESS: OutgoingResponse = { status: 0x0000 };
const ECHO = { type: 'C-ECHO-RQ', affectedSopClassUid: VERIFICATION } as const;
const FIND = { type: 'C-FIND-RQ', affectedSopClassUid: STUDY_ROOT_FIND } as const;
const echoRsp = (messageIdBeingRespondedTo: number): CommandSet => ({
  type: 'C-ECHO-RSP',
  hasDataSet: false,
  messageIdBeingRespondedTo,
  status: 0,
});

/** Answers success to everything, and keeps the data sets that came. */
function keeper() {
  const kept: Buffer[] = [];
  const handler = async ({ dataSet }: IncomingRequest): Promise<OutgoingResponse> => {
    if (dataSet !== undefined) kept.push(Buffer.from(await dataSet.bytes()));
    return SUCCESS;
  };
  return { kept, handler };
}

describe('messages are assembled from fragments', () => {
  const command = encodeCommandSet(storeRq(7));
  const dataSet = Uint8Array.from({ length: 64 }, (_, i) => i);

  function cut(kind: 'command' | 'data', bytes: Uint8Array, length: number): Uint8Array[] {
    const pdus: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += length) {
      pdus.push(pdv(3, kind, at + length >= bytes.length, bytes.subarray(at, at + length)));
    }
    return pdus;
  }

  it.each([1, 2, 3, 7, 63, 64, 1000])('of %i bytes', async (length) => {
    const { kept, handler } = keeper();
    const { peer } = await acceptor(handler);
    peer.send(...cut('command', command, length), ...cut('data', dataSet, length));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ type: 'C-STORE-RSP', messageIdBeingRespondedTo: 7, status: 0 }]);
    expect(kept).toEqual([Buffer.from(dataSet)]);
  });

  it('cut anywhere, by the transport or by the peer', async () => {
    const { kept, handler } = keeper();
    const { peer } = await acceptor(handler);
    const whole = Buffer.concat([pdv(3, 'command', true, command), pdv(3, 'data', true, dataSet)]);
    for (let at = 0; at <= whole.length; at++) {
      peer.send(whole.subarray(0, at), whole.subarray(at));
      await settle();
    }
    expect(kept.length).toBe(whole.length + 1);
    expect(kept.every((bytes) => bytes.equals(dataSet))).toBe(true);
  });

  it('with an empty last fragment', async () => {
    const { kept, handler } = keeper();
    const { peer } = await acceptor(handler);
    const none = new Uint8Array(0);
    peer.send(pdv(3, 'command', false, command), pdv(3, 'command', true, none));
    peer.send(pdv(3, 'data', false, dataSet), pdv(3, 'data', true, none));
    await settle();
    expect(kept).toEqual([Buffer.from(dataSet)]);
  });

  it('many in one chunk', async () => {
    const { kept, handler } = keeper();
    const { peer } = await acceptor(handler);
    const messages = Array.from({ length: 50 }, (_, i) => message(3, storeRq(i + 1), dataSet));
    peer.send(Buffer.concat(messages));
    for (let i = 0; i < 5; i++) await settle();
    expect(receivedCommands(peer).length).toBe(50);
    expect(kept.length).toBe(50);
  });
});

describe('fragments out of sequence end the association with ABORT(0,0)', () => {
  const store = encodeCommandSet(storeRq(1));
  const half = store.subarray(0, 20);
  it.each([
    ['a data set without a command', [pdv(3, 'data', true, store)]],
    ['a new command inside a data set', [message(3, storeRq(1)), pdv(3, 'command', true, store)]],
    ['a data set inside a command', [pdv(3, 'command', false, half), pdv(3, 'data', true, half)]],
    ['another context inside a command', [pdv(3, 'command', false, half), pdv(1, 'command', true, half)]],
    ['another context inside a data set', [message(3, storeRq(1)), pdv(5, 'data', true, half)]],
    ['a command set that is none', [pdv(3, 'command', true, Buffer.from('GET / HTTP/1.1'))]],
    [
      'a command set that never ends',
      Array.from({ length: 5 }, () => pdv(3, 'command', false, new Uint8Array(16_000))),
    ],
    ['a response to nothing', [message(1, echoRsp(1))]],
    [
      'an unknown command that can not be answered',
      [message(1, { type: 'unknown', commandField: 0x1234, hasDataSet: false })],
    ],
    [
      'an unknown response',
      [message(1, { type: 'unknown', commandField: 0x9234, messageIdBeingRespondedTo: 1, hasDataSet: false })],
    ],
  ] as const)('%s', async (_name, pdus) => {
    const handler = async ({ dataSet }: IncomingRequest) => {
      await dataSet?.bytes();
      return SUCCESS;
    };
    const { peer, session, errors } = await acceptor(handler);
    peer.send(...pdus);
    await settle();
    expect(received(peer)).toEqual(['A-ABORT(0,0)']);
    peer.close();
    expect(await session.closed).toMatchObject({ kind: 'aborted', by: 'local' });
    expect(errors.length).toBe(1);
  });
});

describe('requests', () => {
  it('with a command field that nobody knows get 0211, their data set is read', async () => {
    const { peer, errors } = await acceptor(async () => SUCCESS);
    peer.send(
      message(1, { type: 'unknown', commandField: 0x0160, messageId: 5, hasDataSet: true }, new Uint8Array(10)),
    );
    peer.send(message(1, { type: 'unknown', commandField: 0x0160, messageId: 6, hasDataSet: false }));
    peer.send(message(1, echoRq(7)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([
      { type: 'unknown', commandField: 0x8160, messageIdBeingRespondedTo: 5, status: 0x0211 },
      { type: 'unknown', commandField: 0x8160, messageIdBeingRespondedTo: 6, status: 0x0211 },
      { type: 'C-ECHO-RSP', messageIdBeingRespondedTo: 7, status: 0 },
    ]);
    expect(errors.map(({ code }) => code)).toEqual(['unexpected-message', 'unexpected-message']);
  });

  it('without what they need get 0212, and the association lives on', async () => {
    const { peer } = await acceptor(async () => SUCCESS);
    const store: CommandSet = { type: 'unknown', commandField: 0x0001, messageId: 5, hasDataSet: true };
    peer.send(message(3, store, new Uint8Array(10)), message(1, echoRq(6)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([
      { type: 'C-STORE-RSP', messageIdBeingRespondedTo: 5, status: 0x0212 },
      { type: 'C-ECHO-RSP', status: 0 },
    ]);
  });

  it('with the message ID of one under way get 0210', async () => {
    const { opened, open } = gate();
    const { peer } = await acceptor(async () => {
      await opened;
      return SUCCESS;
    });
    peer.send(message(1, echoRq(5)), message(1, echoRq(5)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ messageIdBeingRespondedTo: 5, status: 0x0210 }]);
    open();
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ messageIdBeingRespondedTo: 5, status: 0 }]);
  });

  it('about a SOP class that differs from the abstract syntax reach the handler', async () => {
    const seen: string[] = [];
    const { peer } = await acceptor(async ({ command, context }) => {
      if ('affectedSopClassUid' in command) seen.push(command.affectedSopClassUid, context.abstractSyntax);
      return SUCCESS;
    });
    peer.send(message(1, { ...ECHO, messageId: 1, hasDataSet: false, affectedSopClassUid: '1.2.3' }));
    await settle();
    expect(seen).toEqual(['1.2.3', VERIFICATION]);
  });

  it('with a UID that is none are answered with what came', async () => {
    const { peer } = await acceptor(async () => ({ status: 0x0117 }));
    const affectedSopInstanceUid = `../${'9'.repeat(70)}\u00e9`;
    peer.send(
      message(
        3,
        {
          type: 'C-STORE-RQ',
          hasDataSet: true,
          messageId: 1,
          affectedSopClassUid: CT_IMAGE_STORAGE,
          affectedSopInstanceUid,
        },
        new Uint8Array(2),
      ),
    );
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ status: 0x0117, affectedSopInstanceUid }]);
  });

  it('for an echo with a data set are performed; the data set is read and reported', async () => {
    const { peer, errors } = await acceptor(async () => SUCCESS);
    peer.send(message(1, { ...ECHO, messageId: 1, hasDataSet: true }, new Uint8Array(10)), message(1, echoRq(2)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ messageIdBeingRespondedTo: 1 }, { messageIdBeingRespondedTo: 2 }]);
    expect(errors).toMatchObject([{ code: 'unexpected-data-set' }]);
  });

  it('with a data set that is garbage fail alone', async () => {
    const { peer } = await acceptor(async ({ dataSet }) => {
      await dataSet?.parse();
      return SUCCESS;
    });
    peer.send(message(5, findRq(1), Buffer.from('this is no data set, is it?!')), message(1, echoRq(2)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([
      { type: 'C-FIND-RSP', status: 0xc000 },
      { type: 'C-ECHO-RSP', status: 0 },
    ]);
  });
});

describe('more requests than the window allows', () => {
  it('are performed in order, never more at once', async () => {
    const order: number[] = [];
    const gates = Array.from({ length: 5 }, () => gate());
    const { peer } = await acceptor(async ({ command }) => {
      order.push(command.messageId);
      await gates[command.messageId - 1]?.opened;
      return SUCCESS;
    });
    for (let id = 1; id <= 5; id++) peer.send(message(3, storeRq(id), new Uint8Array(100)));
    await settle();
    expect(order).toEqual([1]);
    for (const [index, { open }] of gates.entries()) {
      open();
      await settle();
      expect(order.length).toBe(Math.min(index + 2, 5));
    }
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect(receivedCommands(peer).length).toBe(5);
  });

  it('pause reading, so that memory stays bounded', async () => {
    const { opened, open } = gate();
    const { peer, session } = await acceptor(async ({ dataSet }) => {
      await opened;
      await dataSet?.discard();
      return SUCCESS;
    });
    for (let id = 1; id <= 3000; id++) peer.send(message(3, storeRq(id), new Uint8Array(1000)));
    for (let i = 0; i < 50; i++) await settle();
    const waiting = session.operationCount;
    expect(waiting).toBeLessThan(500);
    open();
    for (let i = 0; i < 500 && session.operationCount > 0; i++) await settle();
    expect(receivedCommands(peer).length).toBe(3000);
  });

  it('do not keep a C-CANCEL from being read', async () => {
    const { opened, open } = gate();
    const cancelled: boolean[] = [];
    const { peer } = await acceptor(async (request) => {
      await opened;
      cancelled.push(request.isCancelled);
      return { status: request.isCancelled ? 0xfe00 : 0 };
    });
    peer.send(message(5, findRq(1), new Uint8Array(2)), message(5, findRq(2), new Uint8Array(2)));
    peer.send(message(5, { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 2, hasDataSet: false }));
    peer.send(message(5, { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 77, hasDataSet: false }));
    await settle();
    open();
    await settle();
    expect(cancelled).toEqual([false, true]);
    expect(receivedCommands(peer)).toMatchObject([
      { messageIdBeingRespondedTo: 1, status: 0 },
      { messageIdBeingRespondedTo: 2, status: 0xfe00 },
    ]);
  });
});

describe('C-CANCEL', () => {
  it('is read while responses go out', async () => {
    let count = 0;
    const { peer } = await acceptor(async function* ({ signal }) {
      for (; !signal.aborted; count++) {
        yield { status: 0xff00, dataSet: new Uint8Array(2) };
        await settle();
      }
      yield { status: 0xfe00 };
    });
    peer.send(message(5, findRq(1), new Uint8Array(2)));
    for (let i = 0; i < 5; i++) await settle();
    peer.send(message(5, { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 1, hasDataSet: false }));
    for (let i = 0; i < 5; i++) await settle();
    const commands = receivedCommands(peer);
    expect(commands.length).toBe(count + 1);
    expect(commands.at(-1)).toMatchObject({ type: 'C-FIND-RSP', status: 0xfe00 });
  });

  it('that stops nothing is ignored', async () => {
    const { peer } = await acceptor(async () => SUCCESS);
    peer.send(
      message(5, { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 1, hasDataSet: false }),
      message(1, echoRq(1)),
    );
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-ECHO-RSP' }]);
  });

  it('never goes out inside another message', async () => {
    const { session, peer } = await requestor({ window: 2 });
    const { opened, open } = gate();
    const controller = new AbortController();
    const find = session.request(FIND, { dataSet: new Uint8Array(10), signal: controller.signal });
    await settle();
    async function* chunks() {
      yield new Uint8Array(20_000);
      await opened;
      yield new Uint8Array(20_000);
    }
    const store = session.request(
      { type: 'C-STORE-RQ', affectedSopClassUid: CT_IMAGE_STORAGE, affectedSopInstanceUid: '1.2' },
      { dataSet: { byteLength: 40_000, chunks } },
    );
    await settle();
    controller.abort('enough');
    await expect(find).rejects.toBe('enough');
    await settle();
    expect(received(peer).filter((item) => typeof item !== 'string')).toMatchObject([
      { type: 'C-FIND-RQ', messageId: 1 },
      { type: 'C-STORE-RQ', messageId: 2 },
    ]);
    open();
    await settle();
    await settle();
    expect(received(peer).at(-1)).toEqual({ type: 'C-CANCEL-RQ', hasDataSet: false, messageIdBeingRespondedTo: 1 });
    peer.send(message(3, { type: 'C-STORE-RSP', hasDataSet: false, messageIdBeingRespondedTo: 2, status: 0 }));
    expect((await store).command.status).toBe(0);
  });
});

describe('a message whose next fragment never comes', () => {
  it.each([
    ['in the command', [pdv(3, 'command', false, new Uint8Array(10))]],
    ['in the data set', [message(3, storeRq(1)), pdv(3, 'data', false, new Uint8Array(10))]],
    ['before the data set', [message(3, storeRq(1))]],
  ] as const)('%s ends in ABORT(0,0), and the handler is told', async (name, pdus) => {
    const seen: unknown[] = [];
    const { peer, clock, errors } = await acceptor(
      async ({ dataSet }) => {
        await dataSet?.bytes().catch((error: unknown) => seen.push(error));
        return SUCCESS;
      },
      { messageTimeoutMs: 5000 },
    );
    peer.send(...pdus);
    await clock.advance(4999);
    expect(received(peer)).toEqual([]);
    await clock.advance(1);
    expect(received(peer)).toEqual(['A-ABORT(0,0)']);
    expect(errors).toMatchObject([{ code: 'message-timeout' }]);
    if (name !== 'in the command') expect(seen).toMatchObject([{ code: 'message-timeout' }]);
  });

  it('is not mistaken for one that we ourselves hold back', async () => {
    const { opened, open } = gate();
    const { peer, clock } = await acceptor(
      async ({ dataSet }) => {
        await opened;
        await dataSet?.discard();
        return SUCCESS;
      },
      { messageTimeoutMs: 5000 },
    );
    peer.send(message(3, storeRq(1)), pdv(3, 'data', false, new Uint8Array(10)));
    await clock.advance(20_000);
    expect(received(peer)).toEqual([]);
    open();
    await clock.advance(4000);
    peer.send(pdv(3, 'data', true, new Uint8Array(10)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ type: 'C-STORE-RSP', status: 0 }]);
  });

  it('does not end an association between messages', async () => {
    const { peer, clock } = await acceptor(async () => SUCCESS, { messageTimeoutMs: 5000 });
    peer.send(pdv(1, 'command', false, encodeCommandSet(echoRq(1)).subarray(0, 10)));
    peer.send(pdv(1, 'command', true, encodeCommandSet(echoRq(1)).subarray(10)));
    await clock.advance(60_000);
    expect(received(peer)).toMatchObject([{ type: 'C-ECHO-RSP' }]);
  });
});

describe('a response is never taken for success', () => {
  it.each([
    ['with a wrong message ID', 1, echoRsp(2)],
    ['on a wrong context', 3, echoRsp(1)],
    ['of another kind', 1, { type: 'C-FIND-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0 }],
    ['pending where none can be', 1, { ...echoRsp(1), status: 0xff00 }],
    ['without a status', 1, { type: 'unknown', commandField: 0x8030, messageIdBeingRespondedTo: 1, hasDataSet: false }],
  ] as const)('%s', async (_name, contextId, response) => {
    const { session, peer } = await requestor();
    const echo = session.request(ECHO);
    const failed = expect(echo).rejects.toMatchObject({
      code: expect.stringMatching(/^(unexpected-response|association-ended)$/),
    });
    await settle();
    peer.send(message(contextId, response as CommandSet));
    await failed;
    await settle();
    expect(received(peer).at(-1)).toBe('A-ABORT(0,0)');
  });

  it('that comes before everything was sent', async () => {
    const { session, peer } = await requestor();
    async function* chunks() {
      yield new Uint8Array(20_000);
      await gate().opened;
    }
    const store = session.request(
      { type: 'C-STORE-RQ', affectedSopClassUid: CT_IMAGE_STORAGE, affectedSopInstanceUid: '1.2' },
      { dataSet: { chunks } },
    );
    const failed = expect(store).rejects.toMatchObject({ code: 'unexpected-response' });
    await settle();
    peer.send(message(3, { type: 'C-STORE-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0 }));
    await failed;
  });
});

describe('responses', () => {
  it.each([
    ['a final C-FIND success', FIND, { type: 'C-FIND-RSP', status: 0 }],
    [
      'a final C-MOVE success',
      { type: 'C-MOVE-RQ', affectedSopClassUid: STUDY_ROOT_FIND, moveDestination: 'X' },
      { type: 'C-MOVE-RSP', status: 0 },
    ],
  ] as const)('with a data set that %s should not have are taken, the data set is reported', async (_name, rq, rsp) => {
    const { session, peer, errors } = await requestor();
    const asked = session.request(rq, { dataSet: new Uint8Array(10) });
    await settle();
    peer.send(message(5, { ...rsp, hasDataSet: true, messageIdBeingRespondedTo: 1 }, Buffer.from('garbage!')));
    const { command, dataSet } = await asked;
    expect(command.status).toBe(0);
    expect(dataSet).toBeUndefined();
    expect(errors).toMatchObject([{ code: 'unexpected-data-set' }]);
  });

  it('that are pending and have a data set which a C-MOVE should not have do no harm', async () => {
    const { session, peer } = await requestor();
    const moved = session.requestMany(
      { type: 'C-MOVE-RQ', affectedSopClassUid: STUDY_ROOT_FIND, moveDestination: 'X' },
      { dataSet: new Uint8Array(10) },
    );
    const first = moved.next();
    await settle();
    const base = { type: 'C-MOVE-RSP', messageIdBeingRespondedTo: 1 } as const;
    peer.send(
      message(5, { ...base, hasDataSet: true, status: 0xff00, numberOfRemainingSuboperations: 1 }, Buffer.from('x')),
    );
    peer.send(message(5, { ...base, hasDataSet: false, status: 0x0000 }));
    expect((await first).value).toMatchObject({ command: { numberOfRemainingSuboperations: 1 }, dataSet: undefined });
    expect((await moved.next()).value).toMatchObject({ command: { status: 0 } });
    expect((await moved.next()).done).toBe(true);
  });

  it('with a data set that can not be parsed fail their call alone', async () => {
    const { session, peer } = await requestor();
    const found = session.requestMany(FIND, { dataSet: new Uint8Array(10) });
    const first = found.next();
    const failed = expect(first).rejects.toMatchObject({ code: 'malformed-data-set' });
    await settle();
    const base = { type: 'C-FIND-RSP', messageIdBeingRespondedTo: 1 } as const;
    peer.send(message(5, { ...base, hasDataSet: true, status: 0xff00 }, Buffer.from('this is no data set, is it?!')));
    await failed;
    await settle();
    expect(receivedCommands(peer).at(-1)).toMatchObject({ type: 'C-CANCEL-RQ' });
    peer.send(message(5, { ...base, hasDataSet: false, status: 0xfe00 }));
    const echo = session.request(ECHO);
    await settle();
    peer.send(message(1, echoRsp(2)));
    expect((await echo).command.status).toBe(0);
  });

  it('with a data set over the limit fail their call', async () => {
    const { session, peer } = await requestor({ maxResponseDataSetBytes: 100 });
    const found = session.requestMany(FIND, { dataSet: new Uint8Array(10) });
    const failed = expect(found.next()).rejects.toMatchObject({ code: 'data-set-too-large' });
    await settle();
    const base = { type: 'C-FIND-RSP', messageIdBeingRespondedTo: 1 } as const;
    peer.send(message(5, { ...base, hasDataSet: true, status: 0xff00 }, new Uint8Array(102)));
    await failed;
  });

  it('may refuse before everything was sent', async () => {
    const { session, peer } = await requestor();
    const { opened, open } = gate();
    async function* chunks() {
      yield new Uint8Array(20_000);
      await opened;
    }
    const store = session.request(
      { type: 'C-STORE-RQ', affectedSopClassUid: CT_IMAGE_STORAGE, affectedSopInstanceUid: '1.2' },
      { dataSet: { chunks } },
    );
    await settle();
    peer.send(message(3, { type: 'C-STORE-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0xa700 }));
    await settle();
    open();
    expect((await store).command.status).toBe(0xa700);
  });
});

describe('a peer that asks and does not read', () => {
  it('is not read either, so that memory stays bounded', async () => {
    const { session, peer, peerTransport } = await acceptor(async () => SUCCESS, { reads: false });
    const nonsense = message(1, { type: 'unknown', commandField: 0x0160, messageId: 5, hasDataSet: false });
    const many = Buffer.concat(Array.from({ length: 1000 }, () => nonsense));
    for (let i = 0; i < 100; i++) peer.send(many);
    for (let i = 0; i < 100; i++) await settle();
    expect(peerTransport.writableLength).toBeGreaterThan(1_000_000);
    expect(session.association.queuedBytes).toBeLessThan(1_000_000);
  });
});

describe('responses that nobody takes', () => {
  const base = { type: 'C-MOVE-RSP', messageIdBeingRespondedTo: 1, hasDataSet: false } as const;
  const MOVE = { type: 'C-MOVE-RQ', affectedSopClassUid: STUDY_ROOT_FIND, moveDestination: 'X' } as const;

  it('pause reading, and no deadline runs meanwhile', async () => {
    const { session, peer, peerTransport, clock } = await requestor({ responseTimeoutMs: 1000 });
    const responses = session.requestMany(MOVE, { dataSet: new Uint8Array(10) });
    const first = responses.next();
    await settle();
    const pending = message(5, { ...base, status: 0xff00 });
    for (let i = 0; i < 100; i++) peer.send(Buffer.concat(Array.from({ length: 100 }, () => pending)));
    await first;
    for (let i = 0; i < 50; i++) await settle();
    expect(peerTransport.writableLength).toBeGreaterThan(100_000);
    await clock.advance(20_000);
    expect(session.association.isEstablished).toBe(true);
    for (let i = 1; i < 10_000; i++) await responses.next();
    const last = responses.next();
    peer.send(message(5, { ...base, status: 0 }));
    expect((await last).value?.command.status).toBe(0);
  });
});

describe('what we send', () => {
  it('leaves in one write when command and data set are small', async () => {
    const { session, transport } = await requestor();
    const before = transport.writeCount;
    void session
      .request(
        { type: 'C-STORE-RQ', affectedSopClassUid: CT_IMAGE_STORAGE, affectedSopInstanceUid: '1.2' },
        { dataSet: new Uint8Array(30_000) },
      )
      .catch(() => undefined);
    await settle();
    expect(transport.writeCount - before).toBe(1);
  });

  it('is cut to the maximum of the peer, even, one command or data set kind per PDU', async () => {
    const { session, peer } = await requestor();
    const store = session.request(
      { type: 'C-STORE-RQ', affectedSopClassUid: CT_IMAGE_STORAGE, affectedSopInstanceUid: '1.2' },
      { dataSet: new Uint8Array(40_001) },
    );
    await settle();
    const pdus = peer.takePdus();
    const values = pdus.flatMap((pdu) => (pdu.type === 'P-DATA-TF' ? [pdu.values] : []));
    expect(values.map((ofPdu) => ofPdu.length)).toEqual([1, 1, 1, 1]);
    expect(values.map(([value]) => [value?.isCommand, value?.isLast, value?.data.length])).toEqual([
      [true, true, expect.any(Number)],
      [false, false, 16_378],
      [false, false, 16_378],
      [false, true, 40_002 - 2 * 16_378],
    ]);
    const command = decodeCommandSet(values[0]?.[0]?.data ?? new Uint8Array(0));
    expect(command).toMatchObject({ type: 'C-STORE-RQ', messageId: 1, priority: 0, hasDataSet: true });
    peer.send(message(3, { type: 'C-STORE-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0 }));
    await store;
  });
});
