import type { DataSet } from '../dataset/index.js';
import type { DataSetSource } from '../message/types.js';

/** How a request is made. */
export interface RequestOptions {
  /** Presentation context ID. Default: the first accepted context whose abstract syntax is the SOP class of the command. */
  readonly contextId?: number | undefined;
  /** What goes with the command: encoded in the transfer syntax of the context, or a data set to be encoded. */
  readonly dataSet?: DataSetSource | DataSet | undefined;
  /**
   * Gives up: the promise rejects with its reason at once. What was not sent is not sent; C-FIND, C-GET and C-MOVE are cancelled; a data set that
   * is half sent ends the association.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Sends C-CANCEL when it fires; what is waited for then is the final response, with its counters, as before. Before the request was sent the promise
   * rejects with its reason. Not heeded by requests that can't be cancelled.
   */
  readonly cancelSignal?: AbortSignal | undefined;
  /** Longest wait for each response, milliseconds; 0 is no limit. Default: `responseTimeoutMs` of the session. */
  readonly timeoutMs?: number | undefined;
  /** Bytes of the data set that were handed over so far, after each fragment. */
  readonly onProgress?: ((sentBytes: number) => void) | undefined;
}
