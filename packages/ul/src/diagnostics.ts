/**
 * What observers can subscribe to with `node:diagnostics_channel`; costs nothing while nobody does.
 *
 * `dicomwire:association` carries {@link AssociationMessage}, `dicomwire:pdu` carries {@link PduMessage}.
 */
import { channel } from 'node:diagnostics_channel';
import type { Pdu } from '@dicomwire/pdu';
import type { Association, AssociationEnd, Endpoint } from './types.js';

/** Published on `dicomwire:association`. */
export type AssociationMessage =
  | { readonly event: 'established'; readonly association: Association }
  | { readonly event: 'ended'; readonly association: Association; readonly end: AssociationEnd }
  /** It never came to be. */
  | { readonly event: 'failed'; readonly connection: number; readonly peer: Endpoint; readonly error: Error };

/** Published on `dicomwire:pdu`. */
export interface PduMessage {
  /** The `id` of the association, which it has before it is established. */
  readonly connection: number;
  readonly direction: 'in' | 'out';
  readonly type: Pdu['type'];
  /** Length of the PDU with its header, bytes. */
  readonly byteLength: number;
}

/** Where associations are announced. */
export const associationChannel = channel('dicomwire:association');

/** Where PDUs are announced. */
export const pduChannel = channel('dicomwire:pdu');
