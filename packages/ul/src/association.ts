/** The association as its user holds it: a thin face over the connection. */
import type { AssociateRqPdu } from '@dicomwire/pdu';
import { waitBounded } from './bounded-wait.js';
import type { Cause } from './core/conclusion.js';
import type { Machine } from './core/machine.js';
import { maximumFragmentLength } from './core/negotiation.js';
import type { VerifiedIdentity } from './core/user-identity.js';
import { AssociationError } from './errors.js';
import { nameOf, type PeerName } from './explanation.js';
import type { Inbox } from './inbox.js';
import { isObserved, type Observer } from './observer.js';
import type { Outbox } from './outbox.js';
import type { TlsFacts } from './tls/facts.js';
import type {
  Association,
  AssociationEnd,
  AssociationStatistics,
  Clock,
  Endpoint,
  FragmentReceiver,
  Negotiated,
  ReleaseOptions,
} from './types.js';

/** The connection as the association needs it. */
export interface AssociationConnection {
  readonly id: number;
  readonly role: 'requestor' | 'acceptor';
  readonly request: AssociateRqPdu | undefined;
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly tls: TlsFacts | undefined;
  readonly userIdentity: VerifiedIdentity | undefined;
  readonly peerName: PeerName;
  readonly clock: Clock;
  readonly machine: Machine;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly bytesReceived: number;
  readonly pdusReceived: number;
  pdusSent: number;
  readonly observer: Observer;
  /** What the end means as an error. */
  error(): AssociationError;
  /** A-ABORT request. */
  abort(source: number, reason: number, cause?: Cause): void;
  /** The machine may have a new deadline. */
  arm(): void;
}

/** See {@link Association}. */
export class EstablishedAssociation implements Association {
  readonly role: 'requestor' | 'acceptor';
  readonly id: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly negotiated: Negotiated;
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly tls: TlsFacts | undefined;
  readonly userIdentity: VerifiedIdentity | undefined;
  readonly clock: Clock;
  readonly maximumFragmentLength: number;
  readonly closed: Promise<AssociationEnd>;
  readonly establishedAt = new Date();

  #isReleaseRequested = false;
  #end: AssociationEnd | undefined;
  #controller: AbortController | undefined;
  #settleClosed: (end: AssociationEnd) => void = () => {};
  readonly #connection: AssociationConnection;

  constructor(connection: AssociationConnection, negotiated: Negotiated) {
    this.#connection = connection;
    this.role = connection.role;
    this.id = connection.id;
    this.calledAeTitle = connection.request?.calledAeTitle ?? '';
    this.callingAeTitle = connection.request?.callingAeTitle ?? '';
    this.negotiated = negotiated;
    this.peer = connection.peer;
    this.local = connection.local;
    this.tls = connection.tls;
    this.userIdentity = connection.userIdentity;
    this.clock = connection.clock;
    this.maximumFragmentLength = maximumFragmentLength(negotiated.peerMaximumLength);
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
  }

  get isEstablished(): boolean {
    return this.#connection.machine.canSend;
  }

  get isReleaseRequested(): boolean {
    return this.#isReleaseRequested;
  }

  /** Made when first asked for: most associations end without anybody having looked. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#end !== undefined && !this.#controller.signal.aborted) this.#controller.abort(this.#reasonOf(this.#end));
    return this.#controller.signal;
  }

  get queuedBytes(): number {
    return this.#connection.outbox.queuedBytes;
  }

  setReceiver(receiver: FragmentReceiver): void {
    if (!this.#connection.inbox.setReceiver(receiver)) {
      throw new AssociationError(
        'invalid-option',
        'the association already has a receiver: setReceiver is called once',
      );
    }
  }

  send(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): undefined | Promise<void> {
    if (!this.#connection.machine.canSend) throw this.#notEstablished();
    if (data.length > this.maximumFragmentLength) throw this.#tooLong(data.length);
    const connection = this.#connection;
    if (isObserved()) connection.observer.sentData(contextId, isCommand, isLast, data);
    connection.pdusSent++;
    return connection.outbox.pushData(contextId, isCommand, isLast, data);
  }

  cork(): void {
    this.#connection.outbox.cork();
  }

  uncork(): void {
    this.#connection.outbox.uncork();
  }

  flushed({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const flushed = this.#connection.outbox.flushed();
    if (signal === undefined) return flushed;
    const message = `waiting for what was sent to ${this.#name} was cancelled`;
    return waitBounded(flushed, {
      clock: this.clock,
      timeoutMs: 0,
      signal,
      timedOut: () => this.#notEstablished(),
      cancelled: ({ reason }) => new AssociationError('cancelled', message, { cause: reason, peer: this.peer }),
    });
  }

  get statistics(): AssociationStatistics {
    const { bytesReceived, pdusReceived, pdusSent, outbox } = this.#connection;
    return { bytesReceived, bytesSent: outbox.sentBytes, pdusReceived, pdusSent };
  }

  setPendingOperations(count: number): void {
    const { machine } = this.#connection;
    // Twice a message: while there are some, nothing is due at any time, so that neither clock nor timer matters.
    if (count > 0) {
      machine.setPendingOperations(count, 0);
      return;
    }
    machine.setPendingOperations(0, this.clock.now());
    this.#connection.arm();
  }

  release(options: ReleaseOptions = {}): Promise<AssociationEnd> {
    const { timeoutMs, signal, pending = 'abandon' } = options;
    if (this.#end !== undefined) return this.closed;
    const connection = this.#connection;
    connection.machine.release(this.clock.now(), timeoutMs, pending === 'finish');
    connection.arm();
    if (signal !== undefined) this.#abortOn(signal);
    return this.closed;
  }

  abort(source = 0, reason = 0, error?: Error): void {
    this.#connection.abort(source, reason, error === undefined ? undefined : { type: 'error', error });
  }

  /** From the connection: the peer asked for release. */
  peerRequestedRelease(): void {
    this.#isReleaseRequested = true;
  }

  /** From the connection: it is over. */
  concluded(end: AssociationEnd): void {
    this.#end = end;
    this.#controller?.abort(this.#reasonOf(end));
  }

  /** From the connection: the transport is closed. */
  transportClosed(): void {
    if (this.#end !== undefined) this.#settleClosed(this.#end);
  }

  #abortOn(signal: AbortSignal): void {
    const cancel = () => {
      const message = `the release of the association with ${this.#name} was cancelled`;
      this.abort(0, 0, new AssociationError('cancelled', message, { cause: signal.reason, peer: this.peer }));
    };
    if (signal.aborted) {
      cancel();
      return;
    }
    signal.addEventListener('abort', cancel, { once: true });
    void this.closed.then(() => signal.removeEventListener('abort', cancel));
  }

  get #name(): string {
    return nameOf(this.#connection.peerName);
  }

  /** What the signal says: the error that the user aborted with, where there is one. */
  #reasonOf(end: AssociationEnd): Error {
    return end.kind !== 'released' && end.error !== undefined ? end.error : this.#connection.error();
  }

  #notEstablished(): AssociationError {
    if (this.#end !== undefined) return this.#connection.error();
    const message = `nothing can be sent to ${this.#name}: release was requested`;
    return new AssociationError('not-established', message, { peer: this.peer });
  }

  #tooLong(length: number): AssociationError {
    const message = `a fragment of ${length} bytes is over the ${this.maximumFragmentLength} that ${this.#name} takes: cut it`;
    return new AssociationError('invalid-option', message, { peer: this.peer });
  }
}
