/** How much of a data set has passed, in either direction. */
import type { DimseError, IncomingDataSet, RequestHandler } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, message, pdv, STORE, SUCCESS, storeRq } from './messages.js';
import { acceptor, pair } from './scene.js';

type Reader = (dataSet: IncomingDataSet, onProgress: (receivedBytes: number) => void) => Promise<unknown>;

const readers: readonly (readonly [string, Reader])[] = [
  ['pipe', (dataSet, onProgress) => dataSet.pipe({ write: () => undefined }, { onProgress })],
  ['bytes', (dataSet, onProgress) => dataSet.bytes({ onProgress })],
  ['discard', (dataSet, onProgress) => dataSet.discard({ onProgress })],
  ['parse', (dataSet, onProgress) => dataSet.parse({ onProgress }).catch(() => undefined)],
];

function reading(reader: Reader, progress: number[]): RequestHandler {
  return async ({ dataSet }) => {
    if (dataSet !== undefined) await reader(dataSet, (receivedBytes) => progress.push(receivedBytes));
    return SUCCESS;
  };
}

describe('a data set that arrives', () => {
  it.each(readers)('tells %s of each fragment', async (_name, reader) => {
    const progress: number[] = [];
    const { peer } = await acceptor(reading(reader, progress));
    peer.send(message(3, storeRq(1)), pdv(3, 'data', false, new Uint8Array(100)));
    await settle();
    expect(progress).toEqual([100]);
    peer.send(pdv(3, 'data', false, new Uint8Array(50)), pdv(3, 'data', true, new Uint8Array(6)));
    await settle();
    expect(progress).toEqual([100, 150, 156]);
  });

  it('tells of what was here before anyone asked for it', async () => {
    const progress: number[] = [];
    const { client } = await pair({
      server: {
        handler: async ({ dataSet }) => {
          await settle();
          await settle();
          await dataSet?.discard({ onProgress: (receivedBytes) => progress.push(receivedBytes) });
          return SUCCESS;
        },
      },
    });
    await client.request(STORE, { dataSet: new Uint8Array(150_000) });
    expect(progress.at(-1)).toBe(150_000);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
  });

  it('stops when the function that is told throws, and the association goes on', async () => {
    const errors: DimseError[] = [];
    const { client } = await pair({
      server: {
        onError: (error) => errors.push(error),
        handler: async ({ dataSet }) => {
          await dataSet?.discard({
            onProgress: () => {
              throw new Error('enough');
            },
          });
          return SUCCESS;
        },
      },
    });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(150_000) });
    expect(command.status).toBe(0xc000);
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'enough' } }]);
    expect((await client.request(ECHO)).command.status).toBe(0);
  });
});

describe('a data set that is sent', () => {
  it('tells of each fragment', async () => {
    const progress: number[] = [];
    const { client } = await pair({ maximumLength: 16_384, server: { handler: async () => SUCCESS } });
    await client.request(STORE, {
      dataSet: new Uint8Array(40_000),
      onProgress: (sentBytes) => progress.push(sentBytes),
    });
    expect(progress).toEqual([16_378, 32_756, 40_000]);
  });

  it('goes on when the function that is told throws, which is reported', async () => {
    const errors: DimseError[] = [];
    const { client } = await pair({
      client: { onError: (error) => errors.push(error) },
      server: { handler: async () => SUCCESS },
    });
    const onProgress = () => {
      throw new Error('bug');
    };
    expect((await client.request(STORE, { dataSet: new Uint8Array(10), onProgress })).command.status).toBe(0);
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'bug' } }]);
  });
});
