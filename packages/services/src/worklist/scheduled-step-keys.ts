/**
 * Keys of a worklist query: those of the scheduled procedure step stand in its sequence, wherever the user wrote them. PS3.4 K.6.1.2.2.
 */
import { DataSet, type Keyword } from '@dicomwire/dimse';
import { isKeyword } from '@dicomwire/dimse/dataset';
import { identifierFor, type QueryKeys } from '../c-find/query-keys.js';

/**
 * Keys of a worklist query. Those of the scheduled procedure step (Modality, Scheduled Procedure Step Start Date, Scheduled Station AE
 * Title, …) may stand beside the others: they are put into the item of Scheduled Procedure Step Sequence.
 */
export type WorklistKeys = QueryKeys;

/**
 * The identifier for keys: what a modality usually wants to know is asked for as well. A data set is taken as it is.
 *
 * @throws ServiceError `invalid-option` for what can be no key.
 */
export function worklistIdentifier(keys: WorklistKeys | DataSet): DataSet {
  if (keys instanceof DataSet) return identifierFor(keys);
  const { ScheduledProcedureStepSequence: given, ...flat } = keys;
  const [item] = Array.isArray(given) ? given : [];
  const step: Record<string, unknown> = emptyKeys(stepKeywords);
  const outer: Record<string, unknown> = emptyKeys(outerKeywords);
  for (const [keyword, value] of Object.entries(flat)) (isOfStep(keyword) ? step : outer)[keyword] = value;
  if (item instanceof DataSet) return identifierFor({ ...outer, ScheduledProcedureStepSequence: [item] });
  return identifierFor({ ...outer, ScheduledProcedureStepSequence: [{ ...step, ...item }] });
}

function emptyKeys(keywords: readonly Keyword[]): Record<string, unknown> {
  return Object.fromEntries(keywords.map((keyword) => [keyword, null]));
}

function isOfStep(keyword: string): boolean {
  return isKeyword(keyword) && stepAttributes.has(keyword);
}

/** PS3.4 Table K.6-1, Scheduled Procedure Step: what is asked for unless told otherwise. */
const stepKeywords: readonly Keyword[] = [
  'Modality',
  'RequestedContrastAgent',
  'ScheduledStationAETitle',
  'ScheduledProcedureStepStartDate',
  'ScheduledProcedureStepStartTime',
  'ScheduledPerformingPhysicianName',
  'ScheduledProcedureStepDescription',
  'ScheduledProtocolCodeSequence',
  'ScheduledProcedureStepID',
  'ScheduledStationName',
  'ScheduledProcedureStepLocation',
  'PreMedication',
];

/** Others of that table that stand in the sequence when they are given. */
const stepAttributes: ReadonlySet<Keyword> = new Set<Keyword>([
  ...stepKeywords,
  'ScheduledProcedureStepEndDate',
  'ScheduledProcedureStepEndTime',
  'ScheduledPerformingPhysicianIdentificationSequence',
  'ScheduledProcedureStepStatus',
  'CommentsOnTheScheduledProcedureStep',
  'ScheduledStationGeographicLocationCodeSequence',
  'ScheduledStationNameCodeSequence',
  'ScheduledSpecimenSequence',
]);

/** PS3.4 Table K.6-1, the other modules. */
const outerKeywords: readonly Keyword[] = [
  'AccessionNumber',
  'ReferencedStudySequence',
  'ReferringPhysicianName',
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'PatientSize',
  'PatientWeight',
  'MedicalAlerts',
  'Allergies',
  'PregnancyStatus',
  'StudyInstanceUID',
  'RequestingPhysician',
  'RequestedProcedureDescription',
  'RequestedProcedureCodeSequence',
  'AdmissionID',
  'SpecialNeeds',
  'CurrentPatientLocation',
  'PatientState',
  'RequestedProcedureID',
  'RequestedProcedurePriority',
  'PatientTransportArrangements',
];
