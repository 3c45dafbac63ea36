import type { IncomingRequest } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, STORE, SUCCESS } from './messages.js';
import { pair } from './scene.js';

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
