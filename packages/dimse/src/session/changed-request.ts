import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { RequestCommand } from '../command/types.js';
import type { IncomingDataSet } from '../message/types.js';
import type { IncomingRequest } from './handler.js';
import type { Invoker } from './invoker.js';

/** A request as an interceptor left it: the handler's view, while the session goes on with what came. */
export class ChangedRequest implements IncomingRequest {
  readonly command: RequestCommand;
  readonly dataSet: IncomingDataSet | undefined;
  readonly #request: IncomingRequest;

  constructor(request: IncomingRequest, command: RequestCommand, dataSet: IncomingDataSet | undefined) {
    this.#request = request;
    this.command = command;
    this.dataSet = dataSet;
  }

  get context(): NegotiatedContext {
    return this.#request.context;
  }

  get association(): Association {
    return this.#request.association;
  }

  get session(): Invoker {
    return this.#request.session;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get isCancelled(): boolean {
    return this.#request.isCancelled;
  }
}
