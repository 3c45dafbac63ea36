/** What `connect` makes of the peers it meets. */
import { Socket } from 'node:net';
import { encode, type Pdu } from '@dicomwire/pdu';
import { AssociationError, AssociationRejectedError, AssociationTimeoutError, connect } from '@dicomwire/ul';
import { MemoryTransport, settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { abort, data, RequestorScene, reject, releaseRp, releaseRq, request, response } from './scene.js';

const ac = response;
const [firstResult, secondResult] = ac.presentationContexts;
if (firstResult === undefined || secondResult === undefined) throw new Error('two contexts are proposed');

describe('connect', () => {
  it('sends one A-ASSOCIATE-RQ and resolves with what was negotiated', async () => {
    const scene = new RequestorScene();
    await settle();
    expect(scene.peer.takePdus()).toMatchObject([
      {
        type: 'A-ASSOCIATE-RQ',
        calledAeTitle: 'ACCEPTOR',
        callingAeTitle: 'REQUESTOR',
        presentationContexts: request.presentationContexts,
        userInformation: { maximumLength: 131072 },
      },
    ]);
    expect(scene.ours.writeCount).toBe(1);
    const association = await scene.associate();
    expect(association.negotiated.acceptedContexts.map(({ id, transferSyntax }) => [id, transferSyntax])).toEqual([
      [1, '1.2.840.10008.1.2'],
      [3, '1.2.840.10008.1.2.1'],
    ]);
    expect(association.isEstablished).toBe(true);
    expect(association.maximumFragmentLength).toBe(131066);
    scene.peer.close();
    await association.closed;
  });

  it('takes what follows the A-ASSOCIATE-AC in the same chunk as the next PDUs', async () => {
    const scene = new RequestorScene();
    await settle();
    scene.peer.send(Buffer.concat([encode(ac), encode(data(1, 10)), encode(releaseRq)]));
    const association = await scene.connecting;
    association.setReceiver(scene.recorder);
    expect(scene.recorder.fragments).toEqual([{ contextId: 1, isCommand: true, isLast: true, length: 10 }]);
    await settle();
    expect(scene.peer.takePdus().slice(1)).toEqual([releaseRp]);
    expect(scene.recorder.ends).toEqual([{ kind: 'released', by: 'peer' }]);
    scene.peer.close();
  });

  it.each<[string, Pdu | Uint8Array, string, RegExp, readonly Pdu[]]>([
    [
      'a rejection',
      reject(1, 1, 7),
      'rejected',
      /A-ASSOCIATE-RJ from ACCEPTOR: called AE title not recognized \(result 1, source 1, reason 7\)/,
      [],
    ],
    [
      'a transient rejection',
      reject(2, 3, 2),
      'rejected',
      /local limit exceeded; rejected for now, try again later/,
      [],
    ],
    ['a rejection with values out of range', reject(9, 9, 9), 'rejected', /unknown reason from an unknown source/, []],
    [
      'an abort',
      abort(2, 2),
      'aborted',
      /A-ABORT from ACCEPTOR: by its upper layer \(service-provider\): unexpected PDU/,
      [],
    ],
    ['P-DATA before the answer', data(1, 2), 'protocol-violation', /P-DATA-TF PDU received in Sta5/, [abort(2, 2)]],
    [
      'an A-RELEASE-RQ before the answer',
      releaseRq,
      'protocol-violation',
      /A-RELEASE-RQ PDU received in Sta5/,
      [abort(2, 2)],
    ],
    ['a request in place of an answer', request, 'protocol-violation', /A-ASSOCIATE-RQ PDU received/, [abort(2, 2)]],
    [
      'an unknown PDU',
      Uint8Array.of(0x48, 0x54, 0x54, 0x50),
      'protocol-violation',
      /broke the protocol/,
      [abort(2, 1)],
    ],
    [
      'PDU length FFFFFFFFH',
      Uint8Array.of(2, 0, 0xff, 0xff, 0xff, 0xff),
      'protocol-violation',
      /broke the protocol/,
      [abort(2, 6)],
    ],
    [
      'a context that was never proposed',
      { ...ac, presentationContexts: [{ ...firstResult, id: 9 }] },
      'protocol-violation',
      /context 9 was never proposed/,
      [abort(2, 6)],
    ],
    [
      'a transfer syntax that was never proposed',
      { ...ac, presentationContexts: [{ ...firstResult, transferSyntax: '1.2.3' }] },
      'protocol-violation',
      /transfer syntax 1\.2\.3, which was never proposed/,
      [abort(2, 6)],
    ],
    [
      'a maximum length of 7',
      { ...ac, userInformation: { ...ac.userInformation, maximumLength: 7 } },
      'protocol-violation',
      /maximum length 7 leaves no room/,
      [abort(2, 6)],
    ],
  ])('fails with a typed error on %s', async (_, answer, code, message, sent) => {
    const scene = new RequestorScene();
    await settle();
    scene.peer.takePdus();
    scene.peer.send(answer);
    await settle();
    expect(scene.error).toBeInstanceOf(AssociationError);
    expect(scene.error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(scene.peer.takePdus()).toEqual(sent);
    await scene.clock.advance(5_000);
    expect(scene.peer.isClosed).toBe(true);
    expect(scene.clock.pendingTimers).toBe(0);
  });

  it('says result, source and reason of a rejection', async () => {
    const scene = new RequestorScene();
    scene.peer.send(reject(1, 1, 3));
    await settle();
    expect(scene.error).toBeInstanceOf(AssociationRejectedError);
    expect(scene.error).toMatchObject({ result: 1, source: 1, reason: 3 });
  });

  it('accepts contexts out of order, and counts those without an answer as refused', async () => {
    const scene = new RequestorScene();
    const association = await scene.associate({ ...ac, presentationContexts: [secondResult] });
    expect([...association.negotiated.contexts.values()].map(({ id, result }) => [id, result])).toEqual([
      [1, 2],
      [3, 0],
    ]);
    scene.peer.close();
  });

  it('gives up a peer that never answers when its deadline passes', async () => {
    const scene = new RequestorScene({ associationTimeoutMs: 30_000 });
    await scene.clock.advance(29_999);
    expect(scene.error).toBeUndefined();
    await scene.clock.advance(1);
    expect(scene.error).toBeInstanceOf(AssociationTimeoutError);
    expect(scene.error).toMatchObject({ code: 'timeout', wait: 'association', timeoutMs: 30_000 });
    expect(scene.peer.takePdus().at(-1)).toEqual(abort(0, 0));
    await scene.clock.advance(5_000);
    expect(scene.peer.isClosed).toBe(true);
  });

  it.each<[string, (scene: RequestorScene) => void]>([
    ['FIN', (scene) => scene.peer.end()],
    ['RST', (scene) => scene.transport.reset()],
  ])('fails with connection-lost on %s', async (_, stimulus) => {
    const scene = new RequestorScene();
    await settle();
    stimulus(scene);
    await settle();
    expect(scene.error).toMatchObject({ code: 'connection-lost' });
    expect(scene.clock.pendingTimers).toBe(0);
  });

  it('fails at once on a transport that is closed already', async () => {
    const [ours] = MemoryTransport.pair();
    ours.destroy();
    await settle();
    const scene = new RequestorScene({ transport: ours });
    await settle();
    expect(scene.error).toMatchObject({ code: 'connection-lost' });
    expect(scene.clock.pendingTimers).toBe(0);
  });

  it('can be cancelled while it waits', async () => {
    const controller = new AbortController();
    const scene = new RequestorScene({ signal: controller.signal });
    await settle();
    controller.abort(new Error('the user went home'));
    await settle();
    expect(scene.error).toMatchObject({ code: 'cancelled', cause: { message: 'the user went home' } });
    expect(scene.peer.takePdus().at(-1)).toEqual(abort(0, 0));
    scene.peer.close();
  });

  it('gives up a transport that does not open when its deadline passes', async () => {
    const scene = new RequestorScene({ transport: neverConnecting(), connectTimeoutMs: 10_000 });
    await scene.clock.advance(9_999);
    expect(scene.error).toBeUndefined();
    await scene.clock.advance(1);
    expect(scene.error).toMatchObject({ code: 'timeout', wait: 'connect' });
    expect(scene.clock.pendingTimers).toBe(0);
  });

  it('can be cancelled while the transport opens', async () => {
    const controller = new AbortController();
    const scene = new RequestorScene({ transport: neverConnecting(), signal: controller.signal });
    controller.abort();
    await settle();
    expect(scene.error).toMatchObject({ code: 'cancelled' });
    expect(scene.clock.pendingTimers).toBe(0);
  });

  it('is cancelled before it begins by a signal that has fired', async () => {
    const scene = new RequestorScene({ signal: AbortSignal.abort() });
    await settle();
    expect(scene.error).toMatchObject({ code: 'cancelled' });
    expect(scene.peer.takeBytes()).toHaveLength(0);
  });

  it.each<[string, Partial<Parameters<typeof connect>[0]>, RegExp]>([
    ['a blank AE title', { calledAeTitle: '  ' }, /calledAeTitle/],
    ['an AE title of 17 characters', { callingAeTitle: 'A'.repeat(17) }, /callingAeTitle/],
    ['no presentation context', { presentationContexts: [] }, /presentationContexts is empty/],
    [
      '129 presentation contexts',
      { presentationContexts: new Array(129).fill(request.presentationContexts[0]) },
      /128 at most/,
    ],
    [
      'an even context ID',
      { presentationContexts: [{ id: 2, abstractSyntax: '1.2', transferSyntaxes: ['1.2'] }] },
      /not odd/,
    ],
    [
      'a context without transfer syntax',
      { presentationContexts: [{ abstractSyntax: '1.2', transferSyntaxes: [] }] },
      /no transfer syntax/,
    ],
    ['a maximum length of 5', { maximumLength: 5 }, /maximumLength 5/],
    ['a version name of 17 characters', { implementationVersionName: 'V'.repeat(17) }, /16 ASCII/],
    ['a port out of range', { transport: undefined, host: 'pacs', port: 70_000 }, /port 70000/],
  ])('refuses %s before anything is sent', async (_, options, message) => {
    const [transport] = MemoryTransport.pair();
    const connecting = connect({
      transport,
      calledAeTitle: 'A',
      callingAeTitle: 'B',
      presentationContexts: request.presentationContexts,
      ...options,
    });
    await expect(connecting).rejects.toMatchObject({ code: 'invalid-option', message: expect.stringMatching(message) });
    expect(transport.writeCount).toBe(0);
  });
});

/** A socket to a host that drops what is sent to it. */
function neverConnecting(): Socket {
  return Object.defineProperty(new Socket(), 'connecting', { value: true });
}
