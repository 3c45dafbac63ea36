/**
 * The acceptor's end of TLS: each handshake goes on beside the others, apart from accepting connections and from associations, so
 * that a client that never says hello holds up nobody; it has a deadline, and counts as a connection while it lasts.
 */
import type { Socket } from 'node:net';
import { createServer, type SecureContext, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { peerEndpointOf } from '../endpoint.js';
import { AssociationError, AssociationTimeoutError } from '../errors.js';
import { nameOf } from '../explanation.js';
import type { Clock, Timer } from '../types.js';
import { type Credentials, readCredentials } from './credentials.js';
import { certificateFailure, closedDuringHandshake, failure, type TlsPeer, tlsFailure } from './failure.js';
import type { TlsServerOptions } from './options.js';
import { type Demands, findDistrust } from './trust.js';

/** Certificates and demands, ready to serve; replaced as a whole when they are reloaded. */
export interface TlsService {
  readonly server: TlsServer;
  readonly demands: Demands;
}

/**
 * Reads what the options name.
 *
 * @throws {@link AssociationError} with code `invalid-option`
 */
export async function prepareTls(options: TlsServerOptions): Promise<TlsService> {
  if (options.certificate === undefined) {
    throw new AssociationError('invalid-option', 'tls: a server needs a certificate and its privateKey');
  }
  const credentials = await readCredentials(options);
  const contexts = await readServerNames(options, credentials);
  const isAskedToVerify = options.trustedCertificates !== undefined || options.pinnedFingerprints !== undefined;
  const { clientCertificate = isAskedToVerify ? 'require' : 'none' } = options;
  const isPinned = credentials.pinnedFingerprints !== undefined;
  const server = createServer({
    ...credentials.options,
    requestCert: clientCertificate !== 'none',
    // OpenSSL then tells a client without a certificate so by an alert.
    rejectUnauthorized: clientCertificate === 'require' && !isPinned,
    SNICallback: (name, done) => done(null, contextFor(name, contexts)),
    handshakeTimeout: 0,
  });
  server.on('secureConnection', (socket: TLSSocket) => handshakes.get(transportUnder(socket))?.secured(socket));
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    handshakes.get(transportUnder(socket))?.broken(error, socket);
  });
  return {
    server,
    demands: {
      isRequired: clientCertificate === 'require',
      isVerified: clientCertificate !== 'none',
      pinnedFingerprints: clientCertificate === 'none' ? undefined : credentials.pinnedFingerprints,
    },
  };
}

/** Who wants to know what becomes of a {@link Handshake}. */
export interface HandshakeUser {
  /** It is done: from now on, the transport is this. */
  secured(handshake: Handshake, socket: TLSSocket): void;
  /** It is not, and won't be. */
  failed(error: AssociationError): void;
  /** The connection is closed, and was not secured before. */
  gone(handshake: Handshake): void;
}

/** One connection on its way to be secured. */
export class Handshake {
  readonly #raw: Socket;
  readonly #service: TlsService;
  readonly #user: HandshakeUser;
  readonly #peer: TlsPeer;
  readonly #timer: Timer | undefined;
  #isOver = false;
  #isSecured = false;

  constructor(raw: Socket, service: TlsService, clock: Clock, timeoutMs: number, user: HandshakeUser) {
    this.#raw = raw;
    this.#service = service;
    this.#user = user;
    const endpoint = peerEndpointOf(raw);
    this.#peer = { name: nameOf({ aeTitle: '', endpoint }), endpoint, hasCipherSuite: false };
    if (timeoutMs > 0) this.#timer = clock.setTimer(() => this.#expire(timeoutMs), timeoutMs);
    raw.on('error', (error) => this.#fail(closedDuringHandshake(this.#peer, error)));
    raw.on('end', this.#onEnd);
    raw.on('close', () => this.#closed());
    raw.once('data', (chunk: Buffer) => this.#begin(chunk));
  }

  /** The server closes. */
  closeUnlessAssociated(): void {
    this.#finish();
    this.#raw.destroy();
  }

  /** From `node:tls`. */
  secured(socket: TLSSocket): void {
    if (this.#isOver) {
      socket.destroy();
      return;
    }
    const distrust = findDistrust(socket, this.#service.demands, this.#peer);
    if (distrust !== undefined) {
      // Whatever becomes of it now has been told.
      socket.on('error', () => {});
      this.#fail(distrust);
      return;
    }
    this.#finish();
    this.#isSecured = true;
    this.#user.secured(this, socket);
  }

  /** From `node:tls`. */
  broken(error: Error, { authorizationError }: TLSSocket): void {
    // Node tells nobody but this property when it doesn't trust a certificate, and closes. No type says that it may be null.
    const distrust: unknown = authorizationError;
    if (distrust !== undefined && distrust !== null) this.#fail(certificateFailure(distrust, this.#peer));
    else this.#fail(tlsFailure(error, this.#peer) ?? closedDuringHandshake(this.#peer, error));
  }

  /** The first bytes tell whether it is TLS at all: `node:tls` need not see what isn't. */
  #begin(chunk: Buffer): void {
    if (this.#isOver) return;
    const raw = this.#raw;
    if (chunk[0] !== handshakeRecord) {
      const words = `${this.#peer.name} does not speak TLS, which this port expects`;
      this.#finish();
      this.#user.failed(failure('tls-peer-is-plain', words, this.#peer));
      raw.end(protocolVersionAlert);
      raw.destroySoon();
      return;
    }
    raw.pause();
    raw.unshift(chunk);
    raw.off('end', this.#onEnd);
    handshakes.set(raw, this);
    this.#service.server.emit('connection', raw);
  }

  readonly #onEnd = (): void => this.#fail(closedDuringHandshake(this.#peer));

  #expire(timeoutMs: number): void {
    const { name, endpoint } = this.#peer;
    const words = `the TLS handshake with ${name} was not finished within ${timeoutMs} ms`;
    this.#fail(new AssociationTimeoutError('handshake', timeoutMs, words, { peer: endpoint }));
  }

  #fail(error: AssociationError): void {
    if (this.#isOver) return;
    this.#finish();
    this.#user.failed(error);
    this.#raw.destroy();
  }

  #closed(): void {
    if (!this.#isSecured) this.#user.gone(this);
  }

  #finish(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }
}

async function readServerNames(
  { serverNames = {} }: TlsServerOptions,
  credentials: Credentials,
): Promise<ReadonlyMap<string, SecureContext>> {
  const contexts = new Map<string, SecureContext>();
  for (const [name, identity] of Object.entries(serverNames)) {
    contexts.set(name.toLowerCase(), await credentials.withIdentity(identity));
  }
  return contexts;
}

function contextFor(serverName: string, contexts: ReadonlyMap<string, SecureContext>): SecureContext | undefined {
  const name = serverName.toLowerCase();
  return contexts.get(name) ?? contexts.get(name.replace(/^[^.]+/, '*'));
}

/** What a TLS socket runs on: Node says so by this property only, the same one in every version. */
function transportUnder(socket: TLSSocket): object {
  const transport: unknown = Reflect.get(socket, '_parent');
  return typeof transport === 'object' && transport !== null ? transport : socket;
}

const handshakes = new WeakMap<object, Handshake>();

/** Content type of the record that a client begins with. RFC 8446 5.1. */
const handshakeRecord = 0x16;

/** A fatal alert, protocol_version: our own requestor knows by it that TLS is expected, others get an unknown PDU. RFC 8446 6. */
const protocolVersionAlert = Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46);
