/** Queries and retrievals of what belongs to no patient, or is no image: each information model, with one object that it is asked for. */
import { type DataSetInput, SopClass } from '@dicomwire/dimse/dataset';
import type { RetrieveKeys, RetrieveModel } from '@dicomwire/services';

/** An information model that is queried, and perhaps retrieved from. */
export interface QueriedRow {
  readonly name: string;
  readonly find: string;
  /** What is asked for: every value is one of the match's, too. */
  readonly keys: DataSetInput;
  /** What is found. */
  readonly match: DataSetInput;
  readonly retrieve?: RetrievedModel | undefined;
}

/** How its objects are retrieved. */
export interface RetrievedModel {
  readonly model: RetrieveModel;
  readonly get: string;
  readonly move: string;
  /** SOP class of the object. */
  readonly storage: string;
  readonly keys: RetrieveKeys;
}

/** A model of objects with UIDs of their own. */
function objects(
  model: RetrieveModel,
  [find, move, get, storage]: readonly [find: string, move: string, get: string, storage: string],
  sopInstance: string,
  attributes: DataSetInput,
): QueriedRow {
  const match = { SOPClassUID: storage, SOPInstanceUID: sopInstance, ...attributes };
  return {
    name: model.replaceAll('-', ' '),
    find,
    keys: { SOPClassUID: '', SOPInstanceUID: '', ...attributes },
    match,
    retrieve: { model, get, move, storage, keys: { SOPInstanceUID: sopInstance } },
  };
}

const patient = { PatientID: '4711', PatientName: 'DOE^JANE' };

/** PS3.4 Q, U, V, X, BB, HH, II, JJ, C. */
export const queriedRows: readonly QueriedRow[] = [
  objects(
    'hanging-protocol',
    [
      SopClass.HangingProtocolInformationModelFind,
      SopClass.HangingProtocolInformationModelMove,
      SopClass.HangingProtocolInformationModelGet,
      SopClass.HangingProtocolStorage,
    ],
    '1.2.38.1',
    { HangingProtocolName: 'CHEST' },
  ),
  objects(
    'color-palette',
    [
      SopClass.ColorPaletteQueryRetrieveInformationModelFind,
      SopClass.ColorPaletteQueryRetrieveInformationModelMove,
      SopClass.ColorPaletteQueryRetrieveInformationModelGet,
      SopClass.ColorPaletteStorage,
    ],
    '1.2.39.1',
    { ContentLabel: 'HOT_IRON' },
  ),
  objects(
    'generic-implant-template',
    [
      SopClass.GenericImplantTemplateInformationModelFind,
      SopClass.GenericImplantTemplateInformationModelMove,
      SopClass.GenericImplantTemplateInformationModelGet,
      SopClass.GenericImplantTemplateStorage,
    ],
    '1.2.43.1',
    { ImplantName: 'STEM' },
  ),
  objects(
    'implant-assembly-template',
    [
      SopClass.ImplantAssemblyTemplateInformationModelFind,
      SopClass.ImplantAssemblyTemplateInformationModelMove,
      SopClass.ImplantAssemblyTemplateInformationModelGet,
      SopClass.ImplantAssemblyTemplateStorage,
    ],
    '1.2.44.1',
    { ImplantAssemblyTemplateName: 'HIP' },
  ),
  objects(
    'implant-template-group',
    [
      SopClass.ImplantTemplateGroupInformationModelFind,
      SopClass.ImplantTemplateGroupInformationModelMove,
      SopClass.ImplantTemplateGroupInformationModelGet,
      SopClass.ImplantTemplateGroupStorage,
    ],
    '1.2.45.1',
    { ImplantTemplateGroupName: 'HIPS' },
  ),
  objects(
    'defined-procedure-protocol',
    [
      SopClass.DefinedProcedureProtocolInformationModelFind,
      SopClass.DefinedProcedureProtocolInformationModelMove,
      SopClass.DefinedProcedureProtocolInformationModelGet,
      SopClass.CTDefinedProcedureProtocolStorage,
    ],
    '1.2.20.1',
    { Modality: 'CT' },
  ),
  objects(
    'protocol-approval',
    [
      SopClass.ProtocolApprovalInformationModelFind,
      SopClass.ProtocolApprovalInformationModelMove,
      SopClass.ProtocolApprovalInformationModelGet,
      SopClass.ProtocolApprovalStorage,
    ],
    '1.2.200.3',
    { Manufacturer: 'ACME' },
  ),
  objects(
    'inventory',
    [SopClass.InventoryFind, SopClass.InventoryMove, SopClass.InventoryGet, SopClass.InventoryStorage],
    '1.2.201.1',
    { InventoryPurpose: 'MIGRATION' },
  ),
  ...[
    SopClass.GeneralRelevantPatientInformationQuery,
    SopClass.BreastImagingRelevantPatientInformationQuery,
    SopClass.CardiacRelevantPatientInformationQuery,
  ].map((find) => ({
    name: 'relevant patient information',
    find,
    keys: { ...patient, PatientSex: '' },
    match: { ...patient, PatientSex: 'F' },
  })),
  {
    name: 'product characteristics',
    find: SopClass.ProductCharacteristicsQuery,
    keys: { ProductPackageIdentifier: '12345', ProductName: '' },
    match: { ProductPackageIdentifier: '12345', ProductName: 'Contrast' },
  },
  {
    name: 'substance approval',
    find: SopClass.SubstanceApprovalQuery,
    keys: { ProductPackageIdentifier: '12345', PatientID: '4711', SubstanceAdministrationApproval: '' },
    match: { ProductPackageIdentifier: '12345', PatientID: '4711', SubstanceAdministrationApproval: 'APPROVED' },
  },
  {
    name: 'unified procedure steps',
    find: SopClass.UnifiedProcedureStepPull,
    keys: { PatientID: '4711', ProcedureStepState: 'SCHEDULED', SOPInstanceUID: '' },
    match: {
      PatientID: '4711',
      ProcedureStepState: 'SCHEDULED',
      SOPInstanceUID: '1.2.34.6',
      SOPClassUID: SopClass.UnifiedProcedureStepPush,
    },
  },
  {
    name: 'repository',
    find: SopClass.RepositoryQuery,
    keys: { QueryRetrieveLevel: 'STUDY', PatientID: '4711', StudyInstanceUID: '' },
    match: { QueryRetrieveLevel: 'STUDY', PatientID: '4711', StudyInstanceUID: '1.2.3' },
  },
];
