/** The acceptor: listens, decides, hands over associations. */
import { createServer as createTcpServer, type ServerOpts, type Socket, type Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { Acceptor } from './acceptor.js';
import { isEveryAddress } from './endpoint.js';
import { AssociationError } from './errors.js';
import type { ServerOptions } from './server-options.js';
import { prepareTls, type TlsService } from './tls/handshake.js';
import type { TlsServerOptions } from './tls/options.js';
import type { Association, Endpoint } from './types.js';
import { toError } from './user-code.js';

/** Where to listen. */
export interface ListenOptions {
  /** TCP port; 0 for any that is free. */
  readonly port: number;
  /** Address or host name of an interface, IPv4 or IPv6. Default: all interfaces, both versions where the system has them. */
  readonly host?: string | undefined;
  /** On `'::'`: IPv6 only, where IPv4 would be taken as well. Default false. */
  readonly ipv6Only?: boolean | undefined;
  /** Connections that may wait to be accepted. Default 511; the system may have its own limit. */
  readonly backlog?: number | undefined;
  /** Stops listening on this port when it fires; connections go on. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link Server.close}. */
export interface CloseOptions {
  /** How long associations may go on, milliseconds; then they are aborted. Default 0. */
  readonly graceMs?: number | undefined;
  /** Ends the grace early. */
  readonly signal?: AbortSignal | undefined;
}

/** Accepts associations. */
export interface Server {
  /** The associations there are now. */
  readonly associations: ReadonlySet<Association>;
  /** Transport connections, those included that are not yet or no longer associations. */
  readonly connectionCount: number;
  /** Connections closed at once because `maxConnections` was reached. */
  readonly refusedConnectionCount: number;
  /**
   * Starts to listen.
   *
   * @throws {@link AssociationError} with code `listen-failed`, or `invalid-option` when the certificates can't be used
   */
  listen(options: ListenOptions): Promise<Endpoint>;
  /**
   * Reads certificates, keys and lists again, from the same places or from those of new options. Handshakes that begin
   * from now on use them; associations go on. When it fails, nothing has changed.
   *
   * @throws {@link AssociationError} with code `invalid-option`
   */
  reloadTls(tls?: TlsServerOptions): Promise<void>;
  /** Takes a transport that is already open, as if it had connected here; it is what it is, TLS is not added. */
  accept(transport: Duplex): void;
  /**
   * Takes no new connections, waits for associations to end, and aborts those that are left after `graceMs`. Resolves when the
   * port is free and every connection is closed.
   */
  close(options?: CloseOptions): Promise<void>;
  /** {@link Server.close} without grace. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a server; it does nothing until {@link Server.listen}.
 *
 * @throws {@link AssociationError} with code `invalid-option` when the policy's maximum length or version name can't be announced
 *
 * @example
 * ```ts
 * import { createServer } from '@dicomwire/ul';
 *
 * const server = createServer({
 *   policy: {
 *     calledAeTitles: ['ARCHIVE'],
 *     presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
 *   },
 *   onAssociation: (association) => console.log(association.callingAeTitle),
 * });
 * const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
 * console.log(port > 0); // true
 * await server.close();
 * ```
 */
export function createServer(options: ServerOptions): Server {
  return new AssociationServer(options);
}

class AssociationServer implements Server {
  readonly #acceptor: Acceptor;
  readonly #listeners = new Set<TcpServer>();
  readonly #keepAliveMs: number | undefined;
  #tlsOptions: TlsServerOptions | undefined;
  #tls: TlsService | undefined;

  constructor(options: ServerOptions) {
    this.#acceptor = new Acceptor(options);
    this.#keepAliveMs = options.keepAliveMs;
    this.#tlsOptions = options.tls;
  }

  get associations(): ReadonlySet<Association> {
    return this.#acceptor.associations;
  }

  get connectionCount(): number {
    return this.#acceptor.connectionCount;
  }

  get refusedConnectionCount(): number {
    return this.#acceptor.refusedConnectionCount;
  }

  async listen({ port, host, ipv6Only, backlog, signal }: ListenOptions): Promise<Endpoint> {
    if (signal?.aborted) throw listenFailed(host, port, toError(signal.reason));
    if (this.#tlsOptions !== undefined && this.#tls === undefined) await this.reloadTls();
    const where = {
      port,
      host,
      ...(ipv6Only !== undefined && { ipv6Only }),
      ...(backlog !== undefined && { backlog }),
      ...(signal !== undefined && { signal }),
    };
    // Where a single address listens, each connection is to that one.
    let local: Endpoint | undefined;
    const listener = createTcpServer(this.#socketOptions(), (socket) => this.#connected(socket, local));
    return new Promise((resolve, reject) => {
      listener.once('error', (error) => reject(listenFailed(host, port, error)));
      listener.listen(where, () => {
        this.#listeners.add(listener);
        listener.once('close', () => this.#listeners.delete(listener));
        listener.removeAllListeners('error');
        // An error after this is one of accept(2): that connection is lost, the next one may be fine.
        listener.on('error', (error) => this.#acceptor.report(acceptFailed(error)));
        const endpoint = endpointOfListener(listener);
        if (!isEveryAddress(endpoint)) local = endpoint;
        resolve(endpoint);
      });
    });
  }

  async reloadTls(tls: TlsServerOptions | undefined = this.#tlsOptions): Promise<void> {
    if (this.#tlsOptions === undefined || tls === undefined) {
      throw new AssociationError('invalid-option', 'this server was made without the tls option');
    }
    this.#tls = await prepareTls(tls);
    this.#tlsOptions = tls;
  }

  accept(transport: Duplex): void {
    this.#acceptor.take(transport);
  }

  async close({ graceMs = 0, signal }: CloseOptions = {}): Promise<void> {
    const freed = [...this.#listeners].map(
      (listener) =>
        new Promise<void>((resolve) => {
          listener.close(() => resolve());
        }),
    );
    await this.#acceptor.close(graceMs, signal);
    await Promise.all(freed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connected(socket: Socket, local: Endpoint | undefined): void {
    if (this.#tls === undefined) this.#acceptor.take(socket, local);
    else this.#acceptor.secure(socket, this.#tls);
  }

  #socketOptions(): ServerOpts {
    const keepAliveMs = this.#keepAliveMs;
    return {
      noDelay: true,
      ...(keepAliveMs !== undefined && { keepAlive: true, keepAliveInitialDelay: keepAliveMs }),
    };
  }
}

function endpointOfListener(listener: TcpServer): Endpoint {
  const address = listener.address();
  if (address === null || typeof address === 'string') return { address: address ?? '', port: 0 };
  return { address: address.address, port: address.port };
}

function listenFailed(host: string | undefined, port: number, error: Error): AssociationError {
  const place = host === undefined ? `port ${port}` : `${host}:${port}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return new AssociationError('listen-failed', `cannot listen on ${place}: ${listenFailures[code] ?? error.message}`, {
    cause: error,
  });
}

const listenFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use, choose another or stop what uses it',
  EADDRNOTAVAIL: 'the address is not one of this machine',
  EACCES: 'not permitted: ports below 1024 mostly need privileges',
  ENOTFOUND: 'the host name is not known',
};

function acceptFailed(error: Error): AssociationError {
  return new AssociationError('connect-failed', `a connection could not be accepted: ${error.message}`, {
    cause: error,
  });
}
