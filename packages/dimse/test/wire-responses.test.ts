/** Responses as peers send them, played with raw bytes. */
import type { CommandSet } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, echoRsp, FIND, message, received, receivedCommands } from './messages.js';
import { CT_IMAGE_STORAGE, gate, requestor, STUDY_ROOT_FIND } from './scene.js';

describe('a response is never taken for success', () => {
  const wrong: readonly (readonly [string, number, CommandSet, RegExp])[] = [
    ['with a wrong message ID', 1, echoRsp(2), /on presentation context 1 answers no request$/],
    ['on a wrong context', 3, echoRsp(1), /on presentation context 3 answers a request on presentation context 1$/],
    [
      'of another kind',
      1,
      { type: 'C-FIND-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0 },
      /^C-FIND-RSP to message 1 .* answers a C-ECHO-RQ$/,
    ],
    [
      'pending where none can be',
      1,
      { ...echoRsp(1), type: 'C-ECHO-RSP', messageIdBeingRespondedTo: 1, status: 0xff00 },
      /with status FF00H .* is none that a C-ECHO-RQ can have$/,
    ],
    [
      'without a status',
      1,
      { type: 'unknown', commandField: 0x8030, messageIdBeingRespondedTo: 1, hasDataSet: false },
      /./,
    ],
  ];

  it.each(wrong)('%s', async (_name, contextId, response, words) => {
    const { session, peer } = await requestor();
    const echo = session.request(ECHO);
    const failed = expect(echo).rejects.toMatchObject({
      code: expect.stringMatching(/^(unexpected-response|association-ended)$/),
      message: expect.stringMatching(words),
    });
    await settle();
    peer.send(message(contextId, response));
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
