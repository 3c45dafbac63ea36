/** A request of ours, from being asked for to its last response. */
import type { NegotiatedContext } from '@dicomwire/ul';
import { writeCommandSet } from '../command/encode.js';
import { responseTypeOf } from '../command/layout.js';
import type { RequestCommand, RequestType, ResponseCommand, ResponseType } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import type { DimseError } from '../errors.js';
import type { OutgoingMessage } from '../message/outbox.js';
import type { DataSetSource, IncomingResponse } from '../message/types.js';
import { statusCategory } from '../status.js';
import type { OperationWatch } from './operation-watch.js';
import type { SilenceTimer } from './silence-timer.js';

/** What a call is made of. */
export interface CallSpecification {
  readonly type: RequestType;
  readonly context: NegotiatedContext;
  readonly sopClassUid: string;
  /** The command set with the message ID that is given to it. */
  command(messageId: number): RequestCommand;
  readonly dataSet: DataSetSource | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Asks the peer to stop. */
  readonly cancelSignal: AbortSignal | undefined;
  readonly onProgress: ((sentBytes: number) => void) | undefined;
  readonly listener: CallListener;
}

/** Who made the call. */
export interface CallListener {
  /** Whether pending responses are wanted, or only the final one. */
  readonly wantsPending: boolean;
  /** A response; a promise keeps its data set on the association's account. */
  responded(response: IncomingResponse, isFinal: boolean): undefined | Promise<void>;
  /** There will be no (further) response. */
  failed(error: unknown): void;
}

/** What a {@link Call} tells those who keep it. */
export interface CallKeeper {
  handedOver(call: Call): void;
  finished(call: Call): void;
  unsent(call: Call, error: unknown): void;
  /** A function given by the user threw. */
  progressFailed(error: unknown): void;
}

const NO_BYTES = new Uint8Array(0);

/** `waiting` for the window or an interceptor, `leaving` through the outbox, `sent` and waiting for responses, `over`. */
export type CallState = 'waiting' | 'leaving' | 'sent' | 'over';

/** One call. */
export class Call implements OutgoingMessage {
  readonly specification: CallSpecification;
  readonly responseType: ResponseType;
  messageId = 0;
  state: CallState = 'waiting';
  /** Nobody listens any more: its responses are read and dropped. */
  isAbandoned = false;
  isCancelled = false;
  timer: SilenceTimer | undefined;
  /** True once the request is wholly out and its source has kept its word. */
  isFinished = false;
  /** The final response, if it came before that. */
  early: { readonly command: ResponseCommand; readonly dataSet: DataSet | undefined } | undefined;
  onSignal: (() => void) | undefined;
  onCancelSignal: (() => void) | undefined;
  /** Whoever listens to operations. */
  watch: OperationWatch | undefined;
  #command: RequestCommand | undefined;
  #commandBytes: Uint8Array = NO_BYTES;
  #source: DataSetSource | undefined;
  readonly #keeper: CallKeeper;

  constructor(specification: CallSpecification, keeper: CallKeeper) {
    this.specification = specification;
    this.responseType = responseTypeOf(specification.type);
    this.#source = specification.dataSet;
    this.#keeper = keeper;
  }

  get contextId(): number {
    return this.specification.context.id;
  }

  get command(): RequestCommand {
    this.#command ??= this.specification.command(this.messageId);
    return this.#command;
  }

  get commandBytes(): Uint8Array {
    return this.#commandBytes;
  }

  /** What an interceptor made of it. */
  change(command: RequestCommand, dataSet: DataSetSource | undefined): void {
    this.#command = command;
    this.#source = dataSet;
  }

  /** Makes it ready to leave. @throws DimseError when it can't be encoded. */
  encode(): void {
    this.#commandBytes = writeCommandSet(this.command);
    this.state = 'leaving';
  }

  get dataSet(): DataSetSource | undefined {
    return this.#source;
  }

  /** True for the requests that C-CANCEL can stop. PS3.7 9.3.2.3, 9.3.3.3, 9.3.4.3. */
  get isCancellable(): boolean {
    return (
      this.responseType === 'C-FIND-RSP' || this.responseType === 'C-GET-RSP' || this.responseType === 'C-MOVE-RSP'
    );
  }

  /** Whether this response can answer this call as it stands. */
  accepts(contextId: number, response: ResponseCommand): boolean {
    if (contextId !== this.contextId || response.type !== this.responseType) return false;
    const category = statusCategory(response.status);
    if (category === 'Pending' && !this.isCancellable) return false;
    // A peer may refuse before it has everything, but it can't have done what was asked.
    return this.state === 'sent' || (this.state === 'leaving' && category === 'Failure');
  }

  progressed(sentBytes: number): void {
    if (this.specification.onProgress === undefined || this.isAbandoned) return;
    try {
      this.specification.onProgress(sentBytes);
    } catch (error) {
      this.#keeper.progressFailed(error);
    }
  }

  handedOver(): void {
    this.#commandBytes = NO_BYTES;
    if (this.state !== 'leaving') return;
    this.state = 'sent';
    this.#keeper.handedOver(this);
  }

  finished(): void {
    this.#source = undefined;
    this.isFinished = true;
    this.#keeper.finished(this);
  }

  failed(error: unknown): void {
    this.#source = undefined;
    this.#keeper.unsent(this, error);
  }

  /** Tells the caller, unless nobody listens. */
  deliver(response: IncomingResponse, isFinal: boolean): undefined | Promise<void> {
    if (this.isAbandoned) return undefined;
    return this.specification.listener.responded(response, isFinal);
  }

  /** Tells the caller that it failed, unless nobody listens. */
  reject(error: DimseError | unknown): void {
    if (this.isAbandoned) return;
    this.isAbandoned = true;
    this.specification.listener.failed(error);
  }
}
