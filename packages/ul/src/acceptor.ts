/** What a server does with each connection, wherever it came from. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AssociateRqPdu, encode } from '@dicomwire/pdu';
import { Admission } from './admission.js';
import { type Answer, answerQuestion } from './answer.js';
import { systemClock } from './clock.js';
import { Connection, type ConnectionUser } from './connection.js';
import { checkPeerRule } from './core/peer-rules.js';
import { type RejectionValues, rejections, serviceUser } from './core/reasons.js';
import { errorChannel } from './diagnostics.js';
import { noEndpoint, peerEndpointOf } from './endpoint.js';
import { AssociationError } from './errors.js';
import { implementationVersionName } from './identity.js';
import { checkMaximumLength, checkVersionName } from './proposal.js';
import { defaultReceiveBudgetBytes } from './receive-budget.js';
import type { ServerOptions } from './server-options.js';
import { decideTimeouts, type Timeouts } from './timeouts.js';
import { Handshake, type HandshakeUser, type TlsService } from './tls/handshake.js';
import type { Association, Clock, Endpoint } from './types.js';
import { tell, toError } from './user-code.js';

/** The connections of one server. */
export class Acceptor implements HandshakeUser {
  readonly associations = new Set<Association>();
  readonly options: ServerOptions;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly admission: Admission;
  refusedConnectionCount = 0;
  isClosing = false;
  readonly #connections = new Set<Guest>();
  #allClosed: (() => void)[] = [];

  constructor(options: ServerOptions) {
    checkMaximumLength(options.policy.maximumLength ?? 0);
    checkVersionName(options.policy.implementationVersionName ?? implementationVersionName);
    options.policy.peers?.forEach(checkPeerRule);
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.timeouts = decideTimeouts(options, { connectMs: 0, associationMs: options.artimTimeoutMs ?? 30_000 });
    this.admission = new Admission(options);
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /**
   * A transport is there. Over the limit, or while closing, it is closed at once.
   *
   * @param local - our end of it, where that is known.
   */
  take(transport: Duplex, local?: Endpoint): void {
    if (!this.#refuses(transport)) this.#open(transport, local);
  }

  /** A connection is there that is to be secured first. Until it is, it counts as one, and is nothing else. */
  secure(socket: Socket, service: TlsService): void {
    if (this.#refuses(socket)) return;
    this.#connections.add(new Handshake(socket, service, this.clock, this.timeouts.handshakeMs, this));
  }

  /** From a handshake. */
  secured(handshake: Handshake, socket: Duplex): void {
    this.#open(socket);
    this.#connections.delete(handshake);
  }

  /** From a handshake. */
  failed(error: AssociationError): void {
    this.report(error);
  }

  /** From a connection: nothing is left of it. */
  gone(connection: Guest): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0) return;
    for (const resolve of this.#allClosed) resolve();
    this.#allClosed = [];
  }

  #refuses(transport: Duplex): boolean {
    const { maxConnections = 1024 } = this.options;
    if (!this.isClosing && this.#connections.size < maxConnections) return false;
    this.refusedConnectionCount++;
    const peer = peerEndpointOf(transport);
    transport.on('error', () => {}).destroy();
    const why = this.isClosing ? 'the server is closing' : `there are ${maxConnections} connections already`;
    this.report(new AssociationError('limit-reached', `connection refused: ${why}`, { peer }));
    return true;
  }

  #open(transport: Duplex, local?: Endpoint): void {
    const connection = new AcceptedConnection(this, transport, local);
    this.#connections.add(connection);
    connection.open();
  }

  /** Tells the user of something that never became an association. */
  report(error: AssociationError, connection?: number): void {
    // What became a connection has been announced by it.
    if (connection === undefined && errorChannel.hasSubscribers) {
      errorChannel.publish({ connection, peer: error.peer ?? noEndpoint, error });
    }
    tell(() => this.options.onError?.(error, error.peer ?? noEndpoint));
  }

  /** No new connections; those that are no associations are closed, associations after the grace period are aborted. */
  close(graceMs: number, signal?: AbortSignal): Promise<void> {
    this.isClosing = true;
    for (const connection of this.#connections) connection.closeUnlessAssociated();
    const abortAll = () => {
      for (const association of this.associations) association.abort();
    };
    const hasGrace = graceMs > 0 && !signal?.aborted;
    if (!hasGrace) abortAll();
    if (this.#connections.size === 0) return Promise.resolve();
    const timer = hasGrace ? this.clock.setTimer(abortAll, graceMs) : undefined;
    signal?.addEventListener('abort', abortAll, { once: true });
    return new Promise((resolve) => {
      this.#allClosed.push(() => {
        timer?.cancel();
        signal?.removeEventListener('abort', abortAll);
        resolve();
      });
    });
  }
}

/** A connection that is counted, whatever has become of it so far. */
interface Guest {
  closeUnlessAssociated(): void;
}

/** One connection that a peer opened. */
class AcceptedConnection implements ConnectionUser {
  readonly #acceptor: Acceptor;
  readonly #connection: Connection;
  #association: Association | undefined;
  #givePlaceBack: (() => void) | undefined;
  #controller: AbortController | undefined;

