/**
 * What an application does with a peer: the user's side of the services.
 */

import type { PeerOptions } from './peer.js';
import type { AssociationFacts } from './service.js';
import type { StoreInput } from './storage/store-input.js';
import type { StoreOptions, StoreSummary } from './storage/store-result.js';
import type { VerifyOptions } from './verification/verification-scu.js';

/** A presentation context to propose. PS3.8 7.1.1.13. */
export interface ContextProposal {
  readonly abstractSyntax: string;
  /** At least one. */
  readonly transferSyntaxes: readonly string[];
}

/** Options of {@link connect}. */
export interface ConnectOptions extends PeerOptions {
  /** Services whose contexts are proposed at once. Default: `['verification']`. */
  readonly services?: readonly 'verification'[] | undefined;
  /** More contexts to propose at once, for objects to be stored later on the same association, say. */
  readonly presentationContexts?: readonly ContextProposal[] | undefined;
  /** Ends the attempt to connect, and later the client with whatever it is doing. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A peer that we are associated with. Calls that need presentation contexts which the present association lacks are given
 * another association: in place of the present one when nothing runs on it, beside it otherwise.
 */
export interface Client extends AsyncDisposable {
  /** The present association; `undefined` when it was released, lost, or none was needed yet. */
  readonly association: AssociationFacts | undefined;
  /** C-ECHO: resolves when the peer answers Success. @throws ServiceError, or what kept the answer away. PS3.7 9.1.5. */
  verify(options?: VerifyOptions): Promise<void>;
  /**
   * C-STORE for each object of the inputs: works out contexts, associates, sends each data set exactly as it stands.
   * Never rejects for what happens to objects, the association included: the summary says it.
   *
   * @throws TypeError for inputs that are none.
   */
  store(inputs: StoreInput, options?: StoreOptions): Promise<StoreSummary>;
  /** Ends every association in order. Afterwards the client can't be used. Never hangs. */
  release(): Promise<void>;
  /** Ends every association at once. */
  abort(): void;
}
