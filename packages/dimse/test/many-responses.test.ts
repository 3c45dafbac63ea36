import type { DimseError, IncomingRequest, OutgoingResponse } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, FIND, findRq, getRq, message, named, receivedCommands, SUCCESS } from './messages.js';
import { acceptor, pair, STUDY_ROOT_FIND } from './scene.js';

async function* matches(count: number): AsyncGenerator<OutgoingResponse> {
  for (let i = 1; i <= count; i++) yield { status: i % 2 === 0 ? 0xff01 : 0xff00, dataSet: named(`MATCH^${i}`) };
  yield SUCCESS;
}

describe('many responses', () => {
  it('are iterated, the final one last, with FF00 and FF01 both pending', async () => {
    const { client } = await pair({ server: { handler: () => matches(5) } });
    const seen: (string | undefined)[] = [];
    for await (const { command, dataSet } of client.requestMany(FIND, { dataSet: named('*') })) {
      seen.push(dataSet?.text('PatientName') ?? `status ${command.status}`);
    }
    expect(seen).toEqual(['MATCH^1', 'MATCH^2', 'MATCH^3', 'MATCH^4', 'MATCH^5', 'status 0']);
  });

  it('of one turn leave together, before the turn is over', async () => {
    const { client, serverTransport } = await pair({ server: { handler: () => matches(5) } });
    const before = serverTransport.writeCount;
    const { command } = await client.request(FIND, { dataSet: named('*') });
    expect(command.status).toBe(0);
    expect(serverTransport.writeCount - before).toBe(1);
  });

  it('are passed over by request, which gives the final one', async () => {
    const { client } = await pair({ server: { handler: () => matches(5) } });
    const { command, dataSet } = await client.request(FIND, { dataSet: named('*') });
    expect(command.status).toBe(0);
    expect(dataSet).toBeUndefined();
  });

  it('wait for a reader who takes his time', async () => {
    let made = 0;
    async function* handler(): AsyncGenerator<OutgoingResponse> {
      for (; made < 20_000; made++) yield { status: 0xff00, dataSet: new Uint8Array(1000) };
      yield SUCCESS;
    }
    const { client } = await pair({ server: { handler } });
    const responses = client.requestMany(FIND, { dataSet: named('*') });
    await responses.next();
    for (let i = 0; i < 200; i++) await settle();
    expect(made).toBeLessThan(5000);
    await responses.return?.();
  });

  it('are cancelled by leaving early, and the association can be used', async () => {
    let isCancelled = false;
    async function* handler({ command, signal }: IncomingRequest): AsyncGenerator<OutgoingResponse> {
      if (command.type === 'C-ECHO-RQ') return yield SUCCESS;
      for (let i = 0; !signal.aborted; i++) {
        yield { status: 0xff00, dataSet: named(`MATCH^${i}`) };
        await settle();
      }
      isCancelled = true;
      yield { status: 0xfe00 };
    }
    const { client } = await pair({ server: { handler } });
    let count = 0;
    for await (const _response of client.requestMany(FIND, { dataSet: named('*') })) {
      if (++count === 3) break;
    }
    expect(count).toBe(3);
    expect((await client.request(ECHO)).command.status).toBe(0);
    expect(isCancelled).toBe(true);
    expect(client.operationCount).toBe(0);
  });

  it('end in FE00 when the handler throws because it was cancelled', async () => {
    const errors: DimseError[] = [];
    async function* handler({ signal }: IncomingRequest): AsyncGenerator<OutgoingResponse> {
      for (;;) {
        signal.throwIfAborted();
        yield { status: 0xff00, dataSet: named('A') };
        await settle();
      }
    }
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const controller = new AbortController();
    const responses = client.requestMany(FIND, { dataSet: named('*'), signal: controller.signal });
    await responses.next();
    controller.abort(new Error('enough'));
    await expect(responses.next()).rejects.toThrow('enough');
    await client.release();
    expect(errors).toEqual([]);
  });

  it('are not made sooner than the line takes them: 100,000 matches are not kept', async () => {
    let made = 0;
    let isLeft = false;
    const { peer } = await acceptor(
      async function* () {
        try {
          for (; made < 100_000; made++) yield { status: 0xff00, dataSet: new Uint8Array(200) };
          yield SUCCESS;
        } finally {
          isLeft = true;
        }
      },
      { reads: false },
    );
    peer.send(message(5, findRq(1), new Uint8Array(2)));
    for (let i = 0; i < 200; i++) await settle();
    expect(made).toBeGreaterThan(10);
    expect(made).toBeLessThan(5000);
    const madeUntilNow = made;
    peer.close();
    for (let i = 0; i < 5; i++) await settle();
    expect(isLeft).toBe(true);
    expect(made).toBe(madeUntilNow);
  });

  it('of a generator that does not look at its signal end in FE00, with the counters it gave last', async () => {
    let isLeft = false;
    let made = 0;
    const { peer } = await acceptor(async function* () {
      try {
        for (; ; made++) {
          yield { status: 0xff00, fields: { numberOfCompletedSuboperations: made, numberOfRemainingSuboperations: 7 } };
          await settle();
        }
      } finally {
        isLeft = true;
      }
    });
    peer.send(message(5, getRq(1), new Uint8Array(2)));
    for (let i = 0; i < 5; i++) await settle();
    peer.send(message(5, { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 1, hasDataSet: false }));
    for (let i = 0; i < 5; i++) await settle();
    expect(isLeft).toBe(true);
    const commands = receivedCommands(peer);
    expect(commands).toHaveLength(made + 1);
    expect(commands.at(-1)).toEqual({
      type: 'C-GET-RSP',
      hasDataSet: false,
      messageIdBeingRespondedTo: 1,
      affectedSopClassUid: STUDY_ROOT_FIND,
      status: 0xfe00,
      numberOfCompletedSuboperations: made,
      numberOfRemainingSuboperations: 7,
    });
  });

  it('are not asked for before the iteration begins', async () => {
    let asked = 0;
    const { client } = await pair({
      server: {
        handler: () => {
          asked++;
          return matches(1);
        },
      },
    });
    const responses = client.requestMany(FIND, { dataSet: named('*') });
    await settle();
    await settle();
    expect(asked).toBe(0);
    await responses.return?.();
    expect(await responses.next()).toEqual({ done: true, value: undefined });
  });
});
