/** Whose meanings the statuses of a normalized SOP class have. PS3.4, the annex of each service class. */
import type { StatusService } from '@dicomwire/dimse';
import { SopClass } from '@dicomwire/dimse/dataset';

/** The service class of a SOP class that is handled by N-services; `undefined` where only the general statuses hold. */
export function statusServiceOf(sopClassUid: string): StatusService | undefined {
  services ??= new Map(
    classes.flatMap(([service, uids]) => uids.map((uid): [string, StatusService] => [uid, service])),
  );
  return services.get(sopClassUid);
}

let services: ReadonlyMap<string, StatusService> | undefined;

const classes: readonly (readonly [StatusService, readonly string[]])[] = [
  ['storageCommitment', [SopClass.StorageCommitmentPushModel]],
  [
    'procedureStep',
    [
      SopClass.ModalityPerformedProcedureStep,
      SopClass.ModalityPerformedProcedureStepRetrieve,
      SopClass.ModalityPerformedProcedureStepNotification,
    ],
  ],
  [
    'unifiedProcedureStep',
    [
      SopClass.UnifiedProcedureStepPush,
      SopClass.UnifiedProcedureStepPull,
      SopClass.UnifiedProcedureStepWatch,
      SopClass.UnifiedProcedureStepEvent,
    ],
  ],
  [
    'printManagement',
    [
      SopClass.BasicFilmSession,
      SopClass.BasicFilmBox,
      SopClass.BasicGrayscaleImageBox,
      SopClass.BasicColorImageBox,
      SopClass.BasicAnnotationBox,
      SopClass.PresentationLUT,
      SopClass.PrintJob,
      SopClass.Printer,
      SopClass.PrinterConfigurationRetrieval,
    ],
  ],
  ['mediaCreationManagement', [SopClass.MediaCreationManagement]],
  ['storageManagement', [SopClass.InventoryCreation]],
  ['applicationEventLogging', [SopClass.ProceduralEventLogging, SopClass.SubstanceAdministrationLogging]],
  ['rtMachineVerification', [SopClass.RTConventionalMachineVerification, SopClass.RTIonMachineVerification]],
];
