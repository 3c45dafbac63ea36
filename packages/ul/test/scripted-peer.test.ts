import { MemoryTransport, ScriptedPeer, settle } from '@dicomwire/ul/testing';
import { expect, it } from 'vitest';
import { abort, releaseRp, releaseRq } from './scene.js';

function pair() {
  const [a, b] = MemoryTransport.pair();
  return { one: new ScriptedPeer(a), other: new ScriptedPeer(b) };
}

it('a scripted peer waits for the PDU that it expects, one after the other', async () => {
  const { one, other } = pair();
  const expected = other.expectPdu('A-RELEASE-RQ');
  one.send(Uint8Array.of(5, 0, 0), Uint8Array.of(0, 0, 4, 0, 0, 0, 0), releaseRp, abort(2, 1));
  expect(await expected).toEqual(releaseRq);
  expect(await other.expectPdu('A-RELEASE-RP')).toEqual(releaseRp);
  expect(await other.expectPdu('A-ABORT')).toEqual(abort(2, 1));
});

it('a scripted peer fails when another PDU comes, or none', async () => {
  const { one, other } = pair();
  one.send(releaseRq);
  await expect(other.expectPdu('A-ABORT')).rejects.toThrow('A-ABORT was expected, and A-RELEASE-RQ came');
  const expected = other.expectPdu('A-ABORT');
  one.close();
  await expect(expected).rejects.toThrow('A-ABORT was expected, and the connection is closed');
});

it('a scripted peer that does not read begins when it is told to, once', async () => {
  const [a, b] = MemoryTransport.pair();
  const silent = new ScriptedPeer(a, { reads: false });
  new ScriptedPeer(b).send(releaseRq);
  await settle();
  expect(silent.takePdus()).toEqual([]);
  silent.startReading();
  silent.startReading();
  await settle();
  expect(silent.takePdus()).toEqual([releaseRq]);
});
