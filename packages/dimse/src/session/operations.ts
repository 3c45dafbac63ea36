/**
 * Requests of the peer: each is handed to the handler when the asynchronous operations window allows, and answered. PS3.7 9.1, 10.1,
 * D.3.3.3.
 */
import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { RequestCommand } from '../command/types.js';
import { type Deferred, deferred } from '../deferred.js';
import { DimseError, StatusError } from '../errors.js';
import { ArrivingDataSet } from '../message/arriving-data-set.js';
import type { DataSetReceiver } from '../message/assembler.js';
import type { Outbox } from '../message/outbox.js';
import type { OutgoingResponse } from '../message/types.js';
import { Status, statusCategory } from '../status.js';
import type { Invoker } from './invoker.js';
import { Operation } from './operation.js';
import type { SessionSettings } from './options.js';
import { failureResponse, refuseSopClass } from './refusal.js';
import { buildResponse, ResponseMessage } from './response.js';
import { DroppedDataSet } from './response-data-set.js';

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
      void this.#send(context, command, { status: Status.duplicateInvocation }).catch(() => undefined);
      return undefined;
    };
    if (!command.hasDataSet) refuse();
    return new DroppedDataSet(refuse);
  }

  /** The handler is called in the turn in which the command was complete, so that no fragment waits for it. */
  #perform(operation: Operation): void {
    this.#performing++;
    const { handler } = this.#session.settings;
    let outcome: Promise<OutgoingResponse> | AsyncIterable<OutgoingResponse>;
    try {
      outcome = handler === undefined ? Promise.resolve(refuseSopClass(operation.command)) : handler(operation);
    } catch (error) {
      outcome = Promise.reject(error);
    }
    void this.#answer(operation, outcome).finally(() => this.#finished(operation));
  }

  async #answer(
    operation: Operation,
    outcome: Promise<OutgoingResponse> | AsyncIterable<OutgoingResponse>,
  ): Promise<void> {
    let final: OutgoingResponse;
    try {
      final = Symbol.asyncIterator in outcome ? await this.#answerPending(operation, outcome) : await outcome;
      if (statusCategory(final.status) === 'Pending') throw noFinalResponse(operation);
    } catch (error) {
      final = this.#failure(operation, error);
    }
    await this.#messageArrived(operation);
    if (operation.isOver) return;
    try {
      await this.#send(operation.context, operation.command, final);
    } catch (error) {
      if (operation.isOver) return;
      const failure = this.#failure(operation, error);
      // What can't be said in full is said without details; an association that is over takes neither.
      const bare = { status: failure.status };
      await this.#send(operation.context, operation.command, bare).catch(() => undefined);
    }
  }

  /** Sends the pending responses. @returns the final one. */
  async #answerPending(operation: Operation, outcome: AsyncIterable<OutgoingResponse>): Promise<OutgoingResponse> {
    let isFirst = true;
    for await (const response of outcome) {
      if (operation.isOver || statusCategory(response.status) !== 'Pending') return response;
      if (operation.isCancelled) return { status: Status.cancel, fields: response.fields };
      if (isFirst) await this.#messageArrived(operation);
      isFirst = false;
      await this.#send(operation.context, operation.command, response);
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

  #send(context: NegotiatedContext, request: RequestCommand, response: OutgoingResponse): Promise<void> {
    return new Promise((resolve, reject) => {
      const { command, dataSet } = buildResponse(request, context, response);
      this.#session.outbox.send(new ResponseMessage(context.id, command, dataSet, resolve, reject));
    });
  }

  #finished(operation: Operation): void {
    this.#performing--;
    this.#operations.delete(operation.command.messageId);
    operation.dataSet?.release();
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
