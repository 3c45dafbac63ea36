/**
 * Information models that are queried by C-FIND, by their SOP classes. PS3.4 C.3, K.3 and those after them.
 */
import type { StatusService } from '@dicomwire/dimse';
import { SopClass } from '@dicomwire/dimse/dataset';
import type { QueryLevel } from './query-level.js';

/** A model of query/retrieve by its root: from the patient down, from the study down, or (retired) from the patient down to the study. */
export type QueryModelName = 'patient-root' | 'study-root' | 'patient-study-only';

/** What the standard fixes for a SOP class of C-FIND. */
export interface QueryModel {
  /** SOP class of its C-FIND. */
  readonly sopClassUid: string;
  /** Levels from the top down; empty for models that have no levels. */
  readonly levels: readonly QueryLevel[];
  /** Whose meanings its statuses have. */
  readonly statuses: StatusService;
  /** Whether dates and times are always matched in pairs (worklists, PS3.4 K.5.1.1); elsewhere that is negotiated. */
  readonly alwaysCombinesDateTime: boolean;
  /** Whether more than one match is an error, C100 (relevant patient information, PS3.4 Q.4.1.1.4). */
  readonly allowsOneMatchOnly: boolean;
}

/** SOP class of the C-FIND of each model of query/retrieve. */
export const findSopClasses: Readonly<Record<QueryModelName, string>> = {
  'patient-root': SopClass.PatientRootQueryRetrieveInformationModelFind,
  'study-root': SopClass.StudyRootQueryRetrieveInformationModelFind,
  'patient-study-only': SopClass.PatientStudyOnlyQueryRetrieveInformationModelFind,
};

/** Modality Worklist Information Model - FIND. PS3.4 K.6.1. */
export const modalityWorklistSopClass: string = SopClass.ModalityWorklistInformationModelFind;

/** What the standard says of a SOP class; one that is not known has no levels and the rules of PS3.4 C.2.2.2. */
export function queryModelOf(sopClassUid: string): QueryModel {
  return { ...plain, ...special.get(sopClassUid), sopClassUid };
}

const plain = {
  levels: [],
  statuses: 'queryRetrieveFind',
  alwaysCombinesDateTime: false,
  allowsOneMatchOnly: false,
} as const satisfies Partial<QueryModel>;

const worklist = { alwaysCombinesDateTime: true } as const satisfies Partial<QueryModel>;
const upsSpecial = { statuses: 'unifiedProcedureStep' } as const satisfies Partial<QueryModel>;
const relevantPatient = {
  statuses: 'relevantPatientInformationQuery',
  allowsOneMatchOnly: true,
} as const satisfies Partial<QueryModel>;
const substance = { statuses: 'substanceAdministrationQuery' } as const satisfies Partial<QueryModel>;

const special: ReadonlyMap<string, Partial<QueryModel>> = new Map<string, Partial<QueryModel>>([
  [findSopClasses['patient-root'], { levels: ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'] }],
  [findSopClasses['study-root'], { levels: ['STUDY', 'SERIES', 'IMAGE'] }],
  [findSopClasses['patient-study-only'], { levels: ['PATIENT', 'STUDY'] }],
  [SopClass.RepositoryQuery, { levels: ['STUDY', 'SERIES', 'IMAGE'] }],
  [modalityWorklistSopClass, { ...worklist, statuses: 'modalityWorklist' }],
  [SopClass.UnifiedProcedureStepPull, upsSpecial],
  [SopClass.UnifiedProcedureStepWatch, upsSpecial],
  [SopClass.UnifiedProcedureStepQuery, upsSpecial],
  [SopClass.GeneralRelevantPatientInformationQuery, relevantPatient],
  [SopClass.BreastImagingRelevantPatientInformationQuery, relevantPatient],
  [SopClass.CardiacRelevantPatientInformationQuery, relevantPatient],
  [SopClass.ProductCharacteristicsQuery, substance],
  [SopClass.SubstanceApprovalQuery, substance],
]);
