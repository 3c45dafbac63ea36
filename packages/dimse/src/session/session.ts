/**
 * DIMSE on an association, in both roles at once: requests go out and are answered, requests come in and are performed. PS3.7.
 */
import type {
  Association,
  AssociationEnd,
  FragmentReceiver,
  Negotiated,
  NegotiatedContext,
  ReleaseOptions,
} from '@dicomwire/ul';
import { isRequestType, isResponseType } from '../command/layout.js';
import type {
  CommandSet,
  RequestCommand,
  RequestWithoutIds,
  ResponseCommand,
  ResponseTo,
  UnknownCommand,
} from '../command/types.js';
import { type Deferred, deferred } from '../deferred.js';
import { publishMessage } from '../diagnostics.js';
import { DimseError } from '../errors.js';
import { type DataSetReceiver, MessageAssembler, type MessageReceiver } from '../message/assembler.js';
import { Outbox } from '../message/outbox.js';
import type { IncomingResponse } from '../message/types.js';
import { Status } from '../status.js';
import { associationEnded } from './association-end.js';
import type { Call, CallListener } from './call.js';
import { Calls, type CallsSession } from './calls.js';
import { Operations, type OperationsSession } from './operations.js';
import { decideSettings, type SessionOptions, type SessionSettings } from './options.js';
import { findContext, specifyCall } from './request.js';
import type { RequestOptions } from './request-options.js';
import { answerToUnknown, ResponseMessage } from './response.js';
import { DroppedDataSet } from './response-data-set.js';
import { ResponseStream } from './response-stream.js';
import { SilenceTimer } from './silence-timer.js';

/**
 * DIMSE on one association. Made by {@link createSession}, {@link connectSession} or a {@link createSessionServer | server}.
 *
 * Requests beyond the negotiated asynchronous operations window wait until an earlier one is answered, in the order in which they were
 * made; so do the peer's.
 */
export class Session {
  /** The association beneath. */
  readonly association: Association;
  readonly #line: SessionLine;

