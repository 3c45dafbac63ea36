/** Shows messages to those who watch: observers of the session, subscribers of the channels. Costs two comparisons a message when there are none. */
import type { Association } from '@dicomwire/ul';
import type { CommandSet } from '../command/types.js';
import { type MessageEvent, messageChannel, messageEndChannel } from '../diagnostics.js';
import { DimseError } from '../errors.js';
import type { OutboxWatch, OutgoingMessage } from '../message/outbox.js';
import type { ObservedMessage, SessionObserver } from './observer.js';

/** Watches the messages of one session. */
export class MessageWatch implements OutboxWatch {
  readonly #association: Association;
  readonly #observers: readonly SessionObserver[] | undefined;
  readonly #report: (error: DimseError) => void;
  /** The message on its way in, if its end is to be announced. */
  #arriving: MessageEvent | undefined;

  constructor(
    association: Association,
    observers: readonly SessionObserver[] | undefined,
    report: (error: DimseError) => void,
  ) {
    this.#association = association;
    this.#observers = observers;
    this.#report = report;
  }

  /** A command was read. */
  commandReceived(contextId: number, command: CommandSet): void {
    this.#arriving = this.#announce('in', contextId, command);
  }

  /** True when somebody wants to know of the end of the message that is on its way in. */
  get isWaitingForEnd(): boolean {
    return this.#arriving !== undefined;
  }

  /** The message on its way in has passed, or never will. */
  messageReceived(dataSetBytes: number, isWhole: boolean): void {
    const arriving = this.#arriving;
    this.#arriving = undefined;
    if (arriving !== undefined) messageEndChannel.publish({ ...arriving, dataSetBytes, isWhole });
  }

  commandSent({ contextId, command }: OutgoingMessage): void {
    this.#announce('out', contextId, command);
  }

  messageEnded({ contextId, command }: OutgoingMessage, dataSetBytes: number, isWhole: boolean): void {
    if (!messageEndChannel.hasSubscribers) return;
    messageEndChannel.publish({ ...this.#event('out', contextId, command), dataSetBytes, isWhole });
  }

  /** @returns the event, if the end of the message is to be announced as well. */
  #announce(direction: 'in' | 'out', contextId: number, command: CommandSet): MessageEvent | undefined {
    if (this.#observers !== undefined) this.#show(this.#observers, direction, contextId, command);
    const isEndWanted = messageEndChannel.hasSubscribers;
    if (!messageChannel.hasSubscribers && !isEndWanted) return undefined;
    const event = this.#event(direction, contextId, command);
    messageChannel.publish(event);
    return isEndWanted ? event : undefined;
  }

  #event(direction: 'in' | 'out', contextId: number, command: CommandSet): MessageEvent {
    const association = this.#association;
    return { direction, association, contextId, context: association.negotiated.contexts.get(contextId), command };
  }

  #show(observers: readonly SessionObserver[], direction: 'in' | 'out', contextId: number, command: CommandSet): void {
    for (const observer of observers) {
      const show = direction === 'in' ? observer.received : observer.sent;
      if (show === undefined) continue;
      const association = this.#association;
      const context = association.negotiated.contexts.get(contextId);
      const message: ObservedMessage = { association, contextId, context, command: structuredClone(command) };
      try {
        // An async one is a void function to the compiler.
        const shown: unknown = show.call(observer, message);
        if (shown instanceof Promise) shown.catch((error: unknown) => this.#failed(error));
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #failed(cause: unknown): void {
    this.#report(new DimseError('observer-failed', 'An observer failed', { cause }));
  }
}
