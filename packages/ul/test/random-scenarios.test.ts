/**
 * Random scenarios in virtual time: whatever both sides do, every promise settles, the receiver hears of the end once, what it got is
 * a prefix of what was sent, and neither timer nor connection is left. `FUZZ_SEED` replays a run.
 */
import { encode, type Pdu } from '@dicomwire/pdu';
import { settle } from '@dicomwire/ul/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AcceptorScene, abort, data, RequestorScene, releaseRp, releaseRq, request, response } from './scene.js';

type Step =
  | { readonly do: 'send'; readonly what: number; readonly cutAt: number }
  | { readonly do: 'garbage'; readonly bytes: Uint8Array }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'peer'; readonly what: 'end' | 'close' | 'reset' }
  | { readonly do: 'user'; readonly what: 'release' | 'abort' | 'send' | 'busy' | 'free' };

const sendable: readonly Pdu[] = [
  data(1, 4),
  data(1, 4),
  data(3, 9000, false, false),
  releaseRq,
  releaseRp,
  abort(0, 0),
  request,
  response,
];

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('send' as const), what: fc.nat(sendable.length - 1), cutAt: fc.nat(40) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('garbage' as const), bytes: fc.uint8Array({ maxLength: 20 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 4_999, 30_000, 700_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('peer' as const), what: fc.constantFrom('end', 'close', 'reset') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('user' as const),
      what: fc.constantFrom('release', 'abort', 'send', 'send', 'busy', 'free'),
    }),
  },
);

it.each(['requestor', 'acceptor'] as const)('whatever happens, the %s comes to an orderly end', async (role) => {
  const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), (steps, reads) => play(role, steps, reads)),
    { numRuns: 400, ...seed },
  );
});

async function play(role: 'requestor' | 'acceptor', steps: readonly Step[], reads: boolean): Promise<void> {
  const { clock, peer, transport, association, recorder, server } = await start(role, reads);
  let isGone = false;
  const waits: Promise<unknown>[] = [association.closed];
  let sentBytes = 0;
  for (const one of steps) {
    if (one.do === 'wait') await clock.advance(one.ms);
    else if (one.do === 'user') waits.push(...use(one.what));
    else if (one.do === 'peer') {
      isGone = true;
      if (one.what === 'reset') transport.reset();
      else peer[one.what]();
    } else if (!isGone && !transport.destroyed) {
      const pdu = one.do === 'send' ? sendable[one.what] : undefined;
      const bytes = pdu === undefined ? (one.do === 'garbage' ? one.bytes : new Uint8Array(0)) : encode(pdu);
      if (pdu?.type === 'P-DATA-TF') sentBytes += pdu.values.reduce((sum, value) => sum + value.data.length, 0);
      const cutAt = one.do === 'send' ? one.cutAt : 0;
      peer.send(bytes.subarray(0, cutAt), bytes.subarray(cutAt));
    }
  }
  await settle();
  association.setPendingOperations(0);
  await clock.advance(3_600_000);
  await Promise.allSettled(waits);
  expect(recorder.ends).toHaveLength(1);
  expect(association.isEstablished).toBe(false);
  expect(association.signal.aborted).toBe(true);
  expect(recorder.fragments.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(sentBytes);
  expect(clock.pendingTimers).toBe(0);
  expect(server?.connectionCount ?? 0).toBe(0);

  function use(what: 'release' | 'abort' | 'send' | 'busy' | 'free'): Promise<unknown>[] {
    switch (what) {
      case 'release':
        return [association.release()];
      case 'abort':
        association.abort();
        return [];
      case 'busy':
        association.setPendingOperations(1);
        return [];
      case 'free':
        association.setPendingOperations(0);
        return [];
      case 'send': {
        if (!association.isEstablished) return [];
        const wait = association.send(3, false, false, new Uint8Array(100_000));
        return [wait ?? Promise.resolve(), association.flushed().catch(() => {})];
      }
    }
  }
}

async function start(role: 'requestor' | 'acceptor', reads: boolean) {
  if (role === 'acceptor') {
    const scene = new AcceptorScene();
    return { clock: scene.clock, server: scene.server, ...(await scene.associate({ reads })) };
  }
  const scene = new RequestorScene({}, { reads });
  const association = await scene.associate();
  const { clock, peer, transport, recorder } = scene;
  return { clock, peer, transport, association, recorder, server: undefined };
}
