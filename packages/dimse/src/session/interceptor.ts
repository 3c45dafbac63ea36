import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { RequestCommand, ResponseCommand } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import type { DataSetSource, IncomingDataSet } from '../message/types.js';
import type { IncomingRequest } from './handler.js';

/** A message that an interceptor is shown, with the request that it answers if it is a response. */
export interface InterceptedMessage<C extends RequestCommand | ResponseCommand, D> {
  readonly association: Association;
  readonly context: NegotiatedContext;
  readonly command: C;
  /** What goes with the command, if anything. */
  readonly dataSet: D | undefined;
  /** The request, as it was on the wire; of a request itself, the same as `command`. */
  readonly request: RequestCommand;
}

/** What is to take the place of what an interceptor was shown; what is absent stays as it is. */
export interface MessageChange<C extends RequestCommand | ResponseCommand, D> {
  /** Of the same type and with the same message ID; a response has to stay pending if it was, and final if it was. */
  readonly command?: C | undefined;
  /** A data set in place of the one that was there, or where there was none. */
  readonly dataSet?: D | undefined;
}

/** What an interceptor answers: `undefined` changes nothing. */
export type Interception<C extends RequestCommand | ResponseCommand, D> = MessageChange<C, D> | undefined;

/**
 * Stands between a session and the wire, and may change requests and responses in either direction. Of several, each is shown what those before
 * it made of the message. Messages keep their order: while one is waited for, those behind it wait as well, so that an interceptor must not wait
 * for another request of its own session. C-CANCEL passes by.
 */
export interface SessionInterceptor {
  /**
   * A request of ours is about to leave, its turn in the asynchronous operations window having come. Throwing fails the request with what was
   * thrown, and nothing is sent.
   */
  outgoingRequest?(
    message: InterceptedMessage<RequestCommand, DataSetSource>,
  ):
    | Interception<RequestCommand, DataSetSource | DataSet>
    | Promise<Interception<RequestCommand, DataSetSource | DataSet>>;

  /** A response to a request of ours came and is about to be delivered. Throwing fails the request with what was thrown. */
  incomingResponse?(message: InterceptedMessage<ResponseCommand, DataSet>): Interception<ResponseCommand, DataSet>;

  /**
   * A request of the peer is about to be handed to the handler. Throwing a `StatusError` answers its status in the handler's place. What
   * the response echoes (UIDs, event and action type) is always what came.
   */
  incomingRequest?(
    request: IncomingRequest,
  ): Interception<RequestCommand, IncomingDataSet> | Promise<Interception<RequestCommand, IncomingDataSet>>;

  /**
   * A response of ours is about to leave. Throwing a `StatusError` answers its status alone. The handler's next response is asked for
   * after this one has left.
   */
  outgoingResponse?(
    message: InterceptedMessage<ResponseCommand, DataSetSource>,
  ):
    | Interception<ResponseCommand, DataSetSource | DataSet>
    | Promise<Interception<ResponseCommand, DataSetSource | DataSet>>;
}
