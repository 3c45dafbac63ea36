/**
 * What observers of messages are told, through `node:diagnostics_channel`; nothing is done when nobody listens.
 */
import { channel } from 'node:diagnostics_channel';
import type { Association } from '@dicomwire/ul';
import type { CommandSet } from './command/types.js';

/** Published on the channel `dicomwire:message` for each message: outgoing when its command was sent, incoming when it was read. */
export interface MessageEvent {
  readonly direction: 'in' | 'out';
  readonly association: Association;
  /** Presentation context ID. */
  readonly contextId: number;
  readonly command: CommandSet;
}

/** Name of the channel on which a {@link MessageEvent} is published for each message. */
export const MESSAGE_CHANNEL = 'dicomwire:message';

const messages = channel(MESSAGE_CHANNEL);

/** Tells whoever listens about a message. */
export function publishMessage(
  direction: MessageEvent['direction'],
  association: Association,
  contextId: number,
  command: CommandSet,
): void {
  if (!messages.hasSubscribers) return;
  const event: MessageEvent = { direction, association, contextId, command };
  messages.publish(event);
}
