/**
 * What can go wrong above messages.
 */

import type { RetrieveOutcome } from './query-retrieve/retrieve-progress.js';

/**
 * What a {@link ServiceError} is about.
 *
 * - `refused`: the peer answered with a failure status.
 * - `invalid-response`: the peer's response lacks what it must have.
 * - `no-accepted-context`: the peer accepted no presentation context for what was asked.
 * - `no-result`: the peer took a request and did not report its result in time.
 * - `not-reconnected`: the association had ended (`earlier` says why), and no other one could be opened in its place (`cause`).
 * - `unknown-peer`: nobody knows where an AE title can be reached.
 * - `closed`: the client was released or aborted.
 * - `invalid-input`: what was given to be stored is nothing that can be.
 * - `invalid-option`: an option makes no sense, or two of them contradict each other.
 */
export type ServiceErrorCode =
  | 'no-result'
  | 'not-reconnected'
  | 'unknown-peer'
  | 'refused'
  | 'invalid-response'
  | 'no-accepted-context'
  | 'closed'
  | 'invalid-input'
  | 'invalid-option';

/** What a {@link ServiceError} carries beside code and message. */
export interface ServiceErrorDetails {
  /** The error beneath. */
  readonly cause?: unknown;
  /** The peer's status (`refused`). */
  readonly status?: number | undefined;
  /** The peer's error comment (0000,0902) (`refused`). */
  readonly comment?: string | undefined;
  /** Tags of the elements that the peer did not like (0000,0901) (`refused`). */
  readonly offendingElements?: readonly number[] | undefined;
  /** The peer's error ID (0000,0903) (`refused`). */
  readonly errorId?: number | undefined;
  /** What became of the instances of a C-GET or C-MOVE (`refused`). */
  readonly retrieval?: RetrieveOutcome | undefined;
  /** What ended the association in the first place (`not-reconnected`). */
  readonly earlier?: Error | undefined;
}

/** An error of this package. Those of the layers beneath pass through as they are. */
export class ServiceError extends Error {
  /** Always `'ServiceError'`. */
  override readonly name = 'ServiceError';
  /** What it is about; stable. */
  readonly code: ServiceErrorCode;
  /** The peer's status (`refused`). */
  readonly status: number | undefined;
  /** The peer's error comment (0000,0902) (`refused`). */
  readonly comment: string | undefined;
  /** Tags of the elements that the peer did not like (0000,0901) (`refused`). */
  readonly offendingElements: readonly number[];
  /** The peer's error ID (0000,0903) (`refused`). */
  readonly errorId: number | undefined;
  /** What became of the instances of a C-GET or C-MOVE (`refused`). */
  readonly retrieval: RetrieveOutcome | undefined;
  /** What ended the association in the first place (`not-reconnected`). */
  readonly earlier: Error | undefined;

  constructor(code: ServiceErrorCode, message: string, details: ServiceErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.comment = details.comment;
    this.offendingElements = details.offendingElements ?? [];
    this.errorId = details.errorId;
    this.retrieval = details.retrieval;
    this.earlier = details.earlier;
  }
}
