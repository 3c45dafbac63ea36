/** SOP classes and values of Modality Performed Procedure Steps. PS3.4 Annex F. */
import { SopClass } from '@dicomwire/dimse/dataset';

/** N-CREATE and N-SET. PS3.4 F.7. */
export const mppsSopClass = SopClass.ModalityPerformedProcedureStep;
/** N-GET. PS3.4 F.8. */
export const mppsRetrieveSopClass = SopClass.ModalityPerformedProcedureStepRetrieve;
/** N-EVENT-REPORT. PS3.4 F.9. */
export const mppsNotificationSopClass = SopClass.ModalityPerformedProcedureStepNotification;

/** Performed Procedure Step Status (0040,0252). PS3.3 C.4.14. */
export type MppsStatus = 'IN PROGRESS' | 'COMPLETED' | 'DISCONTINUED';

/** True for one of the three values. */
export function isMppsStatus(value: string | undefined): value is MppsStatus {
  return value === 'IN PROGRESS' || value === 'COMPLETED' || value === 'DISCONTINUED';
}

/** Event Type IDs of the Notification SOP Class. PS3.4 Table F.9.2-1. */
export const mppsEvents = { inProgress: 1, completed: 2, discontinued: 3, updated: 4, deleted: 5 } as const;

/** Name of an event of {@link mppsEvents}. */
export type MppsEvent = keyof typeof mppsEvents;
