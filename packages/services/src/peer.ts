/**
 * Whom to call, and as whom.
 */
import type { Duplex } from 'node:stream';
import type { Clock, ProposedIdentity, TlsConnectOptions } from '@dicomwire/dimse';
import type { MessageHooks } from './message-hooks.js';

/** An application entity to associate with, and how. Every time is in milliseconds; 0 is no limit. */
export interface PeerOptions extends MessageHooks {
  /** Host name or IP address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Who is called. Default: `'ANY-SCP'`. */
  readonly calledAeTitle?: string | undefined;
  /** Who calls. Default: `'DICOMWIRE'`. */
  readonly callingAeTitle?: string | undefined;
  /** TLS towards the peer; `{}` for the defaults of PS3.15 B.12. Default: plain TCP. */
  readonly tls?: TlsConnectOptions | undefined;
  /** Who the user is, as the peer may ask to know. Default: nobody is named. PS3.7 D.3.3.7. */
  readonly userIdentity?: ProposedIdentity | undefined;
  /** The largest P-DATA-TF that we take, bytes; 0 is unlimited. Default: 131072. */
  readonly maximumLength?: number | undefined;
  /** Operations that we would like to have outstanding at once; the peer decides, 1 unless it agrees. Default: 8. PS3.7 D.3.3.3. */
  readonly maximumOperations?: number | undefined;
  /** For the transport connection, milliseconds. Default: 10000. */
  readonly connectTimeoutMs?: number | undefined;
  /** For the answer to the association request, milliseconds. Default: 30000. */
  readonly associationTimeoutMs?: number | undefined;
  /** For each response, from the last byte of its request, milliseconds. Default: 60000. */
  readonly responseTimeoutMs?: number | undefined;
  /** For the peer to take what is written, milliseconds. Default: 60000. */
  readonly writeTimeoutMs?: number | undefined;
  /** An association that is not used for so long is released, milliseconds. Default: 600000. */
  readonly idleTimeoutMs?: number | undefined;
  /** For the answer to a release request, milliseconds. Default: 30000. */
  readonly releaseTimeoutMs?: number | undefined;
  /**
   * Opens the transport of each association, in place of a TCP connection to `host` and `port`, which then are names for messages alone: a
   * tunnel, or a pair in memory for tests. Default: TCP.
   */
  readonly openTransport?: (() => Duplex) | undefined;
  /** What every deadline goes by. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}
