/**
 * What an association meets: messages in, and everything that they lead to.
 */
import type { Association, AssociationEnd, FragmentReceiver, ReleaseOptions } from '@dicomwire/ul';
import { isRequestType, isResponseType } from '../command/layout.js';
import type {
  CommandSet,
  RequestCommand,
  RequestWithoutIds,
  ResponseCommand,
  UnknownCommand,
} from '../command/types.js';
import { type Deferred, deferred } from '../deferred.js';
import { DimseError } from '../errors.js';
import { type DataSetReceiver, MessageAssembler, type MessageReceiver } from '../message/assembler.js';
import { Outbox } from '../message/outbox.js';
import { Status } from '../status.js';
import { associationEnded } from './association-end.js';
import type { Call, CallListener } from './call.js';
import { Calls, type CallsSession } from './calls.js';
import type { Invoker } from './invoker.js';
import { type InvocationPeriod, type InvokerLine, LineInvoker } from './line-invoker.js';
import { MessageWatch } from './message-watch.js';
import { Operations, type OperationsSession } from './operations.js';
import type { SessionSettings } from './options.js';
import type { MessageSender, RawMessage } from './raw-message.js';
import { RawMessages, type RawMessagesSession } from './raw-messages.js';
import { specifyCall } from './request.js';
import type { RequestOptions } from './request-options.js';
import { answerToUnknown, ResponseMessage } from './response.js';
import { DroppedDataSet } from './response-data-set.js';
import { type SilenceTimer, SilenceTimers } from './silence-timer.js';
import { UncheckedMessage } from './unchecked-message.js';

