import type { NegotiatedContext } from '@dicomwire/ul';
import type { ResponseCommand } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import type { IncomingResponse } from '../message/types.js';
import { type ResponseStatus, statusOfResponse } from '../response-status.js';
import { statusServiceOf } from '../status-service.js';

/** A response as its caller gets it. */
export class ReceivedResponse implements IncomingResponse {
  readonly command: ResponseCommand;
  readonly context: NegotiatedContext;
  readonly dataSet: DataSet | undefined;
  readonly #sopClassUid: string;

  /** @param sopClassUid - Of the request: responses may be silent about it. */
  constructor(command: ResponseCommand, context: NegotiatedContext, dataSet: DataSet | undefined, sopClassUid: string) {
    this.command = command;
    this.context = context;
    this.dataSet = dataSet;
    this.#sopClassUid = sopClassUid;
  }

  get status(): ResponseStatus {
    return statusOfResponse(this.command, statusServiceOf(this.command.type, this.#sopClassUid));
  }
}
