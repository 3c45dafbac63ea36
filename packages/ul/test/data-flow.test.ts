/** Backpressure both ways, batches, deadlines of reading and writing. */
import { encode } from '@dicomwire/pdu';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { AcceptorScene, abort, data, Recorder, releaseRp, releaseRq, request } from './scene.js';

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

describe('what is sent', () => {
  it('leaves together at the end of the turn, in order, whatever its size', async () => {
    const scene = new AcceptorScene();
    const { association, peer, ours } = await scene.associate();
    const before = ours.writeCount;
    expect(association.send(1, true, true, new Uint8Array(100).fill(1))).toBeUndefined();
    expect(association.send(3, false, false, new Uint8Array(5000).fill(2))).toBeUndefined();
    expect(association.send(3, false, true, new Uint8Array(0))).toBeUndefined();
    await settle();
    expect(ours.writeCount - before).toBe(1);
    const values = peer.takePdus().flatMap((pdu) => (pdu.type === 'P-DATA-TF' ? pdu.values : []));
    expect(
      values.map((value) => [value.contextId, value.isCommand, value.isLast, value.data.length, value.data[0]]),
    ).toEqual([
      [1, true, true, 100, 1],
      [3, false, false, 5000, 2],
      [3, false, true, 0, undefined],
    ]);
    peer.close();
  });

  it('leaves with the outermost uncork, in the same turn and in one write', async () => {
    const scene = new AcceptorScene();
    const { association, peer, ours } = await scene.associate();
    const before = ours.writeCount;
    association.cork();
    association.cork();
    void association.send(1, true, false, new Uint8Array(10));
    association.uncork();
    void association.send(1, true, true, new Uint8Array(20));
    expect(ours.writeCount - before).toBe(0);
    association.uncork();
    expect(ours.writeCount - before).toBe(1);
    void association.send(1, true, true, new Uint8Array(30));
    await settle();
    expect(ours.writeCount - before).toBe(2);
    peer.close();
  });

  it('leaves with flushed although it is corked', async () => {
    const scene = new AcceptorScene();
    const { association, peer, ours } = await scene.associate();
    const before = ours.writeCount;
    association.cork();
    void association.send(1, true, true, new Uint8Array(10));
    await association.flushed();
    expect(ours.writeCount - before).toBe(1);
    association.uncork();
    expect(ours.writeCount - before).toBe(1);
    peer.close();
  });

  it('leaves at 256 kB without waiting for the end of the turn', async () => {
    const scene = new AcceptorScene();
    const { association, peer, ours } = await scene.associate();
    const before = ours.writeCount;
    for (let index = 0; index < 3; index++) void association.send(1, false, false, new Uint8Array(100_000));
    expect(ours.writeCount - before).toBe(1);
    peer.close();
  });

  it('is waited for over the budget, and goes on when the peer reads', async () => {
    const scene = new AcceptorScene();
    const { association, peer } = await scene.associate({ reads: false });
    const fragment = new Uint8Array(100_000);
    let sent = 0;
    let wait: undefined | Promise<void>;
    while (wait === undefined) {
      wait = association.send(1, false, false, fragment);
      sent++;
    }
    let isOver = false;
    void wait.then(() => {
      isOver = true;
    });
    await settle();
    expect(sent).toBeLessThan(10);
    expect(isOver).toBe(false);
    const flushed = association.flushed();
    peer.startReading();
    await flushed;
    await settle();
    expect(isOver).toBe(true);
    expect(association.queuedBytes).toBe(0);
    expect(peer.takePdus().filter(({ type }) => type === 'P-DATA-TF')).toHaveLength(sent);
    peer.close();
  });

  it('is refused when longer than the peer takes', async () => {
    const scene = new AcceptorScene();
    const opened = scene.open();
    opened.peer.send({ ...request, userInformation: { maximumLength: 100 } });
    await settle();
    const [association] = scene.associations;
    expect(association?.maximumFragmentLength).toBe(94);
    expect(() => association?.send(1, true, true, new Uint8Array(95))).toThrow(/95 bytes is over the 94/);
    opened.peer.close();
  });

  it('to a peer that never reads ends by the write deadline, and all who wait are told', async () => {
    const scene = new AcceptorScene({ writeTimeoutMs: 60_000 });
    const { association, ours, recorder } = await scene.associate({ reads: false });
    const waits: Promise<void>[] = [];
    for (let index = 0; index < 8; index++) {
      const wait = association.send(1, false, false, new Uint8Array(100_000));
      if (wait !== undefined) waits.push(wait);
    }
    const flushed = association.flushed();
    flushed.catch(() => {});
    await scene.clock.advance(59_999);
    expect(recorder.ends).toEqual([]);
    await scene.clock.advance(1);
    expect(recorder.ends).toMatchObject([{ kind: 'connection-lost', error: { code: 'timeout', wait: 'write' } }]);
    expect(waits.length).toBeGreaterThan(0);
    for (const wait of [...waits, flushed]) await expect(wait).rejects.toMatchObject({ code: 'timeout' });
    await association.closed;
    expect(ours.destroyed).toBe(true);
    expect(scene.clock.pendingTimers).toBe(0);
  });

  it('does not keep release or abort from ending when the peer never reads', async () => {
    for (const end of ['release', 'abort'] as const) {
      const scene = new AcceptorScene({ writeTimeoutMs: 0 });
      const { association } = await scene.associate({ reads: false });
      for (let index = 0; index < 8; index++) void association.send(1, false, false, new Uint8Array(100_000));
      await settle();
      association[end]();
      await scene.clock.advance(60_000);
      expect(await association.closed).toMatchObject({ kind: 'aborted' });
      expect(scene.server.connectionCount).toBe(0);
    }
  });

  it('and not yet given to the transport is dropped by an abort, at a PDU boundary', async () => {
    const scene = new AcceptorScene();
    const { association, peer } = await scene.associate();
    void association.send(1, false, false, new Uint8Array(1000));
    association.abort();
    await settle();
    expect(peer.takePdus()).toEqual([abort(0, 0)]);
    peer.close();
  });
});

