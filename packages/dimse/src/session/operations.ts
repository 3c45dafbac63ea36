/**
 * Requests of the peer: each is handed to the handler when the asynchronous operations window allows, and answered. PS3.7 9.1, 10.1,
 * D.3.3.3.
 */
import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { RequestCommand, ResponseCommand } from '../command/types.js';
import { type Deferred, deferred } from '../deferred.js';
import { DimseError, StatusError } from '../errors.js';
import { ArrivingDataSet } from '../message/arriving-data-set.js';
import type { DataSetReceiver } from '../message/assembler.js';
import type { Outbox } from '../message/outbox.js';
import type { DataSetSource, OutgoingResponse } from '../message/types.js';
import { Status, statusCategory } from '../status.js';
import type { IncomingRequest } from './handler.js';
import type { Interceptors } from './interceptors.js';
import type { Invoker } from './invoker.js';
import { Operation } from './operation.js';
import { type OperationWatch, watchOperation } from './operation-watch.js';
import type { SessionSettings } from './options.js';
import { failureResponse, refuseSopClass } from './refusal.js';
import { buildResponse, ResponseMessage } from './response.js';
import { DroppedDataSet } from './response-data-set.js';

/** What a handler gives, or comes to give. */
type Outcome = Promise<OutgoingResponse | AsyncIterable<OutgoingResponse>> | AsyncIterable<OutgoingResponse>;

/** What {@link Operations} needs of the session. */
export interface OperationsSession {
  readonly association: Association;
  readonly settings: SessionSettings;
  readonly outbox: Outbox;
  /** For handlers. */
  readonly invoker: Invoker;
  /** The number of operations under way changed. */
  operationsChanged(): void;
  /** The peer waited for us, and does so no longer. */
  readonly released: () => void;
}

/** The operations of one session. */
export class Operations {
  readonly #session: OperationsSession;
  readonly #window: number;
  /** By message ID: under way, or waiting for their turn. */
  readonly #operations = new Map<number, Operation>();
  readonly #waiting: Operation[] = [];
  #performing = 0;
  /** Settles when the handlers of all requests that interceptors have had so far were called. */
  #interception: Promise<void> | undefined;
  #backlog: Deferred<void> | undefined;

  constructor(session: OperationsSession) {
    this.#session = session;
    const window = session.association.negotiated.maximumOperationsPerformed;
    const limit = session.settings.maxOperationsPerformed;
    this.#window = window === 0 ? limit : Math.min(window, limit);
  }

  /** Operations that are not answered yet. */
  get count(): number {
    return this.#operations.size;
  }

  /** While more requests are here than may be performed, keeps those that come on the association's account. */
  get backlog(): Promise<void> | undefined {
    return this.#backlog?.promise;
  }

  /** A request. @returns who takes its data set. */
  requested(context: NegotiatedContext, command: RequestCommand): DataSetReceiver | undefined {
    if (this.#operations.has(command.messageId)) return this.#refuseDuplicate(context, command);
    const dataSet = command.hasDataSet
      ? new ArrivingDataSet(context.transferSyntax ?? '', this.#session.released)
      : undefined;
    const operation = new Operation(command, context, this.#session.association, this.#session.invoker, dataSet);
    this.#operations.set(command.messageId, operation);
    this.#session.operationsChanged();
    if (this.#performing < this.#window) {
      this.#perform(operation);
    } else {
      this.#waiting.push(operation);
      this.#backlog ??= deferred();
    }
    return dataSet;
  }

  /** A C-CANCEL; one that stops nothing is ignored. */
  cancelled(messageId: number): void {
    this.#operations.get(messageId)?.cancel();
  }

  /** The rest of a request will never come: its handler's signal fires, and nobody waits for an answer to half a message. */
  interrupt(isIncomplete: (dataSet: ArrivingDataSet | undefined) => boolean, error: DimseError): void {
    for (const operation of this.#operations.values()) {
      if (!isIncomplete(operation.dataSet)) continue;
      operation.end(error);
      const waiting = this.#waiting.indexOf(operation);
      if (waiting < 0) continue;
      this.#waiting.splice(waiting, 1);
      this.#operations.delete(operation.command.messageId);
      this.#session.operationsChanged();
    }
  }

  /** The association is over: signals fire, what waits is never begun. */
  end(error: DimseError): void {
    for (const operation of this.#waiting.splice(0)) this.#operations.delete(operation.command.messageId);
    this.#releaseBacklog();
    for (const operation of this.#operations.values()) operation.end(error);
  }

  #refuseDuplicate(context: NegotiatedContext, command: RequestCommand): DataSetReceiver {
    const refuse = () => {
      void this.#post(context, command, { status: Status.duplicateInvocation }).catch(() => undefined);
      return undefined;
    };
    if (!command.hasDataSet) refuse();
    return new DroppedDataSet(refuse);
  }

  /** The handler is called in the turn in which the command was complete, so that no fragment waits for it. */
  #perform(operation: Operation): void {
    this.#performing++;
    const { command, context, association } = operation;
    operation.watch = watchOperation('performer', association, context, command);
    let outcome: Outcome;
    try {
      const { incomingRequest } = this.#session.settings.interceptors;
      outcome = incomingRequest === undefined ? this.#handle(operation) : this.#intercept(operation, incomingRequest);
    } catch (error) {
      outcome = Promise.reject(error);
    }
    void this.#answer(operation, outcome).finally(() => this.#finished(operation));
  }

  #handle(request: IncomingRequest): Outcome {
    const { handler } = this.#session.settings;
    return handler === undefined ? Promise.resolve(refuseSopClass(request.command)) : handler(request);
  }

  /** Handlers are called in the order in which the requests came, however long an interceptor takes. */
  #intercept(operation: Operation, intercept: NonNullable<Interceptors['incomingRequest']>): Outcome {
    const before = this.#interception;
    const request = before === undefined ? intercept(operation) : before.then(() => intercept(operation));
    if (!(request instanceof Promise)) return this.#handle(request);
    // In an object, lest the handler's promise be waited for as well.
    const begun = request.then((changed) => {
      if (operation.isOver) throw operation.signal.reason;
      return { outcome: this.#handle(changed) };
    });
    const settled = (): void => {
      if (this.#interception === interception) this.#interception = undefined;
    };
    const interception = begun.then(settled, settled);
    this.#interception = interception;
    return begun.then(({ outcome }) => outcome);
  }

  async #answer(operation: Operation, outcome: Outcome): Promise<void> {
    let final: OutgoingResponse;
    try {
      const answer = Symbol.asyncIterator in outcome ? outcome : await outcome;
      final = Symbol.asyncIterator in answer ? await this.#answerPending(operation, answer) : answer;
      if (statusCategory(final.status) === 'Pending') throw noFinalResponse(operation);
    } catch (error) {
      final = this.#failure(operation, error);
    }
    await this.#messageArrived(operation);
    if (operation.isOver) return;
    try {
      await this.#send(operation, final);
    } catch (error) {
      if (operation.isOver) return;
      const failure = this.#failure(operation, error);
      // What can't be said in full is said without details; an association that is over takes neither.
      const bare = { status: failure.status };
      await this.#post(operation.context, operation.command, bare, operation.watch).catch(() => undefined);
    }
  }

  /** Sends the pending responses. @returns the final one. */
  async #answerPending(operation: Operation, outcome: AsyncIterable<OutgoingResponse>): Promise<OutgoingResponse> {
    let isFirst = true;
    let wasCancelled = false;
    for await (const response of outcome) {
      if (operation.isOver || statusCategory(response.status) !== 'Pending') return response;
      if (wasCancelled) return { status: Status.cancel, fields: response.fields };
      // What was in the works may still go; then the handler has to look at its signal.
      wasCancelled = operation.isCancelled;
      if (isFirst) await this.#messageArrived(operation);
      isFirst = false;
      await this.#send(operation, response);
    }
    throw noFinalResponse(operation);
  }

  /** What the handler left is discarded, and the peer is answered when it has said everything. */
  #messageArrived(operation: Operation): Promise<void> | undefined {
    operation.dataSet?.release();
    return operation.dataSet?.arrived;
  }

