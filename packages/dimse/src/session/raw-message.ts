/** Messages below the level of requests and responses: for what the standard does not define, and for tests of peers. */
import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { CommandSet } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import type { DataSetSource, IncomingDataSet } from '../message/types.js';
import type { Invoker } from './invoker.js';

/** A message to be sent as it is. */
export interface RawMessage {
  /** ID of an accepted presentation context. */
  readonly contextId: number;
  /**
   * The command set, to be encoded, or its bytes, which are sent as they stand. A command field that the standard does not define is of type
   * `'unknown'`, with elements of its own in `unknownElements`.
   */
  readonly command: CommandSet | Uint8Array;
  /**
   * What follows the command. A command set that is to be encoded announces it; bytes have to do so themselves, by Command Data Set Type
   * (0000,0800).
   */
  readonly dataSet?: DataSetSource | DataSet | undefined;
}

/** Sends any message, beside what an {@link Invoker} does. */
export interface MessageSender extends Invoker {
  /**
   * Sends a message as it is, when its turn comes: it is not checked, not counted in the asynchronous operations window, and no response is
   * waited for. A response that comes belongs to no request of the session, which ends the association, unless {@link RawMessageHandler.takes | it is taken}.
   *
   * @throws DimseError `no-context`, `invalid-command` (a command set that can't be encoded; bytes that are none or odd in number),
   * `missing-element`, `data-set-source`, `association-ended`.
   */
  sendMessage(message: RawMessage): Promise<void>;

  /** A message ID that no request under way has, and that the session does not give to its next requests. */
  nextMessageId(): number;
}

/** A message that came in, for a {@link RawMessageHandler}. */
export interface IncomingMessage {
  readonly association: Association;
  /** Presentation context ID. */
  readonly contextId: number;
  /** The presentation context; `undefined` when the peer uses one that was not negotiated. */
  readonly context: NegotiatedContext | undefined;
  /** What the standard does not define is of type `'unknown'`, with the elements that it does not know in `unknownElements`. */
  readonly command: CommandSet;
  /** Present when the command announces a data set. */
  readonly dataSet: IncomingDataSet | undefined;
  /** To answer it. */
  readonly session: MessageSender;
}

/** Takes messages out of the session's hands. */
export interface RawMessageHandler {
  /**
   * Whether a message is for {@link RawMessageHandler.handle}; then the session does nothing with it, and knows nothing of it. Called for each
   * message. Default: those whose command field the standard does not define, and those that lack an element that their message requires.
   */
  takes?(command: CommandSet, contextId: number): boolean;
  /**
   * Does with the message what it likes; nothing is answered for it. Called as soon as the command is complete. When the promise settles, what it
   * left of the data set is discarded; what it rejects with is told to `onError`. While more are at work than `maxOperationsPerformed`, the
   * association is not read.
   */
  handle(message: IncomingMessage): Promise<void>;
}
