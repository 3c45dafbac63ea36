/** How a query is made. */
import type { Priority } from '../priority.js';
import type { QueryNegotiation } from '../query/query-negotiation.js';

/**
 * Options of a query. What is named of {@link QueryNegotiation} is asked for when the association is opened; whether the peer agreed is said by
 * `negotiated` of its results.
 */
export interface QueryCallOptions extends Partial<QueryNegotiation> {
  /** Most matches that are wanted; then C-CANCEL is sent. Default: all. */
  readonly limit?: number | undefined;
  /** Cancels: C-CANCEL is sent, and the iteration throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** For each response, milliseconds; 0 is no limit. Default: the peer's `responseTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Priority (0000,0700). Default: `'medium'`. */
  readonly priority?: Priority | undefined;
  /** Transfer syntaxes to propose. Default: explicit and implicit VR little endian. */
  readonly transferSyntaxes?: readonly string[] | undefined;
}
