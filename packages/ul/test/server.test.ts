/** Limits at the door, the acceptance hook, closing a server. */
import { AssociationError } from '@dicomwire/ul';
import { MemoryTransport, settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { AcceptorScene, abort, policy, Recorder, reject, releaseRp, releaseRq, request } from './scene.js';

const tooMany = reject(2, 3, 2);

function from(callingAeTitle: string) {
  return { ...request, callingAeTitle, titleBytes: undefined };
}

describe('limits at the door', () => {
  it('too many associations are rejected once their request is read, and places are given back however one ends', async () => {
    const scene = new AcceptorScene({ maxAssociations: 2 });
    await scene.associate();
    for (const end of ['release', 'abort', 'close', 'reset', 'garbage'] as const) {
      const { peer, transport } = await scene.associate();
      const third = scene.open();
      third.peer.send(request);
      await settle();
      expect(third.peer.takePdus()).toEqual([tooMany]);
      third.peer.close();
      if (end === 'release') peer.send(releaseRq);
      if (end === 'abort') peer.send(abort(0, 0));
      if (end === 'close') peer.close();
      if (end === 'reset') transport.reset();
      if (end === 'garbage') peer.send(Uint8Array.of(0xff));
      await settle();
      expect(scene.server.associations.size).toBe(1);
      peer.close();
    }
  });

  it('an AE title can be kept to its share', async () => {
    const scene = new AcceptorScene({ maxAssociationsPerAeTitle: 1 });
    const answers: (string | undefined)[] = [];
    for (const title of ['CT1', 'CT1', 'CT2']) {
      const { peer } = scene.open();
      peer.send(from(title));
      await settle();
      answers.push(peer.takePdus()[0]?.type);
    }
    expect(answers).toEqual(['A-ASSOCIATE-AC', 'A-ASSOCIATE-RJ', 'A-ASSOCIATE-AC']);
  });

  it('a host can be kept to its share', async () => {
    const scene = new AcceptorScene({ maxAssociationsPerHost: 1 });
    await scene.associate();
    const { peer } = scene.open();
    peer.send(request);
    await settle();
    expect(peer.takePdus()).toEqual([tooMany]);
  });

  it('too many connections are closed at once and counted', async () => {
    const scene = new AcceptorScene({ maxConnections: 1 });
    const first = scene.open();
    const second = scene.open();
    await settle();
    expect(second.peer.isClosed).toBe(true);
    expect(scene.server).toMatchObject({ connectionCount: 1, refusedConnectionCount: 1 });
    expect(scene.errors.map(({ code }) => code)).toEqual(['limit-reached']);
    first.peer.close();
    await settle();
    const third = scene.open();
    third.peer.send(request);
    await settle();
    expect(third.peer.takePdus()[0]?.type).toBe('A-ASSOCIATE-AC');
  });

  it('thousands of connections that say nothing hold nothing past ARTIM, one report each', async () => {
    const scene = new AcceptorScene({ artimTimeoutMs: 30_000, maxConnections: 5_000 });
    for (let index = 0; index < 2_000; index++) scene.open();
    await scene.associate();
    await scene.clock.advance(30_000);
    expect(scene.server.connectionCount).toBe(1);
    expect(scene.errors).toHaveLength(2_000);
  });
});

describe('the acceptance hook', () => {
  it('may take its time, and decides by a policy or a rejection', async () => {
    const scene = new AcceptorScene({
      accept: async ({ request: { callingAeTitle } }) => {
        await settle();
        return callingAeTitle === 'CT1'
          ? { presentationContexts: [] }
          : { reject: { result: 1, source: 1, reason: 3 } };
      },
    });
    const ct1 = scene.open().peer;
    const ct2 = scene.open().peer;
    ct1.send(from('CT1'));
    ct2.send(from('CT2'));
    await settle();
    await settle();
    expect(ct1.takePdus()).toMatchObject([
      { type: 'A-ASSOCIATE-AC', presentationContexts: [{ result: 3 }, { result: 3 }] },
    ]);
    expect(ct2.takePdus()).toEqual([reject(1, 1, 3)]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no directory');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no directory'))],
    ['gives a policy that cannot be written', () => ({ ...policy, implementationVersionName: 'V'.repeat(17) })],
  ])('that %s rejects for now and is reported', async (_, accept) => {
    const scene = new AcceptorScene({ accept });
    const { peer } = scene.open();
    peer.send(request);
    await settle();
    expect(peer.takePdus()).toEqual([reject(2, 1, 1)]);
    expect(scene.errors.map(({ code }) => code)).toEqual(['invalid-option', 'rejected']);
  });

  it('that does not decide in time rejects for now, and its late decision is ignored', async () => {
    let decide: (() => void) | undefined;
    let signal: AbortSignal | undefined;
    const scene = new AcceptorScene({
      artimTimeoutMs: 10_000,
      accept: (proposal) => {
        signal = proposal.signal;
        return new Promise((resolve) => {
          decide = () => resolve(undefined);
        });
      },
    });
    const { peer } = scene.open();
    await scene.clock.advance(4_000);
    peer.send(request);
    await scene.clock.advance(5_999);
    expect(peer.takePdus()).toEqual([]);
    await scene.clock.advance(1);
    expect(peer.takePdus()).toEqual([reject(2, 1, 1)]);
    expect(signal?.aborted).toBe(true);
    decide?.();
    await settle();
    expect(peer.takePdus()).toEqual([]);
    expect(scene.associations).toEqual([]);
  });

  it('is told when the peer goes meanwhile, and P-DATA meanwhile is aborted', async () => {
    const signals: AbortSignal[] = [];
    const scene = new AcceptorScene({
      accept: ({ signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    const first = scene.open();
    const second = scene.open();
    first.peer.send(request);
    second.peer.send(request);
    await settle();
    first.peer.close();
    second.peer.send(releaseRq);
    await settle();
    expect(second.peer.takePdus()).toEqual([abort(2, 2)]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});

describe('AE titles', () => {
  it.each([
    ['a called AE title that is not ours', { calledAeTitles: ['ARCHIVE'] }, reject(1, 1, 7)],
    ['a calling AE title that is not known', { callingAeTitles: ['CT1', 'CT2'] }, reject(1, 1, 3)],
  ])('%s is rejected where the policy says so', async (_, rules, answer) => {
    const scene = new AcceptorScene({ policy: { ...policy, ...rules } });
    const { peer } = scene.open();
    peer.send(request);
    await settle();
    expect(peer.takePdus()).toEqual([answer]);
  });
});

describe('the user of an association', () => {
  it('whose onAssociation throws has it aborted; the others live', async () => {
    let count = 0;
    const scene = new AcceptorScene({
      onAssociation: (association) => {
        association.setReceiver(new Recorder());
        if (++count === 1) throw new Error('a bug');
      },
    });
    const first = scene.open().peer;
    const second = scene.open().peer;
    first.send(request);
    await settle();
    expect(first.takePdus()).toEqual([abort(0, 0)]);
    second.send(request, releaseRq);
    await settle();
    expect(second.takePdus().at(-1)).toEqual(releaseRp);
  });
});

describe('createServer', () => {
  it.each([
    ['a maximum length of 5', { maximumLength: 5 }],
    ['a version name of 17 characters', { implementationVersionName: 'V'.repeat(17) }],
  ])('refuses %s', (_, wrong) => {
    expect(() => new AcceptorScene({ policy: { ...policy, ...wrong } })).toThrow(AssociationError);
  });

  it('lets go of a transport that has gone already', async () => {
    const scene = new AcceptorScene();
    const [ours] = MemoryTransport.pair();
    ours.destroy();
    await settle();
    scene.server.accept(ours);
    expect(scene.server.connectionCount).toBe(0);
    expect(scene.clock.pendingTimers).toBe(0);
  });
});

describe('close', () => {
  it('takes nothing new, lets associations end within the grace period, and aborts the rest', async () => {
    const scene = new AcceptorScene();
    const ends = await scene.associate();
    const stays = await scene.associate();
    const silent = scene.open();
    let isClosed = false;
    const closing = scene.server.close({ graceMs: 10_000 }).then(() => {
      isClosed = true;
    });
    await settle();
    expect(silent.peer.isClosed).toBe(true);
    const late = scene.open();
    await settle();
    expect(late.peer.isClosed).toBe(true);
    ends.peer.send(releaseRq);
    await settle();
    expect(ends.peer.takePdus()).toEqual([releaseRp]);
    ends.peer.close();
    await scene.clock.advance(9_999);
    expect(stays.peer.takePdus()).toEqual([]);
    await scene.clock.advance(1);
    expect(stays.peer.takePdus()).toEqual([abort(0, 0)]);
    expect(isClosed).toBe(false);
    stays.peer.close();
    await closing;
    expect(scene.clock.pendingTimers).toBe(0);
  });

  it('resolves even when peers neither read nor close', async () => {
    const scene = new AcceptorScene();
    await scene.associate({ reads: false });
    const closing = scene.server.close();
    await scene.clock.advance(5_000);
    await closing;
    expect(scene.server.connectionCount).toBe(0);
  });
});
