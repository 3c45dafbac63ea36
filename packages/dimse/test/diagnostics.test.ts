import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  MESSAGE_CHANNEL,
  MESSAGE_END_CHANNEL,
  type MessageEndEvent,
  type MessageEvent,
  OPERATION_CHANNEL,
  type OperationEvent,
  SESSION_ERROR_CHANNEL,
  type SessionErrorEvent,
} from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ECHO, echoRq, FIND, message, named, pdv, STORE, SUCCESS, storeRq } from './messages.js';
import { acceptor, gate, pair, requestor, VERIFICATION } from './scene.js';

interface Events {
  [MESSAGE_CHANNEL]: MessageEvent;
  [MESSAGE_END_CHANNEL]: MessageEndEvent;
  [OPERATION_CHANNEL]: OperationEvent;
  [SESSION_ERROR_CHANNEL]: SessionErrorEvent;
}

const undo: (() => void)[] = [];

/** What is published on a channel until the test is over. */
function events<C extends keyof Events>(channel: C): Events[C][] {
  const published: Events[C][] = [];
  const listen = (event: unknown): void => {
    if (isEvent(event)) published.push(event);
  };
  // Each channel has one kind of event.
  const isEvent = (event: unknown): event is Events[C] => typeof event === 'object';
  subscribe(channel, listen);
  undo.push(() => unsubscribe(channel, listen));
  return published;
}

afterEach(() => {
  for (const step of undo.splice(0)) step();
});

it('tells whoever listens about each message, on both sides', async () => {
  const published = events(MESSAGE_CHANNEL);
  const { client, server } = await pair({ server: { handler: async () => ({ status: 0 }) } });
  await client.request(ECHO);
  expect(published.map(({ direction, command, contextId }) => [direction, command.type, contextId])).toEqual([
    ['out', 'C-ECHO-RQ', 1],
    ['in', 'C-ECHO-RQ', 1],
    ['out', 'C-ECHO-RSP', 1],
    ['in', 'C-ECHO-RSP', 1],
  ]);
  expect(published.map(({ association }) => association)).toEqual([
    client.association,
    server.association,
    server.association,
    client.association,
  ]);
  expect(published.map(({ context }) => context?.abstractSyntax)).toEqual(Array(4).fill(VERIFICATION));
});

describe('the end of a message', () => {
  const shape = ({ direction, command, dataSetBytes, isWhole }: MessageEndEvent) => [
    direction,
    command.type,
    dataSetBytes,
    isWhole,
  ];

  it('is told with the bytes of its data set, on both sides', async () => {
    const published = events(MESSAGE_END_CHANNEL);
    const { client } = await pair({
      server: {
        handler: async function* () {
          yield { status: 0xff00, dataSet: new Uint8Array(40_000) };
          yield SUCCESS;
        },
      },
    });
    async function* chunks() {
      yield new Uint8Array(100_001);
    }
    await client.request(STORE, { dataSet: { chunks } }).catch(() => undefined);
    await client.request(FIND, { dataSet: new Uint8Array(10) });
    expect(published.filter(({ association }) => association === client.association).map(shape)).toEqual([
      ['out', 'C-STORE-RQ', 100_002, true],
      ['in', 'C-STORE-RSP', 0, true],
      ['out', 'C-FIND-RQ', 10, true],
      ['in', 'C-FIND-RSP', 40_000, true],
      ['in', 'C-FIND-RSP', 0, true],
    ]);
    expect(published.filter(({ association }) => association !== client.association).map(shape)).toEqual([
      ['in', 'C-STORE-RQ', 100_002, true],
      ['out', 'C-STORE-RSP', 0, true],
      ['in', 'C-FIND-RQ', 10, true],
      ['out', 'C-FIND-RSP', 40_000, true],
      ['out', 'C-FIND-RSP', 0, true],
    ]);
  });

  it('that is broken off is told as such', async () => {
    const published = events(MESSAGE_END_CHANNEL);
    const { peer } = await acceptor(async () => SUCCESS);
    peer.send(message(3, storeRq(1)), pdv(3, 'data', false, new Uint8Array(500)));
    await settle();
    expect(published).toEqual([]);
    peer.close();
    await settle();
    expect(published.map(shape)).toEqual([['in', 'C-STORE-RQ', 500, false]]);
  });

  it('that we broke off ourselves is told as such', async () => {
    const published = events(MESSAGE_END_CHANNEL);
    const { session } = await requestor();
    async function* chunks() {
      yield new Uint8Array(20_000);
      yield new Uint8Array(20_000);
      throw new Error('broken');
    }
    await expect(session.request(STORE, { dataSet: { byteLength: 50_000, chunks } })).rejects.toThrow();
    expect(published.map(shape)).toMatchObject([['out', 'C-STORE-RQ', expect.any(Number), false]]);
  });
});

