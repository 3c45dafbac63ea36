/**
 * What can go wrong with an association. Every error of this package extends {@link AssociationError} and carries a literal `code`.
 */
import type { TimedWait } from './core/conclusion.js';
import { rejectionInWords } from './core/reasons.js';
import type { Endpoint } from './types.js';

/** Stable names of what went wrong; `code` of every {@link AssociationError}. */
export type AssociationErrorCode =
  /** An option of `connect`, `createServer` or `send` makes no sense; nothing was sent. */
  | 'invalid-option'
  /** No transport connection: refused, unreachable, unknown host; `cause` says which. */
  | 'connect-failed'
  /** The server can't listen: the port is taken, or the address is not ours; `cause` says which. */
  | 'listen-failed'
  /** The transport closed or failed without A-RELEASE or A-ABORT. */
  | 'connection-lost'
  /** The peer answered with A-ASSOCIATE-RJ; an {@link AssociationRejectedError}. */
  | 'rejected'
  /** A-ABORT, sent or received; an {@link AssociationAbortedError}. */
  | 'aborted'
  /** A deadline passed; an {@link AssociationTimeoutError} that says which. */
  | 'timeout'
  /** The caller's `AbortSignal` fired. */
  | 'cancelled'
  /** The peer broke the protocol; `cause` says how. */
  | 'protocol-violation'
  /** The primitive is not allowed now: the association is not, or no longer, established. */
  | 'not-established'
  /** The association was released in order. */
  | 'released'
  /** The server refused a connection because a limit was reached. */
  | 'limit-reached'
  /** The acceptor did not confirm the user's identity, which this side requires. */
  | 'identity-unconfirmed'
  /** TLS: nobody who is trusted vouches for the peer's certificate. */
  | 'tls-certificate-untrusted'
  /** TLS: the peer's certificate has expired or is not valid yet. */
  | 'tls-certificate-expired'
  /** TLS: the peer's certificate has been revoked. */
  | 'tls-certificate-revoked'
  /** TLS: the peer's certificate is for another host. */
  | 'tls-host-mismatch'
  /** TLS: the peer's certificate is none of those that are pinned. */
  | 'tls-fingerprint-mismatch'
  /** TLS: the acceptor requires a client certificate, and there is none. */
  | 'tls-client-certificate-required'
  /** TLS: the peer refused the certificate of this side. */
  | 'tls-certificate-refused'
  /** TLS: no protocol version in common. */
  | 'tls-no-common-protocol'
  /** TLS: no cipher suite in common. */
  | 'tls-no-common-cipher'
  /** TLS: the peer does not speak it. */
  | 'tls-peer-is-plain'
  /** The peer speaks TLS, and this side does not. */
  | 'tls-expected'
  /** TLS: the handshake failed in another way; `cause` says which. */
  | 'tls-handshake-failed';

/** Details of an {@link AssociationError}. */
export interface AssociationErrorOptions extends ErrorOptions {
  /** Who is at the other end, where that is known. */
  readonly peer?: Endpoint | undefined;
}

/** Base of every error of this package. */
export class AssociationError extends Error {
  /** What went wrong, as a stable name. */
  readonly code: AssociationErrorCode;
  /** Who is at the other end, where that is known. */
  readonly peer: Endpoint | undefined;

  constructor(code: AssociationErrorCode, message: string, options: AssociationErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.peer = options.peer;
  }
}

/** The peer (or this side's policy) answered A-ASSOCIATE-RJ. PS3.8 9.3.4. */
export class AssociationRejectedError extends AssociationError {
  declare readonly code: 'rejected';
  /** 1 rejected-permanent, 2 rejected-transient. */
  readonly result: number;
  /** 1 service-user, 2 service-provider (ACSE), 3 service-provider (presentation). */
  readonly source: number;
  /** Reason/diag. of PS3.8 Table 9-21. */
  readonly reason: number;

  constructor(who: string, result: number, source: number, reason: number, options?: AssociationErrorOptions) {
    const words = rejectionInWords(result, source, reason);
    super(
      'rejected',
      `A-ASSOCIATE-RJ ${who}: ${words} (result ${result}, source ${source}, reason ${reason})`,
      options,
    );
    this.result = result;
    this.source = source;
    this.reason = reason;
  }
}

/** The association was aborted, by this side or the peer. PS3.8 9.3.8. */
export class AssociationAbortedError extends AssociationError {
  declare readonly code: 'aborted';
  /** Who sent the A-ABORT. */
  readonly by: 'local' | 'peer';
  /** 0 service-user, 2 service-provider. */
  readonly source: number;
  /** Reason/diag. of PS3.8 Table 9-26. */
  readonly reason: number;

  constructor(
    message: string,
    abort: { by: 'local' | 'peer'; source: number; reason: number },
    options?: AssociationErrorOptions,
  ) {
    super('aborted', message, options);
    this.by = abort.by;
    this.source = abort.source;
    this.reason = abort.reason;
  }
}

/** A deadline passed. */
export class AssociationTimeoutError extends AssociationError {
  declare readonly code: 'timeout';
  /** What was waited for. */
  readonly wait: TimedWait;
  /** How long, milliseconds. */
  readonly timeoutMs: number;

  constructor(wait: TimedWait, timeoutMs: number, message: string, options?: AssociationErrorOptions) {
    super('timeout', message, options);
    this.wait = wait;
    this.timeoutMs = timeoutMs;
  }
}
