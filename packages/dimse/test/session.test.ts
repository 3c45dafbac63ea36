import {
  type DataSet,
  DimseError,
  type IncomingRequest,
  type OutgoingResponse,
  type Session,
  StatusError,
} from '@dicomwire/dimse';
import { DataSet as Elements } from '@dicomwire/dimse/dataset';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { CT_IMAGE_STORAGE, gate, pair, STUDY_ROOT_FIND, VERIFICATION } from './scene.js';

const ECHO = { type: 'C-ECHO-RQ', affectedSopClassUid: VERIFICATION } as const;
const STORE = { type: 'C-STORE-RQ', affectedSopClassUid: CT_IMAGE_STORAGE, affectedSopInstanceUid: '1.2.3' } as const;
const FIND = { type: 'C-FIND-RQ', affectedSopClassUid: STUDY_ROOT_FIND } as const;
const SUCCESS: OutgoingResponse = { status: 0x0000 };

const name = (value: string): DataSet => Elements.from({ PatientName: value });

async function* matches(count: number): AsyncGenerator<OutgoingResponse> {
  for (let i = 1; i <= count; i++) yield { status: i % 2 === 0 ? 0xff01 : 0xff00, dataSet: name(`MATCH^${i}`) };
  yield SUCCESS;
}

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

