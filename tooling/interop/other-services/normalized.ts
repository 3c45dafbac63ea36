/** N-services that have no function of their own in `@dicomwire/services`: what is asked of each, as the standard has it. */
import { type DataSetInput, SopClass } from '@dicomwire/dimse/dataset';
import type { NOperation } from '../peers/pynetdicom-n-services.ts';

/** A SOP class, an instance of it, and what is done with that, one after the other. */
export interface NormalizedRow {
  readonly name: string;
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly steps: readonly NormalizedStep[];
}

/** One operation. */
export interface NormalizedStep {
  readonly operation: Exclude<NOperation, 'N-EVENT-REPORT'>;
  /** Of an action. */
  readonly type?: number;
  /** What goes along, by keyword. */
  readonly dataSet?: DataSetInput;
}

const reference = { ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ReferencedSOPInstanceUID: '1.2.3.4' };

const machineVerification = (name: string, sopClass: string, sopInstance: string): NormalizedRow => ({
  name,
  sopClass,
  sopInstance,
  steps: [
    { operation: 'N-CREATE', dataSet: { PatientID: '4711', PatientName: 'DOE^JANE' } },
    { operation: 'N-SET', dataSet: { PatientID: '4712' } },
    { operation: 'N-GET' },
    { operation: 'N-ACTION', type: 1 },
    { operation: 'N-DELETE' },
  ],
});

/** The SOP classes with their operations: PS3.4 R, S, DD, EE, P, KK. */
export const normalizedRows: readonly NormalizedRow[] = [
  {
    name: 'instance availability notification',
    sopClass: SopClass.InstanceAvailabilityNotification,
    sopInstance: '1.2.3.10',
    steps: [
      {
        operation: 'N-CREATE',
        dataSet: {
          StudyInstanceUID: '1.2.3',
          ReferencedSeriesSequence: [
            {
              SeriesInstanceUID: '1.2.3.1',
              ReferencedSOPSequence: [{ ...reference, InstanceAvailability: 'ONLINE', RetrieveAETitle: 'ARCHIVE' }],
            },
          ],
        },
      },
    ],
  },
  {
    name: 'media creation',
    sopClass: SopClass.MediaCreationManagement,
    sopInstance: '1.2.3.11',
    steps: [
      {
        operation: 'N-CREATE',
        dataSet: { LabelUsingInformationExtractedFromInstances: 'YES', ReferencedSOPSequence: [reference] },
      },
      { operation: 'N-ACTION', type: 1, dataSet: { NumberOfCopies: 1, RequestPriority: 'LOW' } },
      { operation: 'N-GET' },
    ],
  },
  machineVerification('verification of a conventional machine', SopClass.RTConventionalMachineVerification, '1.2.3.12'),
  machineVerification('verification of an ion machine', SopClass.RTIonMachineVerification, '1.2.3.13'),
  {
    name: 'display system',
    sopClass: SopClass.DisplaySystem,
    sopInstance: '1.2.840.10008.5.1.1.40.1',
    steps: [{ operation: 'N-GET' }],
  },
  {
    name: 'procedural event logging',
    sopClass: SopClass.ProceduralEventLogging,
    sopInstance: '1.2.840.10008.1.40.1',
    steps: [{ operation: 'N-ACTION', type: 1, dataSet: { PatientID: '4711', StudyInstanceUID: '1.2.3' } }],
  },
  {
    name: 'substance administration logging',
    sopClass: SopClass.SubstanceAdministrationLogging,
    sopInstance: '1.2.840.10008.1.42.1',
    steps: [{ operation: 'N-ACTION', type: 1, dataSet: { PatientID: '4711', StudyInstanceUID: '1.2.3' } }],
  },
  {
    name: 'inventory creation',
    sopClass: SopClass.InventoryCreation,
    sopInstance: '1.2.840.10008.5.1.4.1.1.201.1.1',
    steps: [{ operation: 'N-ACTION', type: 1, dataSet: { TransactionUID: '1.2.3.99' } }],
  },
];

/** What an instance is given back as, where nothing created it. */
export const displaySystemAttributes: DataSetInput = { Manufacturer: 'ACME', InstitutionName: 'Interop' };
