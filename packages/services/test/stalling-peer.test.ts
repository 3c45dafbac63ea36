import { once } from 'node:events';
import { createConnection } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { verification } from '../src/index.js';
import { startScp } from './objects.js';

test('a peer that stops in the middle of its first PDU has the time of a message for the rest', async () => {
  let tellEnd: (error: Error | undefined) => void = () => undefined;
  const ended = new Promise<Error | undefined>((resolve) => {
    tellEnd = resolve;
  });
  const { peer } = await startScp({
    services: [verification()],
    messageTimeoutMs: 20,
    onAssociationEnd: (_association, error) => tellEnd(error),
  });
  const socket = createConnection({ host: peer.host, port: peer.port });
  onTestFinished(() => void socket.destroy());
  socket.write(associationRequest());
  await once(socket, 'data');
  // What comes next is the abort.
  socket.once('data', () => socket.destroy());
  // The header of a P-DATA-TF of 4096 bytes, and no more.
  socket.write(Buffer.from('040000001000', 'hex'));
  expect(await ended).toMatchObject({ code: 'timeout', wait: 'pdu' });
});

/** An A-ASSOCIATE-RQ that proposes Verification. PS3.8 9.3.2. */
function associationRequest(): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, 1, 0, 0]),
    Buffer.from('ARCHIVE'.padEnd(16) + 'MODALITY'.padEnd(16), 'latin1'),
    Buffer.alloc(32),
    item(0x10, '1.2.840.10008.3.1.1.1'),
    item(
      0x20,
      Buffer.concat([Buffer.from([1, 0, 0, 0]), item(0x30, '1.2.840.10008.1.1'), item(0x40, '1.2.840.10008.1.2')]),
    ),
    item(0x50, Buffer.concat([item(0x51, Buffer.from([0, 0, 64, 0])), item(0x52, '1.2.3')])),
  ]);
  const header = Buffer.from([1, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function item(type: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([type, 0, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