describe('what arrives', () => {
  it('is the same however it is cut', async () => {
    const bytes = Buffer.concat([
      encode(data(1, 1)),
      encode(data(1, 0, true, false)),
      encode({
        type: 'P-DATA-TF',
        values: [
          { contextId: 1, isCommand: true, isLast: true, data: new Uint8Array(3) },
          { contextId: 3, isCommand: false, isLast: false, data: new Uint8Array(5) },
          { contextId: 3, isCommand: false, isLast: true, data: new Uint8Array(0) },
        ],
      }),
      encode(releaseRq),
    ]);
    for (const size of [1, 2, 7, 13, bytes.length]) {
      const scene = new AcceptorScene();
      const { peer, recorder } = await scene.associate();
      for (let at = 0; at < bytes.length; at += size) peer.send(bytes.subarray(at, at + size));
      await settle();
      const total = recorder.fragments.reduce((sum, { length }) => sum + length, 0);
      expect([total, recorder.fragments.filter(({ isLast }) => isLast).length]).toEqual([9, 3]);
      expect(peer.takePdus()).toEqual([releaseRp]);
      peer.close();
    }
  });

  it('ignores bits 2 to 7 of the message control header', async () => {
    const scene = new AcceptorScene();
    const { peer, recorder } = await scene.associate();
    peer.send(Uint8Array.of(4, 0, 0, 0, 0, 7, 0, 0, 0, 3, 1, 0xff, 9));
    await settle();
    expect(recorder.fragments).toEqual([{ contextId: 1, isCommand: true, isLast: true, length: 1 }]);
    peer.close();
  });

  it('pauses the transport over the budget, resumes below half of it, and takes no more meanwhile', async () => {
    const scene = new AcceptorScene({ receiveBudgetBytes: 100_000 });
    const { peer, recorder, ours } = await scene.associate();
    const gates: { resolve: () => void }[] = [];
    recorder.answer = () => {
      const gate = deferred();
      gates.push(gate);
      return gate.promise;
    };
    for (let index = 0; index < 100; index++) peer.send(data(1, 10_000, false, false));
    await settle();
    expect(ours.isPaused()).toBe(true);
    const taken = recorder.fragments.reduce((sum, { length }) => sum + length, 0);
    expect(taken).toBeLessThan(200_000);
    for (const gate of gates.splice(0, 6)) gate.resolve();
    await settle();
    while (gates.length > 0) {
      for (const gate of gates.splice(0)) gate.resolve();
      await settle();
    }
    expect(ours.isPaused()).toBe(false);
    expect(recorder.fragments.reduce((sum, { length }) => sum + length, 0)).toBe(1_000_000);
    peer.close();
  });

  it('and is not taken at all while reading is paused ends by the stall deadline', async () => {
    const scene = new AcceptorScene({ receiveBudgetBytes: 1000, stallTimeoutMs: 60_000 });
    const { peer, recorder, association } = await scene.associate();
    recorder.answer = () => new Promise(() => {});
    peer.send(data(1, 2000));
    await settle();
    peer.close();
    await scene.clock.advance(59_999);
    expect(association.signal.aborted).toBe(false);
    await scene.clock.advance(1);
    expect(recorder.ends).toMatchObject([{ kind: 'aborted', error: { code: 'timeout', wait: 'stall' } }]);
    await association.closed;
  });

  it('does not count the time in which reading was paused against the peer', async () => {
    const scene = new AcceptorScene({
      receiveBudgetBytes: 1000,
      stallTimeoutMs: 60_000,
      pduTimeoutMs: 10_000,
      idleTimeoutMs: 0,
    });
    const { peer, recorder } = await scene.associate();
    const gate = deferred();
    recorder.answer = () => gate.promise;
    const bytes = encode(data(1, 4000));
    peer.send(bytes.subarray(0, 2000));
    await scene.clock.advance(30_000);
    expect(recorder.ends).toEqual([]);
    gate.resolve();
    await scene.clock.advance(9_000);
    expect(recorder.ends).toEqual([]);
    await scene.clock.advance(1_000);
    expect(recorder.ends).toMatchObject([{ error: { wait: 'pdu' } }]);
    peer.close();
  });

  it.each([
    [
      'throws',
      (): undefined => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('aborts the association when the receiver %s', async (_, answer) => {
    const scene = new AcceptorScene();
    const { peer, recorder } = await scene.associate();
    recorder.answer = answer;
    peer.send(data(1, 2));
    await settle();
    expect(peer.takePdus()).toEqual([abort(0, 0)]);
    expect(recorder.ends).toMatchObject([{ kind: 'aborted', by: 'local', error: { message: 'disk full' } }]);
    peer.close();
  });

  it('keeps to the protocol when the receiver throws on being told of the end', async () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => void warnings.push(warning);
    process.on('warning', onWarning);
    const scene = new AcceptorScene();
    const { peer, recorder, association } = await scene.associate();
    recorder.ended = () => {
      throw new Error('a bug in ended');
    };
    peer.send(abort(0, 0));
    expect(await association.closed).toMatchObject({ kind: 'aborted', by: 'peer' });
    expect(scene.server.connectionCount).toBe(0);
    await settle();
    process.off('warning', onWarning);
    expect(warnings).toMatchObject([{ message: 'a bug in ended' }]);
  });

  it('aborts when the receiver throws on being told of a release', async () => {
    const scene = new AcceptorScene();
    const { peer, recorder } = await scene.associate();
    recorder.releaseRequested = () => {
      throw new Error('a bug in releaseRequested');
    };
    peer.send(releaseRq);
    await settle();
    expect(peer.takePdus()).toEqual([abort(0, 0)]);
    peer.close();
  });

  it('waits for a receiver that is set late, within the budget, and is then handed over with the end', async () => {
    const scene = new AcceptorScene({
      onAssociation: (association) => scene.associations.push(association),
      receiveBudgetBytes: 10_000,
    });
    const { peer, ours } = scene.open();
    peer.send(request);
    for (let index = 0; index < 20; index++) peer.send(data(1, 1000));
    await settle();
    expect(ours.isPaused()).toBe(true);
    const recorder = new Recorder();
    scene.associations[0]?.setReceiver(recorder);
    peer.close();
    await settle();
    expect(recorder.fragments.length).toBe(20);
    expect(recorder.ends).toMatchObject([{ kind: 'connection-lost' }]);
    expect(() => scene.associations[0]?.setReceiver(recorder)).toThrow(/already has a receiver/);
  });
});

describe('the A-ASSOCIATE-AC', () => {
  it('is on its way before anything that the user sends in onAssociation', async () => {
    const scene = new AcceptorScene({
      onAssociation: (association) => {
        association.setReceiver(new Recorder());
        void association.send(1, true, true, new Uint8Array(2));
      },
    });
    const { peer, ours } = scene.open();
    peer.send(request);
    await settle();
    expect(peer.takePdus().map(({ type }) => type)).toEqual(['A-ASSOCIATE-AC', 'P-DATA-TF']);
    expect(ours.writeCount).toBe(1);
    peer.close();
  });
});
