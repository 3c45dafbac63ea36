/** Which service's statuses a message speaks. PS3.4. */
import type { MessageType } from './command/types.js';
import type { StatusService } from './status.js';

/** SOP classes of PS3.4 Annex GG, which C-STORE stores as it does those of Annex B, with fewer statuses. */
const NON_PATIENT_OBJECTS = new Set(
  ['1.1.200.1', '1.1.200.3', '1.1.200.7', '1.1.201.1', '38.1', '39.1', '43.1', '44.1', '45.1'].map(
    (end) => `1.2.840.10008.5.1.4.${end}`,
  ),
);

/** By SOP class, or what the UIDs of several begin with; the first one counts. */
const BY_SOP_CLASS: readonly (readonly [uid: string, service: StatusService | undefined])[] = [
  ['1.2.840.10008.5.1.4.31', 'modalityWorklist'],
  ['1.2.840.10008.5.1.4.37', 'relevantPatientInformationQuery'],
  ['1.2.840.10008.5.1.4.41', 'substanceAdministrationQuery'],
  ['1.2.840.10008.5.1.4.42', 'substanceAdministrationQuery'],
  ['1.2.840.10008.5.1.4.34.6', 'unifiedProcedureStep'],
  ['1.2.840.10008.5.1.4.34.8', 'rtMachineVerification'],
  ['1.2.840.10008.5.1.4.34.9', 'rtMachineVerification'],
  ['1.2.840.10008.5.1.4.1.1.201.5', 'storageManagement'],
  ['1.2.840.10008.3.1.2.3', 'procedureStep'],
  ['1.2.840.10008.5.1.1.33', 'mediaCreationManagement'],
  ['1.2.840.10008.5.1.1.40', undefined],
  ['1.2.840.10008.5.1.1', 'printManagement'],
  ['1.2.840.10008.1.20.1', 'storageCommitment'],
  ['1.2.840.10008.1.40', 'applicationEventLogging'],
  ['1.2.840.10008.1.42', 'applicationEventLogging'],
];

/**
 * The service whose statuses a message speaks, by what it is and the SOP class that it is about.
 *
 * @returns `undefined` when the service has no statuses of its own, or isn't known here.
 *
 * @example
 * ```ts
 * import { statusOf, statusServiceOf } from '@dicomwire/dimse';
 *
 * const service = statusServiceOf('C-FIND-RSP', '1.2.840.10008.5.1.4.31');
 * console.log(service, statusOf(0xa700, service).meaning); // modalityWorklist Refused: Out of resources
 * ```
 */
export function statusServiceOf(type: MessageType, sopClassUid: string | undefined): StatusService | undefined {
  switch (type) {
    case 'C-ECHO-RQ':
    case 'C-ECHO-RSP':
      return 'verification';
    case 'C-STORE-RQ':
    case 'C-STORE-RSP':
      return NON_PATIENT_OBJECTS.has(sopClassUid ?? '') ? 'nonPatientObjectStorage' : 'storage';
    case 'C-MOVE-RQ':
    case 'C-MOVE-RSP':
      return 'queryRetrieveMove';
    case 'C-GET-RQ':
    case 'C-GET-RSP':
      return 'queryRetrieveGet';
    case 'C-FIND-RQ':
    case 'C-FIND-RSP':
      return bySopClass(sopClassUid) ?? 'queryRetrieveFind';
    default:
      return bySopClass(sopClassUid);
  }
}

function bySopClass(sopClassUid: string | undefined): StatusService | undefined {
  if (sopClassUid === undefined) return undefined;
  return BY_SOP_CLASS.find(([uid]) => sopClassUid === uid || sopClassUid.startsWith(`${uid}.`))?.[1];
}
