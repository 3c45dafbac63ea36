import type { AssociateRqPdu, Pdu } from '@dicomwire/pdu';
import type { Negotiated } from '../types.js';
import type { Conclusion } from './conclusion.js';
import type { Action, Event, State } from './state-table.js';

/** What comes out of a `Machine`; called synchronously from within its methods. */
export interface MachineOutput {
  /** Write this PDU, after those written before. */
  write(pdu: Uint8Array): void;
  /** Close the transport now; what is not written by now is lost. */
  closeTransport(): void;
  /** A-ASSOCIATE indication: answer with `accept` or `reject`, now or later. */
  associationRequested(request: AssociateRqPdu): void;
  /** The association is established. */
  established(negotiated: Negotiated): void;
  /** P-DATA indication: a fragment on an accepted context. */
  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void;
  /** A-RELEASE indication; the response follows by itself once no operation is pending. */
  releaseRequested(): void;
  /** The association, or the attempt at one, is over. Called once. */
  concluded(conclusion: Conclusion): void;
  /** For observers: a cell of Table 9-10 led from a state to another, or to the same. */
  stateChanged(event: Event, action: Action, from: State, to: State): void;
  /** For observers: a PDU, or the header of a P-DATA-TF, came in. */
  received(type: Pdu['type'], byteLength: number): void;
}
