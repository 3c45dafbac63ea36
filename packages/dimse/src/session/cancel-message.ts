import { writeCommandSet } from '../command/encode.js';
import type { CCancelRq } from '../command/types.js';
import type { OutgoingMessage } from '../message/outbox.js';

/** A C-CANCEL-RQ to be sent; nobody waits for it. PS3.7 9.3.2.3. */
export function cancelMessage(contextId: number, messageId: number): OutgoingMessage {
  const command: CCancelRq = { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: messageId, hasDataSet: false };
  return {
    contextId,
    command,
    commandBytes: writeCommandSet(command),
    dataSet: undefined,
    progressed: () => undefined,
    handedOver: () => undefined,
    finished: () => undefined,
    failed: () => undefined,
  };
}
