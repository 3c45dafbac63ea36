/**
 * What can go wrong above messages.
 */

/**
 * What a {@link ServiceError} is about.
 *
 * - `refused`: the peer answered with a failure status.
 * - `no-accepted-context`: the peer accepted no presentation context for what was asked.
 * - `closed`: the client was released or aborted.
 * - `invalid-option`: an option makes no sense, or two of them contradict each other.
 */
export type ServiceErrorCode = 'refused' | 'no-accepted-context' | 'closed' | 'invalid-option';

/** An error of this package. Those of the layers beneath pass through as they are. */
export class ServiceError extends Error {
  /** Always `'ServiceError'`. */
  override readonly name = 'ServiceError';
  /** What it is about; stable. */
  readonly code: ServiceErrorCode;
  /** The peer's status (`refused`). */
  readonly status: number | undefined;

  constructor(code: ServiceErrorCode, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
