/** SOP classes, states, actions, events and statuses of Unified Procedure Steps. PS3.4 Annex CC. */
import { SopClass, WellKnownUid } from '@dicomwire/dimse/dataset';

/** Every instance is one of this class, and every N-service names it, whatever was negotiated. PS3.4 CC.3.1. */
export const upsPush = SopClass.UnifiedProcedureStepPush;
/** Who watches: subscriptions. */
export const upsWatch = SopClass.UnifiedProcedureStepWatch;
/** Who performs: queries, claims, updates. */
export const upsPull = SopClass.UnifiedProcedureStepPull;
/** Who hears: N-EVENT-REPORT. */
export const upsEvent = SopClass.UnifiedProcedureStepEvent;
/** Who asks only. */
export const upsQuery = SopClass.UnifiedProcedureStepQuery;

/** Instance that stands for every step there is and will be. PS3.4 CC.3.1.1. */
export const globalSubscription = WellKnownUid.UPSGlobalSubscriptionInstance;
/** The same for those that match keys. */
export const filteredGlobalSubscription = WellKnownUid.UPSFilteredGlobalSubscriptionInstance;

/** Procedure Step State (0074,1000). PS3.4 CC.1.1. */
export type UpsState = 'SCHEDULED' | 'IN PROGRESS' | 'COMPLETED' | 'CANCELED';

/** True for one of the four values. */
export function isUpsState(value: string | undefined): value is UpsState {
  return value === 'SCHEDULED' || value === 'IN PROGRESS' || value === 'COMPLETED' || value === 'CANCELED';
}

/** Action Type IDs. PS3.4 Tables CC.2.1-1 to CC.2.3-1. */
export const upsActions = {
  changeState: 1,
  requestCancel: 2,
  subscribe: 3,
  unsubscribe: 4,
  suspendGlobalSubscription: 5,
} as const;

/** Event Type IDs. PS3.4 Table CC.2.4-1. */
export const upsEvents = {
  stateReport: 1,
  cancelRequested: 2,
  progressReport: 3,
  scpStatusChange: 4,
  assigned: 5,
} as const;

/** Name of an event of {@link upsEvents}. */
export type UpsEventName = keyof typeof upsEvents;

/** The name of an Event Type ID. */
export function upsEventName(eventTypeId: number): UpsEventName | undefined {
  switch (eventTypeId) {
    case upsEvents.stateReport:
      return 'stateReport';
    case upsEvents.cancelRequested:
      return 'cancelRequested';
    case upsEvents.progressReport:
      return 'progressReport';
    case upsEvents.scpStatusChange:
      return 'scpStatusChange';
    case upsEvents.assigned:
      return 'assigned';
    default:
      return undefined;
  }
}

/** Statuses of their own. PS3.4 Tables CC.2.1-2 to CC.2.6-1. */
export const UpsStatus = {
  createdWithModifications: 0xb300,
  deletionLockNotGranted: 0xb301,
  alreadyCanceled: 0xb304,
  alreadyCompleted: 0xb306,
  mayNoLongerBeUpdated: 0xc300,
  wrongTransactionUid: 0xc301,
  alreadyInProgress: 0xc302,
  scheduledOnlyByCreation: 0xc303,
  finalStateRequirementsNotMet: 0xc304,
  noSuchStep: 0xc307,
  receivingAeTitleUnknown: 0xc308,
  notCreatedScheduled: 0xc309,
  notInProgress: 0xc310,
  alreadyCompletedCannotCancel: 0xc311,
  performerCannotBeContacted: 0xc312,
  performerChoosesNotToCancel: 0xc313,
  actionNotAppropriate: 0xc314,
  noEventReports: 0xc315,
} as const;
