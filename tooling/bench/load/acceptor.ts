/**
 * A process that accepts associations, `node acceptor.ts KIND [SILENCE_MS]`: `ul` is ours, `sessions` ours with
 * answers to echoes, `bare` the least that a program on Node's sockets could do.
 */
import { createServer as createTcpServer } from 'node:net';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { createSessionServer } from '@dicomwire/dimse';
import { createServer } from '@dicomwire/ul';
import { answerParent } from './asked-process.ts';
import { AC, PDU, PRESENTATION_CONTEXT, RELEASE_RP } from './prepared.ts';

interface Acceptor {
  readonly port: number;
  readonly connectionCount: () => number;
}

const HOST = '127.0.0.1';
const MANY = 10_000;

const [kind = '', silenceMs] = process.argv.slice(2);
const acceptor = await start();

answerParent({
  port: () => [acceptor.port],
  connections: () => [acceptor.connectionCount()],
  memory: async () => {
    await collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    return [rss, heapUsed + external];
  },
  /** Waits for the last connection to go. */
  async emptied() {
    for (let turn = 0; turn < 1000 && acceptor.connectionCount() > 0; turn++) await setTimeoutPromise(20);
    return [acceptor.connectionCount()];
  },
});

async function start(): Promise<Acceptor> {
  if (kind === 'bare') return startBare();
  const policy = { presentationContexts: [PRESENTATION_CONTEXT] };
  const timeoutMs = silenceMs === undefined ? undefined : Number(silenceMs);
  const server =
    kind === 'sessions'
      ? createSessionServer({ policy, session: { handler: async () => ({ status: 0 }) } })
      : createServer({
          policy,
          maxConnections: MANY,
          maxAssociations: MANY,
          artimTimeoutMs: timeoutMs,
          idleTimeoutMs: timeoutMs,
          closeTimeoutMs: timeoutMs,
          onAssociation: (association) => association.setReceiver({ fragment: () => undefined, ended() {} }),
        });
  return { port: (await server.listen({ host: HOST, port: 0 })).port, connectionCount: () => server.connectionCount };
}

async function startBare(): Promise<Acceptor> {
  let connections = 0;
  const server = createTcpServer({ noDelay: true }, (socket) => {
    connections += 1;
    socket.on('data', (chunk) => {
      if (chunk[0] === PDU.rq) socket.write(AC);
      else if (chunk[0] === PDU.releaseRq) socket.write(RELEASE_RP);
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      connections -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    connectionCount: () => connections,
  };
}

/** What sockets and timers let go of is freed over a few turns. */
async function collect(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.();
    await setTimeoutPromise(50);
  }
}
