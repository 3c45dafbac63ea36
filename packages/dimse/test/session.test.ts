import type { IncomingRequest, OutgoingResponse, Session } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, named, STORE, SUCCESS } from './messages.js';
import { gate, pair, STUDY_ROOT_FIND, VERIFICATION } from './scene.js';

describe('two sessions', () => {
  it('ask and answer', async () => {
    const { client } = await pair({ server: { handler: async () => SUCCESS } });
    const { command, context } = await client.request(ECHO);
    expect(command).toMatchObject({ type: 'C-ECHO-RSP', status: 0, affectedSopClassUid: VERIFICATION });
    expect(context.id).toBe(1);
    expect(await client.release()).toEqual({ kind: 'released', by: 'local' });
  });

  it('work in both directions at once', async () => {
    const handler = async () => SUCCESS;
    const { client, server } = await pair({ server: { handler }, client: { handler } });
    const statuses = await Promise.all([client.request(ECHO), server.request(ECHO), client.request(ECHO)]);
    expect(statuses.map(({ command }) => command.status)).toEqual([0, 0, 0]);
  });

  it('give every response to its own request', async () => {
    const gates = [gate(), gate(), gate()];
    const handler = async ({ command }: IncomingRequest): Promise<OutgoingResponse> => {
      await gates[command.messageId - 1]?.opened;
      return { status: 0, errorComment: `answer ${command.messageId}` };
    };
    const { client } = await pair({ window: 3, server: { handler } });
    const requests = [client.request(ECHO), client.request(ECHO), client.request(ECHO)];
    for (const { open } of gates.reverse()) {
      open();
      await settle();
    }
    const comments = (await Promise.all(requests)).map(({ command }) => command.errorComment);
    expect(comments).toEqual(['answer 1', 'answer 2', 'answer 3']);
  });

  it('hold nothing after a long association', async () => {
    const { client, server, clock } = await pair({ server: { handler: async () => SUCCESS } });
    await client.request(ECHO);
    const timers = clock.pendingTimers;
    for (let i = 0; i < 1000; i++) await client.request(ECHO);
    await settle();
    expect(client.operationCount + server.operationCount).toBe(0);
    expect(clock.pendingTimers).toBe(timers);
    await client.release();
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });

  it('take message IDs round and round', async () => {
    const seen: number[] = [];
    const handler = async ({ command }: IncomingRequest) => {
      seen.push(command.messageId);
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler } });
    for (let i = 0; i < 5; i++) await client.request(ECHO);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('the asynchronous operations window', () => {
  it.each([
    [undefined, 1],
    [1, 1],
    [3, 3],
    [0, 6],
  ])('of %s lets %i requests be under way', async (window, expected) => {
    let running = 0;
    let most = 0;
    const { opened, open } = gate();
    const handler = async () => {
      most = Math.max(most, ++running);
      await opened;
      running--;
      return SUCCESS;
    };
    const { client } = await pair({ ...(window === undefined ? {} : { window }), server: { handler } });
    const requests = Array.from({ length: 6 }, () => client.request(ECHO));
    await settle();
    expect(most).toBe(expected);
    open();
    await Promise.all(requests);
    expect(most).toBe(expected);
  });
});

describe('a C-GET', () => {
  it('has its C-STORE sub-operations on the same association, which keep it alive', async () => {
    const stored: number[] = [];
    let server: Session | undefined;
    const scene = await pair({
      server: {
        handler: async ({ command, association }) => {
          if (command.type !== 'C-GET-RQ') return SUCCESS;
          let completed = 0;
          for (let i = 0; i < 5; i++) {
            await new Promise<void>((resolve) => association.clock.setTimer(resolve, 40_000));
            const response = await server?.request(STORE, { dataSet: new Uint8Array(1000) });
            if (response?.command.status === 0) completed++;
          }
          return { status: 0, fields: { numberOfCompletedSuboperations: completed } };
        },
      },
      client: {
        handler: async ({ dataSet }) => {
          stored.push((await dataSet?.bytes())?.length ?? 0);
          return SUCCESS;
        },
      },
    });
    server = scene.server;
    const got = scene.client.request(
      { type: 'C-GET-RQ', affectedSopClassUid: STUDY_ROOT_FIND },
      { dataSet: named('*') },
    );
    for (let i = 0; i < 25; i++) await scene.clock.advance(10_000);
    expect((await got).command).toMatchObject({ status: 0, numberOfCompletedSuboperations: 5 });
    expect(stored).toEqual([1000, 1000, 1000, 1000, 1000]);
  });
});

describe('what can not be asked', () => {
  it.each([
    ['without an accepted context', { ...ECHO, affectedSopClassUid: '1.2.3' }, {}, 'no-context'],
    ['on a context that is none', ECHO, { contextId: 99 }, 'no-context'],
    ['without the data set that it needs', STORE, {}, 'data-set-required'],
    ['with a data set that it has not', ECHO, { dataSet: new Uint8Array(2) }, 'data-set-required'],
    [
      'with a value that does not fit',
      { ...STORE, moveOriginatorMessageId: -1 },
      { dataSet: new Uint8Array(2) },
      'invalid-command',
    ],
  ] as const)('%s is refused before anything is sent', async (_name, command, options, code) => {
    const { client } = await pair({ server: { handler: async () => SUCCESS } });
    await expect(client.request(command, options)).rejects.toMatchObject({ code });
    expect(client.operationCount).toBe(0);
    expect((await client.request(ECHO)).command.status).toBe(0);
  });
});