describe('data sets', () => {
  const bytes = Uint8Array.from({ length: 300_001 }, (_, i) => i % 251);
  const padded = Buffer.concat([bytes, Buffer.alloc(1)]);

  async function* inChunks(length: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  }

  async function* inOneBuffer(length: number): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(length);
    for (let at = 0; at < bytes.length; at += length) {
      const part = bytes.subarray(at, at + length);
      buffer.set(part);
      yield buffer.subarray(0, part.length);
    }
    buffer.fill(0xff);
  }

  const sources = [
    ['one array', bytes],
    ['a list of views', [bytes.subarray(0, 1001), bytes.subarray(1001, 200_000), bytes.subarray(200_000)]],
    ['a stream of known length', { byteLength: bytes.length, chunks: () => inChunks(65_536) }],
    ['a stream of unknown length', { chunks: () => inChunks(9999) }],
    ['a stream that uses its buffer again', { reusesBuffers: true, chunks: () => inOneBuffer(30_001) }],
    ['a synchronous iterable', { chunks: () => [bytes.subarray(0, 7), bytes.subarray(7)] }],
  ] as const;

  describe.each([16_384, 131_072])('with fragments of %i bytes', (maximumLength) => {
    it.each(sources)('arrive as they were sent from %s', async (_name, dataSet) => {
      let arrived: Uint8Array | undefined;
      const handler = async (request: IncomingRequest) => {
        arrived = await request.dataSet?.bytes();
        return SUCCESS;
      };
      const { client } = await pair({ maximumLength, server: { handler } });
      const progress: number[] = [];
      await client.request(STORE, { dataSet, onProgress: (sent) => progress.push(sent) });
      expect(Buffer.from(arrived ?? []).equals(padded)).toBe(true);
      expect(progress.at(-1)).toBe(padded.length);
      expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    });
  });

  const consumers: readonly (readonly [string, (request: IncomingRequest) => Promise<number>])[] = [
    [
      'pipe',
      async ({ dataSet }) => {
        let total = 0;
        await dataSet?.pipe({
          write: (data) => {
            total += data.length;
            return undefined;
          },
        });
        return total;
      },
    ],
    [
      'pipe to a slow sink',
      async ({ dataSet }) => {
        let total = 0;
        await dataSet?.pipe({
          write: async (data) => {
            await settle();
            total += data.length;
          },
        });
        return total;
      },
    ],
    [
      'iteration',
      async ({ dataSet }) => {
        let total = 0;
        for await (const data of dataSet ?? []) {
          await settle();
          total += data.length;
        }
        return total;
      },
    ],
    ['bytes', async ({ dataSet }) => (await dataSet?.bytes())?.length ?? 0],
    [
      'late bytes',
      async ({ dataSet }) => {
        for (let i = 0; i < 5; i++) await settle();
        return (await dataSet?.bytes())?.length ?? 0;
      },
    ],
    [
      'discard',
      async ({ dataSet }) => {
        await dataSet?.discard();
        return dataSet?.receivedBytes ?? 0;
      },
    ],
  ];

  it.each(consumers)('are consumed by %s, whatever their size', async (_name, consume) => {
    let total = 0;
    const handler = async (request: IncomingRequest) => {
      total = await consume(request);
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler }, connect: { maximumLength: 65_536 } });
    const large = new Uint8Array(2_000_000);
    await client.request(STORE, { dataSet: large });
    expect(total).toBe(large.length);
    await client.request(STORE, { dataSet: large });
    expect(total).toBe(large.length);
  });

  it('reach a sink in the turn in which they arrive', async () => {
    const order: string[] = [];
    const handler = (request: IncomingRequest) => {
      order.push('handler');
      queueMicrotask(() => order.push('later'));
      const piped = request.dataSet?.pipe({
        write: () => {
          order.push('write');
          return undefined;
        },
      });
      return Promise.resolve(piped).then(() => SUCCESS);
    };
    const { client } = await pair({ server: { handler } });
    await client.request(STORE, { dataSet: new Uint8Array(100) });
    expect(order).toEqual(['handler', 'write', 'later']);
  });

  it('that nobody consumes are discarded, and the next message is read', async () => {
    const { client } = await pair({ server: { handler: async () => SUCCESS } });
    await client.request(STORE, { dataSet: new Uint8Array(2_000_000) });
    expect((await client.request(ECHO)).command.status).toBe(0);
  });

  it('can be consumed once', async () => {
    const errors: unknown[] = [];
    const handler = async ({ dataSet }: IncomingRequest) => {
      await dataSet?.bytes();
      await dataSet?.bytes().catch((error: unknown) => errors.push(error));
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler } });
    await client.request(STORE, { dataSet: new Uint8Array(100) });
    expect(errors).toMatchObject([{ code: 'data-set-consumed' }]);
  });

  it('over the limit are refused, and the association lives on', async () => {
    const handler = async ({ dataSet }: IncomingRequest) => {
      await dataSet?.bytes({ maxBytes: 1000 }).catch((error: DimseError) => {
        throw new StatusError(0xa700, error.code);
      });
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler } });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(1_000_000) });
    expect(command).toMatchObject({ status: 0xa700, errorComment: 'data-set-too-large' });
    expect((await client.request(STORE, { dataSet: new Uint8Array(1000) })).command.status).toBe(0);
  });

  it('stop at a sink that fails, and the association lives on', async () => {
    const handler = async ({ dataSet }: IncomingRequest) => {
      let writes = 0;
      await dataSet?.pipe({
        write: async () => {
          if (++writes === 2) throw new StatusError(0xa700, 'disk full');
        },
      });
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler } });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(1_000_000) });
    expect(command).toMatchObject({ status: 0xa700, errorComment: 'disk full' });
    expect((await client.request(STORE, { dataSet: new Uint8Array(100) })).command.status).toBe(0xa700 - 0xa700);
  });

  it('pause the peer while nobody takes them', async () => {
    const { opened, open } = gate();
    let request: IncomingRequest | undefined;
    const handler = async (incoming: IncomingRequest) => {
      request = incoming;
      await opened;
      await incoming.dataSet?.discard();
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler } });
    const stored = client.request(STORE, { dataSet: new Uint8Array(20_000_000) });
    for (let i = 0; i < 50; i++) await settle();
    expect(request?.dataSet?.receivedBytes).toBeLessThan(1_000_000);
    open();
    expect((await stored).command.status).toBe(0);
  });

  it('are parsed in the transfer syntax of their context', async () => {
    let parsed: DataSet | undefined;
    const handler = async ({ dataSet }: IncomingRequest) => {
      parsed = await dataSet?.parse();
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler } });
    await client.request(STORE, { dataSet: name('DOE^JANE') });
    expect(parsed?.text('PatientName')).toBe('DOE^JANE');
  });
});

