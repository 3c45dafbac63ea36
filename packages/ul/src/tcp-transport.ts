/** The requestor's way to a transport: TCP, with TLS on it where that is asked for. */
import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { waitBounded } from './bounded-wait.js';
import { AssociationError, AssociationTimeoutError } from './errors.js';
import { ReadSlab } from './read-slab.js';
import { openTls } from './tls/client.js';
import { type Credentials, readCredentials } from './tls/credentials.js';
import type { TlsConnectOptions } from './tls/options.js';
import type { Clock } from './types.js';

/** Where to connect, and how. */
export interface TransportOptions {
  /** Host name or address of the peer. Needed unless a `transport` is given. */
  readonly host?: string | undefined;
  /** TCP port of the peer. Needed unless a `transport` is given. */
  readonly port?: number | undefined;
  /** Address of this machine to connect from. Default: the system chooses. */
  readonly localAddress?: string | undefined;
  /** 4 or 6: only addresses of that version of IP. Default: both, whichever answers first. */
  readonly ipVersion?: 4 | 6 | undefined;
  /** TCP keep-alive once nothing was sent for this long, milliseconds. Default: none. */
  readonly keepAliveMs?: number | undefined;
  /** A transport that is already open, in place of a TCP connection. It belongs to the association from now on. */
  readonly transport?: Duplex | undefined;
  /** Speaks TLS, by the BCP 195 profile of PS3.15 B.12. Default: none. */
  readonly tls?: TlsConnectOptions | undefined;
}

/** Opens a TCP connection, which reads into the slab, or takes the transport that is given, which does not. */
export function openPlain(options: TransportOptions): { readonly transport: Duplex; readonly slab?: ReadSlab } {
  if (options.transport !== undefined) return { transport: options.transport };
  const slab = new ReadSlab();
  return { transport: connectTcp({ ...tcpTarget(options), onread: slab.onread }), slab };
}

/** A TLS socket on its way, and what it was made with. */
export interface SecuredTransport {
  readonly socket: TLSSocket;
  readonly credentials: Credentials;
}

/** Reads certificates and keys, within the time there is to connect, and begins TLS. */
export async function openSecured(
  options: TransportOptions,
  tls: TlsConnectOptions,
  bounds: { clock: Clock; timeoutMs: number; signal: AbortSignal | undefined; cancelled(signal: AbortSignal): Error },
): Promise<SecuredTransport> {
  const { transport } = options;
  const target = transport ?? tcpTarget(options);
  try {
    const credentials = await waitBounded(readCredentials(tls), {
      ...bounds,
      timedOut: () =>
        new AssociationTimeoutError(
          'connect',
          bounds.timeoutMs,
          `certificate, key and passphrase were not there within ${bounds.timeoutMs} ms`,
        ),
    });
    return { socket: openTls(target, { serverName: options.host, ...defined(tls) }, credentials), credentials };
  } catch (error) {
    transport?.destroy();
    throw error;
  }
}

/** Whether its `connect` event is still to come. */
export function isConnecting(transport: Duplex): transport is Socket {
  return 'connecting' in transport && transport.connecting === true;
}

function tcpTarget(options: TransportOptions): TcpNetConnectOpts {
  const { host, port, localAddress, ipVersion, keepAliveMs } = options;
  if (host === undefined || host === '' || port === undefined || !Number.isInteger(port) || port < 1 || port > 65535) {
    throw new AssociationError('invalid-option', `host ${host} and port ${port} (1 to 65535) are needed to connect`);
  }
  if (localAddress !== undefined && isIP(localAddress) === 0) {
    throw new AssociationError('invalid-option', `localAddress ${JSON.stringify(localAddress)} is no IP address`);
  }
  return {
    host,
    port,
    noDelay: true,
    ...(localAddress !== undefined && { localAddress }),
    ...(ipVersion !== undefined && { family: ipVersion }),
    ...(keepAliveMs !== undefined && { keepAlive: true, keepAliveInitialDelay: keepAliveMs }),
  };
}

/** Without what is set to undefined, which would hide a default. */
function defined(tls: TlsConnectOptions): TlsConnectOptions {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}
