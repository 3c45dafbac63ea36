import { DimseError } from '@dicomwire/dimse';
import { encodeDataSet } from '@dicomwire/dimse/dataset';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, echoRsp, FIND, message, named, received, STORE, SUCCESS } from './messages.js';
import { gate, pair, requestor } from './scene.js';

describe('an AbortSignal', () => {
  it('that fired before keeps a request from being sent', async () => {
    let asked = 0;
    const { client } = await pair({
      server: {
        handler: async () => {
          asked++;
          return SUCCESS;
        },
      },
    });
    await expect(client.request(ECHO, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    await client.release();
    expect(asked).toBe(0);
  });

  it('takes a request back that waits for the window', async () => {
    const { opened, open } = gate();
    let asked = 0;
    const { client } = await pair({
      server: {
        handler: async () => {
          asked++;
          await opened;
          return SUCCESS;
        },
      },
    });
    const first = client.request(ECHO);
    const controller = new AbortController();
    const second = client.request(ECHO, { signal: controller.signal });
    controller.abort('never mind');
    await expect(second).rejects.toBe('never mind');
    open();
    await first;
    await client.release();
    expect(asked).toBe(1);
  });

  it('lets the caller go at once, while the association waits for the response', async () => {
    const { opened, open } = gate();
    const { client } = await pair({
      server: {
        handler: async () => {
          await opened;
          return SUCCESS;
        },
      },
    });
    const controller = new AbortController();
    const echo = client.request(ECHO, { signal: controller.signal });
    await settle();
    controller.abort('impatient');
    await expect(echo).rejects.toBe('impatient');
    expect(client.operationCount).toBe(1);
    open();
    expect((await client.request(ECHO)).command.status).toBe(0);
  });

  it('ends the association when half a data set is out', async () => {
    const { client } = await pair({
      server: {
        handler: async ({ dataSet }) => {
          await dataSet?.discard();
          return SUCCESS;
        },
      },
    });
    const controller = new AbortController();
    async function* chunks() {
      yield new Uint8Array(100_000);
      await gate().opened;
    }
    const stored = client.request(STORE, { dataSet: { chunks }, signal: controller.signal });
    await settle();
    controller.abort('enough');
    await expect(stored).rejects.toBe('enough');
    expect(await client.closed).toMatchObject({ kind: 'aborted', by: 'local' });
  });
});

describe('an iteration that is left', () => {
  it('before it has begun sends nothing', async () => {
    const { session, peer } = await requestor();
    const responses = session.requestMany(FIND, { dataSet: named('*') });
    await responses.return?.();
    expect(await responses.next()).toEqual({ done: true, value: undefined });
    await settle();
    expect(received(peer)).toEqual([]);
  });

  it('while its request waits for the window takes it back', async () => {
    const { session, peer } = await requestor();
    const echo = session.request(ECHO);
    const responses = session.requestMany(FIND, { dataSet: named('*') });
    const first = responses.next();
    await responses.return?.();
    expect(await first).toEqual({ done: true, value: undefined });
    peer.send(message(1, echoRsp(1)));
    await echo;
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-ECHO-RQ' }]);
    expect(session.operationCount).toBe(0);
  });

  it('by an error of the reader is cancelled once, and what still comes is dropped', async () => {
    const { session, peer, errors } = await requestor();
    const rsp = { type: 'C-FIND-RSP', messageIdBeingRespondedTo: 1 } as const;
    const pending = message(
      5,
      { ...rsp, hasDataSet: true, status: 0xff00 },
      encodeDataSet(named('A'), '1.2.840.10008.1.2'),
    );
    const reading = (async () => {
      for await (const { dataSet } of session.requestMany(FIND, { dataSet: named('*') })) {
        throw new Error(`no use for ${dataSet?.text('PatientName')}`);
      }
    })();
    const failed = expect(reading).rejects.toThrow('no use for A');
    await settle();
    received(peer);
    peer.send(pending, pending);
    await failed;
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 1 }]);
    expect(session.operationCount).toBe(1);
    peer.send(pending, message(5, { ...rsp, hasDataSet: false, status: 0xfe00 }));
    await settle();
    expect(session.operationCount).toBe(0);
    expect(received(peer)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('of a data set’s fragments discards the rest, and the next message is read', async () => {
    const lengths: number[] = [];
    const { client } = await pair({
      maximumLength: 16_384,
      server: {
        handler: async ({ dataSet }) => {
          for await (const fragment of dataSet ?? []) {
            lengths.push(fragment.length);
            if (lengths.length === 2) break;
          }
          return SUCCESS;
        },
      },
    });
    expect((await client.request(STORE, { dataSet: new Uint8Array(2_000_000) })).command.status).toBe(0);
    expect(lengths.length).toBe(2);
    expect((await client.request(ECHO)).command.status).toBe(0);
  });
});

describe('an association that ends', () => {
  it.each([
    ['releases', 'released'],
    ['aborts', 'aborted'],
    ['is lost', 'connection-lost'],
  ] as const)('fails what is pending at once when the peer %s', async (_name, kind) => {
    const { client, server, serverTransport } = await pair({
      window: 2,
      server: { handler: () => gate().opened.then(() => SUCCESS) },
    });
    const pending = [client.request(ECHO), client.request(ECHO), client.request(ECHO)];
    const settled = Promise.allSettled(pending);
    await settle();
    if (kind === 'released') void server.association.release();
    else if (kind === 'aborted') server.abort();
    else serverTransport.destroy();
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'association-ended', end: { kind } } });
      expect(result).toMatchObject({ reason: expect.any(DimseError) });
    }
  });

  it.each(['the connection is lost', 'a data set fails midway'])(
    'fails however many calls wait when %s',
    async (how) => {
      const { client, serverTransport } = await pair({ server: { handler: async () => SUCCESS } });
      async function* chunks() {
        yield new Uint8Array(100_000);
        await settle();
        if (how === 'the connection is lost') serverTransport.destroy();
        else throw new Error('broken');
      }
      const calls = [client.request(STORE, { dataSet: { chunks } })];
      for (let i = 0; i < 20_000; i++) calls.push(client.request(STORE, { dataSet: new Uint8Array(2) }));
      const results = await Promise.allSettled(calls);
      expect(results.every(({ status }) => status === 'rejected')).toBe(true);
      expect(client.operationCount).toBe(0);
    },
  );

  it('lets what the peer still performs be answered before it is released', async () => {
    const { opened, open } = gate();
    const { client, server } = await pair({
      server: {
        handler: async () => {
          await opened;
          return SUCCESS;
        },
      },
    });
    const echo = client.request(ECHO);
    await settle();
    const released = client.release();
    await expect(client.request(ECHO)).rejects.toMatchObject({ code: 'association-ended' });
    open();
    expect((await echo).command.status).toBe(0);
    expect(await released).toEqual({ kind: 'released', by: 'local' });
    expect(await server.closed).toEqual({ kind: 'released', by: 'peer' });
  });

  it('may be released more than once', async () => {
    const { opened, open } = gate();
    const { client } = await pair({ server: { handler: () => opened.then(() => SUCCESS) } });
    const echo = client.request(ECHO);
    const released = [client.release(), client.release()];
    open();
    await echo;
    const end = { kind: 'released', by: 'local' };
    expect(await Promise.all(released)).toEqual([end, end]);
    expect(await client.release()).toEqual(end);
  });

  it('is not kept by an operation that never ends', async () => {
    const { client, clock } = await pair({ server: { handler: () => gate().opened.then(() => SUCCESS) } });
    const echo = client.request(ECHO, { timeoutMs: 0 });
    const failed = expect(echo).rejects.toMatchObject({ code: 'association-ended' });
    await settle();
    const released = client.release({ timeoutMs: 5000 });
    await clock.advance(5000);
    expect(await released).toMatchObject({ kind: 'aborted', by: 'local' });
    await failed;
  });
});

