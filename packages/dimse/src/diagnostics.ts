/**
 * What observers of messages are told, through `node:diagnostics_channel`; nothing is done when nobody listens.
 *
 * | channel                   | message                 |
 * | ------------------------- | ----------------------- |
 * | `dicomwire:message`       | {@link MessageEvent}    |
 * | `dicomwire:message-end`   | {@link MessageEndEvent} |
 * | `dicomwire:operation`     | {@link OperationEvent}  |
 * | `dicomwire:session-error` | {@link SessionErrorEvent} |
 */
import { channel } from 'node:diagnostics_channel';
import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { CommandSet, RequestCommand, ResponseCommand } from './command/types.js';
import type { DimseError } from './errors.js';

/** Published on the channel `dicomwire:message` for each message: outgoing when its command was sent, incoming when it was read. */
export interface MessageEvent {
  readonly direction: 'in' | 'out';
  readonly association: Association;
  /** Presentation context ID. */
  readonly contextId: number;
  /** The presentation context; `undefined` when the peer uses one that was not negotiated. */
  readonly context: NegotiatedContext | undefined;
  readonly command: CommandSet;
}

/** Published on the channel `dicomwire:message-end` for each message, when all of it has passed, or when the rest of it never will. */
export interface MessageEndEvent extends MessageEvent {
  /** Length of its data set as far as it has passed; 0 when it has none. */
  readonly dataSetBytes: number;
  /** False when it was broken off. */
  readonly isWhole: boolean;
}

/** Published on the channel `dicomwire:operation` when a request is begun, and when it is over: on either side, for either side's requests. */
export type OperationEvent =
  | (OperationFacts & { readonly event: 'start' })
  | (OperationFacts & {
      readonly event: 'end';
      /** The final response; `undefined` when there was none. */
      readonly response: ResponseCommand | undefined;
      /** Pending responses before it. */
      readonly pendingResponses: number;
      /** From the request's turn in the asynchronous operations window until now, milliseconds. */
      readonly durationMs: number;
      /** Why there was no final response, or what the handler failed with. */
      readonly error: unknown;
    });

/** What the two {@link OperationEvent}s of an operation have in common. */
export interface OperationFacts {
  /** Whether this side asked for the operation or performs it. */
  readonly role: 'invoker' | 'performer';
  readonly association: Association;
  readonly context: NegotiatedContext;
  /** The request; its message ID is that of the operation. */
  readonly command: RequestCommand;
}

/** Published on the channel `dicomwire:session-error`: what the session's `onError` is told. */
export interface SessionErrorEvent {
  readonly association: Association;
  readonly error: DimseError;
  /** The request at hand, if any. */
  readonly request: RequestCommand | undefined;
}

/** Name of the channel on which a {@link MessageEvent} is published for each message. */
export const MESSAGE_CHANNEL = 'dicomwire:message';
/** Name of the channel on which a {@link MessageEndEvent} is published for each message. */
export const MESSAGE_END_CHANNEL = 'dicomwire:message-end';
/** Name of the channel on which {@link OperationEvent}s are published. */
export const OPERATION_CHANNEL = 'dicomwire:operation';
/** Name of the channel on which a {@link SessionErrorEvent} is published for each error. */
export const SESSION_ERROR_CHANNEL = 'dicomwire:session-error';

/** Where messages are announced. */
export const messageChannel = channel(MESSAGE_CHANNEL);
/** Where their ends are. */
export const messageEndChannel = channel(MESSAGE_END_CHANNEL);
/** Where operations are announced. */
export const operationChannel = channel(OPERATION_CHANNEL);
/** Where errors are announced. */
export const sessionErrorChannel = channel(SESSION_ERROR_CHANNEL);