describe('sources that fail', () => {
  it('before the first chunk do no harm to the association', async () => {
    const { client } = await pair({ server: { handler: async () => SUCCESS } });
    const chunks = () => {
      throw new Error('ENOENT');
    };
    await expect(client.request(STORE, { dataSet: { chunks } })).rejects.toMatchObject({ code: 'data-set-source' });
    expect((await client.request(ECHO)).command.status).toBe(0);
  });

  it.each([
    ['throw midway', undefined, 'after a chunk'],
    ['give more than they said', 8192, 'longer than'],
    ['give less than they said', 100_000, 'ended after'],
  ])('and %s end the association', async (_name, byteLength, expected) => {
    const seen: unknown[] = [];
    const handler = async ({ dataSet }: IncomingRequest) => {
      await dataSet?.bytes().catch((error: unknown) => {
        seen.push(error);
        throw error;
      });
      return SUCCESS;
    };
    const { client } = await pair({ server: { handler } });
    async function* chunks() {
      yield new Uint8Array(8192);
      await settle();
      yield new Uint8Array(8192);
      if (byteLength === undefined) throw new Error('after a chunk');
    }
    const failing = client.request(STORE, { dataSet: { byteLength, chunks } });
    await expect(failing).rejects.toMatchObject({
      code: 'data-set-source',
      message: expect.stringContaining(expected),
    });
    expect(await client.closed).toMatchObject({ kind: 'aborted', by: 'local', source: 0, reason: 0 });
    await settle();
    await settle();
    if (byteLength !== 8192) expect(seen).toMatchObject([{ code: 'association-ended' }]);
    await expect(client.request(ECHO)).rejects.toMatchObject({ code: 'association-ended' });
  });

  it('are closed when the association ends under them', async () => {
    let isClosed = false;
    async function* chunks() {
      try {
        for (;;) {
          yield new Uint8Array(65_536);
          await settle();
        }
      } finally {
        isClosed = true;
      }
    }
    const { client, server } = await pair({
      server: {
        handler: async ({ dataSet }) => {
          await dataSet?.discard();
          return SUCCESS;
        },
      },
    });
    const stored = client.request(STORE, { dataSet: { chunks } });
    await settle();
    server.abort();
    await expect(stored).rejects.toMatchObject({ code: 'association-ended', end: { kind: 'aborted', by: 'peer' } });
    await settle();
    await settle();
    expect(isClosed).toBe(true);
  });
});

describe('handlers', () => {
  it.each([
    [ECHO, 0x0110],
    [{ ...STORE, dataSet: new Uint8Array(10) }, 0xc000],
    [{ ...FIND, dataSet: new Uint8Array(10) }, 0xc000],
  ])('that throw answer $type with a failure, and are reported', async ({ ...given }, status) => {
    const errors: DimseError[] = [];
    const handler = async () => {
      throw new Error('secret');
    };
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const { dataSet, ...command } = { dataSet: undefined, ...given };
    const response = await client.request(command, { dataSet });
    expect(response.command).toMatchObject({ status });
    expect(JSON.stringify(response.command)).not.toContain('secret');
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'secret' } }]);
    expect((await client.request(ECHO)).command.status).toBe(0x0110);
  });

  it('answer the status that they throw', async () => {
    const handler = async () => {
      throw new StatusError(0xa900, 'x'.repeat(100), { offendingElements: [0x00080018], errorId: 3 });
    };
    const { client } = await pair({ server: { handler } });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(10) });
    expect(command).toMatchObject({
      status: 0xa900,
      errorComment: 'x'.repeat(64),
      offendingElements: [0x00080018],
      errorId: 3,
      affectedSopInstanceUid: '1.2.3',
    });
  });

  it.each([
    [
      'only pending responses',
      async function* () {
        yield { status: 0xff00, dataSet: name('A') };
      },
      'no-final-response',
    ],
    [
      'fields that the response has not',
      async () => ({ status: 0, fields: { moveDestination: 'X' } }),
      'handler-failed',
    ],
    ['a field of the wrong kind', async () => ({ status: 0, fields: { affectedSopClassUid: 5 } }), 'handler-failed'],
  ] as const)('that give %s answer a failure, and are reported', async (_name, handler, code) => {
    const errors: DimseError[] = [];
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const { command } = await client.request(FIND, { dataSet: name('*') });
    expect(command.status).toBe(0xc000);
    expect(errors).toMatchObject([{ code }]);
  });

  it('answer when all of the request is here, however soon they know', async () => {
    const handler = async () => {
      throw new StatusError(0xa700);
    };
    const { client } = await pair({ server: { handler } });
    let sent = 0;
    const { command } = await client.request(STORE, {
      dataSet: new Uint8Array(3_000_000),
      onProgress: (bytes) => {
        sent = bytes;
      },
    });
    expect(command.status).toBe(0xa700);
    expect(sent).toBe(3_000_000);
  });

  it('whose session has none refuse: 0122 to C-services, 0118 to N-services', async () => {
    const { client } = await pair();
    expect((await client.request(ECHO)).command.status).toBe(0x0122);
    const nGet = await client.request({
      type: 'N-GET-RQ',
      requestedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      requestedSopInstanceUid: '1.2',
    });
    expect(nGet.command).toMatchObject({ type: 'N-GET-RSP', status: 0x0118 });
  });

  it('are told by their signal that the association is over', async () => {
    const reasons: unknown[] = [];
    const handler = ({ signal }: IncomingRequest) =>
      new Promise<OutgoingResponse>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      });
    const errors: DimseError[] = [];
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const echo = client.request(ECHO);
    await settle();
    client.abort();
    await expect(echo).rejects.toMatchObject({ code: 'association-ended' });
    await settle();
    await settle();
    expect(reasons).toMatchObject([{ code: 'association-ended', end: { kind: 'aborted', by: 'peer' } }]);
    expect(errors).toEqual([]);
  });
});