  #failure(operation: Operation, error: unknown): OutgoingResponse {
    const { type, messageId } = operation.command;
    operation.watch?.failed(error);
    if (operation.isCancelled && !(error instanceof StatusError)) return { status: Status.cancel };
    if (!(error instanceof StatusError) && !operation.isOver) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `Handler of ${type} ${messageId} failed: ${reason}`;
      const reported =
        error instanceof DimseError && error.code === 'no-final-response'
          ? error
          : new DimseError('handler-failed', message, { cause: error });
      this.#session.settings.report(reported, operation);
    }
    return failureResponse(type, error);
  }

  #send(operation: Operation, response: OutgoingResponse): Promise<void> {
    const { context, command: request, watch } = operation;
    const { outgoingResponse } = this.#session.settings.interceptors;
    return outgoingResponse === undefined
      ? this.#post(context, request, response, watch)
      : this.#sendIntercepted(operation, response, outgoingResponse);
  }

  async #sendIntercepted(
    { context, command: request, watch, association }: Operation,
    response: OutgoingResponse,
    intercept: NonNullable<Interceptors['outgoingResponse']>,
  ): Promise<void> {
    const built = buildResponse(request, context, response);
    const changed = await intercept({ association, context, request, ...built });
    await this.#postBuilt(context, changed.command, changed.dataSet, watch);
  }

  #post(
    context: NegotiatedContext,
    request: RequestCommand,
    response: OutgoingResponse,
    watch?: OperationWatch,
  ): Promise<void> {
    try {
      const { command, dataSet } = buildResponse(request, context, response);
      return this.#postBuilt(context, command, dataSet, watch);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #postBuilt(
    context: NegotiatedContext,
    command: ResponseCommand,
    dataSet: DataSetSource | undefined,
    watch: OperationWatch | undefined,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const message = new ResponseMessage(context.id, command, dataSet, resolve, reject);
      watch?.responded(command, statusCategory(command.status) !== 'Pending');
      this.#session.outbox.send(message);
    });
  }

  #finished(operation: Operation): void {
    this.#performing--;
    this.#operations.delete(operation.command.messageId);
    operation.dataSet?.release();
    operation.watch?.ended();
    while (this.#performing < this.#window) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#perform(next);
    }
    if (this.#waiting.length === 0) this.#releaseBacklog();
    this.#session.released();
    this.#session.operationsChanged();
  }

  #releaseBacklog(): void {
    if (this.#backlog === undefined) return;
    this.#backlog.resolve();
    this.#backlog = undefined;
    this.#session.released();
  }
}

function noFinalResponse(operation: Operation): DimseError {
  const { type, messageId } = operation.command;
  return new DimseError('no-final-response', `The handler of ${type} ${messageId} ended without a final response`);
}
