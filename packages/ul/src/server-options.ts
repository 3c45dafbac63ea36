/** How a server is set up. */
import type { AssociateRqPdu } from '@dicomwire/pdu';
import type { AdmissionLimits } from './admission.js';
import type { AcceptancePolicy } from './core/policy.js';
import type { RejectionValues } from './core/reasons.js';
import type { UserCredentials, VerifiedIdentity } from './core/user-identity.js';
import type { AssociationError } from './errors.js';
import type { TimeoutOptions } from './timeouts.js';
import type { TlsFacts } from './tls/facts.js';
import type { TlsServerOptions } from './tls/options.js';
import type { Association, Clock, Endpoint } from './types.js';

/** A request for an association, before it is answered. */
export interface AssociationProposal {
  /** The A-ASSOCIATE-RQ as it came. */
  readonly request: AssociateRqPdu;
  readonly peer: Endpoint;
  readonly local: Endpoint;
  /** The TLS session that it came by; `undefined` without TLS. */
  readonly tls: TlsFacts | undefined;
  /** Who the user is, where the server verifies identities and this one was. */
  readonly userIdentity: VerifiedIdentity | undefined;
  /** Fires when the answer is no longer wanted: the peer has gone, or the deadline has passed. */
  readonly signal: AbortSignal;
}

/** A user's claim to be somebody, for {@link UserIdentityOptions.verify}. */
export interface IdentityClaim {
  readonly credentials: UserCredentials;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly tls: TlsFacts | undefined;
  /** Fires when the answer is no longer wanted: the peer has gone, or the deadline has passed. */
  readonly signal: AbortSignal;
}

/** What is made of a claim. */
export type IdentityVerdict =
  | {
      readonly isAccepted: true;
      /** Whatever stands for the user here: `userIdentity.user` of the association. */
      readonly user?: unknown;
      /** Server response for Kerberos, SAML and JWT, sent where one was requested. Default: empty. PS3.7 D.3.3.7.2. */
      readonly response?: Uint8Array | string | undefined;
    }
  | {
      readonly isAccepted: false;
      /** Default: RJ(1,1,1), as nothing else says more. */
      readonly reject?: RejectionValues | undefined;
    };

/** How a server treats user identities. PS3.7 D.3.3.7. */
export interface UserIdentityOptions {
  /** Whether a request without one is rejected. Default false. */
  readonly isRequired?: boolean | undefined;
  /**
   * Asked about each identity before the acceptance hook; may take its time until `artimTimeoutMs`, then the answer is RJ(2,1,1). When it throws,
   * so it is as well, and `onError` gets to know (not the credentials: those are never in an error or an event of this package).
   */
  readonly verify: (claim: IdentityClaim) => IdentityVerdict | Promise<IdentityVerdict>;
}

/** What an acceptance hook decides: a policy to answer by, a rejection, or `undefined` for the server's own policy. */
export type AcceptanceDecision = AcceptancePolicy | { readonly reject: RejectionValues } | undefined;

/** Options of `createServer`. */
export interface ServerOptions extends TimeoutOptions, AdmissionLimits {
  /** What to accept. */
  readonly policy: AcceptancePolicy;
  /**
   * Gets each association as it is established, synchronously: a receiver that is set in this call misses nothing and waits for
   * nothing. When it throws, the association is aborted.
   */
  readonly onAssociation: (association: Association) => void;
  /**
   * Asked about each request before the policy; may take its time until `artimTimeoutMs`, then the answer is RJ(2,1,1). When it
   * throws, so it is as well, and `onError` gets to know.
   */
  readonly accept?: ((proposal: AssociationProposal) => AcceptanceDecision | Promise<AcceptanceDecision>) | undefined;
  /** Verifies who the users of requestors are. Default: identities are not looked at, and not answered. */
  readonly userIdentity?: UserIdentityOptions | undefined;
  /** Gets to know of connections that never became associations, one call each. Default: nobody does. */
  readonly onError?: ((error: AssociationError, peer: Endpoint) => void) | undefined;
  /** ARTIM: from the connection to its acceptance, milliseconds; 0 is no limit. Then the connection is closed. Default 30000. */
  readonly artimTimeoutMs?: number | undefined;
  /**
   * Every port that this server listens on speaks TLS, by the BCP 195 profile of PS3.15 B.12. Certificates are read when it begins to
   * listen, and again by `reloadTls` of the server. Default: none.
   */
  readonly tls?: TlsServerOptions | undefined;
  /** TCP keep-alive of accepted connections once nothing was sent for this long, milliseconds. Default: none. */
  readonly keepAliveMs?: number | undefined;
  /** Longest A-ASSOCIATE-RQ, bytes; more is answered with A-ABORT. Default 262144. */
  readonly maxBytesBeforeAcceptance?: number | undefined;
  /** Bytes that a receiver may hold under pending promises before reading is paused. Default 262144. */
  readonly receiveBudgetBytes?: number | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}
