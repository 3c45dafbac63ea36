import { type DataSet, type DimseError, type IncomingRequest, StatusError } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, named, STORE, SUCCESS } from './messages.js';
import { gate, pair } from './scene.js';

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
    await client.request(STORE, { dataSet: named('DOE^JANE') });
    expect(parsed?.text('PatientName')).toBe('DOE^JANE');
  });
});
