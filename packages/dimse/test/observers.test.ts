/** Those who see every message and can change none. */
import type { DimseError, ObservedMessage, SessionObserver } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, echoRq, FIND, keeper, message, named, received, STORE, SUCCESS } from './messages.js';
import { acceptor, CT_IMAGE_STORAGE, pair } from './scene.js';

function recorder(seen: string[], name = ''): SessionObserver {
  const note = (direction: string) => (observed: ObservedMessage) => {
    seen.push(`${name}${direction} ${observed.command.type} on ${observed.context?.abstractSyntax}`);
  };
  return { received: note('in'), sent: note('out') };
}

describe('observers', () => {
  it('see every message in either direction, pending responses and C-CANCEL among them', async () => {
    const seen: string[] = [];
    const { client } = await pair({
      client: { observers: [recorder(seen)] },
      server: {
        handler: async function* ({ signal }) {
          yield { status: 0xff00, dataSet: named('A') };
          while (!signal.aborted) await settle();
          yield { status: 0xfe00 };
        },
      },
    });
    for await (const _response of client.requestMany(FIND, { dataSet: named('*') })) break;
    await client.release();
    const context = `on ${FIND.affectedSopClassUid}`;
    expect(seen).toEqual([
      `out C-FIND-RQ ${context}`,
      `in C-FIND-RSP ${context}`,
      `out C-CANCEL-RQ ${context}`,
      `in C-FIND-RSP ${context}`,
    ]);
  });

  it('see a request before the handler is called, and a response after the queue took it', async () => {
    const seen: string[] = [];
    const { client } = await pair({
      server: {
        observers: [recorder(seen)],
        handler: async () => {
          seen.push('handler');
          return SUCCESS;
        },
      },
    });
    await client.request(STORE, { dataSet: new Uint8Array(2) });
    const context = `on ${CT_IMAGE_STORAGE}`;
    expect(seen).toEqual([`in C-STORE-RQ ${context}`, 'handler', `out C-STORE-RSP ${context}`]);
  });

  it('are told one after another', async () => {
    const seen: string[] = [];
    const { client } = await pair({
      client: { observers: [recorder(seen, 'first '), recorder(seen, 'second ')] },
      server: { handler: async () => SUCCESS },
    });
    await client.request(ECHO);
    expect(seen.map((line) => line.split(' ')[0])).toEqual(['first', 'second', 'first', 'second']);
  });

  it('see what the standard does not define', async () => {
    const seen: ObservedMessage[] = [];
    const { peer } = await acceptor(undefined, { observers: [{ received: (observed) => void seen.push(observed) }] });
    peer.send(message(1, { type: 'unknown', commandField: 0x0160, messageId: 5, hasDataSet: false }));
    peer.send(message(1, { type: 'unknown', commandField: 0x0001, messageId: 6, hasDataSet: false }));
    await settle();
    expect(seen.map(({ command }) => command)).toMatchObject([
      { type: 'unknown', commandField: 0x0160, messageId: 5 },
      { type: 'unknown', commandField: 0x0001, messageId: 6 },
    ]);
  });

  it('change nothing, whatever they do to what they are shown', async () => {
    const offendingElements = [0x00080018];
    const spoil = ({ command }: ObservedMessage) => {
      Object.assign(command, { messageId: 99, messageIdBeingRespondedTo: 99, status: 0xc000 });
      if ('offendingElements' in command) Object.assign(command.offendingElements ?? [], { 0: 0 });
    };
    const spoiler: SessionObserver = { received: spoil, sent: spoil };
    const { client } = await pair({
      client: { observers: [spoiler] },
      server: { observers: [spoiler], handler: async () => ({ status: 0xb000, offendingElements }) },
    });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(2) });
    expect(command).toMatchObject({ status: 0xb000, offendingElements: [0x00080018] });
    expect(offendingElements).toEqual([0x00080018]);
  });

  it('fail nothing: what they throw or reject with is reported', async () => {
    const errors: DimseError[] = [];
    const { kept, handler } = keeper();
    const failing: SessionObserver = {
      received: () => {
        throw new Error('in');
      },
      sent: async () => {
        throw new Error('out');
      },
    };
    const { client } = await pair({
      server: { handler, observers: [failing], onError: (error) => errors.push(error) },
    });
    expect((await client.request(STORE, { dataSet: new Uint8Array(6) })).command.status).toBe(0);
    await settle();
    expect(kept).toEqual([Buffer.alloc(6)]);
    expect(errors).toMatchObject([
      { code: 'observer-failed', cause: { message: 'in' } },
      { code: 'observer-failed', cause: { message: 'out' } },
    ]);
  });

  it('may end the association, and then the message is for nobody', async () => {
    let handled = 0;
    const { peer, session } = await acceptor(
      async () => {
        handled++;
        return SUCCESS;
      },
      { observers: [{ received: () => session.abort() }] },
    );
    peer.send(message(1, echoRq(1)));
    await settle();
    expect(received(peer)).toEqual(['A-ABORT(0,0)']);
    expect([handled, session.operationCount]).toEqual([0, 0]);
    peer.close();
    expect(await session.closed).toMatchObject({ kind: 'aborted', by: 'local' });
  });
});
