/**
 * Information models by which instances are retrieved, their SOP classes and levels. PS3.4 C.3, Y, Z.
 */
import { SopClass } from '@dicomwire/dimse/dataset';
import type { QueryLevel } from '../query/query-level.js';
import type { QueryModelName } from '../query/query-model.js';

/**
 * By what an identifier names instances: patient, study, series and image from the patient or the study down; the UIDs of instances alone
 * (`composite-instance-root`); the same with the bulk data left out (`composite-instance-without-bulk-data`, C-GET only); the UIDs of objects that
 * belong to no patient.
 */
export type RetrieveModel =
  | QueryModelName
  | 'composite-instance-root'
  | 'composite-instance-without-bulk-data'
  | 'hanging-protocol'
  | 'color-palette'
  | 'generic-implant-template'
  | 'implant-assembly-template'
  | 'implant-template-group'
  | 'defined-procedure-protocol'
  | 'protocol-approval'
  | 'inventory';

/** One of the models. */
export interface RetrieveModelDefinition {
  readonly model: RetrieveModel;
  /** SOP class of its C-GET. */
  readonly get: string;
  /** SOP class of its C-MOVE; `undefined` where it has none. */
  readonly move: string | undefined;
  /** Levels that it knows. */
  readonly levels: readonly QueryLevel[];
}

/** Every model. Those without levels (PS3.4 U, X, BB, HH, II) have the UIDs of instances as their keys. */
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
  {
    model: 'hanging-protocol',
    get: SopClass.HangingProtocolInformationModelGet,
    move: SopClass.HangingProtocolInformationModelMove,
    levels: ['IMAGE'],
  },
  {
    model: 'color-palette',
    get: SopClass.ColorPaletteQueryRetrieveInformationModelGet,
    move: SopClass.ColorPaletteQueryRetrieveInformationModelMove,
    levels: ['IMAGE'],
  },
  {
    model: 'generic-implant-template',
    get: SopClass.GenericImplantTemplateInformationModelGet,
    move: SopClass.GenericImplantTemplateInformationModelMove,
    levels: ['IMAGE'],
  },
  {
    model: 'implant-assembly-template',
    get: SopClass.ImplantAssemblyTemplateInformationModelGet,
    move: SopClass.ImplantAssemblyTemplateInformationModelMove,
    levels: ['IMAGE'],
  },
  {
    model: 'implant-template-group',
    get: SopClass.ImplantTemplateGroupInformationModelGet,
    move: SopClass.ImplantTemplateGroupInformationModelMove,
    levels: ['IMAGE'],
  },
  {
    model: 'defined-procedure-protocol',
    get: SopClass.DefinedProcedureProtocolInformationModelGet,
    move: SopClass.DefinedProcedureProtocolInformationModelMove,
    levels: ['IMAGE'],
  },
  {
    model: 'protocol-approval',
    get: SopClass.ProtocolApprovalInformationModelGet,
    move: SopClass.ProtocolApprovalInformationModelMove,
    levels: ['IMAGE'],
  },
  {
    model: 'inventory',
    get: SopClass.InventoryGet,
    move: SopClass.InventoryMove,
    levels: ['IMAGE'],
  },
];

/** The models of query/retrieve proper: what a provider offers unless told. */
export const usualRetrieveModels: readonly RetrieveModel[] = [
  'study-root',
  'patient-root',
  'patient-study-only',
  'composite-instance-root',
  'composite-instance-without-bulk-data',
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
