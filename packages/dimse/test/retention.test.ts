/** What is left in memory of messages that have passed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  DataSet,
  type IncomingRequest,
  type ObservedMessage,
  type OutgoingResponse,
  type RequestCommand,
  type ResponseCommand,
  type Session,
} from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, FIND, STORE, SUCCESS } from './messages.js';
import { pair } from './scene.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** How many of them are still there after a collection. */
async function remaining(references: readonly WeakRef<object>[]): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    await settle();
    await nextTurn();
    collectGarbage();
  }
  return references.filter((reference) => reference.deref() !== undefined).length;
}

describe('while an association goes on, nothing is kept', () => {
  it('of data sets that were sent and received', async () => {
    const sent: WeakRef<object>[] = [];
    const received: WeakRef<object>[] = [];
    const { client } = await pair({
      server: {
        async handler({ dataSet }) {
          const bytes = await dataSet?.bytes();
          if (bytes !== undefined) received.push(new WeakRef(bytes.buffer));
          return SUCCESS;
        },
      },
    });
    for (let round = 0; round < 20; round++) {
      const dataSet = new Uint8Array(100_000);
      sent.push(new WeakRef(dataSet));
      await client.request(STORE, { dataSet });
    }
    // The last ones may still stand on the stack of a turn that has just ended.
    expect(await remaining(sent)).toBeLessThanOrEqual(1);
    expect(received).toHaveLength(20);
    expect(await remaining(received)).toBeLessThanOrEqual(1);
    await client.release();
  });

  it('of responses', async () => {
    const responses: WeakRef<object>[] = [];
    const { client } = await pair({
      server: {
        async *handler(): AsyncGenerator<OutgoingResponse> {
          for (let index = 0; index < 20; index++) {
            const dataSet = DataSet.from({ PatientName: `DOE^${index}` });
            responses.push(new WeakRef(dataSet));
            yield { status: 0xff00, dataSet };
          }
          yield SUCCESS;
        },
      },
    });
    await client.request(FIND, { dataSet: DataSet.from({ PatientName: '*' }) });
    expect(responses).toHaveLength(20);
    expect(await remaining(responses)).toBeLessThanOrEqual(1);
    await client.release();
  });

  it('of responses that were iterated, nor of the iteration when it was left', async () => {
    const responses: WeakRef<object>[] = [];
    const iterations: WeakRef<object>[] = [];
    const { client } = await pair({
      server: {
        async *handler({ signal }): AsyncGenerator<OutgoingResponse> {
          for (let index = 0; index < 10 && !signal.aborted; index++) {
            yield { status: 0xff00, dataSet: DataSet.from({ PatientName: `DOE^${index}` }) };
            await settle();
          }
          yield signal.aborted ? { status: 0xfe00 } : SUCCESS;
        },
      },
    });
    for (const most of [100, 3, 1]) await iterate(client, most, responses, iterations);
    expect(responses).toHaveLength(15);
    expect(await remaining(responses)).toBeLessThanOrEqual(1);
    expect(await remaining(iterations)).toBeLessThanOrEqual(1);
    expect(client.operationCount).toBe(0);
    await client.release();
  });

  it('of data sets that were read fragment by fragment, whole or in part', async () => {
    const fragments: WeakRef<object>[] = [];
    const dataSets: WeakRef<object>[] = [];
    const { client } = await pair({
      server: {
        async handler({ dataSet }) {
          if (dataSet === undefined) return SUCCESS;
          dataSets.push(new WeakRef(dataSet));
          let count = 0;
          for await (const fragment of dataSet) {
            fragments.push(new WeakRef(fragment.buffer));
            if (++count === 5) break;
          }
          return SUCCESS;
        },
      },
    });
    for (let round = 0; round < 10; round++) await client.request(STORE, { dataSet: new Uint8Array(300_000) });
    expect(fragments.length).toBeGreaterThan(10);
    expect(await remaining(fragments)).toBeLessThanOrEqual(2);
    expect(await remaining(dataSets)).toBeLessThanOrEqual(1);
    await client.release();
  });

  it('of what observers and interceptors were shown, and of what interceptors made of it', async () => {
    const shown: WeakRef<object>[] = [];
    const made: WeakRef<object>[] = [];
    const note = <T extends object>(references: WeakRef<object>[], value: T): T => {
      references.push(new WeakRef(value));
      return value;
    };
    const options = {
      observers: [
        {
          received: (message: ObservedMessage) => void note(shown, note(shown, message).command),
          sent: (message: ObservedMessage) => void note(shown, note(shown, message).command),
        },
      ],
      interceptors: [
        {
          outgoingRequest: async (message: { readonly command: RequestCommand }) => ({
            command: note(made, { ...note(shown, message).command }),
            dataSet: note(made, new Uint8Array(1000)),
          }),
          incomingRequest: async (request: IncomingRequest) => ({
            command: note(made, { ...note(shown, request).command }),
          }),
          outgoingResponse: async (message: { readonly command: ResponseCommand }) => ({
            command: note(made, { ...note(shown, message).command }),
          }),
          incomingResponse: (message: { readonly command: ResponseCommand }) => ({
            command: note(made, { ...note(shown, message).command }),
          }),
        },
      ],
    };
    const { client } = await pair({
      window: 4,
      client: options,
      server: { ...options, handler: async () => SUCCESS },
    });
    await Promise.all(Array.from({ length: 20 }, () => client.request(STORE, { dataSet: new Uint8Array(1000) })));
    expect(shown.length).toBeGreaterThanOrEqual(20 * 12);
    expect(made.length).toBe(20 * 5);
    expect(await remaining(shown)).toBeLessThanOrEqual(6);
    expect(await remaining(made)).toBeLessThanOrEqual(3);
    expect(client.operationCount).toBe(0);
    await client.release();
  });

  it('of requests that were given up while they waited', async () => {
    const given: WeakRef<object>[] = [];
    const { client } = await pair({ server: { handler: async () => SUCCESS } });
    const signal = new AbortController();
    const waiting: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round++) {
      const dataSet = new Uint8Array(100_000);
      given.push(new WeakRef(dataSet));
      waiting.push(client.request(STORE, { dataSet, signal: signal.signal }).catch(() => undefined));
    }
    signal.abort(new Error('enough'));
    await Promise.all(waiting.splice(0));
    await client.request(ECHO).catch(() => undefined);
    expect(await remaining(given)).toBeLessThanOrEqual(1);
  });

  it('of raw messages in either direction', async () => {
    const sent: WeakRef<object>[] = [];
    const received: WeakRef<object>[] = [];
    const { client } = await pair({
      server: {
        rawMessages: {
          async handle(message) {
            received.push(new WeakRef(message), new WeakRef(message.command));
            const bytes = await message.dataSet?.bytes();
            if (bytes !== undefined) received.push(new WeakRef(bytes.buffer));
          },
        },
      },
    });
    for (let round = 0; round < 20; round++) {
      const dataSet = new Uint8Array(10_000);
      sent.push(new WeakRef(dataSet));
      const command = { type: 'unknown', commandField: 0x0160, messageId: round, hasDataSet: true } as const;
      await client.sendMessage({ contextId: 3, command, dataSet });
    }
    expect(await remaining(sent)).toBeLessThanOrEqual(1);
    expect(received).toHaveLength(60);
    expect(await remaining(received)).toBeLessThanOrEqual(3);
    await client.release();
  });
});

/** Iterates over so many responses; in a function of its own, so that nothing of it stays on the stack. */
async function iterate(
  client: Session,
  most: number,
  responses: WeakRef<object>[],
  iterations: WeakRef<object>[],
): Promise<void> {
  const iteration = client.requestMany(FIND, { dataSet: DataSet.from({ PatientName: '*' }) });
  iterations.push(new WeakRef(iteration));
  let count = 0;
  for await (const response of iteration) {
    responses.push(new WeakRef(response));
    if (++count === most) break;
  }
}
