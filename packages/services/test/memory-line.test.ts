import { expect, test } from 'vitest';
import { connect, type Service, verification } from '../src/index.js';
import { memoryLine } from './memory-line.js';

test('a client and a provider meet over transports that they are given', async () => {
  const { peer, transports } = memoryLine({ services: [verification()] });
  const client = await connect(peer);
  await client.verify();
  await client.release();
  expect(transports).toHaveLength(1);
});

test('deadlines go by the clock that is given', async () => {
  const silent: Service = { ...verification(), perform: () => new Promise(() => undefined) };
  const { peer, clock } = memoryLine({ services: [silent] });
  const client = await connect({ ...peer, responseTimeoutMs: 60_000 });
  const answer = client.verify().catch((error: unknown) => error);
  await clock.advance(59_999);
  expect(client.association).toBeDefined();
  await clock.advance(1);
  expect(await answer).toMatchObject({ code: 'response-timeout' });
});
