/**
 * A service as the provider sees it: which SOP classes it performs, which transfer syntaxes it takes, and who answers.
 * PS3.4.
 */
import type { IncomingRequest, OutgoingResponse } from '@dicomwire/dimse';

/** The requests that a service can perform. PS3.7 9.1, 10.1. */
export type RequestType = IncomingRequest['command']['type'];

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
   * Transfer syntaxes that it takes, or `'any'`. Of several proposed in one context the requestor's first wins, save that explicit
   * VR little endian goes before another uncompressed one. Default: the uncompressed ones.
   */
  readonly transferSyntaxes?: readonly string[] | 'any' | undefined;
  /** Answers an exception that is no `StatusError`. Default: 0110 (processing failure). */
  readonly failureStatus?: number | undefined;
  /** Performs one request. */
  perform(request: ServiceRequest): Promise<OutgoingResponse> | AsyncIterable<OutgoingResponse>;
}

/** A request on its way to a {@link Service}. */
export interface ServiceRequest extends IncomingRequest {
  /** Who asked. */
  readonly facts: AssociationFacts;
}

/** What a handler may know of the association that a request came on. */
export interface AssociationFacts {
  /** A number that no other association of this process has. */
  readonly id: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** The other end of the connection; address `''` and port 0 where the transport has none. */
  readonly peer: { readonly address: string; readonly port: number };
}
