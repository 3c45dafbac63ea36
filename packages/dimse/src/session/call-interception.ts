import type { Association } from '@dicomwire/ul';
import type { ResponseCommand } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import type { Call } from './call.js';
import type { Interceptors } from './interceptors.js';
import { ReceivedResponse } from './received-response.js';

/** What becomes of a call that interceptors were shown. */
export interface InterceptionOutcome {
  /** It may leave. */
  passed(call: Call): void;
  failed(call: Call, error: unknown): void;
  /** Those behind it wait no longer. */
  resumed(): void;
}

/** Shows interceptors the requests of one session before they leave, one at a time, and the responses to them. */
export class CallInterception {
  readonly #interceptors: Interceptors;
  readonly #outcome: InterceptionOutcome;
  #waitsFor: Call | undefined;

  constructor(interceptors: Interceptors, outcome: InterceptionOutcome) {
    this.#interceptors = interceptors;
    this.#outcome = outcome;
  }

  /** True while an interceptor takes its time: then those behind have to wait. */
  get isWaiting(): boolean {
    return this.#waitsFor !== undefined;
  }

  /** A call whose turn has come. */
  show(association: Association, call: Call): void {
    const { outgoingRequest } = this.#interceptors;
    if (outgoingRequest === undefined) {
      this.#outcome.passed(call);
      return;
    }
    const { command, dataSet } = call;
    let shown: ReturnType<typeof outgoingRequest>;
    try {
      shown = outgoingRequest({ association, context: call.specification.context, command, dataSet, request: command });
    } catch (error) {
      this.#outcome.failed(call, error);
      return;
    }
    if (shown instanceof Promise) this.#wait(call, shown);
    else this.#pass(call, shown);
  }

  /** A call that is over, whatever interceptors make of it. */
  forget(call: Call): void {
    if (this.#waitsFor === call) this.#waitsFor = undefined;
  }

  /** What came, as interceptors leave it. @throws what they throw. */
  received(
    association: Association,
    call: Call,
    command: ResponseCommand,
    dataSet: DataSet | undefined,
  ): ReceivedResponse {
    const { context, sopClassUid } = call.specification;
    const { incomingResponse } = this.#interceptors;
    if (incomingResponse === undefined) return new ReceivedResponse(command, context, dataSet, sopClassUid);
    const message = incomingResponse({ association, context, command, dataSet, request: call.command });
    return new ReceivedResponse(message.command, context, message.dataSet, sopClassUid);
  }

  #wait(call: Call, shown: Extract<ReturnType<NonNullable<Interceptors['outgoingRequest']>>, Promise<unknown>>): void {
    this.#waitsFor = call;
    const settled = (conclude: () => void): void => {
      if (this.#waitsFor !== call) return;
      this.#waitsFor = undefined;
      conclude();
      this.#outcome.resumed();
    };
    shown.then(
      (message) => settled(() => this.#pass(call, message)),
      (error: unknown) => settled(() => this.#outcome.failed(call, error)),
    );
  }

  #pass(call: Call, { command, dataSet }: Pick<Call, 'command' | 'dataSet'>): void {
    if (call.state === 'over') return;
    call.change(command, dataSet);
    this.#outcome.passed(call);
  }
}
