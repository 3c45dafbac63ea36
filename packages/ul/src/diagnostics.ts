/**
 * What observers can subscribe to with `node:diagnostics_channel`; costs nothing while nobody does.
 *
 * | channel                 | message                    |
 * | ----------------------- | -------------------------- |
 * | `dicomwire:association` | {@link AssociationMessage} |
 * | `dicomwire:state`       | {@link StateMessage}       |
 * | `dicomwire:pdu`         | {@link PduMessage}         |
 * | `dicomwire:pdu-bytes`   | {@link PduBytesMessage}    |
 * | `dicomwire:error`       | {@link ErrorMessage}       |
 */
import { channel } from 'node:diagnostics_channel';
import type { Pdu } from '@dicomwire/pdu';
import type { Action, Event, State } from './core/state-table.js';
import type { Association, AssociationEnd, Endpoint } from './types.js';

/** Published on `dicomwire:association`. */
export type AssociationMessage =
  | { readonly event: 'established'; readonly association: Association }
  | { readonly event: 'ended'; readonly association: Association; readonly end: AssociationEnd }
  /** It never came to be. */
  | { readonly event: 'failed'; readonly connection: number; readonly peer: Endpoint; readonly error: Error };

/** Published on `dicomwire:state`: one cell of PS3.8 Table 9-10 at work. P-DATA, which changes no state, is not among them. */
export interface StateMessage {
  /** The `id` of the association, which it has before it is established. */
  readonly connection: number;
  readonly role: 'requestor' | 'acceptor';
  readonly event: Event;
  readonly action: Action;
  readonly from: State;
  readonly to: State;
}

/** Published on `dicomwire:pdu`. */
export interface PduMessage {
  /** The `id` of the association, which it has before it is established. */
  readonly connection: number;
  readonly direction: 'in' | 'out';
  readonly type: Pdu['type'];
  /** Length of the PDU with its header, bytes. */
  readonly byteLength: number;
}

/** Published on `dicomwire:pdu-bytes`: a PDU as it is on the wire, but for credentials, which are zeros. */
export interface PduBytesMessage {
  /** The `id` of the association, which it has before it is established. */
  readonly connection: number;
  readonly direction: 'in' | 'out';
  /** Valid during the call; copy what is to be kept. */
  readonly bytes: Uint8Array;
  /** False for the beginning of a PDU that never came to its end, and for the first megabyte of a longer one. */
  readonly isWhole: boolean;
}

/** Published on `dicomwire:error`: why an association, or an attempt at one, did not end in order. */
export interface ErrorMessage {
  /** The `id` of the association; `undefined` for what never came so far as a connection of ours. */
  readonly connection: number | undefined;
  readonly peer: Endpoint;
  readonly error: Error;
}

/** Where associations are announced. */
export const associationChannel = channel('dicomwire:association');

/** Where state changes are announced. */
export const stateChannel = channel('dicomwire:state');

/** Where PDUs are announced. */
export const pduChannel = channel('dicomwire:pdu');

/** Where PDUs are shown. */
export const pduBytesChannel = channel('dicomwire:pdu-bytes');

/** Where errors are announced. */
export const errorChannel = channel('dicomwire:error');
