/**
 * A service as the provider sees it: which SOP classes it performs, which transfer syntaxes it takes, and who answers.
 * PS3.4.
 */
import type { Endpoint, IncomingRequest, OutgoingResponse, RequestType } from '@dicomwire/dimse';

/** A service class to be handed to {@link createScp}. Made by {@link verification}, {@link storage}, or by hand. */
export interface Service {
  /** For messages and logs: `'verification'`, `'storage'`, … */
  readonly name: string;
  /** The requests that it performs. */
  readonly requests: readonly RequestType[];
  /** The SOP classes that it performs, by UID. */
  readonly sopClasses: readonly string[];
  /** Whether it also takes SOP classes that no service names. Default: false. */
  readonly acceptsAnySopClass?: boolean | undefined;
  /**
   * Which role it plays in its SOP classes. `'scp'` performs what users ask. `'scu'` hears from providers: N-EVENT-REPORT, on associations that
   * the provider opened; a requestor that asks to be SCP of these classes is granted it. PS3.7 D.3.3.4. Default: `'scp'`.
   */
  readonly role?: 'scp' | 'scu' | undefined;
  /**
   * SOP classes of which it sends requests to the peer on the peer's own association: the C-STOREs of a C-GET. Contexts of these
   * are accepted, and a requestor that asks to be their SCP is granted it. Default: none.
   */
  readonly invokes?: readonly string[] | undefined;
  /** Transfer syntaxes for the contexts of what it invokes. Default: `transferSyntaxes`. */
  readonly invokesTransferSyntaxes?: readonly string[] | 'any' | undefined;
  /**
   * Answers service-class-application-information that a requestor sent for one of `sopClasses`; `undefined` gives no answer.
   * Default: no answer. PS3.7 D.3.3.5.
   */
  extendedNegotiation?(sopClass: string, proposed: Uint8Array): Uint8Array | undefined;
  /**
   * Transfer syntaxes that it takes, or `'any'`. Of several proposed in one context the requestor's first is accepted: it puts first
   * the one in which its objects are, or which it has least trouble to make, and what arrives is kept as it arrives. Default: the
   * uncompressed ones.
   */
  readonly transferSyntaxes?: readonly string[] | 'any' | undefined;
  /** Others for some of its SOP classes. Default: none. */
  readonly transferSyntaxesBySopClass?: Readonly<Record<string, readonly string[] | 'any'>> | undefined;
  /** Whose order decides: the requestor's, or that of this service. Default: `'requestor'`. */
  readonly transferSyntaxPreference?: 'requestor' | 'own' | undefined;
  /**
   * The provider begins to listen, or is given its first transport: what an earlier process left may be taken up. What it throws fails `listen`, and is
   * told to `onError` otherwise.
   */
  started?(provider: ProviderFacts): void | Promise<void>;
  /** The provider was closed and its associations are over. */
  closed?(): void | Promise<void>;
  /**
   * Performs one request. A `StatusError` answers its status; what else is thrown answers the failure of that kind of request (0110, or
   * C000 for C-STORE, C-FIND, C-GET and C-MOVE) and is reported.
   */
  perform(
    request: IncomingRequest,
    association: AssociationFacts,
  ): Promise<OutgoingResponse> | AsyncIterable<OutgoingResponse>;
}

/** What a service may know of the provider that it belongs to. */
export interface ProviderFacts {
  /** Its AE title. */
  readonly aeTitle: string;
}

/** What a handler may know of the association that a request came on. */
export interface AssociationFacts {
  /** A number that no other association of this process has. */
  readonly id: number;
  /** Who called. */
  readonly callingAeTitle: string;
  /** Whom it called. */
  readonly calledAeTitle: string;
  /** The other end of the connection; address `''` and port 0 where the transport has none. */
  readonly peer: Endpoint;
}
