import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { CommandSet } from '../command/types.js';

/** A message as an observer is shown it. */
export interface ObservedMessage {
  readonly association: Association;
  /** Presentation context ID. */
  readonly contextId: number;
  /** The presentation context; `undefined` when the peer uses one that was not negotiated. */
  readonly context: NegotiatedContext | undefined;
  /** A copy, so that nothing done to it changes the message. */
  readonly command: CommandSet;
}

/**
 * Sees every message of a session, and can change and fail none: what it throws, or rejects with, is told to the session's `onError`
 * and changes nothing else. Nobody waits for the promise of an async one.
 */
export interface SessionObserver {
  /** A message came in, as it was on the wire: before interceptors see it, and before it is dispatched. Its data set, if any, is yet to come. */
  received?(message: ObservedMessage): void;
  /** The command of a message went to the association, as it goes on the wire. Its data set, if any, follows. */
  sent?(message: ObservedMessage): void;
}