describe('deadlines', () => {
  it('end the wait for a response, and the association with it', async () => {
    const { client, clock } = await pair({
      server: { handler: () => gate().opened.then(() => SUCCESS) },
      client: { responseTimeoutMs: 30_000 },
    });
    const echo = client.request(ECHO);
    const failed = expect(echo).rejects.toMatchObject({ code: 'response-timeout' });
    await clock.advance(29_999);
    expect(client.operationCount).toBe(1);
    await clock.advance(1);
    await failed;
    expect(await client.closed).toMatchObject({ kind: 'aborted', by: 'local', source: 0 });
  });

  it("are each request's own, where it says so", async () => {
    const { client, clock } = await pair({
      window: 2,
      server: {
        handler: async ({ association, command }) => {
          await new Promise<void>((resolve) => association.clock.setTimer(resolve, command.messageId * 40_000));
          return SUCCESS;
        },
      },
      client: { responseTimeoutMs: 30_000 },
    });
    const patient = client.request(ECHO, { timeoutMs: 50_000 });
    const endless = client.request(ECHO, { timeoutMs: 0 });
    await clock.advance(80_000);
    expect((await patient).command.status).toBe(0);
    expect((await endless).command.status).toBe(0);
    const hasty = client.request(ECHO, { timeoutMs: 1000 });
    const failed = expect(hasty).rejects.toMatchObject({ code: 'response-timeout' });
    await clock.advance(999);
    expect(client.operationCount).toBe(1);
    await clock.advance(1);
    await failed;
  });

  it('hold for an iteration as well, between one response and the next', async () => {
    const { client, clock } = await pair({
      server: {
        handler: async function* () {
          yield { status: 0xff00, dataSet: named('A') };
          await gate().opened;
        },
      },
    });
    const responses = client.requestMany(FIND, { dataSet: named('*'), timeoutMs: 5000 });
    expect((await responses.next()).value?.command.status).toBe(0xff00);
    const next = expect(responses.next()).rejects.toMatchObject({ code: 'response-timeout' });
    await clock.advance(4999);
    expect(client.operationCount).toBe(1);
    await clock.advance(1);
    await next;
    expect(await responses.next()).toEqual({ done: true, value: undefined });
  });

  it('begin anew with each pending response', async () => {
    const { client, clock } = await pair({
      client: { responseTimeoutMs: 30_000 },
      server: {
        handler: async function* ({ association }) {
          for (let i = 0; i < 5; i++) {
            await new Promise<void>((resolve) => association.clock.setTimer(resolve, 20_000));
            yield { status: 0xff00, dataSet: named('A') };
          }
          yield SUCCESS;
        },
      },
    });
    const found = client.request(FIND, { dataSet: named('*') });
    await clock.advance(110_000);
    expect((await found).command.status).toBe(0);
  });
});

