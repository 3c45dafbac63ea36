/**
 * Requests of ours: message IDs, the asynchronous operations window, and which response belongs to which call. PS3.7 9.1, 10.1, D.3.3.3.
 */
import type { Association } from '@dicomwire/ul';
import type { ResponseCommand } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import { DimseError } from '../errors.js';
import type { DataSetReceiver } from '../message/assembler.js';
import type { Outbox } from '../message/outbox.js';
import { statusCategory, statusInHex } from '../status.js';
import { Call, type CallKeeper, type CallSpecification } from './call.js';
import { CallInterception } from './call-interception.js';
import { cancelMessage } from './cancel-message.js';
import { watchOperation } from './operation-watch.js';
import type { SessionSettings } from './options.js';
import type { ReceivedResponse } from './received-response.js';
import { DroppedDataSet, ResponseDataSet } from './response-data-set.js';
import { expectsDataSet, unexpectedResponse } from './response-fit.js';
import type { SilenceTimers } from './silence-timer.js';

const MESSAGE_IDS = 0xffff;

/** What {@link Calls} needs of the session. */
export interface CallsSession {
  readonly association: Association;
  readonly settings: SessionSettings;
  readonly outbox: Outbox;
  readonly timers: SilenceTimers;
  /** The number of calls under way changed. */
  operationsChanged(): void;
  /** While true, the peer waits for us rather than we for it: no C-GET runs out of time. */
  readonly isPerforming: boolean;
  /** While true, we may not be reading: nobody runs out of time. */
  readonly isHolding: boolean;
  /** Responses that were held are held no longer. */
  readonly released: () => void;
}

/** The calls of one session. */
export class Calls implements CallKeeper {
  readonly #session: CallsSession;
  readonly #window: number;
  /** By message ID: sent, or on their way. */
  readonly #active = new Map<number, Call>();
  readonly #waiting: Call[] = [];
  /** The C-GETs among the active ones. */
  readonly #gets = new Set<Call>();
  #isStarting = false;
  readonly #interception: CallInterception;
  #lastMessageId = 0;
  #ended: DimseError | undefined;
  /** Responses that their callers have not taken yet. */
  #holds = 0;
  #held: Promise<void> | undefined;

