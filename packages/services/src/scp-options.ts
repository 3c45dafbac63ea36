/**
 * How a provider is set up.
 */
import type { Clock, TlsServerOptions, UserIdentityOptions } from '@dicomwire/dimse';
import type { MessageHooks } from './message-hooks.js';
import type { AssociationFacts, Service } from './service.js';

/** Options of {@link createScp}. Every time is in milliseconds; 0 is no limit. */
export interface ScpOptions extends MessageHooks {
  /** Our AE title. */
  readonly aeTitle: string;
  /** What we perform. Two services for the same SOP class and request are refused at once. */
  readonly services: readonly Service[];
  /** Whether associations that call another AE title are rejected, RJ(1,1,7). Default: false. */
  readonly checkCalledAeTitle?: boolean | undefined;
  /** Who may call; others are rejected, RJ(1,1,3). Default: anybody. */
  readonly allowedCallingAeTitles?: readonly string[] | undefined;
  /** TLS for everybody who calls: certificate and key, who is trusted. Default: plain TCP. PS3.15 B.12. */
  readonly tls?: TlsServerOptions | undefined;
  /** What is asked of users and how their identities are verified. Default: identities are not looked at. PS3.7 D.3.3.7. */
  readonly userIdentity?: UserIdentityOptions | undefined;
  /** Associations at once; more are rejected, RJ(2,3,2). Default: 200. */
  readonly maximumAssociations?: number | undefined;
  /** The largest P-DATA-TF that we take, bytes; 0 is unlimited. Default: 131072. */
  readonly maximumLength?: number | undefined;
  /** Operations that a peer may have outstanding at once, if it asks. Default: 16. PS3.7 D.3.3.3. */
  readonly maximumOperations?: number | undefined;
  /** ARTIM, and everything before acceptance, milliseconds. Default: 30000. */
  readonly associationTimeoutMs?: number | undefined;
  /** For the next fragment of a message, and for the rest of a PDU, milliseconds. Default: 60000. */
  readonly messageTimeoutMs?: number | undefined;
  /** Without any message, milliseconds. Default: 600000. */
  readonly idleTimeoutMs?: number | undefined;
  /** For the peer to take what is written, milliseconds. Default: 60000. */
  readonly writeTimeoutMs?: number | undefined;
  /** What every deadline goes by. Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Hears of handlers that threw and of failed associations. Default: nobody; the process goes on either way. */
  readonly onError?: ((error: unknown, association: AssociationFacts | undefined) => void) | undefined;
  /** An association was accepted. */
  readonly onAssociation?: ((association: AssociationFacts) => void) | undefined;
  /** An association request was rejected, or a connection ended before it was one. */
  readonly onRejected?: ((error: Error) => void) | undefined;
  /** An association is over; `error` says why unless it was released. */
  readonly onAssociationEnd?: ((association: AssociationFacts, error: Error | undefined) => void) | undefined;
}
