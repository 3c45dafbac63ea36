/**
 * What the layer above holds in its hands: the association, what was negotiated, and who is at the other end.
 */
import type { RoleSelection, UserInformation } from '@dicomwire/pdu';
import type { VerifiedIdentity } from './core/user-identity.js';
import type { TlsFacts } from './tls/facts.js';

/** A presentation context as it stands after negotiation. PS3.8 9.3.3.2. */
export interface NegotiatedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  /** The accepted transfer syntax; `undefined` unless `result` is 0. */
  readonly transferSyntax: string | undefined;
  /** 0 accepted, 1 user rejection, 2 no reason, 3 abstract syntax not supported, 4 transfer syntaxes not supported. */
  readonly result: number;
  /** The transfer syntaxes that were proposed. */
  readonly proposedTransferSyntaxes: readonly string[];
}

/** What both sides agreed on. */
export interface Negotiated {
  /** Every proposed context with its result, by ID. */
  readonly contexts: ReadonlyMap<number, NegotiatedContext>;
  /** The accepted ones, in order of ID. */
  readonly acceptedContexts: readonly NegotiatedContext[];
  /** Largest P-DATA-TF "PDU length" that the peer receives, bytes; 0 is unlimited. PS3.8 D.1. */
  readonly peerMaximumLength: number;
  /** What we announced as our own maximum length, bytes; 0 is unlimited. */
  readonly localMaximumLength: number;
  /** Operations that we may have outstanding at once; 0 is unlimited. PS3.7 D.3.3.3. */
  readonly maximumOperationsInvoked: number;
  /** Operations that the peer may have outstanding at once; 0 is unlimited. */
  readonly maximumOperationsPerformed: number;
  /** Role selections in force (the acceptor's answers), by SOP class UID. PS3.7 D.3.3.4. */
  readonly roleSelections: ReadonlyMap<string, RoleSelection>;
  /** Extended negotiation in force (the acceptor's answers): service class application information by SOP class UID. PS3.7 D.3.3.5. */
  readonly sopClassExtendedNegotiations: ReadonlyMap<string, Uint8Array>;
  /**
   * The peer's user information as it came: implementation class UID and version name, common extended negotiation. An acceptor finds no
   * credentials in it: passcode, ticket, assertion and token are left out.
   */
  readonly peerUserInformation: UserInformation;
}

/** One end of the transport connection. */
export interface Endpoint {
  /** IP address, or `''` where the transport has none. */
  readonly address: string;
  /** Port number, or 0 where the transport has none. */
  readonly port: number;
}

/**
 * Takes what arrives on an association. Called synchronously from the socket's data event.
 *
 * `data` is a view of the received chunk. It belongs to the receiver until `fragment` returns or, when it returned a promise,
 * until that settles; whatever lives longer is to be copied. Bytes under a pending promise count against
 * `receiveBudgetBytes`; when that is used up, the socket is paused. A promise that rejects aborts the association.
 */
export interface FragmentReceiver {
  /** A fragment arrived: bytes of a presentation data value on an accepted context. `isLast` only with the last bytes of a last fragment. */
  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): undefined | Promise<void>;
  /**
   * The peer has asked for release: it sends nothing more and answers nothing more, so that what was invoked here has failed. Operations
   * performed here may be finished; the answer goes out when {@link Association.setPendingOperations} says 0.
   */
  releaseRequested?(): void;
  /** The association is over; nothing follows. Called exactly once. */
  ended(end: AssociationEnd): void;
}

/** How an association came to its end. */
export type AssociationEnd =
  /** Released in order, by us or by the peer. */
  | { readonly kind: 'released'; readonly by: 'local' | 'peer' }
  /** A-ABORT sent or received. `error` says why when it was not asked for by the user. */
  | {
      readonly kind: 'aborted';
      readonly by: 'local' | 'peer';
      readonly source: number;
      readonly reason: number;
      readonly error?: Error | undefined;
    }
  /** The transport closed or failed without A-RELEASE or A-ABORT. */
  | { readonly kind: 'connection-lost'; readonly error?: Error | undefined };

/** What has passed over an association so far. */
export interface AssociationStatistics {
  /** Bytes that arrived, headers included; below TLS, if any, it is more. */
  readonly bytesReceived: number;
  /** Bytes handed to the operating system. */
  readonly bytesSent: number;
  readonly pdusReceived: number;
  readonly pdusSent: number;
}

