/** What an acceptor answers to odd, hostile and old peers: stimuli as bytes, answers as exact PDUs. */
import { encode, type Pdu } from '@dicomwire/pdu';
import { settle } from '@dicomwire/ul/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { AcceptorScene, abort, data, reject, releaseRp, releaseRq, request, response } from './scene.js';

const rq = encode(request);

/** Offsets in our request: PS3.8 Table 9-11, and the first presentation context item behind the application context item. */
const at = { type: 0, length: 2, version: 6, called: 10, calling: 26, applicationContext: 78, contextId: 103 };

function patched(offset: number, ...bytes: number[]): Uint8Array {
  const copy = rq.slice();
  copy.set(bytes, offset);
  return copy;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function withUserInformation(changes: Partial<typeof request.userInformation>): Uint8Array {
  return encode({ ...request, userInformation: { ...request.userInformation, ...changes } });
}

/** An item or sub-item: type, reserved byte, length, content. */
function item(type: number, ...content: number[]): Uint8Array {
  return Uint8Array.of(type, 0, content.length >> 8, content.length & 0xff, ...content);
}

/** A presentation context item with ID 1. */
function context(...subItems: Uint8Array[]): Uint8Array {
  return item(0x20, 1, 0, 0, 0, ...Buffer.concat(subItems));
}

const wholeContext = context(item(0x30, ...ascii('1.2.840.10008.1.1')), item(0x40, ...ascii('1.2.840.10008.1.2')));

/** The fixed fields and the application context of our request, followed by these items. */
function rawRequest(...items: Uint8Array[]): Uint8Array {
  return withLength(Buffer.concat([rq.subarray(0, at.applicationContext + 21), ...items]));
}

function lengthened(more: Uint8Array): Uint8Array {
  return withLength(Buffer.concat([rq, more]));
}

function withLength(pdu: Buffer): Uint8Array {
  pdu.writeUInt32BE(pdu.length - 6, at.length);
  return pdu;
}

const scenes: AcceptorScene[] = [];

function acceptorScene(...options: ConstructorParameters<typeof AcceptorScene>): AcceptorScene {
  const scene = new AcceptorScene(...options);
  scenes.push(scene);
  return scene;
}

/** Whatever happened: the next association works, and in the end no timer and no connection is left. */
afterEach(async () => {
  for (const scene of scenes.splice(0)) {
    const { peer } = await scene.associate();
    peer.send(releaseRq);
    await settle();
    expect(peer.takePdus()).toEqual([releaseRp]);
    peer.close();
    const closing = scene.server.close();
    await scene.clock.advance(60_000);
    await closing;
    expect(scene.server.connectionCount).toBe(0);
    expect(scene.server.associations.size).toBe(0);
    expect(scene.clock.pendingTimers).toBe(0);
  }
});

describe('before an association, the acceptor answers', () => {
  const aborted = [abort(0, 0)];
  const cases: [string, Uint8Array, readonly Pdu[]][] = [
    ['an A-ASSOCIATE-AC as first PDU', encode(response), aborted],
    ['an A-ASSOCIATE-RJ as first PDU', encode(reject(1, 1, 1)), aborted],
    ['a P-DATA-TF as first PDU', encode(data(1, 10)), aborted],
    ['an A-RELEASE-RQ as first PDU', encode(releaseRq), aborted],
    ['an A-RELEASE-RP as first PDU', encode(releaseRp), aborted],
    ['HTTP', ascii('GET / HTTP/1.1\r\nHost: pacs\r\n\r\n'), aborted],
    ['a TLS hello', Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03), aborted],
    ['one byte of an unknown PDU type', Uint8Array.of(0x42), aborted],
    ['an unknown PDU type with length 0', Uint8Array.of(0, 0, 0, 0, 0, 0), aborted],
    ['PDU length FFFFFFFFH', patched(at.length, 0xff, 0xff, 0xff, 0xff).subarray(0, 6), aborted],
    ['a PDU length one over the cap', patched(at.length, 0x00, 0x04, 0x00, 0x01).subarray(0, 6), aborted],
    ['protocol version 2', patched(at.version, 0, 2), [reject(1, 2, 2)]],
    ['protocol version 0', patched(at.version, 0, 0), [reject(1, 2, 2)]],
    ['a wrong application context', patched(at.applicationContext + 20, 0x32), [reject(1, 1, 2)]],
    ['no application context', encode({ ...request, applicationContextName: undefined }), [reject(1, 1, 2)]],
    ['an even presentation context ID', patched(at.contextId, 2), aborted],
    ['presentation context ID 0', patched(at.contextId, 0), aborted],
    ['a presentation context ID twice', patched(at.contextId, 3), aborted],
    ['no presentation context', encode({ ...request, presentationContexts: [] }), aborted],
    ['an item longer than the PDU', patched(at.contextId - 2, 0xff, 0xf0), aborted],
    ['bytes left over behind the last item', lengthened(Uint8Array.of(0x10, 0, 0)), aborted],
    ['a context without transfer syntax', rawRequest(context(item(0x30, ...ascii('1.2.840.10008.1.1')))), aborted],
    ['a context without abstract syntax', rawRequest(context(item(0x40, ...ascii('1.2.840.10008.1.2')))), aborted],
    ['a context of no bytes', rawRequest(item(0x20)), aborted],
    ['user identity type 9', rawRequest(wholeContext, item(0x50, ...item(0x58, 9, 0, 0, 1, 0x41, 0, 0))), aborted],
    [
      'a role selection whose UID is longer than it',
      rawRequest(wholeContext, item(0x50, ...item(0x54, 0, 99, 0x31, 1, 1))),
      aborted,
    ],
    ['maximum length 1', withUserInformation({ maximumLength: 1 }), [reject(1, 1, 1)]],
    ['maximum length 7', withUserInformation({ maximumLength: 7 }), [reject(1, 1, 1)]],
  ];

  it.each(cases)('%s', async (_, bytes, answer) => {
    const scene = acceptorScene();
    const { peer } = scene.open();
    peer.send(bytes);
    await settle();
    expect(peer.takePdus()).toEqual(answer);
    expect(scene.associations).toEqual([]);
    expect(scene.errors).toHaveLength(1);
    // Sta13: what still comes is discarded until the peer closes.
    peer.send(ascii('more'));
    await settle();
    expect(peer.isClosed).toBe(false);
    peer.close();
    await settle();
    expect(scene.server.connectionCount).toBe(0);
  });

  it.each(cases.filter(([, bytes]) => bytes.length > 1))(
    'the same when it comes byte by byte: %s',
    async (_, bytes, answer) => {
      const scene = acceptorScene();
      const { peer } = scene.open();
      for (const byte of bytes) peer.send(Uint8Array.of(byte));
      await settle();
      expect(peer.takePdus().slice(0, 1)).toEqual(answer);
      peer.close();
    },
  );

  it.each(cases)('and closes when the peer does not: %s', async (_, bytes) => {
    const scene = acceptorScene();
    const { peer } = scene.open();
    peer.send(bytes);
    await scene.clock.advance(4_999);
    expect(peer.isClosed).toBe(false);
    await scene.clock.advance(1);
    expect(peer.isClosed).toBe(true);
  });

  it('an A-ABORT as first PDU with nothing but closing', async () => {
    const scene = acceptorScene();
    const { peer } = scene.open();
    peer.send(abort(0, 0));
    await settle();
    expect(peer.takeBytes()).toHaveLength(0);
    expect(peer.isClosed).toBe(true);
  });

  it.each([
    ['silence', new Uint8Array(0)],
    ['half a header', rq.subarray(0, 3)],
    ['half an A-ASSOCIATE-RQ', rq.subarray(0, 120)],
  ])('%s with closing when ARTIM expires', async (_, bytes) => {
    const scene = acceptorScene({ artimTimeoutMs: 30_000 });
    const { peer } = scene.open();
    if (bytes.length > 0) peer.send(bytes);
    await scene.clock.advance(29_999);
    expect(peer.isClosed).toBe(false);
    await scene.clock.advance(1);
    expect(peer.isClosed).toBe(true);
    expect(peer.takeBytes()).toHaveLength(0);
    expect(scene.errors.map(({ code }) => code)).toEqual(['timeout']);
  });

  it('bytes that trickle with closing when ARTIM expires, not later', async () => {
    const scene = acceptorScene({ artimTimeoutMs: 30_000 });
    const { peer } = scene.open();
    for (let second = 0; second < 30; second++) {
      expect(peer.isClosed).toBe(false);
      peer.send(rq.subarray(second, second + 1));
      await scene.clock.advance(1_000);
    }
    expect(peer.isClosed).toBe(true);
  });

  it('a peer that asks again and again in Sta13 and reads nothing with a bounded number of answers, and closing', async () => {
    const scene = acceptorScene();
    const { peer, ours, transport } = scene.open({ reads: false });
    peer.send(patched(at.version, 0, 2));
    for (let round = 0; round < 20_000; round++) peer.send(rq);
    await settle();
    expect(ours.writableLength + transport.readableLength).toBeLessThan(0x10000 + 1000);
    await scene.clock.advance(5_000);
    expect(ours.destroyed).toBe(true);
  });
});