  constructor(acceptor: Acceptor, transport: Duplex, local: Endpoint | undefined) {
    const { receiveBudgetBytes = defaultReceiveBudgetBytes, maxBytesBeforeAcceptance = 0x40000 } = acceptor.options;
    this.#acceptor = acceptor;
    this.#connection = new Connection(
      {
        role: 'acceptor',
        transport,
        local,
        clock: acceptor.clock,
        timeouts: acceptor.timeouts,
        receiveBudgetBytes,
        limits: { associatePduBytes: maxBytesBeforeAcceptance },
      },
      this,
    );
  }

  open(): void {
    this.#connection.opened();
  }

  /** The server closes: whoever has no association yet gets none. */
  closeUnlessAssociated(): void {
    if (this.#association === undefined) this.#connection.destroy();
  }

  requested(request: AssociateRqPdu): void {
    const { admission, options } = this.#acceptor;
    this.#givePlaceBack = admission.take(request.callingAeTitle, this.#connection.peer.address);
    if (this.#givePlaceBack === undefined) {
      this.#reject(rejections.localLimitExceeded);
      return;
    }
    const { peer, local, tls } = this.#connection;
    const isAsked = options.accept !== undefined || options.userIdentity !== undefined;
    this.#controller = isAsked ? new AbortController() : undefined;
    const question = { request, peer, local, tls, signal: this.#controller?.signal ?? nobodysSignal };
    try {
      const answer = answerQuestion(question, options);
      if (answer instanceof Promise) answer.then(this.#answer, this.#cannotDecide);
      else this.#answer(answer);
    } catch (error) {
      this.#cannotDecide(error);
    }
  }

  established(association: Association): void {
    this.#association = association;
    this.#acceptor.associations.add(association);
    try {
      this.#acceptor.options.onAssociation(association);
    } catch (error) {
      this.#connection.abort(serviceUser, 0, { type: 'error', error: toError(error) });
    }
  }

  failed(error: AssociationError): void {
    this.#over(error);
    this.#acceptor.report(error, this.#connection.id);
  }

  ended(): void {
    if (this.#association !== undefined) this.#acceptor.associations.delete(this.#association);
    this.#over();
  }

  closed(): void {
    this.#acceptor.gone(this);
  }

  readonly #answer = (answer: Answer): void => {
    this.#controller = undefined;
    // While a verifier or a hook took its time the peer may have gone, or the deadline may have answered.
    if (this.#connection.machine.state !== 'Sta3') return;
    if (answer.kind === 'reject') {
      this.#reject(answer);
      return;
    }
    try {
      this.#connection.accept(encode(answer.response), answer.negotiated, answer.userIdentity);
    } catch (error) {
      this.#cannotDecide(error);
    }
  };

  readonly #cannotDecide = (error: unknown): void => {
    if (this.#connection.machine.state !== 'Sta3') return;
    const { peer } = this.#connection;
    const cause = toError(error);
    this.#acceptor.report(
      new AssociationError('invalid-option', `no decision about a request: ${cause.message}`, { cause, peer }),
    );
    this.#reject(rejections.noReasonForNow);
  };

  #reject(values: RejectionValues): void {
    this.#connection.reject(values);
  }

  #over(reason?: Error): void {
    this.#givePlaceBack?.();
    this.#givePlaceBack = undefined;
    this.#controller?.abort(reason);
    this.#controller = undefined;
  }
}

/** Most requests are answered without asking anybody: they need no signal of their own. */
const nobodysSignal = new AbortController().signal;
