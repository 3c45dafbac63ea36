/** Peers to call, in this process, on ports that the system picks. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createScp, type ScpOptions, verification } from '@dicomwire/services';
import { onTestFinished } from 'vitest';

/** Our own SCP; verification alone unless told otherwise. Closed when the test is over. Resolves to its port. */
export async function listenAsScp(options: Partial<ScpOptions> = {}): Promise<string> {
  const scp = createScp({ aeTitle: 'TEST_SCP', services: [verification()], ...options });
  const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => scp.close());
  return String(port);
}

/** A bare TCP server. Resolves to its port. */
export async function listenAsTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return String(portOf(server.address()));
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return String(port);
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return address.port;
}
