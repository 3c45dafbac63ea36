/**
 * The driver: joins the protocol machine to a duplex stream and a clock, and offers the user what it has become, an
 * {@link Association}.
 */
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { AssociateRqPdu, LimitOptions, Pdu } from '@dicomwire/pdu';
import { EstablishedAssociation } from './association.js';
import type { Cause, Conclusion } from './core/conclusion.js';
import { deadlineAfter } from './core/deadlines.js';
import { Machine } from './core/machine.js';
import type { MachineOutput } from './core/machine-output.js';
import { type RejectionValues, serviceUser } from './core/reasons.js';
import type { Action, Event, State } from './core/state-table.js';
import type { VerifiedIdentity } from './core/user-identity.js';
import { associationChannel, errorChannel } from './diagnostics.js';
import { localEndpointOf, noEndpoint, peerEndpointOf } from './endpoint.js';
import { AssociationError } from './errors.js';
import { endOf, errorOf, nameOf, type PeerName } from './explanation.js';
import { Inbox, type InboxFlow } from './inbox.js';
import { isObserved, Observer } from './observer.js';
import { Outbox, type OutboxFlow } from './outbox.js';
import type { ReadSlab } from './read-slab.js';
import type { Timeouts } from './timeouts.js';
import { type TlsFacts, tlsFactsOf } from './tls/facts.js';
import { closedDuringHandshake, tlsFailure, tlsPeerOf } from './tls/failure.js';
import type { Association, AssociationEnd, Clock, Endpoint, Negotiated, Timer } from './types.js';

/** What every connection needs to know. */
export interface ConnectionOptions {
  readonly role: 'requestor' | 'acceptor';
  readonly transport: Duplex;
  /** What the transport reads into, where it does not hand on its bytes as a stream. */
  readonly slab?: ReadSlab | undefined;
  /** Our end of the transport, where it is known: asking the system takes its time. */
  readonly local?: Endpoint | undefined;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly receiveBudgetBytes: number;
  readonly limits?: LimitOptions | undefined;
}

/** Who wants to know what becomes of a connection. */
export interface ConnectionUser {
  /** A-ASSOCIATE indication (acceptor). */
  requested(request: AssociateRqPdu): void;
  /** It is an association now. */
  established(association: Association): void;
  /** It never was one, and won't be. */
  failed(error: AssociationError, conclusion: Conclusion): void;
  /** The association is over; the transport may still be open. Only after `established`. */
  ended(end: AssociationEnd): void;
  /** The transport is closed; nothing is left. */
  closed(): void;
}

/** One transport connection and its association. */
export class Connection implements MachineOutput, InboxFlow, OutboxFlow {
  readonly id = ++lastId;
  readonly observer: Observer;
  readonly machine: Machine;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly role: 'requestor' | 'acceptor';
  bytesReceived = 0;
  pdusReceived = 0;
  pdusSent = 0;
  /** Titles as the request has them. */
  request: AssociateRqPdu | undefined;
  peer: Endpoint = noEndpoint;
  local: Endpoint = noEndpoint;
  /** Once the transport is there. */
  tls: TlsFacts | undefined;
  /** Once it is verified. */
  userIdentity: VerifiedIdentity | undefined;

  readonly #transport: Duplex;
  readonly #knownLocal: Endpoint | undefined;
  readonly #timeouts: Timeouts;
  readonly #user: ConnectionUser;
  #association: EstablishedAssociation | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #isHandshaking = false;
  #isPaused = false;
  #conclusion: Conclusion | undefined;
  #error: AssociationError | undefined;
  #isClosed = false;

  constructor(options: ConnectionOptions, user: ConnectionUser) {
    this.role = options.role;
    this.clock = options.clock;
    this.#transport = options.transport;
    this.#knownLocal = options.local;
    this.#timeouts = options.timeouts;
    this.#user = user;
    this.observer = new Observer(this.id, options.role);
    this.machine = new Machine(options, this);
    this.outbox = new Outbox(options.transport, this);
    this.inbox = new Inbox(options.receiveBudgetBytes, this);
    this.#listen(options.slab);
  }

