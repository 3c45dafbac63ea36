/** The rows of the matrix: services, and to which of them an operation belongs. */
import { readFileSync } from 'node:fs';
import type { StatusService } from '@dicomwire/dimse';
import { SopClass } from '@dicomwire/dimse/dataset';

/** Peers, as columns of the matrix. */
export const PEERS = ['DCMTK', 'pynetdicom', 'Orthanc', 'dcmjs-dimse'] as const;
/** One of them. */
export type Peer = (typeof PEERS)[number];

/** A service, and whose meanings its statuses have. */
interface ServiceDefinition {
  readonly name: string;
  readonly clause: string;
  readonly statuses?: StatusService;
}

/** Services by key, in the order of the document. */
export const SERVICES = {
  verification: { name: 'Verification', clause: 'PS3.4 A' },
  storage: { name: 'Storage', clause: 'PS3.4 B', statuses: 'storage' },
  find: { name: 'Query (C-FIND)', clause: 'PS3.4 C', statuses: 'queryRetrieveFind' },
  get: { name: 'Retrieve (C-GET)', clause: 'PS3.4 C, Y, Z', statuses: 'queryRetrieveGet' },
  move: { name: 'Retrieve (C-MOVE)', clause: 'PS3.4 C, Y', statuses: 'queryRetrieveMove' },
  storageCommitment: { name: 'Storage commitment', clause: 'PS3.4 J', statuses: 'storageCommitment' },
  basicWorklistManagement: { name: 'Modality worklist', clause: 'PS3.4 K', statuses: 'modalityWorklist' },
  procedureStep: { name: 'Modality performed procedure step', clause: 'PS3.4 F', statuses: 'procedureStep' },
  unifiedProcedureStep: { name: 'Unified procedure step', clause: 'PS3.4 CC', statuses: 'unifiedProcedureStep' },
  printManagement: { name: 'Print', clause: 'PS3.4 H', statuses: 'printManagement' },
  instanceAvailabilityNotification: { name: 'Instance availability notification', clause: 'PS3.4 R' },
  mediaCreationManagement: { name: 'Media creation', clause: 'PS3.4 S', statuses: 'mediaCreationManagement' },
  relevantPatientInformationQuery: {
    name: 'Relevant patient information query',
    clause: 'PS3.4 Q',
    statuses: 'relevantPatientInformationQuery',
  },
  hangingProtocolQueryRetrieve: { name: 'Hanging protocol query/retrieve', clause: 'PS3.4 U' },
  colorPaletteQueryRetrieve: { name: 'Colour palette query/retrieve', clause: 'PS3.4 X' },
  implantTemplateQueryRetrieve: { name: 'Implant template query/retrieve', clause: 'PS3.4 BB' },
  definedProcedureProtocolQueryRetrieve: { name: 'Defined procedure protocol query/retrieve', clause: 'PS3.4 HH' },
  protocolApprovalQueryRetrieve: { name: 'Protocol approval query/retrieve', clause: 'PS3.4 II' },
  inventoryQueryRetrieve: { name: 'Inventory query/retrieve', clause: 'PS3.4 JJ' },
  storageManagement: { name: 'Inventory creation', clause: 'PS3.4 KK', statuses: 'storageManagement' },
  nonPatientObjectStorage: {
    name: 'Non-patient object storage',
    clause: 'PS3.4 GG',
    statuses: 'nonPatientObjectStorage',
  },
  substanceAdministrationQuery: {
    name: 'Substance administration query',
    clause: 'PS3.4 V',
    statuses: 'substanceAdministrationQuery',
  },
  rtMachineVerification: { name: 'RT machine verification', clause: 'PS3.4 DD', statuses: 'rtMachineVerification' },
  displaySystemManagement: { name: 'Display system', clause: 'PS3.4 EE' },
  applicationEventLogging: {
    name: 'Procedural event and substance administration logging',
    clause: 'PS3.4 P',
    statuses: 'applicationEventLogging',
  },
} as const satisfies Readonly<Record<string, ServiceDefinition>>;

/** Key of a service. */
export type ServiceKey = keyof typeof SERVICES;

/** What is known of a service. */
export function serviceOf(key: ServiceKey): ServiceDefinition {
  return SERVICES[key];
}

/**
 * The service that an operation belongs to; `undefined` where the standard has none with that SOP class.
 *
 * @param isSuboperation - Whether a C-STORE goes against the direction of its association, as those of a C-GET do.
 */
export function serviceOfOperation(
  operation: string,
  sopClass: string,
  isSuboperation: boolean,
): ServiceKey | undefined {
  if (operation === 'C-ECHO') return 'verification';
  const group = groups.get(sopClass);
  if (operation === 'C-STORE') {
    if (isSuboperation) return SUBOPERATIONS[sopClass] ?? 'get';
    return group === 'nonPatientObjectStorage' ? group : 'storage';
  }
  if (group !== 'queryRetrieve') return isServiceKey(group) ? group : undefined;
  if (operation === 'C-FIND') return 'find';
  return operation === 'C-GET' ? 'get' : 'move';
}

/** Whose C-GET an object that belongs to no patient comes by. */
const SUBOPERATIONS: Readonly<Record<string, ServiceKey>> = {
  [SopClass.HangingProtocolStorage]: 'hangingProtocolQueryRetrieve',
  [SopClass.ColorPaletteStorage]: 'colorPaletteQueryRetrieve',
  [SopClass.GenericImplantTemplateStorage]: 'implantTemplateQueryRetrieve',
  [SopClass.ImplantAssemblyTemplateStorage]: 'implantTemplateQueryRetrieve',
  [SopClass.ImplantTemplateGroupStorage]: 'implantTemplateQueryRetrieve',
  [SopClass.CTDefinedProcedureProtocolStorage]: 'definedProcedureProtocolQueryRetrieve',
  [SopClass.ProtocolApprovalStorage]: 'protocolApprovalQueryRetrieve',
  [SopClass.InventoryStorage]: 'inventoryQueryRetrieve',
};

function isServiceKey(group: string | undefined): group is ServiceKey {
  return group !== undefined && group in SERVICES;
}

/** Service class by SOP class, from the tables that the dictionary is generated from. */
const groups: ReadonlyMap<string, string> = readGroups();

function readGroups(): ReadonlyMap<string, string> {
  const input: { readonly services: Readonly<Record<string, { readonly sopClasses: readonly string[] }>> } = JSON.parse(
    readFileSync(new URL('../../generate/input/sop-classes.json', import.meta.url), 'utf8'),
  );
  return new Map(
    Object.entries(input.services).flatMap(([group, { sopClasses }]) =>
      sopClasses.map((uid): [string, string] => [uid, group]),
    ),
  );
}
