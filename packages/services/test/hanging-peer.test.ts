import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { storage, storeInstances } from '../src/index.js';
import { makeInstance, startScp } from './objects.js';

/** Passes bytes on both ways, and keeps the client's connection open whatever the peer does with its own. */
async function startHolder(port: number) {
  const sockets: Socket[] = [];
  const clientsGone: Socket[] = [];
  const holder = createServer({ allowHalfOpen: true }, (client) => {
    const peer = createConnection({ host: '127.0.0.1', port });
    peer.on('data', (bytes) => void client.write(bytes)).on('error', () => {});
    client.on('data', (bytes) => void peer.write(bytes)).on('error', () => {});
    client.on('end', () => clientsGone.push(client));
    sockets.push(client, peer);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    holder.close();
  });
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return { port: address.port, clientsGone };
}

test('a peer that keeps its connection after the association was given up is not waited for', async () => {
  const { peer } = await startScp({ services: [storage({ store: () => new Promise(() => {}) })] });
  const { port, clientsGone } = await startHolder(peer.port);
  const summary = await storeInstances({ ...peer, port, responseTimeoutMs: 20 }, makeInstance('1.1'));
  expect(summary.results).toMatchObject([{ outcome: 'failed', reason: 'timeout' }]);
  expect(clientsGone).toHaveLength(0);
});