describe('the acceptor lets pass', () => {
  it.each<[string, Uint8Array]>([
    ['protocol version 3: bit 0 is set', patched(at.version, 0, 3)],
    ['items built by hand', rawRequest(wholeContext)],
    ['reserved fields set', patched(8, 0xff, 0xff)],
    ['the 32 reserved bytes set', patched(42, ...new Array<number>(32).fill(0xee))],
    ['reserved bytes of a context set', patched(at.contextId + 1, 1, 2, 3)],
    ['a called AE title padded with NULs', patched(at.called, 0x41, ...new Array<number>(15).fill(0))],
    ['a blank calling AE title', patched(at.calling, ...new Array<number>(16).fill(0x20))],
    ['an AE title that is not ASCII', patched(at.called, 0xe9, 0xff)],
    ['an unknown item', encode({ ...request, unknownItems: [{ itemType: 0x77, data: Uint8Array.of(1, 2) }] })],
    ['an unknown sub-item', withUserInformation({ unknownItems: [{ itemType: 0x5f, data: Uint8Array.of(1) }] })],
    ['maximum length 0', withUserInformation({ maximumLength: 0 })],
    ['no maximum length', withUserInformation({ maximumLength: undefined })],
  ])('%s', async (_, bytes) => {
    const scene = acceptorScene();
    const { peer } = scene.open();
    peer.send(bytes);
    await settle();
    const [answer] = peer.takePdus();
    expect(answer?.type).toBe('A-ASSOCIATE-AC');
    peer.close();
  });

  it('bytes 11 to 74 of the request through to the A-ASSOCIATE-AC', async () => {
    const scene = acceptorScene();
    const { peer } = scene.open();
    const bytes = patched(42, ...new Array<number>(32).fill(0xee));
    peer.send(bytes);
    await settle();
    expect([...peer.takeBytes().subarray(10, 74)]).toEqual([...bytes.subarray(10, 74)]);
    peer.close();
  });

  it('contexts that it does not know, refused one by one, a transfer syntax in each answer', async () => {
    const scene = acceptorScene();
    const { peer } = scene.open();
    peer.send({
      ...request,
      presentationContexts: [
        { id: 1, abstractSyntax: '1.2.3', transferSyntaxes: ['1.2.840.10008.1.2'] },
        { id: 5, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2.4.50'] },
      ],
    });
    await settle();
    expect(peer.takePdus()).toMatchObject([
      {
        type: 'A-ASSOCIATE-AC',
        presentationContexts: [
          { id: 1, result: 3, transferSyntax: '1.2.840.10008.1.2' },
          { id: 5, result: 4, transferSyntax: '1.2.840.10008.1.2.4.50' },
        ],
      },
    ]);
    peer.close();
  });

  it('a peer whose maximum length is 12: fragments of 6 bytes', async () => {
    const scene = acceptorScene();
    const { peer } = scene.open();
    peer.send(withUserInformation({ maximumLength: 12 }));
    await settle();
    expect(scene.associations[0]?.maximumFragmentLength).toBe(6);
    peer.close();
  });
});

describe('on an association, the acceptor answers', () => {
  const pData = (...bytes: number[]) => Uint8Array.of(4, 0, 0, 0, 0, bytes.length, ...bytes);

  it.each<[string, Uint8Array, Pdu]>([
    ['an A-ASSOCIATE-RQ', rq, abort(2, 2)],
    ['an A-ASSOCIATE-AC', encode(response), abort(2, 2)],
    ['an A-ASSOCIATE-RJ', encode(reject(1, 1, 1)), abort(2, 2)],
    ['an A-RELEASE-RP', encode(releaseRp), abort(2, 2)],
    ['an unknown PDU', Uint8Array.of(0x42, 0, 0, 0, 0, 0), abort(2, 1)],
    ['an A-RELEASE-RQ of the wrong length', Uint8Array.of(5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0), abort(2, 6)],
    ['a P-DATA-TF with no value', pData(), abort(2, 6)],
    ['a value of length 0', pData(0, 0, 0, 0), abort(2, 6)],
    ['a value of length 1', pData(0, 0, 0, 1, 1), abort(2, 6)],
    ['a value longer than its PDU', pData(0, 0, 0, 9, 1, 3, 0, 0), abort(2, 6)],
    ['bytes left over behind a value', pData(0, 0, 0, 4, 1, 3, 0, 0, 0xaa), abort(2, 6)],
    ['a value on an unknown context', encode(data(7, 2)), abort(2, 6)],
    ['a P-DATA-TF 7 bytes over our maximum length', Uint8Array.of(4, 0, 0, 2, 0, 7), abort(2, 6)],
    ['a P-DATA-TF of length FFFFFFFFH', Uint8Array.of(4, 0, 0xff, 0xff, 0xff, 0xff), abort(2, 6)],
  ])('%s', async (_, bytes, answer) => {
    for (const chunks of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
      const scene = acceptorScene();
      const { peer, association, recorder } = await scene.associate();
      peer.send(...chunks);
      await settle();
      expect(peer.takePdus()).toEqual([answer]);
      expect(recorder.ends).toMatchObject([{ kind: 'aborted', by: 'local', error: { code: 'protocol-violation' } }]);
      expect(association.isEstablished).toBe(false);
      expect(scene.server.associations.size).toBe(0);
      expect(() => association.send(1, true, true, new Uint8Array(2))).toThrow(/broke the protocol/);
      await scene.clock.advance(5_000);
      expect(peer.isClosed).toBe(true);
    }
  });

  it('a value on a refused context by ABORT(2,6)', async () => {
    const scene = acceptorScene({
      policy: { presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: 'any' }] },
    });
    const { peer } = await scene.associate();
    peer.send(data(3, 2));
    await settle();
    expect(peer.takePdus()).toEqual([abort(2, 6)]);
    peer.close();
  });

  it('a P-DATA-TF up to 6 bytes over our maximum length by taking it', async () => {
    const scene = acceptorScene({
      policy: {
        maximumLength: 100,
        presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: 'any' }],
      },
    });
    const { peer, recorder } = await scene.associate();
    peer.send(data(1, 100));
    await settle();
    expect(recorder.fragments).toMatchObject([{ length: 100 }]);
    peer.close();
  });

  it('a PDU that is never finished by ABORT(2,0) when its deadline passes, trickling or not', async () => {
    const scene = acceptorScene({ pduTimeoutMs: 60_000 });
    const { peer, recorder } = await scene.associate();
    const bytes = encode(data(1, 100));
    for (let second = 0; second < 60; second++) {
      expect(recorder.ends).toEqual([]);
      peer.send(bytes.subarray(second, second + 1));
      await scene.clock.advance(1_000);
    }
    expect(peer.takePdus()).toEqual([abort(2, 0)]);
    expect(recorder.ends).toMatchObject([{ error: { code: 'timeout', wait: 'pdu' } }]);
    peer.close();
  });

  it('each PDU in time by going on, however long all of them take', async () => {
    const scene = acceptorScene({ pduTimeoutMs: 60_000, idleTimeoutMs: 0 });
    const { peer, recorder } = await scene.associate();
    const bytes = encode(data(1, 100));
    for (let round = 0; round < 5; round++) {
      peer.send(bytes.subarray(0, 50));
      await scene.clock.advance(40_000);
      peer.send(bytes.subarray(50));
    }
    await settle();
    expect(recorder.ends).toEqual([]);
    peer.close();
  });

  it.each<[string, (scene: Awaited<ReturnType<AcceptorScene['associate']>>) => void, object]>([
    ['an A-ABORT', ({ peer }) => peer.send(abort(2, 1)), { kind: 'aborted', by: 'peer', source: 2, reason: 1 }],
    ['FIN', ({ peer }) => peer.end(), { kind: 'connection-lost' }],
    ['a closed connection', ({ peer }) => peer.close(), { kind: 'connection-lost' }],
    ['RST', ({ transport }) => transport.reset(), { kind: 'connection-lost', error: { code: 'connection-lost' } }],
  ])('%s by telling its user at once', async (_, stimulus, end) => {
    const scene = acceptorScene();
    const opened = await scene.associate();
    opened.peer.send(data(1, 10, true, false));
    stimulus(opened);
    await settle();
    expect(opened.recorder.ends).toMatchObject([end]);
    expect(await opened.association.closed).toMatchObject(end);
    expect(opened.association.signal.aborted).toBe(true);
    expect(opened.peer.takeBytes()).toHaveLength(0);
  });
});