describe('many responses', () => {
  it('are iterated, the final one last, with FF00 and FF01 both pending', async () => {
    const { client } = await pair({ server: { handler: () => matches(5) } });
    const seen: (string | undefined)[] = [];
    for await (const { command, dataSet } of client.requestMany(FIND, { dataSet: name('*') })) {
      seen.push(dataSet?.text('PatientName') ?? `status ${command.status}`);
    }
    expect(seen).toEqual(['MATCH^1', 'MATCH^2', 'MATCH^3', 'MATCH^4', 'MATCH^5', 'status 0']);
  });

  it('are passed over by request, which gives the final one', async () => {
    const { client } = await pair({ server: { handler: () => matches(5) } });
    const { command, dataSet } = await client.request(FIND, { dataSet: name('*') });
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
    const responses = client.requestMany(FIND, { dataSet: name('*') });
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
        yield { status: 0xff00, dataSet: name(`MATCH^${i}`) };
        await settle();
      }
      isCancelled = true;
      yield { status: 0xfe00 };
    }
    const { client } = await pair({ server: { handler } });
    let count = 0;
    for await (const _response of client.requestMany(FIND, { dataSet: name('*') })) {
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
        yield { status: 0xff00, dataSet: name('A') };
        await settle();
      }
    }
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const controller = new AbortController();
    const responses = client.requestMany(FIND, { dataSet: name('*'), signal: controller.signal });
    await responses.next();
    controller.abort(new Error('enough'));
    await expect(responses.next()).rejects.toThrow('enough');
    await client.release();
    expect(errors).toEqual([]);
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
    const responses = client.requestMany(FIND, { dataSet: name('*') });
    await settle();
    await settle();
    expect(asked).toBe(0);
    await responses.return?.();
    expect(await responses.next()).toEqual({ done: true, value: undefined });
  });
});

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

  it('begin anew with each pending response', async () => {
    const { client, clock } = await pair({
      client: { responseTimeoutMs: 30_000 },
      server: {
        handler: async function* ({ association }) {
          for (let i = 0; i < 5; i++) {
            await new Promise<void>((resolve) => association.clock.setTimer(resolve, 20_000));
            yield { status: 0xff00, dataSet: name('A') };
          }
          yield SUCCESS;
        },
      },
    });
    const found = client.request(FIND, { dataSet: name('*') });
    await clock.advance(110_000);
    expect((await found).command.status).toBe(0);
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
      { dataSet: name('*') },
    );
    for (let i = 0; i < 25; i++) await scene.clock.advance(10_000);
    expect((await got).command).toMatchObject({ status: 0, numberOfCompletedSuboperations: 5 });
    expect(stored).toEqual([1000, 1000, 1000, 1000, 1000]);
  });
});
