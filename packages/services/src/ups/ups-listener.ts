/**
 * The UPS Event SOP Class, as user: hears what becomes of steps. PS3.4 CC.2.4.
 */
import type { DataSet } from '@dicomwire/dimse/dataset';
import { nService } from '../n-services/n-service-scp.js';
import type { AssociationFacts, Service } from '../service.js';
import { type UpsEventName, upsEvent, upsEventName, upsPush } from './ups-sop-class.js';

/** An event as it is heard. */
export interface UpsNotification {
  /** What happened. */
  readonly event: UpsEventName;
  /** The step, or a well-known instance for what is about the provider itself. */
  readonly sopInstanceUid: string;
  /** Event information. PS3.4 Table CC.2.4-1. */
  readonly information: DataSet;
  /** Who says so. */
  readonly association: AssociationFacts;
}

/**
 * Hears events of Unified Procedure Steps: a service for `createScp`, since providers call subscribers back, or for `connect({ performs })`.
 * Events of unknown kind are refused with 0113.
 */
export function upsListener(onEvent: (notification: UpsNotification) => void | Promise<void>): Service {
  return nService({
    name: 'ups-events',
    role: 'scu',
    sopClasses: [upsPush, upsEvent],
    async eventReport({ eventTypeId, sopInstanceUid = '', dataSet, association }) {
      const event = upsEventName(eventTypeId);
      if (event === undefined) return { status: noSuchEventType };
      await onEvent({ event, sopInstanceUid, information: dataSet, association });
      return undefined;
    },
  });
}

/** PS3.7 C.5.13. */
const noSuchEventType = 0x0113;
