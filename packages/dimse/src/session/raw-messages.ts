/** Hands messages to the user as they come, where the user wants them. */
import type { Association } from '@dicomwire/ul';
import type { CommandSet } from '../command/types.js';
import { type Deferred, deferred } from '../deferred.js';
import { DimseError } from '../errors.js';
import { ArrivingDataSet } from '../message/arriving-data-set.js';
import type { DataSetReceiver } from '../message/assembler.js';
import type { SessionSettings } from './options.js';
import type { IncomingMessage, MessageSender, RawMessageHandler } from './raw-message.js';
import { DroppedDataSet } from './response-data-set.js';

/** What {@link RawMessages} needs of the session. */
export interface RawMessagesSession {
  readonly association: Association;
  readonly settings: SessionSettings;
  readonly sender: MessageSender;
  /** The number of operations under way changed. */
  operationsChanged(): void;
  /** The peer waited for us, and does so no longer. */
  readonly released: () => void;
}

/** The messages of one session that its user takes. */
export class RawMessages {
  readonly #session: RawMessagesSession;
  readonly #handler: RawMessageHandler;
  #handling = 0;
  #backlog: Deferred<void> | undefined;

  constructor(session: RawMessagesSession, handler: RawMessageHandler) {
    this.#session = session;
    this.#handler = handler;
  }

  /** Messages that are being handled. */
  get count(): number {
    return this.#handling;
  }

  /** While too many are, keeps what comes on the association's account. */
  get backlog(): Promise<void> | undefined {
    return this.#backlog?.promise;
  }

  /** A message. @returns who takes its data set; `undefined` when the message is the session's. */
  received(contextId: number, command: CommandSet): DataSetReceiver | undefined {
    if (!this.#takes(contextId, command)) return undefined;
    const { association, sender, released } = this.#session;
    const context = association.negotiated.contexts.get(contextId);
    const dataSet = command.hasDataSet ? new ArrivingDataSet(context?.transferSyntax ?? '', released) : undefined;
    void this.#handle({ association, contextId, context, command, dataSet, session: sender }, dataSet);
    return dataSet ?? new DroppedDataSet();
  }

  #takes(contextId: number, command: CommandSet): boolean {
    if (this.#handler.takes === undefined) return command.type === 'unknown';
    try {
      return this.#handler.takes(command, contextId);
    } catch (error) {
      this.#failed('Choosing raw messages failed', error);
      return false;
    }
  }

  /** Runs up to the handler's first wait in the turn in which the command was complete, so that no fragment waits for it. */
  async #handle(message: IncomingMessage, dataSet: ArrivingDataSet | undefined): Promise<void> {
    this.#handling++;
    if (this.#handling > this.#session.settings.maxOperationsPerformed) this.#backlog ??= deferred();
    this.#session.operationsChanged();
    try {
      await this.#handler.handle(message);
    } catch (error) {
      this.#failed(`Handler of a message of type ${message.command.type} failed`, error);
    }
    dataSet?.release();
    this.#handling--;
    if (this.#handling <= this.#session.settings.maxOperationsPerformed) {
      this.#backlog?.resolve();
      this.#backlog = undefined;
    }
    this.#session.released();
    this.#session.operationsChanged();
  }

  #failed(what: string, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#session.settings.report(new DimseError('handler-failed', `${what}: ${reason}`, { cause }));
  }
}