  constructor(session: CallsSession) {
    this.#session = session;
    const window = session.association.negotiated.maximumOperationsInvoked;
    this.#window = Math.min(window === 0 ? MESSAGE_IDS : window, MESSAGE_IDS);
    this.#interception = new CallInterception(session.settings.interceptors, {
      passed: (call) => this.#launch(call),
      failed: (call, error) => this.#fail(call, error),
      resumed: () => this.#startWaiting(),
    });
  }

  /** Calls that are not over, abandoned ones included. */
  get count(): number {
    return this.#active.size + this.#waiting.length;
  }

  /** True while callers have not taken the responses that are here. */
  get isHolding(): boolean {
    return this.#holds > 0;
  }

  /** What keeps the response that was just read, if it had no data set, on the association's account. */
  takeHeld(): Promise<void> | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** Makes a call: at once if the window allows, else when its turn has come. */
  invoke(specification: CallSpecification): Call {
    const call = new Call(specification, this);
    const { signal } = specification;
    const cancelSignal = call.isCancellable ? specification.cancelSignal : undefined;
    if (this.#ended !== undefined) {
      this.#fail(call, this.#ended);
      return call;
    }
    const early = signal?.aborted === true ? signal : cancelSignal?.aborted === true ? cancelSignal : undefined;
    if (early !== undefined) {
      this.#fail(call, early.reason);
      return call;
    }
    if (signal !== undefined) {
      call.onSignal = () => this.#interrupt(call, signal.reason);
      signal.addEventListener('abort', call.onSignal, { once: true });
    }
    if (cancelSignal !== undefined) {
      call.onCancelSignal = () => this.#askToStop(call, cancelSignal.reason);
      cancelSignal.addEventListener('abort', call.onCancelSignal, { once: true });
    }
    this.#waiting.push(call);
    this.#startWaiting();
    this.#session.operationsChanged();
    return call;
  }

  /** A response. @returns who takes its data set, if it has one. */
  responded(contextId: number, response: ResponseCommand): DataSetReceiver | DimseError | undefined {
    const call = this.#active.get(response.messageIdBeingRespondedTo);
    if (call === undefined || !call.accepts(contextId, response)) {
      const error = unexpectedResponse(contextId, response, call);
      if (call !== undefined) this.#fail(call, error);
      return error;
    }
    const isFinal = statusCategory(response.status) !== 'Pending';
    if (!response.hasDataSet) {
      this.#held = this.#conclude(call, response, undefined, isFinal);
      return undefined;
    }
    // Until the data set is here, the deadline of the message holds.
    call.timer?.stop();
    if (!expectsDataSet(response, isFinal)) {
      const message = `${response.type} with status ${statusInHex(response.status)}H came with a data set`;
      this.#session.settings.report(new DimseError('unexpected-data-set', message));
      return new DroppedDataSet(() => this.#conclude(call, response, undefined, isFinal));
    }
    if (!this.#isWanted(call, isFinal)) {
      return new DroppedDataSet(() => this.#conclude(call, response, undefined, isFinal));
    }
    const { transferSyntax = '' } = call.specification.context;
    return new ResponseDataSet(transferSyntax, this.#session.settings.maxResponseDataSetBytes, (dataSet, error) => {
      if (error !== undefined) this.#drop(call, error, isFinal);
      return this.#conclude(call, response, dataSet, isFinal);
    });
  }

  /** Something arrived that shows that a C-GET goes on. */
  touchGets(): void {
    for (const call of this.#gets) call.timer?.touch();
  }

  /** The caller left: what is on its way is cancelled, and its responses are dropped. */
  abandon(call: Call): void {
    if (call.state === 'over' || call.isAbandoned) return;
    call.isAbandoned = true;
    this.#withdraw(call);
  }

  /** The association is over: every call fails. */
  end(error: DimseError): void {
    this.#ended ??= error;
    for (const call of [...this.#active.values(), ...this.#waiting]) {
      if (call.state === 'leaving') this.#session.outbox.remove(call);
      this.#fail(call, error);
    }
  }

  handedOver(call: Call): void {
    const { timeoutMs } = call.specification;
    call.timer = this.#session.timers.make(timeoutMs, () => this.#expired(call));
    call.timer.touch();
    if (call.responseType === 'C-GET-RSP') this.#gets.add(call);
    if (call.isAbandoned || call.specification.cancelSignal?.aborted === true) this.#cancel(call);
  }

  finished(call: Call): void {
    if (call.early !== undefined) this.#conclude(call, call.early.command, call.early.dataSet, true);
  }

  unsent(call: Call, error: unknown): void {
    this.#fail(call, error);
  }

  progressFailed(error: unknown): void {
    this.#session.settings.report(new DimseError('handler-failed', 'onProgress threw', { cause: error }));
  }

  /** The next message ID, for what is no call. */
  nextMessageId(): number {
    return this.#nextMessageId();
  }

  /** A call that fails while it is started makes room for the next one: that is for this loop, not for a deeper one. */
  #startWaiting(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    while (this.#active.size < this.#window && !this.#interception.isWaiting) {
      const call = this.#waiting.shift();
      if (call === undefined) break;
      this.#start(call);
    }
    this.#isStarting = false;
  }

  #start(call: Call): void {
    call.messageId = this.#nextMessageId();
    this.#active.set(call.messageId, call);
    call.watch = watchOperation('invoker', this.#session.association, call.specification.context, call.command);
    this.#interception.show(this.#session.association, call);
  }

  #launch(call: Call): void {
    try {
      call.encode();
    } catch (error) {
      this.#fail(call, error);
      return;
    }
    this.#session.outbox.send(call);
  }

  /** 1 to 65535 round and round, past those in use. */
  #nextMessageId(): number {
    do this.#lastMessageId = (this.#lastMessageId % MESSAGE_IDS) + 1;
    while (this.#active.has(this.#lastMessageId));
    return this.#lastMessageId;
  }

  #conclude(
    call: Call,
    command: ResponseCommand,
    dataSet: DataSet | undefined,
    isFinal: boolean,
  ): undefined | Promise<void> {
    if (call.state === 'over') return undefined;
    call.watch?.responded(command, isFinal);
    if (isFinal && !call.isFinished) {
      call.timer?.stop();
      call.early = { command, dataSet };
      return undefined;
    }
    let response: ReceivedResponse | undefined;
    try {
      if (this.#isWanted(call, isFinal))
        response = this.#interception.received(this.#session.association, call, command, dataSet);
    } catch (error) {
      this.#drop(call, error, isFinal);
    }
    if (isFinal) this.#remove(call);
    else call.timer?.touch();
    return response === undefined ? undefined : this.#hold(call.deliver(response, isFinal));
  }

  #isWanted(call: Call, isFinal: boolean): boolean {
    return !call.isAbandoned && (isFinal || call.specification.listener.wantsPending);
  }

  #hold(taken: undefined | Promise<void>): undefined | Promise<void> {
    if (taken === undefined) return undefined;
    this.#holds++;
    return taken.then(() => {
      if (--this.#holds > 0) return;
      for (const call of this.#active.values()) if (call.state === 'sent') call.timer?.touch();
      this.#session.released();
    });
  }

  /** The caller gave up. */
  #interrupt(call: Call, reason: unknown): void {
    if (call.state === 'over') return;
    call.watch?.failed(reason);
    call.reject(reason);
    this.#withdraw(call);
  }

  /** The caller wants no more than the end; of what is half out the peer hears once it is out. */
  #askToStop(call: Call, reason: unknown): void {
    if (call.state === 'sent') this.#cancel(call);
    else if (call.state === 'waiting' || (call.state === 'leaving' && this.#session.outbox.remove(call))) {
      this.#fail(call, reason);
    }
  }

  /** Takes back what was not sent, stops what was; what is half out can only be stopped with the association. */
  #withdraw(call: Call): void {
    if (call.state === 'sent') {
      this.#cancel(call);
    } else if (call.state === 'waiting' || this.#session.outbox.remove(call)) {
      this.#remove(call);
    } else if (call.dataSet !== undefined && !call.isCancellable) {
      const error = new DimseError('association-ended', 'A request was interrupted while its data set was on its way');
      this.#session.association.abort(0, 0, error);
    }
  }

  /** The response can't be used: the caller is told, the operation stopped if it goes on. */
  #drop(call: Call, error: unknown, isFinal: boolean): void {
    call.watch?.failed(error);
    call.reject(error);
    if (call.state === 'sent' && !isFinal) this.#cancel(call);
  }

  #cancel(call: Call): void {
    if (call.isCancelled || !call.isCancellable) return;
    call.isCancelled = true;
    this.#session.outbox.sendFirst(cancelMessage(call.contextId, call.messageId));
  }

  #expired(call: Call): void {
    if (call.state === 'over') return;
    const isBusyWithUs = call.responseType === 'C-GET-RSP' && this.#session.isPerforming;
    if (isBusyWithUs || this.#session.isHolding) {
      call.timer?.touch();
      return;
    }
    const { type, timeoutMs } = call.specification;
    const error = new DimseError('response-timeout', `No response to ${type} ${call.messageId} within ${timeoutMs} ms`);
    this.#fail(call, error);
    this.#session.association.abort(0, 0, error);
  }

  #fail(call: Call, error: unknown): void {
    call.watch?.failed(error);
    this.#remove(call);
    call.reject(error);
  }

  #remove(call: Call): void {
    if (call.state === 'over') return;
    const wasCounted = call.messageId !== 0 && this.#active.get(call.messageId) === call;
    call.state = 'over';
    call.watch?.ended();
    call.timer?.stop();
    this.#interception.forget(call);
    const { onSignal, onCancelSignal, specification } = call;
    if (onSignal !== undefined) specification.signal?.removeEventListener('abort', onSignal);
    if (onCancelSignal !== undefined) specification.cancelSignal?.removeEventListener('abort', onCancelSignal);
    if (wasCounted) this.#active.delete(call.messageId);
    this.#gets.delete(call);
    const index = wasCounted ? -1 : this.#waiting.indexOf(call);
    if (index !== -1) this.#waiting.splice(index, 1);
    if (this.#ended === undefined) this.#startWaiting();
    this.#session.operationsChanged();
  }
}
