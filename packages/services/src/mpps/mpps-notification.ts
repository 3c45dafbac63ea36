/**
 * The Modality Performed Procedure Step Notification SOP Class: providers tell users that a step changed. PS3.4 F.9.
 */
import { AssociationKeeper } from '../association-keeper.js';
import { nService } from '../n-services/n-service-scp.js';
import { nServicesOver, nServiceTransferSyntaxes } from '../n-services/n-service-scu.js';
import type { PeerOptions } from '../peer.js';
import type { CallOptions } from '../request-over.js';
import type { AssociationFacts, Service } from '../service.js';
import { type MppsEvent, mppsEvents, mppsNotificationSopClass } from './mpps-sop-class.js';

/** What a user hears of a step. */
export interface MppsNotification {
  /** What happened. */
  readonly event: MppsEvent;
  /** The step's SOP Instance UID: its attributes are to be had by `client.mpps.get`. */
  readonly sopInstanceUid: string;
  /** Who says so. */
  readonly association: AssociationFacts;
}

/**
 * Tells a peer that a step changed: N-EVENT-REPORT on an association of its own, on which we are SCP.
 *
 * @throws ServiceError `refused`, `no-accepted-context`; AssociationError
 */
export async function notifyMpps(
  peer: PeerOptions,
  { event, sopInstanceUid }: Pick<MppsNotification, 'event' | 'sopInstanceUid'>,
  options: CallOptions = {},
): Promise<void> {
  const keeper = new AssociationKeeper(peer, []);
  try {
    await nServicesOver(keeper).eventReport(
      { sopClassUid: mppsNotificationSopClass, sopInstanceUid, eventTypeId: mppsEvents[event] },
      { ...options, contexts },
    );
  } finally {
    await keeper.release();
  }
}

/** Hears notifications: a service for `createScp`, or for `connect({ performs })`. Unknown kinds of events are refused with 0113. */
export function mppsListener(onNotification: (notification: MppsNotification) => void | Promise<void>): Service {
  return nService({
    name: 'mpps-notification',
    role: 'scu',
    sopClasses: [mppsNotificationSopClass],
    async eventReport({ eventTypeId, sopInstanceUid = '', association }) {
      const event = eventOf(eventTypeId);
      if (event === undefined) return { status: noSuchEventType };
      await onNotification({ event, sopInstanceUid, association });
      return undefined;
    },
  });
}

function eventOf(eventTypeId: number): MppsEvent | undefined {
  switch (eventTypeId) {
    case mppsEvents.inProgress:
      return 'inProgress';
    case mppsEvents.completed:
      return 'completed';
    case mppsEvents.discontinued:
      return 'discontinued';
    case mppsEvents.updated:
      return 'updated';
    case mppsEvents.deleted:
      return 'deleted';
    default:
      return undefined;
  }
}

const contexts = [
  {
    abstractSyntax: mppsNotificationSopClass,
    transferSyntaxes: nServiceTransferSyntaxes,
    roles: { scu: false, scp: true },
  },
];

/** PS3.7 C.5.13. */
const noSuchEventType = 0x0113;
