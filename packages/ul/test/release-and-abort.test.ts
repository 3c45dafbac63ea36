/** The ways an association ends: release, collisions of release, abort, silence. Both roles, exact PDUs. */
import { encode } from '@dicomwire/pdu';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { AcceptorScene, abort, data, RequestorScene, releaseRp, releaseRq } from './scene.js';

/** The same for both roles: an association of ours with a scripted peer. */
async function associated(
  role: 'requestor' | 'acceptor',
  options: { releaseTimeoutMs?: number; idleTimeoutMs?: number } = {},
) {
  if (role === 'acceptor') {
    const scene = new AcceptorScene(options);
    return { clock: scene.clock, ...(await scene.associate()) };
  }
  const scene = new RequestorScene(options);
  const association = await scene.associate();
  return { clock: scene.clock, peer: scene.peer, association, recorder: scene.recorder };
}

describe.each(['requestor', 'acceptor'] as const)('as %s', (role) => {
  it('release sends A-RELEASE-RQ, and closes when the A-RELEASE-RP comes', async () => {
    const { peer, association, recorder, clock } = await associated(role);
    const releasing = association.release();
    expect(association.isEstablished).toBe(false);
    await settle();
    expect(peer.takePdus()).toEqual([releaseRq]);
    peer.send(data(1, 4));
    await settle();
    expect(recorder.fragments).toHaveLength(1);
    peer.send(releaseRp);
    expect(await releasing).toEqual({ kind: 'released', by: 'local' });
    await settle();
    expect(peer.isClosed).toBe(true);
    expect(recorder.ends).toEqual([{ kind: 'released', by: 'local' }]);
    expect(clock.pendingTimers).toBe(0);
    expect(await association.release()).toEqual({ kind: 'released', by: 'local' });
  });

  it('release lets operations under way finish where it is told to, and asks then', async () => {
    const { peer, association, clock } = await associated(role, { releaseTimeoutMs: 30_000 });
    association.setPendingOperations(2);
    const releasing = association.release({ pending: 'finish' });
    await clock.advance(10_000);
    expect(peer.takePdus()).toEqual([]);
    expect(association.isEstablished).toBe(true);
    association.send(1, true, true, new Uint8Array(2));
    association.setPendingOperations(1);
    association.setPendingOperations(0);
    await settle();
    expect(peer.takePdus().map(({ type }) => type)).toEqual(['P-DATA-TF', 'A-RELEASE-RQ']);
    peer.send(releaseRp);
    expect(await releasing).toEqual({ kind: 'released', by: 'local' });
  });

  it.each(['operations', 'the peer'])(
    'release that lets operations finish has one deadline in all: %s',
    async (which) => {
      const { peer, association, clock, recorder } = await associated(role);
      association.setPendingOperations(1);
      const releasing = association.release({ pending: 'finish', timeoutMs: 20_000 });
      await clock.advance(15_000);
      if (which === 'the peer') association.setPendingOperations(0);
      await clock.advance(4_999);
      expect(recorder.ends).toEqual([]);
      await clock.advance(1);
      expect(recorder.ends).toMatchObject([
        { kind: 'aborted', error: { code: 'timeout', wait: 'release', timeoutMs: 20_000 } },
      ]);
      expect(peer.takePdus().at(-1)).toEqual(abort(0, 0));
      await clock.advance(5_000);
      expect(await releasing).toMatchObject({ kind: 'aborted' });
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it('release with nothing under way asks at once, and one that abandons overtakes one that waits', async () => {
    const { peer, association } = await associated(role);
    association.setPendingOperations(1);
    void association.release({ pending: 'finish' });
    void association.release();
    await settle();
    expect(peer.takePdus()).toEqual([releaseRq]);
    association.setPendingOperations(0);
    await settle();
    expect(peer.takePdus()).toEqual([]);
    const other = await associated(role);
    void other.association.release({ pending: 'finish' });
    await settle();
    expect(other.peer.takePdus()).toEqual([releaseRq]);
  });

  it('a release by the peer in the middle of a message is answered once what it broke off is dropped', async () => {
    const { peer, association, recorder, clock } = await associated(role);
    association.setPendingOperations(1);
    recorder.onReleaseRequested = () => association.setPendingOperations(0);
    peer.send(data(3, 100, true, true), data(3, 100, false, false), releaseRq);
    await settle();
    expect(peer.takePdus()).toEqual([releaseRp]);
    expect(recorder.ends).toEqual([{ kind: 'released', by: 'peer' }]);
    peer.close();
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });

  it('waiting for what was sent ends with its signal', async () => {
    const { association } = await associated(role);
    const controller = new AbortController();
    association.send(1, true, true, new Uint8Array(2));
    const flushed = association.flushed({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(flushed).rejects.toMatchObject({ code: 'cancelled', cause: { message: 'enough' } });
    await association.flushed({ signal: new AbortController().signal });
    await expect(association.flushed({ signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('a release by the peer is answered at once when nothing is under way', async () => {
    const { peer, association, recorder } = await associated(role);
    peer.send(releaseRq);
    await settle();
    expect(peer.takePdus()).toEqual([releaseRp]);
    expect(recorder).toMatchObject({ releaseRequests: 1, ends: [{ kind: 'released', by: 'peer' }] });
    expect(association.isEstablished).toBe(false);
    peer.close();
    expect(await association.closed).toEqual({ kind: 'released', by: 'peer' });
  });

  it('a release by the peer waits for operations under way, whose responses still go out', async () => {
    const { peer, association } = await associated(role);
    association.setPendingOperations(1);
    peer.send(releaseRq);
    await settle();
    expect(peer.takePdus()).toEqual([]);
    expect(association).toMatchObject({ isReleaseRequested: true, isEstablished: true });
    association.send(1, true, true, new Uint8Array(2));
    association.setPendingOperations(0);
    await settle();
    expect(peer.takePdus()).toEqual([
      { type: 'P-DATA-TF', values: [{ contextId: 1, isCommand: true, isLast: true, data: expect.anything() }] },
      releaseRp,
    ]);
    peer.close();
  });

  it('a release by the peer that is kept waiting too long is aborted', async () => {
    const { peer, association, recorder, clock } = await associated(role, { releaseTimeoutMs: 10_000 });
    association.setPendingOperations(1);
    peer.send(releaseRq);
    await clock.advance(10_000);
    expect(peer.takePdus()).toEqual([abort(0, 0)]);
    expect(recorder.ends).toMatchObject([{ kind: 'aborted', error: { code: 'timeout', wait: 'release' } }]);
    peer.close();
  });

  it('releases collide: the table is followed to the letter', async () => {
    const { peer, association, clock } = await associated(role);
    const releasing = association.release();
    peer.send(releaseRq);
    await settle();
    if (role === 'requestor') {
      // Sta9: answered at once (AR-9), then Sta11 waits for the response.
      expect(peer.takePdus()).toEqual([releaseRq, releaseRp]);
      peer.send(releaseRp);
      await settle();
      expect(peer.isClosed).toBe(true);
    } else {
      // Sta10: the requestor answers first (AR-10), then we do (AR-4), and the peer closes.
      expect(peer.takePdus()).toEqual([releaseRq]);
      peer.send(releaseRp);
      await settle();
      expect(peer.takePdus()).toEqual([releaseRp]);
      expect(peer.isClosed).toBe(false);
      peer.close();
    }
    expect(await releasing).toEqual({ kind: 'released', by: 'local' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('releases collide in one chunk: both answers still go out', async () => {
    const { peer, association } = await associated(role);
    const releasing = association.release();
    peer.send(Buffer.concat([encode(releaseRq), encode(releaseRp)]));
    await settle();
    expect(peer.takePdus()).toEqual([releaseRq, releaseRp]);
    peer.close();
    expect(await releasing).toEqual({ kind: 'released', by: 'local' });
  });

  it.each([
    ['P-DATA', data(1, 2)],
    ['another A-RELEASE-RQ', releaseRq],
  ])('%s after the collision of releases is aborted', async (_, pdu) => {
    const { peer, association } = await associated(role);
    const releasing = association.release();
    peer.send(releaseRq, pdu);
    await settle();
    expect(peer.takePdus().at(-1)).toEqual(abort(2, 2));
    peer.close();
    expect(await releasing).toMatchObject({ kind: 'aborted', by: 'local' });
  });

  it('a release that is not answered is aborted, and a peer that does not close is closed', async () => {
    const { peer, association, clock } = await associated(role);
    const releasing = association.release({ timeoutMs: 2_000 });
    await clock.advance(2_000);
    expect(peer.takePdus()).toEqual([releaseRq, abort(0, 0)]);
    await clock.advance(5_000);
    expect(peer.isClosed).toBe(true);
    expect(await releasing).toMatchObject({
      kind: 'aborted',
      by: 'local',
      error: { wait: 'release', timeoutMs: 2_000 },
    });
  });

  it('a release can be cancelled', async () => {
    const { peer, association } = await associated(role);
    const controller = new AbortController();
    const releasing = association.release({ signal: controller.signal });
    controller.abort();
    await settle();
    expect(peer.takePdus()).toEqual([abort(0, 0)]);
    peer.close();
    expect(await releasing).toMatchObject({ kind: 'aborted', error: { code: 'cancelled' } });
  });

  it('a peer that aborts or closes while a release is awaited ends it', async () => {
    const { peer, association } = await associated(role);
    const releasing = association.release();
    peer.send(abort(0, 0));
    expect(await releasing).toMatchObject({ kind: 'aborted', by: 'peer' });
  });

  it('abort sends A-ABORT and nothing more, tells the receiver once, and keeps what comes to itself', async () => {
    const { peer, association, recorder, clock } = await associated(role);
    association.abort(0, 0, new Error('enough'));
    association.abort();
    peer.send(data(1, 4), releaseRq, releaseRp);
    await settle();
    expect(peer.takePdus()).toEqual([abort(0, 0)]);
    expect(recorder.fragments).toEqual([]);
    expect(recorder.ends).toMatchObject([
      { kind: 'aborted', by: 'local', source: 0, reason: 0, error: { message: 'enough' } },
    ]);
    expect(association.signal.reason).toMatchObject({ message: 'enough' });
    peer.send(abort(0, 0));
    await settle();
    expect(peer.isClosed).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('an A-ASSOCIATE-RQ after the end is answered by A-ABORT (AA-7)', async () => {
    const { peer, association } = await associated(role);
    association.abort();
    await settle();
    peer.takePdus();
    peer.send(Uint8Array.of(0x42));
    await settle();
    expect(peer.takePdus()).toEqual([abort(2, 1)]);
    peer.close();
  });

  it('silence ends an association on which nothing is under way, and only then', async () => {
    const { peer, association, recorder, clock } = await associated(role, { idleTimeoutMs: 60_000 });
    association.setPendingOperations(1);
    await clock.advance(3_600_000);
    expect(recorder.ends).toEqual([]);
    association.setPendingOperations(0);
    await clock.advance(59_999);
    peer.send(data(1, 2));
    await clock.advance(59_999);
    expect(peer.takePdus()).toEqual([]);
    await clock.advance(1);
    expect(peer.takePdus()).toEqual(role === 'requestor' ? [releaseRq] : [abort(0, 0)]);
    peer.close();
  });
});
