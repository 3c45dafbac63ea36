/** Fragments and messages as peers send them, played with raw bytes. */
import { decodeCommandSet, encodeCommandSet, type IncomingRequest } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { echoRq, echoRsp, keeper, message, pdv, received, receivedCommands, SUCCESS, storeRq } from './messages.js';
import { acceptor, CT_IMAGE_STORAGE, gate, requestor } from './scene.js';

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

describe('in place of a data set', () => {
  const requestAgain = Buffer.from(`01000000004400010000${'20'.repeat(32)}${'00'.repeat(32)}`, 'hex');
  it.each([
    ['a second A-ASSOCIATE-RQ ends the association with ABORT(2,2)', requestAgain, 'A-ABORT(2,2)'],
    [
      'an A-RELEASE-RP ends the association with ABORT(2,2)',
      Buffer.from('06000000000400000000', 'hex'),
      'A-ABORT(2,2)',
    ],
  ])('%s, and the handler is told', async (_name, bytes, answer) => {
    const failures: unknown[] = [];
    const { peer, session } = await acceptor(async ({ dataSet }) => {
      await dataSet?.bytes().catch((error: unknown) => failures.push(error));
      return SUCCESS;
    });
    peer.send(message(3, storeRq(1)), pdv(3, 'data', false, new Uint8Array(20)), bytes);
    await settle();
    expect(received(peer)).toEqual([answer]);
    peer.close();
    expect(await session.closed).toMatchObject({ kind: 'aborted', by: 'local' });
    expect(failures).toMatchObject([{ code: 'association-ended' }]);
    expect(session.operationCount).toBe(0);
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
