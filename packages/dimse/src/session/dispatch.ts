/** From handlers by kind of request to one handler of all. */
import type { Command, RequestType } from '../command/types.js';
import type { OutgoingResponse } from '../message/types.js';
import { Status } from '../status.js';
import type { IncomingRequest, RequestHandler, RequestHandlers } from './handler.js';

/** The handler that a session calls. */
export function handlerOf(given: RequestHandler | RequestHandlers | undefined): RequestHandler | undefined {
  if (given === undefined || typeof given === 'function') return given;
  return (request) => dispatch(given, request.command.type, request);
}

function dispatch<T extends RequestType>(
  handlers: RequestHandlers,
  type: T,
  request: IncomingRequest,
): Promise<OutgoingResponse> | AsyncIterable<OutgoingResponse> {
  const handler = handlers[type];
  if (handler === undefined || !isOfType(request, type)) {
    return Promise.resolve({ status: Status.unrecognizedOperation });
  }
  return handler(request);
}

function isOfType<T extends RequestType>(
  request: IncomingRequest,
  type: T,
): request is IncomingRequest<Command<T>> & IncomingRequest {
  return request.command.type === type;
}