  /** Requestor: the user asks for an association, and the transport is on its way. */
  beginRequest(request: AssociateRqPdu, encoded: Uint8Array): void {
    this.request = request;
    this.machine.requestAssociation(request, encoded, this.clock.now());
    this.arm();
  }

  /** Requestor: the connection is there; TLS begins on it. */
  handshakeBegan(): void {
    this.#isHandshaking = true;
    this.machine.handshakeBegan(this.clock.now());
    this.arm();
  }

  /** The transport is there. */
  opened(): void {
    this.#isHandshaking = false;
    this.peer = peerEndpointOf(this.#transport);
    this.local = this.#knownLocal ?? localEndpointOf(this.#transport);
    this.tls = tlsFactsOf(this.#transport);
    const now = this.clock.now();
    if (this.role === 'requestor') this.machine.transportOpened(now);
    else this.machine.transportAccepted(now);
    this.arm();
    // It may have gone before we looked, and will not say so again.
    if (this.#transport.destroyed) this.destroy();
    if (this.#transport.closed) this.#closed();
  }

  /** Acceptor: A-ASSOCIATE response, accept. */
  accept(response: Uint8Array, negotiated: Negotiated, userIdentity?: VerifiedIdentity): void {
    this.userIdentity = userIdentity;
    this.machine.accept(response, negotiated, this.clock.now());
    this.arm();
  }

  /** Acceptor: A-ASSOCIATE response, reject. */
  reject(values: RejectionValues): void {
    this.machine.reject(values, this.clock.now());
    this.arm();
  }

  /** A-ABORT request; before there is anything to abort, the transport is closed. */
  abort(source: number, reason: number, cause?: Cause): void {
    if (!this.machine.abort(source, reason, this.clock.now(), cause) && this.machine.state === 'Sta2') {
      this.machine.transportClosed(this.clock.now(), cause);
    }
    this.arm();
  }

  /** Closes the transport whatever state it is in. */
  destroy(cause?: Cause): void {
    this.machine.transportClosed(this.clock.now(), cause);
    this.#transport.destroy();
  }

  /** Who is at the other end. */
  get peerName(): PeerName {
    const aeTitle = this.role === 'requestor' ? this.request?.calledAeTitle : this.request?.callingAeTitle;
    return { aeTitle: aeTitle ?? '', endpoint: this.peer, isTls: this.tls !== undefined };
  }

  /** What the end means as an error. Made when somebody wants it: most associations end in order, and stack traces are dear. */
  readonly error = (): AssociationError => {
    this.#error ??= errorOf(this.#conclusion ?? { kind: 'connection-lost' }, this.peerName);
    return this.#error;
  };

  /** Sees to it that the timer fires no later than the next deadline. Later ones are found when it fires. */
  arm(): void {
    if (this.#isClosed) return;
    const next = this.machine.deadlines.next();
    if (next >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = next;
    this.#timer = this.clock.setTimer(this.#onTimer, next - this.clock.now());
  }

  // MachineOutput

  write(pdu: Uint8Array): void {
    // Nobody waits for data of an association that is aborted, and the A-ABORT is not to wait for it. In Sta13, where each
    // A-ASSOCIATE-RQ is answered by another one, this keeps a peer that never reads from piling them up.
    if (pdu[0] === 0x07) this.outbox.discardUnsent();
    this.outbox.push(pdu);
    this.pdusSent++;
    this.observer.sent(pdu);
  }

  closeTransport(): void {
    if (this.#conclusion?.kind === 'released' && this.outbox.queuedBytes > 0) this.#closeOnceFlushed();
    else this.#transport.destroy();
  }

  associationRequested(request: AssociateRqPdu): void {
    this.request = request;
    this.#user.requested(request);
  }

  established(negotiated: Negotiated): void {
    const association = new EstablishedAssociation(this, negotiated);
    this.#association = association;
    if (associationChannel.hasSubscribers) associationChannel.publish({ event: 'established', association });
    this.#user.established(association);
  }

  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void {
    this.inbox.deliver(contextId, isCommand, isLast, data);
  }

  releaseRequested(): void {
    this.#association?.peerRequestedRelease();
    this.inbox.releaseRequested();
  }

  concluded(conclusion: Conclusion): void {
    this.#resumeReading();
    this.#conclusion = conclusion;
    // After an orderly end what was queued still goes out: the last responses, and the A-RELEASE-RP behind them.
    if (conclusion.kind === 'aborted' || conclusion.kind === 'connection-lost') this.outbox.fail(this.error);
    this.observer.ended();
    const association = this.#association;
    if (errorChannel.hasSubscribers && conclusion.kind !== 'released') {
      errorChannel.publish({ connection: this.id, peer: this.peer, error: this.error() });
    }
    if (association === undefined) {
      const error = this.error();
      if (associationChannel.hasSubscribers) {
        associationChannel.publish({ event: 'failed', connection: this.id, peer: this.peer, error });
      }
      this.#user.failed(error, conclusion);
      return;
    }
    const end = endOf(conclusion, this.error);
    this.inbox.ended(end);
    association.concluded(end);
    if (associationChannel.hasSubscribers) associationChannel.publish({ event: 'ended', association, end });
    this.#user.ended(end);
  }

  stateChanged(event: Event, action: Action, from: State, to: State): void {
    this.observer.stateChanged(event, action, from, to);
  }

  received(type: Pdu['type'], byteLength: number): void {
    this.pdusReceived++;
    if (isObserved()) this.observer.received(type, byteLength);
  }

  // InboxFlow

  pause(): void {
    this.#isPaused = true;
    this.#transport.pause();
    this.machine.readingPaused(this.clock.now());
    this.arm();
  }

  progressed(): void {
    this.machine.readingProgressed(this.clock.now());
    this.arm();
  }

  resume(): void {
    this.#resumeReading();
    this.arm();
  }

  receiverFailed(error: Error): void {
    this.abort(serviceUser, 0, { type: 'error', error });
  }

  // OutboxFlow

  writeBegan(): void {
    this.machine.deadlines.write = deadlineAfter(this.clock.now(), this.#timeouts.writeMs);
    this.arm();
  }

  writeDone(): void {
    this.machine.deadlines.write = Number.POSITIVE_INFINITY;
    if (this.machine.mayBeIdle) this.machine.touch(this.clock.now());
  }

  #listen(slab: ReadSlab | undefined): void {
    const transport = this.#transport;
    const receive = (chunk: Uint8Array) => {
      this.bytesReceived += chunk.length;
      if (isObserved()) this.observer.arrived(chunk, this.machine.isMidPdu);
      this.outbox.cork();
      try {
        this.machine.receive(chunk, this.clock.now());
      } finally {
        this.outbox.uncork();
      }
      this.arm();
    };
    if (slab === undefined) transport.on('data', receive);
    else slab.to(receive);
    // A peer that closes its half has closed the connection: PS3.8 knows no half of an association.
    transport.on('end', () => this.#lost());
    transport.on('error', (error) => this.#lost(error));
    transport.on('close', () => this.#closed());
  }

  /** The transport has ended or failed; where TLS is why, that is said. */
  #lost(error?: Error): void {
    if (error instanceof AssociationError) {
      this.destroy({ type: 'error', error });
      return;
    }
    const tlsPeer = () => tlsPeerOf(this.#transport, nameOf(this.peerName), this.peer);
    const explained = error && this.#transport instanceof TLSSocket ? tlsFailure(error, tlsPeer()) : undefined;
    const cause = explained ?? (this.#isHandshaking ? closedDuringHandshake(tlsPeer(), error) : error);
    this.destroy(cause === undefined ? undefined : { type: 'error', error: cause });
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    this.machine.transportClosed(this.clock.now());
    this.machine.deadlines.clear();
    this.outbox.fail(this.error);
    this.#association?.transportClosed();
    this.#user.closed();
  }

  /** Sta1, with something still to write: an A-RELEASE-RP whose own answer came in the chunk that asked for it. */
  #closeOnceFlushed(): void {
    const close = () => this.#transport.destroy();
    this.#timer?.cancel();
    if (this.#timeouts.closeMs > 0) this.#timer = this.clock.setTimer(close, this.#timeouts.closeMs);
    this.outbox.flushed().then(close, close);
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.machine.handleDeadlines(this.clock.now());
    this.arm();
  };

  #resumeReading(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.machine.readingResumed(this.clock.now());
    this.#transport.resume();
  }
}

let lastId = 0;
