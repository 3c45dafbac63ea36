/**
 * Where those who make requests get their association from.
 */
import type { Clock, Session } from '@dicomwire/dimse';
import type { ContextProposal } from './context-proposal.js';
import type { Service } from './service.js';

/** Lends sessions. */
export interface SessionLender {
  /** Contexts that are proposed on every association, so that calls that run meanwhile can share it. */
  readonly usualContexts: readonly ContextProposal[];
  /** What waits go by; `undefined` for the system's clock. */
  readonly clock?: Clock | undefined;
  /** For responses, milliseconds; `undefined` for the session's own default. */
  readonly responseTimeoutMs: number | undefined;
  /**
   * A session on which these contexts were proposed; at once when one is free.
   *
   * @throws what kept it from being established.
   */
  borrow(
    contexts: readonly ContextProposal[],
    signal: AbortSignal | undefined,
    options?: BorrowOptions,
  ): Loan | Promise<Loan>;
}

/** How a session is wanted. */
export interface BorrowOptions {
  /** Whether nobody else may use it meanwhile: what comes in belongs to this call then. Default: false. */
  readonly isExclusive?: boolean | undefined;
}

/** A session for the time of a call. */
export interface Loan {
  readonly session: Session;
  /** True when it was established for this loan. */
  readonly isNew: boolean;
  /**
   * Performs what the peer asks of us by this service as long as the call runs: a C-GET's C-STOREs, say. SOP classes of the service's that
   * another one serves already go to the new one meanwhile.
   *
   * @returns a function that ends it.
   */
  serve(service: Service): () => void;
  /** The call is done. A promise when the association goes with it. */
  giveBack(): undefined | Promise<void>;
}
