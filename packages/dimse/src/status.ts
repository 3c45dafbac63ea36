/**
 * Statuses: which kind a code is, and what it means to a service. PS3.7 Annex C, PS3.4.
 */
import * as statuses from './status.generated.js';

/** Kind of a status. PS3.7 Annex C. */
export type StatusCategory = 'Success' | 'Warning' | 'Cancel' | 'Pending' | 'Failure';

const SERVICE_STATUSES: Readonly<Record<StatusService, readonly statuses.StatusDefinition[]>> = {
  verification: statuses.verificationStatuses,
  storage: statuses.storageStatuses,
  nonPatientObjectStorage: statuses.nonPatientObjectStorageStatuses,
  queryRetrieveFind: statuses.queryRetrieveFindStatuses,
  queryRetrieveMove: statuses.queryRetrieveMoveStatuses,
  queryRetrieveGet: statuses.queryRetrieveGetStatuses,
  modalityWorklist: statuses.modalityWorklistStatuses,
  relevantPatientInformationQuery: statuses.relevantPatientInformationQueryStatuses,
  substanceAdministrationQuery: statuses.substanceAdministrationQueryStatuses,
  procedureStep: statuses.procedureStepStatuses,
  printManagement: statuses.printManagementStatuses,
  storageCommitment: statuses.storageCommitmentStatuses,
  storageManagement: statuses.storageManagementStatuses,
  applicationEventLogging: statuses.applicationEventLoggingStatuses,
  mediaCreationManagement: statuses.mediaCreationManagementStatuses,
  unifiedProcedureStep: statuses.unifiedProcedureStepStatuses,
  rtMachineVerification: statuses.rtMachineVerificationStatuses,
};

/** A service with statuses of its own; the same code means different things to different services. */
export type StatusService =
  | 'verification'
  | 'storage'
  | 'nonPatientObjectStorage'
  | 'queryRetrieveFind'
  | 'queryRetrieveMove'
  | 'queryRetrieveGet'
  | 'modalityWorklist'
  | 'relevantPatientInformationQuery'
  | 'substanceAdministrationQuery'
  | 'procedureStep'
  | 'printManagement'
  | 'storageCommitment'
  | 'storageManagement'
  | 'applicationEventLogging'
  | 'mediaCreationManagement'
  | 'unifiedProcedureStep'
  | 'rtMachineVerification';

/** Statuses that this package itself answers or looks for. PS3.7 Annex C. */
export const Status = {
  /** Done. */
  success: 0x0000,
  /** N-services: the performer failed. */
  processingFailure: 0x0110,
  /** The UID of the instance breaks the rules for UIDs. */
  invalidSopInstance: 0x0117,
  /** N-services: the performer does not know the SOP class. */
  noSuchSopClass: 0x0118,
  /** C-services: the performer does not support the SOP class. */
  sopClassNotSupported: 0x0122,
  /** A request with this message ID is still under way. */
  duplicateInvocation: 0x0210,
  /** The command field is none that the performer knows. */
  unrecognizedOperation: 0x0211,
  /** A parameter is missing or of the wrong kind. */
  mistypedArgument: 0x0212,
  /** First code of the range in which C-services say that they could not process the request. */
  unableToProcess: 0xc000,
  /** Ended by C-CANCEL. */
  cancel: 0xfe00,
  /** A match or a sub-operation done; more to come. */
  pending: 0xff00,
  /** As {@link Status.pending}, but not every optional key was supported. */
  pendingWithWarning: 0xff01,
} as const;

/**
 * The kind of a status code: FF00 and FF01 are pending; FE00 is cancel; 0000 is success; 0001, 0107, 0116 and B000 to BFFF are
 * warnings; everything else is a failure. PS3.7 Annex C.
 */
export function statusCategory(code: number): StatusCategory {
  switch (code) {
    case 0x0000:
      return 'Success';
    case 0x0001:
    case 0x0107:
    case 0x0116:
      return 'Warning';
    case 0xfe00:
      return 'Cancel';
    case 0xff00:
    case 0xff01:
      return 'Pending';
    default:
      return code >>> 12 === 0xb ? 'Warning' : 'Failure';
  }
}

/** A status: the code, and what it means to a service. */
export interface StatusValue {
  /** Status (0000,0900). */
  readonly code: number;
  /** The code as the standard writes it: four hexadecimal digits, `'A700'`. */
  readonly hex: string;
  readonly category: StatusCategory;
  /** In the standard's words; for a code that it does not list, the category. */
  readonly meaning: string;
  /** The service whose meaning this is; `undefined` when it is the general one (PS3.7 Annex C) or the code is not listed. */
  readonly service: StatusService | undefined;
}

/**
 * What a status code means.
 *
 * @param code - Status (0000,0900).
 * @param service - Whose meaning to prefer; without one only the general statuses of PS3.7 Annex C are known.
 *
 * @example
 * ```ts
 * import { statusOf } from '@dicomwire/dimse';
 *
 * const { hex, category, meaning } = statusOf(0xb006, 'storage');
 * console.log(`${hex} ${category}: ${meaning}`); // B006 Warning: Element Discarded
 * ```
 */
export function statusOf(code: number, service?: StatusService): StatusValue {
  const own = service === undefined ? undefined : find(SERVICE_STATUSES[service], code);
  const category = statusCategory(code);
  return {
    code,
    hex: statusInHex(code),
    category,
    meaning: own ?? find(statuses.generalStatuses, code) ?? category,
    service: own === undefined ? undefined : service,
  };
}

/**
 * What a status means, in the standard's words; for a code that it does not list, the category.
 *
 * @param code - Status (0000,0900).
 * @param service - Whose meaning to prefer; without one only the general statuses of PS3.7 Annex C are known.
 *
 * @example
 * ```ts
 * import { describeStatus } from '@dicomwire/dimse';
 *
 * console.log(describeStatus(0xa700, 'storage')); // Refused: Out of Resources
 * ```
 */
export function describeStatus(code: number, service?: StatusService): string {
  return statusOf(code, service).meaning;
}

/** Four hexadecimal digits. */
export function statusInHex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}

/** The meaning of the code itself goes before that of a range around it. */
function find(definitions: readonly statuses.StatusDefinition[], code: number): string | undefined {
  let narrowest: statuses.StatusDefinition | undefined;
  for (const definition of definitions) {
    if (code < definition.code || code > definition.codeEnd) continue;
    if (narrowest === undefined || width(definition) < width(narrowest)) narrowest = definition;
  }
  return narrowest?.meaning;
}

function width({ code, codeEnd }: statuses.StatusDefinition): number {
  return codeEnd - code;
}