  /** @internal */
  constructor(association: Association, options: SessionOptions) {
    this.association = association;
    this.#line = new SessionLine(association, decideSettings(options));
    association.setReceiver(this.#line);
  }

  /** What both sides agreed on. */
  get negotiated(): Negotiated {
    return this.association.negotiated;
  }

  /** Settles (never rejects) when the association is over. */
  get closed(): Promise<AssociationEnd> {
    return this.association.closed;
  }

  /** Requests under way in either direction. */
  get operationCount(): number {
    return this.#line.operationCount;
  }

  /** The first accepted presentation context of this abstract syntax, and of this transfer syntax if one is given. */
  findContext(abstractSyntax: string, transferSyntax?: string): NegotiatedContext | undefined {
    return findContext(this.negotiated, abstractSyntax, transferSyntax);
  }

  /**
   * Sends a request and waits for the final response; pending ones are passed over.
   *
   * @throws {@link DimseError} by its `code`: `no-context`, `data-set-required`, `invalid-command`, `data-set-source`, `response-timeout`,
   * `unexpected-response`, `malformed-data-set`, `association-ended`; the `signal`'s reason when that fires. A status that says
   * failure is no error here.
   *
   * @example
   * ```ts no-run
   * import { connectSession, describeStatus } from '@dicomwire/dimse';
   *
   * const session = await connectSession({
   *   host: 'pacs',
   *   port: 104,
   *   calledAeTitle: 'PACS',
   *   callingAeTitle: 'CT1',
   *   presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
   * });
   * const { command } = await session.request({ type: 'C-ECHO-RQ', affectedSopClassUid: '1.2.840.10008.1.1' });
   * console.log(describeStatus(command.status, 'verification'));
   * await session.release();
   * ```
   */
  request<C extends RequestWithoutIds>(
    command: C,
    options: RequestOptions = {},
  ): Promise<IncomingResponse<ResponseTo<C>>> {
    const isExpected = responseGuard(command);
    return new Promise((resolve, reject) => {
      const listener: CallListener = {
        wantsPending: false,
        responded: (response) => {
          if (isExpected(response)) resolve(response);
          return undefined;
        },
        failed: reject,
      };
      this.#line.invoke(command, options, listener);
    });
  }

  /**
   * Sends a request, when its first response is asked for, and iterates over the responses: pending ones, the final one last. Leaving early sends
   * C-CANCEL; what still comes is read and dropped. Responses that nobody asked for yet make the association wait.
   *
   * @throws the same as {@link Session.request}, from the iteration.
   */
  requestMany<C extends RequestWithoutIds>(
    command: C,
    options: RequestOptions = {},
  ): AsyncIterableIterator<IncomingResponse<ResponseTo<C>>> {
    let call: Call | undefined;
    const line = this.#line;
    return new ResponseStream(
      {
        begin: (listener) => {
          call = line.invoke(command, options, listener);
        },
        abandon: () => {
          if (call !== undefined) line.calls.abandon(call);
        },
      },
      responseGuard(command),
    );
  }

  /**
   * Waits for what is under way in either direction, then releases the association; no request can be made meanwhile. Resolves when the association is over,
   * whichever way.
   *
   * @param options - `timeoutMs` holds for each of the two waits; then the association is aborted. Default: `responseTimeoutMs` for what is
   * under way, the association's `releaseTimeoutMs` for the release.
   */
  async release(options: ReleaseOptions = {}): Promise<AssociationEnd> {
    await this.#line.drained(options);
    return this.association.release(options);
  }

  /** A-ABORT, at once. */
  abort(error?: Error): void {
    this.association.abort(0, 0, error);
  }

  /** Releases the association: `await using session = …`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

/** Makes a session on an association that has no receiver yet; once for each association. */
export function createSession(association: Association, options: SessionOptions = {}): Session {
  return new Session(association, options);
}

function responseGuard<C extends RequestWithoutIds>(command: C) {
  const type = command.type.replace(/-RQ$/, '-RSP');
  return (response: IncomingResponse): response is IncomingResponse<ResponseTo<C>> => response.command.type === type;
}

/** What the association meets: messages in, and everything that they lead to. */
class SessionLine implements FragmentReceiver, MessageReceiver, CallsSession, OperationsSession {
  readonly association: Association;
  readonly settings: SessionSettings;
  readonly outbox: Outbox;
  readonly calls: Calls;
  readonly #operations: Operations;
  readonly #assembler: MessageAssembler;
  readonly #silence: SilenceTimer;
  #ended: DimseError | undefined;
  #isReleasing = false;
  #drained: Deferred<void> | undefined;

  constructor(association: Association, settings: SessionSettings) {
    this.association = association;
    this.settings = settings;
    this.outbox = new Outbox(association);
    this.calls = new Calls(this);
    this.#operations = new Operations(this);
    this.#assembler = new MessageAssembler(this, settings.maxCommandBytes);
    this.#silence = new SilenceTimer(association.clock, settings.messageTimeoutMs, () => this.#stalled());
  }

  get operationCount(): number {
    return this.calls.count + this.#operations.count;
  }

  get isPerforming(): boolean {
    return this.#operations.count > 0;
  }

  invoke(command: RequestWithoutIds, options: RequestOptions, listener: CallListener): Call {
    if (this.#isReleasing) throw new DimseError('association-ended', 'The association is being released');
    return this.calls.invoke(specifyCall(this.association, this.settings, command, options, listener));
  }

  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): undefined | Promise<void> {
    const held = this.#assembler.fragment(contextId, isCommand, isLast, data);
    if (this.#assembler.isMidMessage) this.#silence.touch();
    return isCommand ? (this.#operations.backlog ?? this.outbox.congestion) : held;
  }

  releaseRequested(): void {
    this.calls.end(associationEnded({ kind: 'released', by: 'peer' }));
  }

  ended(end: AssociationEnd): void {
    const error = associationEnded(end);
    this.#ended = error;
    this.#silence.stop();
    this.#assembler.end(error);
    this.outbox.end(error);
    this.calls.end(error);
    this.#operations.end(error);
    this.#drained?.resolve();
  }

  command(contextId: number, command: CommandSet): DataSetReceiver | undefined {
    publishMessage('in', this.association, contextId, command);
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
    if (error.received !== undefined)
      return this.#answerUnknown(contextId, error.received, Status.mistypedArgument, error);
    this.#abort(error);
    return undefined;
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
  };

  /** Resolves when nothing is under way, when that takes too long, or when the association is over. */
  async drained({ timeoutMs, signal }: ReleaseOptions): Promise<void> {
    this.#isReleasing = true;
    if (this.operationCount === 0 || this.#ended !== undefined || signal?.aborted === true) return;
    const drained = deferred<void>();
    this.#drained = drained;
    const limit = timeoutMs ?? this.settings.responseTimeoutMs;
    const expired = () =>
      this.#abort(
        new DimseError('response-timeout', `Operations were still under way ${limit} ms after release was asked for`),
      );
    const timer = limit === 0 ? undefined : this.association.clock.setTimer(expired, limit);
    const stop = () => drained.resolve();
    signal?.addEventListener('abort', stop, { once: true });
    await drained.promise;
    signal?.removeEventListener('abort', stop);
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
    if (this.#assembler.isHeld || this.#operations.backlog !== undefined) {
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
