/**
 * Information models by which instances are retrieved, their SOP classes and levels. PS3.4 C.3, Y, Z.
 */
import { SopClass } from '@dicomwire/dimse/dataset';

/**
 * By what an identifier names instances: patient, study, series and image from the patient or the study down; the UIDs of instances alone
 * (`composite-instance-root`); the same with the bulk data left out (`composite-instance-without-bulk-data`, C-GET only).
 */
export type RetrieveModel =
  | 'patient-root'
  | 'study-root'
  | 'patient-study-only'
  | 'composite-instance-root'
  | 'composite-instance-without-bulk-data';

/** Query/Retrieve Level (0008,0052) of a retrieval. */
export type RetrieveLevel = 'PATIENT' | 'STUDY' | 'SERIES' | 'IMAGE';

/** One of the models. */
export interface RetrieveModelDefinition {
  readonly model: RetrieveModel;
  /** SOP class of its C-GET. */
  readonly get: string;
  /** SOP class of its C-MOVE; `undefined` where it has none. */
  readonly move: string | undefined;
  /** Levels that it knows. */
  readonly levels: readonly RetrieveLevel[];
}

/** Every model, the usual ones first. */
export const retrieveModels: readonly RetrieveModelDefinition[] = [
  {
    model: 'study-root',
    get: SopClass.StudyRootQueryRetrieveInformationModelGet,
    move: SopClass.StudyRootQueryRetrieveInformationModelMove,
    levels: ['STUDY', 'SERIES', 'IMAGE'],
  },
  {
    model: 'patient-root',
    get: SopClass.PatientRootQueryRetrieveInformationModelGet,
    move: SopClass.PatientRootQueryRetrieveInformationModelMove,
    levels: ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'],
  },
  {
    model: 'patient-study-only',
    get: SopClass.PatientStudyOnlyQueryRetrieveInformationModelGet,
    move: SopClass.PatientStudyOnlyQueryRetrieveInformationModelMove,
    levels: ['PATIENT', 'STUDY'],
  },
  {
    model: 'composite-instance-root',
    get: SopClass.CompositeInstanceRootRetrieveGet,
    move: SopClass.CompositeInstanceRootRetrieveMove,
    levels: ['IMAGE'],
  },
  {
    model: 'composite-instance-without-bulk-data',
    get: SopClass.CompositeInstanceRetrieveWithoutBulkDataGet,
    move: undefined,
    levels: ['IMAGE'],
  },
];

/** The definition of a model. */
export function retrieveModel(model: RetrieveModel): RetrieveModelDefinition {
  const definition = retrieveModels.find((each) => each.model === model);
  if (definition === undefined) throw new TypeError(`${String(model)} is no information model of a retrieval`);
  return definition;
}

/** The model whose C-GET or C-MOVE has this SOP class. */
export function modelOfSopClass(sopClassUid: string): RetrieveModelDefinition | undefined {
  return retrieveModels.find(({ get, move }) => get === sopClassUid || move === sopClassUid);
}