describe('an operation', () => {
  it('is told at its beginning and at its end, with the time it took, on both sides', async () => {
    const published = events(OPERATION_CHANNEL);
    const { client, clock } = await pair({
      server: {
        handler: async function* ({ association }) {
          yield { status: 0xff00, dataSet: named('A') };
          yield { status: 0xff00, dataSet: named('B') };
          await new Promise<void>((resolve) => association.clock.setTimer(resolve, 1500));
          yield { status: 0xa700 };
        },
      },
    });
    const found = client.request(FIND, { dataSet: named('*') });
    await clock.advance(1500);
    await found;
    await settle();
    const facts = published.map(({ role, event, command, context }) => [role, event, command.type, context.id]);
    expect(facts).toEqual([
      ['invoker', 'start', 'C-FIND-RQ', 5],
      ['performer', 'start', 'C-FIND-RQ', 5],
      ['performer', 'end', 'C-FIND-RQ', 5],
      ['invoker', 'end', 'C-FIND-RQ', 5],
    ]);
    for (const end of published.filter(({ event }) => event === 'end')) {
      expect(end).toMatchObject({ durationMs: 1500, pendingResponses: 2, response: { status: 0xa700 } });
      expect(end).toHaveProperty('error', undefined);
    }
  });

  it('that fails is told why', async () => {
    const published = events(OPERATION_CHANNEL);
    const { client, serverTransport } = await pair({
      server: {
        handler: ({ command }) => {
          if (command.type === 'C-ECHO-RQ') throw new Error('bug');
          return gate().opened.then(() => SUCCESS);
        },
      },
    });
    await client.request(ECHO);
    await settle();
    const ends = () => published.splice(0).filter(({ event }) => event === 'end');
    expect(ends()).toMatchObject([
      { role: 'performer', response: { status: 0x0110 }, error: { message: 'bug' } },
      { role: 'invoker', response: { status: 0x0110 }, error: undefined },
    ]);
    const store = client.request(STORE, { dataSet: new Uint8Array(2) });
    await settle();
    serverTransport.destroy();
    await expect(store).rejects.toMatchObject({ code: 'association-ended' });
    expect(ends()).toMatchObject([{ role: 'invoker', response: undefined, error: { code: 'association-ended' } }]);
  });

  it('whose beginning nobody heard is not told at its end', async () => {
    const { opened, open } = gate();
    const { client } = await pair({ server: { handler: () => opened.then(() => SUCCESS) } });
    const echo = client.request(ECHO);
    await settle();
    const published = events(OPERATION_CHANNEL);
    open();
    await echo;
    expect(published).toEqual([]);
  });
});

it('tells whoever listens what onError is told', async () => {
  const published = events(SESSION_ERROR_CHANNEL);
  const { peer, session } = await acceptor(async () => {
    throw new Error('bug');
  });
  peer.send(message(1, echoRq(1)));
  await settle();
  expect(published).toMatchObject([
    { error: { code: 'handler-failed' }, request: { type: 'C-ECHO-RQ', messageId: 1 } },
  ]);
  expect(published[0]?.association).toBe(session.association);
});
