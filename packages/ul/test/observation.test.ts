/** What those see who look on: diagnostics channels, statistics, the live list of associations. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { decode, encode } from '@dicomwire/pdu';
import type { ErrorMessage, PduBytesMessage, StateMessage } from '@dicomwire/ul';
import { settle } from '@dicomwire/ul/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { AcceptorScene, data, RequestorScene, releaseRq, request } from './scene.js';

const subscriptions: [string, (message: unknown) => void][] = [];
afterEach(() => {
  for (const [name, listener] of subscriptions.splice(0)) unsubscribe(name, listener);
});

function listenTo<T>(name: string): T[] {
  const messages: T[] = [];
  const listener = (message: unknown) => void messages.push(message as T);
  subscribe(name, listener);
  subscriptions.push([name, listener]);
  return messages;
}

describe('an observer', () => {
  it('sees the states of Table 9-10 that an association goes through', async () => {
    const messages = listenTo<StateMessage>('dicomwire:state');
    const scene = new AcceptorScene();
    const { peer } = await scene.associate();
    peer.send(data(1, 4), releaseRq);
    await settle();
    peer.close();
    await settle();
    expect(messages.map(({ event, action, from, to }) => `${from} ${event} ${action} ${to}`)).toEqual([
      'Sta1 Evt5 AE-5 Sta2',
      'Sta2 Evt6 AE-6 Sta3',
      'Sta3 Evt7 AE-7 Sta6',
      'Sta6 Evt12 AR-2 Sta8',
      'Sta8 Evt14 AR-4 Sta13',
      'Sta13 Evt17 AR-5 Sta1',
    ]);
    expect(new Set(messages.map(({ connection, role }) => `${connection} ${role}`)).size).toBe(1);
  });

  it('sees every PDU with its bytes, however it came', async () => {
    const messages = listenTo<PduBytesMessage>('dicomwire:pdu-bytes');
    const scene = new AcceptorScene();
    const { peer } = scene.open();
    for (const byte of encode(request)) peer.send(Uint8Array.of(byte));
    await settle();
    scene.associations[0]?.send(1, true, true, Uint8Array.of(1, 2));
    peer.send(Buffer.concat([encode(data(1, 10)), encode(data(3, 2000)), encode(releaseRq)]));
    await settle();
    const types = messages.map(({ direction, bytes, isWhole }) => `${direction} ${decode(bytes)?.pdu.type} ${isWhole}`);
    expect(types).toEqual([
      'in A-ASSOCIATE-RQ true',
      'out A-ASSOCIATE-AC true',
      'out P-DATA-TF true',
      'in P-DATA-TF true',
      'in P-DATA-TF true',
      'in A-RELEASE-RQ true',
      'out A-RELEASE-RP true',
    ]);
    expect(messages[0]?.bytes).toEqual(Buffer.from(encode(request)));
  });

  it('that comes in the middle of a PDU sees those after it', async () => {
    const scene = new AcceptorScene();
    const { peer } = await scene.associate();
    const bytes = encode(data(1, 100));
    peer.send(bytes.subarray(0, 20));
    await settle();
    const messages = listenTo<PduBytesMessage>('dicomwire:pdu-bytes');
    peer.send(bytes.subarray(20));
    await settle();
    expect(messages).toEqual([]);
    peer.send(bytes);
    await settle();
    expect(messages).toMatchObject([{ direction: 'in', isWhole: true }]);
  });

  it('sees garbage once, as far as it came', async () => {
    const messages = listenTo<PduBytesMessage>('dicomwire:pdu-bytes');
    const { peer } = new AcceptorScene().open();
    peer.send(Buffer.from('GET / HTTP/1.1'));
    await settle();
    peer.send(Buffer.from('more of it'));
    await settle();
    expect(messages.map(({ direction, bytes, isWhole }) => [direction, bytes.length, isWhole])).toEqual([
      ['out', 10, true],
      ['in', 14, false],
    ]);
  });

  it('sees errors, each once, and none of what ends in order', async () => {
    const messages = listenTo<ErrorMessage>('dicomwire:error');
    const scene = new AcceptorScene({ maxConnections: 1 });
    const { peer } = await scene.associate();
    scene.open();
    peer.send(releaseRq);
    await settle();
    peer.close();
    await settle();
    expect(messages.map(({ error }) => ('code' in error ? error.code : ''))).toEqual(['limit-reached']);
    const requestor = new RequestorScene();
    await requestor.associate();
    requestor.transport.reset();
    const second = scene.open();
    second.peer.send(Uint8Array.of(0xff));
    await settle();
    expect(messages.slice(1).map(({ error }) => ('code' in error ? error.code : ''))).toEqual([
      'connection-lost',
      'protocol-violation',
    ]);
  });
});

it('an association says since when it is there, and what has passed', async () => {
  const scene = new AcceptorScene();
  const before = Date.now();
  const { peer, association } = await scene.associate();
  expect(association.establishedAt.getTime()).toBeGreaterThanOrEqual(before - 1);
  const { statistics: start } = association;
  expect(start).toEqual({
    bytesReceived: encode(request).length,
    bytesSent: expect.any(Number),
    pdusReceived: 1,
    pdusSent: 1,
  });
  const pdu = encode(data(1, 100));
  peer.send(pdu, pdu);
  association.send(1, true, true, new Uint8Array(100));
  await settle();
  expect(association.statistics).toEqual({
    bytesReceived: start.bytesReceived + 2 * pdu.length,
    bytesSent: start.bytesSent + pdu.length,
    pdusReceived: 3,
    pdusSent: 2,
  });
  expect([...scene.server.associations]).toEqual([association]);
});
