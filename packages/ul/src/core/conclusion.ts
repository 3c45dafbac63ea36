/** How an association, or the attempt at one, came to its end: facts, from which errors are worded where the peer is known. */
import type { RejectionValues } from './reasons.js';

/** What the state machine says when it is over. */
export type Conclusion =
  | { readonly kind: 'released'; readonly by: 'local' | 'peer' }
  | ({ readonly kind: 'rejected'; readonly by: 'local' | 'peer' } & RejectionValues)
  | {
      readonly kind: 'aborted';
      readonly by: 'local' | 'peer';
      readonly source: number;
      readonly reason: number;
      readonly cause?: Cause | undefined;
    }
  /** The transport was closed, by the peer, by a failure, or by us without a word where a deadline asks for that. */
  | {
      readonly kind: 'connection-lost';
      readonly cause?: Cause | undefined;
      /** The requestor had asked, and had no answer yet. */
      readonly isUnanswered?: boolean | undefined;
    };

/** Why it ended. */
export type Cause =
  /** A deadline passed. */
  | { readonly type: 'timeout'; readonly wait: TimedWait; readonly timeoutMs: number }
  /** The peer sent something that can't be, or can't be now. */
  | {
      readonly type: 'violation';
      readonly problem: string;
      readonly error?: Error | undefined;
      /** It speaks TLS. */
      readonly isTls?: boolean | undefined;
    }
  /** A failure of the transport, or the reason that the local user gave. */
  | { readonly type: 'error'; readonly error: Error };

/** The waits that have a deadline. */
export type TimedWait =
  /** The transport connection (name look-up included): `connectTimeoutMs`. */
  | 'connect'
  /** The TLS handshake: `handshakeTimeoutMs`. */
  | 'handshake'
  /** Everything before acceptance: `associationTimeoutMs` (requestor), `artimTimeoutMs` (acceptor). */
  | 'association'
  /** The rest of a PDU whose first bytes are here: `pduTimeoutMs`. */
  | 'pdu'
  /** The peer taking what was written: `writeTimeoutMs`. */
  | 'write'
  /** Any activity while no operation is under way: `idleTimeoutMs`. */
  | 'idle'
  /** The A-RELEASE-RP, or the end of operations that keep us from sending it: `releaseTimeoutMs`. */
  | 'release'
  /** The local receiver taking what arrived, while reading is paused: `stallTimeoutMs`. */
  | 'stall'
  /** The peer closing the transport after the end (ARTIM in Sta13): `closeTimeoutMs`. */
  | 'close';
