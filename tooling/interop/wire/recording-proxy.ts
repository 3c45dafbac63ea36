/** A TCP proxy that keeps every byte with its direction: a capture without privileges. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Something that happened on a connection, in order. */
export type WireEvent =
  | { readonly kind: 'data'; readonly from: Side; readonly bytes: Buffer }
  | { readonly kind: 'end'; readonly from: Side };

/** Who sent it: the side that opened the connection, or the one that accepted. */
export type Side = 'client' | 'server';

/** One proxied connection. */
export interface RecordedConnection {
  readonly clientPort: number;
  readonly events: readonly WireEvent[];
}

/** A proxy that runs. */
export interface RecordingProxy {
  readonly port: number;
  readonly connections: readonly RecordedConnection[];
  /** Stops accepting and resolves once every connection is over. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and passes every connection on to `targetPort`. */
export async function startRecordingProxy(targetPort: number): Promise<RecordingProxy> {
  const connections: RecordedConnection[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const events: WireEvent[] = [];
    connections.push({ clientPort: client.remotePort ?? 0, events });
    const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    forward(client, target, 'client', events);
    forward(target, client, 'server', events);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return {
    port: address.port,
    connections,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(source: Socket, sink: Socket, from: Side, events: WireEvent[]): void {
  source.on('data', (bytes) => {
    events.push({ kind: 'data', from, bytes });
    if (sink.write(bytes)) return;
    source.pause();
    sink.once('drain', () => source.resume());
  });
  source.on('end', () => {
    events.push({ kind: 'end', from });
    sink.end();
  });
  source.on('error', () => sink.destroy());
}
