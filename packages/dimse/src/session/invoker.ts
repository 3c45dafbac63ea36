import type { NegotiatedContext } from '@dicomwire/ul';
import type { RequestWithoutIds, ResponseTo } from '../command/types.js';
import type { IncomingResponse } from '../message/types.js';
import type { RequestOptions } from './request-options.js';

/**
 * What makes requests on an association: a session, and what a handler is given of the session its request came on, so that it can send the
 * C-STORE sub-operations of a C-GET, or an N-EVENT-REPORT.
 */
export interface Invoker {
  /** The first accepted presentation context of this abstract syntax, and of this transfer syntax if one is given. */
  findContext(abstractSyntax: string, transferSyntax?: string): NegotiatedContext | undefined;

  /**
   * Sends a request and waits for the final response; pending ones are passed over.
   *
   * @throws DimseError by its `code`: `no-context`, `data-set-required`, `invalid-command`, `data-set-source`, `response-timeout`,
   * `unexpected-response`, `malformed-data-set`, `association-ended`; the `signal`'s reason when that fires. A status that says
   * failure is no error here.
   */
  request<C extends RequestWithoutIds>(command: C, options?: RequestOptions): Promise<IncomingResponse<ResponseTo<C>>>;

  /**
   * Sends a request, when its first response is asked for, and iterates over the responses: pending ones, the final one last. Leaving early
   * sends C-CANCEL; what still comes is read and dropped. Responses that nobody asked for yet make the association wait.
   *
   * @throws the same as {@link Invoker.request}, from the iteration.
   */
  requestMany<C extends RequestWithoutIds>(
    command: C,
    options?: RequestOptions,
  ): AsyncIterableIterator<IncomingResponse<ResponseTo<C>>>;
}