/** The working parts of a session, joined. */
export class SessionLine
  implements FragmentReceiver, MessageReceiver, CallsSession, OperationsSession, InvokerLine, RawMessagesSession
{
  readonly association: Association;
  readonly settings: SessionSettings;
  readonly outbox: Outbox;
  readonly timers: SilenceTimers;
  readonly calls: Calls;
  /** For handlers. */
  readonly invoker: Invoker;
  readonly sender: MessageSender;
  readonly #operations: Operations;
  readonly #assembler: MessageAssembler;
  readonly #silence: SilenceTimer;
  readonly #watch: MessageWatch;
  readonly #rawMessages: RawMessages | undefined;
  #ended: DimseError | undefined;
  #isReleasing = false;
  /** Messages of the user's making on their way out. */
  #sending = 0;
  #drained: Deferred<void> | undefined;

  constructor(association: Association, settings: SessionSettings) {
    this.association = association;
    this.settings = settings;
    this.#watch = new MessageWatch(association, settings.observers, settings.report);
    this.outbox = new Outbox(association, this.#watch);
    this.timers = new SilenceTimers(association.clock);
    this.calls = new Calls(this);
    this.sender = new LineInvoker(this, 'while performing');
    this.invoker = this.sender;
    this.#rawMessages = settings.rawMessages && new RawMessages(this, settings.rawMessages);
    this.#operations = new Operations(this);
    this.#assembler = new MessageAssembler(this, settings.maxCommandBytes);
    this.#silence = this.timers.make(settings.messageTimeoutMs, () => this.#stalled());
  }

  get operationCount(): number {
    return this.calls.count + this.#operations.count + (this.#rawMessages?.count ?? 0) + this.#sending;
  }

  get isPerforming(): boolean {
    return this.#operations.count > 0;
  }

  get isHolding(): boolean {
    return this.#assembler.isHeld || this.calls.isHolding || this.#backlog !== undefined;
  }

  invoke(command: RequestWithoutIds, options: RequestOptions, listener: CallListener, period: InvocationPeriod): Call {
    this.#refuseDuringRelease(period);
    return this.calls.invoke(specifyCall(this.association, this.settings, command, options, listener));
  }

  send(message: RawMessage, period: InvocationPeriod): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#refuseDuringRelease(period);
      const over = (): void => {
        this.#sending--;
        this.operationsChanged();
      };
      const finished = (): void => {
        over();
        resolve();
      };
      const failed = (error: unknown): void => {
        over();
        reject(error);
      };
      const unchecked = new UncheckedMessage(this.association, message, finished, failed);
      this.#sending++;
      this.operationsChanged();
      this.outbox.send(unchecked);
    });
  }

  #refuseDuringRelease(period: InvocationPeriod): void {
    const isHandling = this.isPerforming || (this.#rawMessages?.count ?? 0) > 0;
    if (!this.#isReleasing || (period === 'while performing' && isHandling)) return;
    throw new DimseError('association-ended', 'The association is being released');
  }

  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): undefined | Promise<void> {
    const held = this.#assembler.fragment(contextId, isCommand, isLast, data);
    if (this.#assembler.isMidMessage) this.#silence.touch();
    else if (this.#watch.isWaitingForEnd) this.#watch.messageReceived(this.#assembler.dataSetBytes, true);
    return isCommand ? (this.calls.takeHeld() ?? this.#backlog ?? this.outbox.congestion) : held;
  }

  get #backlog(): Promise<void> | undefined {
    return this.#operations.backlog ?? this.#rawMessages?.backlog;
  }

  /** Who has asked for release sends nothing more (PS3.8 Sta7): a message of which a part is missing will never be whole. */
  releaseRequested(): void {
    const error = associationEnded({ kind: 'released', by: 'peer' });
    this.calls.end(error);
    if (!this.#assembler.isMidMessage) return;
    this.#operations.interrupt((dataSet) => this.#assembler.isReceiving(dataSet), error);
    this.#assembler.end(error);
    this.#watch.messageReceived(this.#assembler.dataSetBytes, false);
    this.#silence.stop();
  }

  ended(end: AssociationEnd): void {
    const error = associationEnded(end);
    this.#ended = error;
    this.timers.end();
    this.#assembler.end(error);
    this.#watch.messageReceived(this.#assembler.dataSetBytes, false);
    this.calls.end(error);
    this.outbox.end(error);
    this.#operations.end(error);
    this.#drained?.resolve();
  }

  command(contextId: number, command: CommandSet): DataSetReceiver | undefined {
    this.#watch.commandReceived(contextId, command);
    // Whoever watches may have ended the association.
    if (this.#ended !== undefined) return undefined;
    const taker = this.#rawMessages?.received(contextId, command);
    if (taker !== undefined) return taker;
    if (isRequest(command)) return this.#requested(contextId, command);
    if (isResponse(command)) {
      const receiver = this.calls.responded(contextId, command);
      if (!(receiver instanceof DimseError)) return receiver;
      this.#abort(receiver);
      return undefined;
    }
    if (command.type === 'C-CANCEL-RQ') {
      this.#operations.cancelled(command.messageIdBeingRespondedTo);
      return undefined;
    }
    return this.#answerUnknown(contextId, command, Status.unrecognizedOperation);
  }

  unreadable(contextId: number, error: DimseError): DataSetReceiver | undefined {
    const { received } = error;
    if (received === undefined) {
      this.#abort(error);
      return undefined;
    }
    this.#watch.commandReceived(contextId, received);
    if (this.#ended !== undefined) return undefined;
    const taker = this.#rawMessages?.received(contextId, received);
    return taker ?? this.#answerUnknown(contextId, received, Status.mistypedArgument, error);
  }

  violated(error: DimseError): void {
    this.#abort(error);
  }

  operationsChanged(): void {
    if (this.#ended !== undefined) return;
    const count = this.operationCount;
    this.association.setPendingOperations(count);
    if (count === 0) this.#drained?.resolve();
  }

  /** What was held back is on its way again: from now on silence is the peer's. */
  readonly released = (): void => {
    if (this.#assembler.isMidMessage) this.#silence.touch();
    this.calls.touchGets();
  };

  /** Resolves when nothing is under way, when that takes too long, or when the association is over. */
  async drained({ timeoutMs, signal }: ReleaseOptions): Promise<void> {
    this.#isReleasing = true;
    if (this.operationCount === 0 || this.#ended !== undefined || signal?.aborted === true) return;
    this.#drained ??= deferred();
    const drained = this.#drained;
    const limit = timeoutMs ?? this.settings.responseTimeoutMs;
    const expired = () =>
      this.#abort(
        new DimseError('response-timeout', `Operations were still under way ${limit} ms after release was asked for`),
      );
    const timer = limit === 0 ? undefined : this.association.clock.setTimer(expired, limit);
    const interrupted = deferred<void>();
    const interrupt = () => interrupted.resolve();
    signal?.addEventListener('abort', interrupt, { once: true });
    await Promise.race([drained.promise, interrupted.promise]);
    signal?.removeEventListener('abort', interrupt);
    timer?.cancel();
  }

  #requested(contextId: number, command: RequestCommand): DataSetReceiver | undefined {
    const context = this.association.negotiated.contexts.get(contextId);
    if (context === undefined) {
      this.#abort(
        new DimseError('message-sequence', `Request on presentation context ${contextId}, which was not negotiated`),
      );
      return undefined;
    }
    if (command.type === 'C-STORE-RQ') this.calls.touchGets();
    if (command.hasDataSet && command.type === 'C-ECHO-RQ') {
      this.settings.report(new DimseError('unexpected-data-set', 'C-ECHO-RQ came with a data set'));
    }
    return this.#operations.requested(context, command);
  }

  #answerUnknown(
    contextId: number,
    command: UnknownCommand,
    status: number,
    cause?: DimseError,
  ): DataSetReceiver | undefined {
    const field = command.commandField.toString(16).toUpperCase().padStart(4, '0');
    const error = cause ?? new DimseError('unexpected-message', `Unknown command field ${field}H`);
    const answer = answerToUnknown(command, status);
    if (answer === undefined) {
      this.#abort(error);
      return undefined;
    }
    this.settings.report(error);
    const ignore = () => undefined;
    const respond = () => {
      this.outbox.send(new ResponseMessage(contextId, answer, undefined, ignore, ignore));
      return undefined;
    };
    if (!command.hasDataSet) respond();
    return new DroppedDataSet(respond);
  }

  #stalled(): void {
    if (!this.#assembler.isMidMessage) return;
    if (this.isHolding) {
      this.#silence.touch();
      return;
    }
    const error = new DimseError(
      'message-timeout',
      `A message was not completed within ${this.settings.messageTimeoutMs} ms`,
    );
    this.#assembler.end(error);
    this.#abort(error);
  }

  /** ABORT(0,0): the error is told to `onError` and to everything that it interrupts. */
  #abort(error: DimseError): void {
    this.settings.report(error);
    this.association.abort(0, 0, error);
  }
}

function isRequest(command: CommandSet): command is RequestCommand {
  return isRequestType(command.type);
}

function isResponse(command: CommandSet): command is ResponseCommand {
  return isResponseType(command.type);
}
