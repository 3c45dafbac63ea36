/** The fixed PDUs that the actions of Table 9-10 send, and the conclusions that they come to. */
import { encode } from '@dicomwire/pdu';
import type { Cause, Conclusion } from './conclusion.js';
import type { EventInput } from './incoming.js';
import { type RejectionValues, serviceUser } from './reasons.js';
import { type Event, events, type State, states } from './state-table.js';

export const releaseRq = encode({ type: 'A-RELEASE-RQ' });
export const releaseRp = encode({ type: 'A-RELEASE-RP' });

/** An A-ABORT. */
export function abortPdu(source: number, reason: number): Uint8Array {
  return encode({ type: 'A-ABORT', source, reason });
}

/** An A-ASSOCIATE-RJ. */
export function rejectPdu({ result, source, reason }: RejectionValues): Uint8Array {
  return encode({ type: 'A-ASSOCIATE-RJ', result, source, reason });
}

/** The association was rejected. */
export function rejected(by: 'local' | 'peer', { result, source, reason }: RejectionValues): Conclusion {
  return { kind: 'rejected', by, result, source, reason };
}

/** An A-ABORT came. */
export function abortedByPeer({ source = serviceUser, reason = 0 }: EventInput): Conclusion {
  return { kind: 'aborted', by: 'peer', source, reason };
}

/** An event that Table 9-10 answers with an abort in this state. */
export function unexpected(event: Event, state: State): Cause {
  return { type: 'violation', problem: `${events[event]} in ${state} (${states[state]})` };
}
