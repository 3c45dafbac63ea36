/** What performs requests, and what it is given. */
import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { Command, RequestCommand, RequestType, ResponseTypeOf } from '../command/types.js';
import type { IncomingDataSet, OutgoingResponse } from '../message/types.js';
import type { Invoker } from './invoker.js';

/** A request that came in, handed to the handler as soon as its command set is complete, before its data set. */
export interface IncomingRequest<C extends RequestCommand = RequestCommand> {
  readonly command: C;
  readonly context: NegotiatedContext;
  readonly association: Association;
  /**
   * Makes requests on the association that this one came on: the C-STORE sub-operations of a C-GET, an N-EVENT-REPORT. While this request is
   * performed that works even when release was asked for on this side.
   */
  readonly session: Invoker;
  /** Present when the command announces a data set. */
  readonly dataSet: IncomingDataSet | undefined;
  /** Fires on C-CANCEL for this request and when the association is over. */
  readonly signal: AbortSignal;
  /** True once a C-CANCEL for this request has come. */
  readonly isCancelled: boolean;
}

/**
 * Performs a request. Return one response, or an async iterable of them: pending ones followed by the final one. Throwing a `StatusError`
 * answers its status; throwing anything else answers 0110 (processing failure) for N-services or the C-service's own
 * C000-range status, and is reported through the session's `onError`.
 *
 * The next response is asked for once there is room for it on the line, so that a generator need not mind how fast the peer reads. After a
 * C-CANCEL the response in the works is still sent; a generator that then yields another pending one is left, and FE00 answered with the
 * counters of that one.
 */
export type RequestHandler = (request: IncomingRequest) => Promise<OutgoingResponse> | AsyncIterable<OutgoingResponse>;

/**
 * Handlers by the kind of request, each with the command that it gets and the response that it gives typed as that kind has them. What has no handler is
 * answered 0211 (unrecognized operation).
 *
 * @example
 * ```ts
 * import { createSessionServer } from '@dicomwire/dimse';
 *
 * const server = createSessionServer({
 *   policy: { presentationContexts: [] },
 *   session: {
 *     handler: {
 *       'C-ECHO-RQ': async () => ({ status: 0x0000 }),
 *       'C-MOVE-RQ': async function* ({ command }) {
 *         console.log(command.moveDestination);
 *         yield { status: 0xff00, fields: { numberOfRemainingSuboperations: 1 } };
 *         yield { status: 0x0000, fields: { numberOfCompletedSuboperations: 1 } };
 *       },
 *     },
 *   },
 * });
 * await server.close();
 * ```
 */
export type RequestHandlers = {
  readonly [T in RequestType]?:
    | ((
        request: IncomingRequest<Command<T>>,
      ) => Promise<OutgoingResponse<ResponseTypeOf<T>>> | AsyncIterable<OutgoingResponse<ResponseTypeOf<T>>>)
    | undefined;
};
