import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.js';
import { ReadSlab } from './read-slab.js';
import { createServer as createAssociationServer } from './server.js';
import type { Association } from './types.js';

/** Reads as a socket does. */
function read(slab: ReadSlab, bytes: Uint8Array): void {
  slab.onread.buffer().set(bytes);
  slab.onread.callback(bytes.length);
}

test('chunks that are kept stay as they were', () => {
  const slab = new ReadSlab();
  const kept: Uint8Array[] = [];
  slab.to((chunk) => kept.push(chunk));
  for (let n = 0; n < 500; n++) read(slab, new Uint8Array(100).fill(n % 256));
  expect(kept).toHaveLength(500);
  kept.forEach((chunk, n) => {
    expect(chunk.length).toBe(100);
    expect(chunk.every((byte) => byte === n % 256)).toBe(true);
  });
});

test('there is room for 4 kB at least, and for more once a read filled what there was', () => {
  const slab = new ReadSlab();
  for (let n = 0; n < 100; n++) {
    expect(slab.onread.buffer().length).toBeGreaterThanOrEqual(4096);
    read(slab, new Uint8Array(999));
  }
  const room = slab.onread.buffer().length;
  read(slab, new Uint8Array(room));
  expect(slab.onread.buffer().length).toBe(65_536);
});

test('over TCP, what a receiver holds stops the reading, and all of it comes in the end', async () => {
  const verification = { abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] };
  const established: Association[] = [];
  const server = createAssociationServer({
    policy: { presentationContexts: [verification] },
    onAssociation: (association) => {
      established.push(association);
      association.setReceiver({ fragment: () => undefined, ended() {} });
    },
  });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const client = await connect({
    host: '127.0.0.1',
    port,
    calledAeTitle: 'A',
    callingAeTitle: 'B',
    receiveBudgetBytes: 100_000,
    presentationContexts: [verification],
  });
  const fragments = 200;
  const kept: Uint8Array[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const all = new Promise<void>((resolve) => {
    client.setReceiver({
      fragment(_contextId, _isCommand, isLast, data) {
        kept.push(data);
        if (isLast) resolve();
        return held;
      },
      ended() {},
    });
  });
  const [acceptor] = established;
  for (let n = 1; n <= fragments; n++) {
    const wait = acceptor?.send(1, false, n === fragments, new Uint8Array(16_000).fill(n));
    if (wait !== undefined) break;
  }
  // Half a megabyte was sent.
  await expect.poll(() => client.statistics.bytesReceived).toBeGreaterThan(100_000);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(client.statistics.bytesReceived).toBeLessThan(300_000);
  release();
  acceptor?.send(1, false, true, new Uint8Array(2));
  await all;
  const contents = Buffer.concat(kept);
  let n = 1;
  for (let at = 0; at + 16_000 <= contents.length; at += 16_000) {
    expect(contents.subarray(at, at + 16_000).every((byte) => byte === n % 256)).toBe(true);
    n++;
  }
  await client.release();
});

test('over TCP, the end of the connection is seen while nothing is read', async () => {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => void listener.close());
  await new Promise((resolve) => listener.once('listening', resolve));
  const address = listener.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const attempt = connect({
    host: '127.0.0.1',
    port,
    calledAeTitle: 'A',
    callingAeTitle: 'B',
    presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
  });
  listener.once('connection', (socket) => socket.end());
  await expect(attempt).rejects.toMatchObject({ code: 'connection-lost' });
});
