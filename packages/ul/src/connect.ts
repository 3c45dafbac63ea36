/** The requestor: opens a transport and an association on it. */
import type { LimitOptions } from '@dicomwire/pdu';
import { systemClock } from './clock.js';
import { Connection, type ConnectionUser } from './connection.js';
import type { Conclusion } from './core/conclusion.js';
import { serviceUser } from './core/reasons.js';
import { AssociationError } from './errors.js';
import { nameOf } from './explanation.js';
import { buildProposal, encodeProposal, type ProposalOptions } from './proposal.js';
import { defaultReceiveBudgetBytes } from './receive-budget.js';
import { isConnecting, openPlain, openSecured, type SecuredTransport, type TransportOptions } from './tcp-transport.js';
import { decideTimeouts, type TimeoutOptions } from './timeouts.js';
import { demandsOf } from './tls/client.js';
import { tlsPeerOf } from './tls/failure.js';
import { findDistrust } from './tls/trust.js';
import type { Association, Clock } from './types.js';

/** Options of {@link connect}. */
export interface ConnectOptions extends ProposalOptions, TransportOptions, TimeoutOptions {
  /** For the transport connection, name look-up included, milliseconds; 0 is no limit. Default 10000. */
  readonly connectTimeoutMs?: number | undefined;
  /** For the answer to the A-ASSOCIATE-RQ, milliseconds; 0 is no limit. Default 30000. */
  readonly associationTimeoutMs?: number | undefined;
  /** Gives up: while connecting only. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the receiver may hold under pending promises before reading is paused. Default 262144. */
  readonly receiveBudgetBytes?: number | undefined;
  /** Caps on the PDUs that are read. */
  readonly limits?: LimitOptions | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Opens an association. PS3.8 7.1.
 *
 * It resolves when the peer accepted, even where it accepted no presentation context: see `negotiated.acceptedContexts`.
 *
 * @throws {@link AssociationError} by its `code`: `invalid-option`, `connect-failed`, `timeout`, `rejected`, `aborted`,
 * `connection-lost`, `protocol-violation`, `cancelled`, and those that begin with `tls-`
 *
 * @example
 * ```ts
 * import { connect, createServer } from '@dicomwire/ul';
 *
 * const verification = { abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] };
 * const server = createServer({ policy: { presentationContexts: [verification] }, onAssociation: () => {} });
 * const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
 *
 * const association = await connect({
 *   host: '127.0.0.1',
 *   port,
 *   calledAeTitle: 'PACS',
 *   callingAeTitle: 'CT1',
 *   presentationContexts: [verification],
 * });
 * console.log(association.negotiated.acceptedContexts.length); // 1
 * await association.release();
 * await server.close();
 * ```
 */
export async function connect(options: ConnectOptions): Promise<Association> {
  const request = buildProposal(options);
  const encoded = encodeProposal(request);
  const { signal, tls, clock = systemClock, connectTimeoutMs = 10_000 } = options;
  const endpoint = { address: options.host ?? '', port: options.port ?? 0 };
  const target = nameOf({ aeTitle: request.calledAeTitle, endpoint });
  if (signal?.aborted) throw cancelled(target, signal);
  const secured =
    tls === undefined
      ? undefined
      : await openSecured(options, tls, {
          clock,
          timeoutMs: connectTimeoutMs,
          signal,
          cancelled: (by) => cancelled(target, by),
        });
  const { transport, slab } =
    secured === undefined ? openPlain(options) : { transport: secured.socket, slab: undefined };
  return new Promise((resolve, reject) => {
    const user: ConnectionUser = {
      requested: () => {},
      established: (association) => {
        signal?.removeEventListener('abort', cancel);
        const unconfirmed = findUnconfirmedIdentity(options, association, target);
        if (unconfirmed === undefined) resolve(association);
        else {
          association.abort(serviceUser, 0, unconfirmed);
          reject(unconfirmed);
        }
      },
      failed: (error, conclusion) => {
        signal?.removeEventListener('abort', cancel);
        reject(isOpening ? connectFailed(target, error, conclusion) : error);
      },
      ended: () => {},
      closed: () => {},
    };
    const connection = new Connection(
      {
        role: 'requestor',
        transport,
        slab,
        clock,
        timeouts: decideTimeouts(options, {
          connectMs: connectTimeoutMs,
          associationMs: options.associationTimeoutMs ?? 30_000,
        }),
        receiveBudgetBytes: options.receiveBudgetBytes ?? defaultReceiveBudgetBytes,
        limits: options.limits,
      },
      user,
    );
    connection.peer = endpoint;
    let isOpening = true;
    const opened = () => {
      isOpening = false;
      connection.opened();
    };
    const cancel = () => {
      if (signal !== undefined) connection.abort(serviceUser, 0, { type: 'error', error: cancelled(target, signal) });
    };
    signal?.addEventListener('abort', cancel, { once: true });
    connection.beginRequest(request, encoded);
    if (secured !== undefined) openWhenSecured(secured, connection, opened);
    else if (isConnecting(transport)) transport.once('connect', opened);
    else opened();
  });
}

/** The TCP connection, then the handshake, then what the handshake alone does not verify. */
function openWhenSecured({ socket, credentials }: SecuredTransport, connection: Connection, opened: () => void): void {
  const began = () => connection.handshakeBegan();
  if (socket.connecting) socket.once('connect', began);
  else began();
  socket.once('secureConnect', () => {
    const peer = tlsPeerOf(socket, nameOf(connection.peerName), connection.peer);
    const distrust = findDistrust(socket, demandsOf(credentials), peer);
    if (distrust === undefined) opened();
    else socket.destroy(distrust);
  });
}

/** Whoever must have its identity confirmed does not go on with an acceptor that has not. PS3.7 D.3.3.7. */
function findUnconfirmedIdentity(
  { userIdentity }: ConnectOptions,
  { negotiated, peer }: Association,
  target: string,
): AssociationError | undefined {
  if (userIdentity?.positiveResponse !== 'require') return undefined;
  if (negotiated.peerUserInformation.userIdentityResponse !== undefined) return undefined;
  const words = `${target} accepted the association, but did not confirm the user's identity`;
  return new AssociationError('identity-unconfirmed', words, { peer });
}

function connectFailed(target: string, error: AssociationError, conclusion: Conclusion): AssociationError {
  const cause = 'cause' in conclusion ? conclusion.cause : undefined;
  if (cause?.type !== 'error' || cause.error instanceof AssociationError) return error;
  const code = 'code' in cause.error && typeof cause.error.code === 'string' ? cause.error.code : '';
  const why = connectFailures[code] ?? (cause.error.message || code);
  return new AssociationError('connect-failed', `no connection to ${target}: ${why}`, {
    cause: cause.error,
    peer: error.peer,
  });
}

const connectFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there, check host and port',
  ENOTFOUND: 'the host name is not known, check it',
  EAI_AGAIN: 'the host name could not be looked up, is the name service reachable?',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  ECONNRESET: 'the peer closed the connection at once: is it a DICOM port, and may this host connect?',
};

function cancelled(target: string, signal: AbortSignal): AssociationError {
  return new AssociationError('cancelled', `connecting to ${target} was cancelled`, { cause: signal.reason });
}
