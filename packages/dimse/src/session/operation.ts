/** A request of the peer while it is performed. */
import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { RequestCommand } from '../command/types.js';
import type { ArrivingDataSet } from '../message/arriving-data-set.js';
import type { IncomingRequest } from './handler.js';
import type { Invoker } from './invoker.js';
import type { OperationWatch } from './operation-watch.js';

/** The session's side of an {@link IncomingRequest}. */
export class Operation implements IncomingRequest {
  readonly command: RequestCommand;
  readonly context: NegotiatedContext;
  readonly association: Association;
  readonly session: Invoker;
  readonly dataSet: ArrivingDataSet | undefined;
  /** Whoever listens to operations. */
  watch: OperationWatch | undefined;
  #isCancelled = false;
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;

  constructor(
    command: RequestCommand,
    context: NegotiatedContext,
    association: Association,
    session: Invoker,
    dataSet: ArrivingDataSet | undefined,
  ) {
    this.command = command;
    this.context = context;
    this.association = association;
    this.session = session;
    this.dataSet = dataSet;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** True once nobody waits for an answer any more. */
  get isOver(): boolean {
    return this.#abortReason !== undefined && !this.#isCancelled;
  }

  /** Made when first asked for; most handlers never look. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** C-CANCEL came. */
  cancel(): void {
    if (this.#abortReason !== undefined) return;
    this.#isCancelled = true;
    this.#abort(new DOMException(`Cancelled by ${this.association.callingAeTitle}`, 'AbortError'));
  }

  /** The association is over. */
  end(error: Error): void {
    this.dataSet?.fail(error);
    this.watch?.failed(error);
    this.#isCancelled = false;
    this.#abort(error);
  }

  #abort(reason: Error): void {
    this.#abortReason = reason;
    this.#controller?.abort(reason);
  }
}