describe('a signal to cancel', () => {
  it('sends C-CANCEL, and the final response is waited for', async () => {
    const cancelled: boolean[] = [];
    const { client } = await pair({
      server: {
        async *handler(request) {
          yield { status: 0xff00, dataSet: new Uint8Array(0) };
          await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
          cancelled.push(request.isCancelled);
          yield { status: 0xfe00, errorComment: 'as you wish' };
        },
      },
    });
    const controller = new AbortController();
    const find = client.request(FIND, { dataSet: new Uint8Array(0), cancelSignal: controller.signal });
    await settle();
    controller.abort('enough');
    expect((await find).command).toMatchObject({ status: 0xfe00, errorComment: 'as you wish' });
    expect(cancelled).toEqual([true]);
  });

  it('takes back what was not sent', async () => {
    const { opened, open } = gate();
    let finds = 0;
    const { client } = await pair({
      server: {
        handler: async ({ command }) => {
          if (command.type === 'C-FIND-RQ') finds++;
          await opened;
          return SUCCESS;
        },
      },
    });
    const echo = client.request(ECHO);
    const controller = new AbortController();
    const find = client.request(FIND, { dataSet: new Uint8Array(0), cancelSignal: controller.signal });
    controller.abort('never mind');
    await expect(find).rejects.toBe('never mind');
    const fired = client.request(FIND, { dataSet: new Uint8Array(0), cancelSignal: controller.signal });
    await expect(fired).rejects.toBe('never mind');
    open();
    await echo;
    await client.release();
    expect(finds).toBe(0);
  });

  it('means nothing to a request that can not be cancelled', async () => {
    const { client } = await pair({ server: { handler: async () => SUCCESS } });
    const echo = await client.request(ECHO, { cancelSignal: AbortSignal.abort('no') });
    expect(echo.command.status).toBe(0);
  });
});