/** Options of {@link Association.release}. */
export interface ReleaseOptions {
  /**
   * What becomes of operations under way (see {@link Association.setPendingOperations}): `'finish'` asks for release after the last one,
   * `'abandon'` at once, so that nothing of them is sent any more. `timeoutMs` covers both. Default `'abandon'`.
   */
  readonly pending?: 'finish' | 'abandon' | undefined;
  /** How long to wait for the A-RELEASE-RP before the association is aborted, milliseconds. Default: `releaseTimeoutMs` of the association. */
  readonly timeoutMs?: number | undefined;
  /** Aborts the association when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/** A source of time that can be replaced by a virtual one. Every deadline in this package runs on it. */
export interface Clock {
  /** Milliseconds on a monotonic scale. */
  now(): number;
  /** Calls back once, `ms` from now. */
  setTimer(callback: () => void, ms: number): Timer;
}

/** A timer of a {@link Clock}. */
export interface Timer {
  /** The callback is not called any more. */
  cancel(): void;
}

/**
 * An established association, the same for requestor and acceptor. PS3.8 7.
 */
export interface Association {
  readonly role: 'requestor' | 'acceptor';
  /** A number that no other association of this process has; for logs. */
  readonly id: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly negotiated: Negotiated;
  readonly peer: Endpoint;
  readonly local: Endpoint;
  /** The TLS session that it runs in; `undefined` without TLS. */
  readonly tls: TlsFacts | undefined;
  /** Who the requestor's user is, where this side is the acceptor and has verified it. PS3.7 D.3.3.7. */
  readonly userIdentity: VerifiedIdentity | undefined;
  readonly clock: Clock;
  /**
   * Whether `send` is allowed: true from acceptance until we release, or the association is aborted or lost. Stays true after the
   * peer asked for release until that is answered, since operations performed here may be finished (PS3.8 AR-7).
   */
  readonly isEstablished: boolean;
  /** True once the peer has asked for release: it sends nothing more and waits for pending responses. */
  readonly isReleaseRequested: boolean;
  /** Fires when the association is over, for whatever reason; its `reason` is an `Error` that says which. */
  readonly signal: AbortSignal;
  /** Settles (never rejects) when the association is over and the transport is closed. */
  readonly closed: Promise<AssociationEnd>;
  /** The largest even number of data bytes that one PDV may carry to this peer. */
  readonly maximumFragmentLength: number;
  /** When it was established. */
  readonly establishedAt: Date;
  /** What has passed over it so far, the negotiation included; a new object each time. */
  readonly statistics: AssociationStatistics;
  /** Bytes queued and not yet handed to the operating system. */
  readonly queuedBytes: number;
  /** Sets who takes what arrives; once. Fragments that came before are handed over in the call. */
  setReceiver(receiver: FragmentReceiver): void;
  /**
   * Queues one P-DATA-TF with one PDV. `data` is not copied: leave it untouched until {@link flushed} says so.
   *
   * @returns `undefined` to go on, or a promise to wait for before sending more (rejects when the association ends).
   * @throws {@link AssociationError} when the association is not established.
   */
  send(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): undefined | Promise<void>;
  /**
   * What is sent until {@link uncork} leaves with that call, unless it is much or {@link flushed} comes first: saves looking after it at the
   * end of the turn, which otherwise happens by itself. May be nested; not to be left open over an `await`.
   */
  cork(): void;
  /** The end of {@link cork}. */
  uncork(): void;
  /** Resolves once all that was queued before has been handed to the operating system; rejects when the association ends first, or the signal fires. */
  flushed(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Says how many operations are under way (invoked or performed), so that the idle deadline runs only when there are none, and
   * so that an orderly release by the peer is answered after the last one performed here.
   */
  setPendingOperations(count: number): void;
  /** A-RELEASE: resolves when the association is over, whichever way; never hangs. */
  release(options?: ReleaseOptions): Promise<AssociationEnd>;
  /** A-ABORT, at once. Defaults: source 0 (service-user), reason 0. `error` is reported as the cause. */
  abort(source?: number, reason?: number, error?: Error): void;
}
