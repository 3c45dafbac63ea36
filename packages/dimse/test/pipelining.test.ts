/** What the asynchronous operations window is worth on a long line. PS3.7 D.3.3.3. */
import type { Session } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, STORE, SUCCESS } from './messages.js';
import { pair, type Scene } from './scene.js';

const ROUND_TRIP_MS = 20;
const OBJECTS = 200;

/** Lets time pass until it is done. @returns the milliseconds that it took. */
async function elapsed({ clock }: Scene, work: Promise<unknown>): Promise<number> {
  const begin = clock.now();
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await clock.advance(1);
    await settle();
  }
  await work;
  return clock.now() - begin;
}

function storeAll(session: Session): Promise<unknown> {
  return Promise.all(Array.from({ length: OBJECTS }, () => session.request(STORE, { dataSet: new Uint8Array(2000) })));
}

/** How long it takes to store small objects over the line. */
async function timeToStore(window: number | undefined): Promise<number> {
  let running = 0;
  let most = 0;
  const scene = await pair({
    window,
    roundTripMs: ROUND_TRIP_MS,
    server: {
      handler: async ({ dataSet }) => {
        most = Math.max(most, ++running);
        await dataSet?.discard();
        running--;
        return SUCCESS;
      },
    },
  });
  const time = await elapsed(scene, storeAll(scene.client));
  expect(most).toBeLessThanOrEqual(window ?? 1);
  scene.clientTransport.destroy();
  return time;
}

describe('small objects over a round trip of 20 ms', () => {
  it('take a round trip each without a window', async () => {
    expect(await timeToStore(undefined)).toBeGreaterThanOrEqual(OBJECTS * ROUND_TRIP_MS);
  });

  it('are stored at least 6 times as fast with a window of 8 as with a window of 1', async () => {
    const one = await timeToStore(1);
    const eight = await timeToStore(8);
    expect(one).toBeGreaterThanOrEqual(OBJECTS * ROUND_TRIP_MS);
    expect(one / eight).toBeGreaterThanOrEqual(6);
  });

  it('are faster in either direction: an acceptor that invokes has the window as well', async () => {
    const handler = async () => SUCCESS;
    const scene = await pair({ window: 8, roundTripMs: ROUND_TRIP_MS, client: { handler }, server: { handler } });
    const time = await elapsed(scene, storeAll(scene.server));
    expect((OBJECTS * ROUND_TRIP_MS) / time).toBeGreaterThanOrEqual(6);
    scene.clientTransport.destroy();
  });
});

describe('a window that differs by direction', () => {
  it('holds for each direction by itself', async () => {
    const running = { client: 0, server: 0 };
    const most = { client: 0, server: 0 };
    const handlerOf = (side: 'client' | 'server') => async () => {
      most[side] = Math.max(most[side], ++running[side]);
      for (let i = 0; i < 3; i++) await settle();
      running[side]--;
      return SUCCESS;
    };
    const { client, server } = await pair({
      connect: { asynchronousOperationsWindow: { maximumOperationsInvoked: 5, maximumOperationsPerformed: 2 } },
      window: 8,
      client: { handler: handlerOf('client') },
      server: { handler: handlerOf('server') },
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? client : server).request(ECHO)));
    expect(most).toEqual({ client: 2, server: 5 });
  });
});
