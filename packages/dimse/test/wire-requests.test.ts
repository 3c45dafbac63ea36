/** Requests as peers send them, played with raw bytes. */
import { type CommandSet, encodeCommandSet } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, echoRq, FIND, findRq, message, pdv, received, receivedCommands, SUCCESS, storeRq } from './messages.js';
import { acceptor, CT_IMAGE_STORAGE, gate, requestor, VERIFICATION } from './scene.js';

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

describe('a request that the peer leaves unfinished when it asks for release', () => {
  const half = [
    pdv(3, 'command', true, encodeCommandSet(storeRq(1))),
    pdv(3, 'data', false, new Uint8Array(100)),
  ] as const;

  it('is dropped without an answer, and the release answered at once', async () => {
    const outcomes: unknown[] = [];
    const { peer, session } = await acceptor(async ({ dataSet, signal }) => {
      await dataSet?.pipe({ write: () => undefined }).catch((error: unknown) => outcomes.push(error));
      outcomes.push(signal.aborted);
      return SUCCESS;
    });
    peer.send(...half, { type: 'A-RELEASE-RQ' });
    await settle();
    expect(received(peer)).toEqual(['A-RELEASE-RP']);
    expect(outcomes).toMatchObject([{ code: 'association-ended', end: { kind: 'released', by: 'peer' } }, true]);
    expect(session.operationCount).toBe(0);
  });

  it('is never begun when it still waits for its turn', async () => {
    const { opened, open } = gate();
    const begun: number[] = [];
    const { peer } = await acceptor(async ({ command }) => {
      begun.push(command.messageId);
      await opened;
      return SUCCESS;
    });
    peer.send(message(1, echoRq(7)), ...half, { type: 'A-RELEASE-RQ' });
    await settle();
    open();
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-ECHO-RSP', messageIdBeingRespondedTo: 7 }, 'A-RELEASE-RP']);
    expect(begun).toEqual([7]);
  });

  it('is forgotten when not even its command is whole', async () => {
    const { peer, errors } = await acceptor(async () => SUCCESS);
    peer.send(pdv(3, 'command', false, new Uint8Array(8)), { type: 'A-RELEASE-RQ' });
    await settle();
    expect(received(peer)).toEqual(['A-RELEASE-RP']);
    expect(errors).toEqual([]);
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
