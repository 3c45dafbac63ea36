/**
 * Worklist queries, and what they find among items that are made up: said in terms of the items. Where a peer finds something else, it is said what, and
 * why.
 */
import { DataSet, encodePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import type { QueryCallOptions, WorklistKeys } from '@dicomwire/services';

/** An item of the worklist, with one scheduled procedure step. */
export interface WorklistEntry {
  readonly accessionNumber: string;
  readonly patientName: string;
  readonly patientId: string;
  readonly modality: string;
  readonly stations: readonly string[];
  readonly date: string;
  readonly time: string;
  readonly physician: string;
}

/** Peers that serve worklists. */
export type WorklistPeer = 'orthanc' | 'wlmscpfs';

/** One query. */
export interface WorklistRow {
  readonly what: string;
  /** Clause of PS3.4. */
  readonly clause: string;
  readonly keys: WorklistKeys;
  /** The same for `findscu -k`; `undefined` where it can't ask so. */
  readonly arguments: readonly string[];
  readonly options?: QueryCallOptions | undefined;
  /** True for what is found. */
  readonly expected: (entry: WorklistEntry) => boolean;
  /** What others find instead, and why. */
  readonly differs?: Readonly<
    Partial<Record<WorklistPeer, { readonly finds: (entry: WorklistEntry) => boolean; readonly why: string }>>
  >;
}

function entry(number: number, rest: Omit<WorklistEntry, 'accessionNumber' | 'patientId'>): WorklistEntry {
  return { accessionNumber: `W${number}`, patientId: `P${number}`, ...rest };
}

// biome-ignore format: a table
export const worklistEntries: readonly WorklistEntry[] = [
  entry(1, { patientName: 'DOE^JANE', modality: 'CT', stations: ['CT1'], date: '20260131', time: '080000', physician: 'SMITH^ANNE' }),
  entry(2, { patientName: 'Doe^John', modality: 'CT', stations: ['CT1', 'CT2'], date: '20260131', time: '143000', physician: 'JONES' }),
  entry(3, { patientName: 'ROE^RICHARD', modality: 'MR', stations: ['MR1'], date: '20260201', time: '0900', physician: 'SMITH^ANNE' }),
  entry(4, { patientName: 'Müller^Jörg', modality: 'CT', stations: ['CT2'], date: '20260202', time: '233000', physician: 'JONES' }),
  entry(5, { patientName: 'MULLER^ANNA', modality: 'US', stations: ['US1'], date: '20260203', time: '013000', physician: 'SMITH^ANNE' }),
  entry(6, { patientName: 'SMYTHE^MARIE', modality: 'CR', stations: ['CR1'], date: '20260203', time: '101500.5', physician: 'NEWMAN' }),
];

/** A worklist file of an item. */
export function worklistFile(item: WorklistEntry): Uint8Array {
  const number = item.accessionNumber.slice(1);
  const dataSet = DataSet.from({
    SpecificCharacterSet: 'ISO_IR 100',
    AccessionNumber: item.accessionNumber,
    ReferringPhysicianName: 'REFERRER',
    PatientName: item.patientName,
    PatientID: item.patientId,
    PatientBirthDate: '19700101',
    PatientSex: 'O',
    MedicalAlerts: 'NONE',
    Allergies: 'NONE',
    StudyInstanceUID: `1.2.826.0.1.3680043.10.1234.9.${number}`,
    RequestingPhysician: 'REQUESTER',
    RequestedProcedureDescription: 'EXAM',
    RequestedProcedureID: `RP${number}`,
    RequestedProcedurePriority: 'LOW',
    ScheduledProcedureStepSequence: [
      {
        Modality: item.modality,
        ScheduledStationAETitle: [...item.stations],
        ScheduledProcedureStepStartDate: item.date,
        ScheduledProcedureStepStartTime: item.time,
        ScheduledPerformingPhysicianName: item.physician,
        ScheduledProcedureStepDescription: 'STEP',
        ScheduledProcedureStepID: `SPS${number}`,
      },
    ],
  });
  return encodePart10(dataSet, {
    transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
    mediaStorageSopClassUid: '1.2.276.0.7230010.3.1.0.1',
    mediaStorageSopInstanceUid: `1.2.826.0.1.3680043.10.1234.8.${number}`,
  });
}

/** What is asked in small letters is not among these. */
const literalNames = { finds: () => false, why: 'compares names literally: case and accents count' };

const apart = 'matches days and times apart';

const step = (key: string) => `ScheduledProcedureStepSequence[0].${key}`;

/** Every row. */
export const worklistTable: readonly WorklistRow[] = [
  { what: 'everything', clause: 'C.2.2.2.3', keys: {}, arguments: [step('Modality')], expected: () => true },
  {
    what: 'a modality',
    clause: 'C.2.2.2.6',
    keys: { Modality: 'CT' },
    arguments: [step('Modality=CT')],
    expected: ({ modality }) => modality === 'CT',
  },
  {
    what: 'a station, one of several of the step',
    clause: 'K.2.2.3',
    keys: { ScheduledStationAETitle: 'CT2' },
    arguments: [step('ScheduledStationAETitle=CT2')],
    expected: ({ stations }) => stations.includes('CT2'),
    differs: {
      orthanc: {
        finds: ({ stations }) => stations.length === 1 && stations[0] === 'CT2',
        why: 'compares all values as one text',
      },
    },
  },
  {
    what: 'a day',
    clause: 'C.2.2.2.1.3',
    keys: { ScheduledProcedureStepStartDate: '20260131' },
    arguments: [step('ScheduledProcedureStepStartDate=20260131')],
    expected: ({ date }) => date === '20260131',
  },
  {
    what: 'days between',
    clause: 'C.2.2.2.5.1',
    keys: { ScheduledProcedureStepStartDate: '20260131-20260201' },
    arguments: [step('ScheduledProcedureStepStartDate=20260131-20260201')],
    expected: ({ date }) => date === '20260131' || date === '20260201',
  },
  {
    what: 'a moment in a range of days and times together',
    clause: 'K.6.1.2.2',
    keys: { ScheduledProcedureStepStartDate: '20260131-20260203', ScheduledProcedureStepStartTime: '1000-1100' },
    arguments: [
      step('ScheduledProcedureStepStartDate=20260131-20260203'),
      step('ScheduledProcedureStepStartTime=1000-1100'),
    ],
    expected: ({ accessionNumber }) => ['W2', 'W3', 'W4', 'W5', 'W6'].includes(accessionNumber),
    differs: { orthanc: { finds: ({ accessionNumber }) => accessionNumber === 'W6', why: apart } },
  },
  {
    what: 'a night',
    clause: 'K.6.1.2.2',
    keys: { ScheduledProcedureStepStartDate: '20260202-20260203', ScheduledProcedureStepStartTime: '2200-0600' },
    arguments: [
      step('ScheduledProcedureStepStartDate=20260202-20260203'),
      step('ScheduledProcedureStepStartTime=2200-0600'),
    ],
    expected: ({ accessionNumber }) => ['W4', 'W5'].includes(accessionNumber),
    differs: { orthanc: { finds: () => false, why: apart } },
  },
  {
    what: 'the beginning of a name, in another case',
    clause: 'C.2.2.2.4',
    keys: { PatientName: 'doe*' },
    arguments: ['PatientName=doe*', step('Modality')],
    expected: ({ patientName }) => patientName.toUpperCase().startsWith('DOE'),
    differs: { wlmscpfs: literalNames },
  },
  {
    what: 'a name without its accents',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: 'muller*' },
    arguments: ['PatientName=muller*', step('Modality')],
    expected: ({ patientName }) => ['Müller^Jörg', 'MULLER^ANNA'].includes(patientName),
    differs: {
      orthanc: {
        finds: ({ patientName }) => patientName === 'MULLER^ANNA',
        why: 'compares names without regard to case, but accents count',
      },
      wlmscpfs: literalNames,
    },
  },
  {
    what: 'a physician and a modality',
    clause: 'C.2.2.2.6',
    keys: { ScheduledPerformingPhysicianName: 'SMITH*', Modality: 'MR' },
    arguments: [step('ScheduledPerformingPhysicianName=SMITH*'), step('Modality=MR')],
    expected: ({ accessionNumber }) => accessionNumber === 'W3',
  },
  {
    what: 'a patient',
    clause: 'C.2.2.2.1',
    keys: { PatientID: 'P3' },
    arguments: ['PatientID=P3', step('Modality')],
    expected: ({ patientId }) => patientId === 'P3',
  },
  {
    what: 'an accession number',
    clause: 'C.2.2.2.1',
    keys: { AccessionNumber: 'W5' },
    arguments: ['AccessionNumber=W5', step('Modality')],
    expected: ({ accessionNumber }) => accessionNumber === 'W5',
  },
  {
    what: 'what is not there',
    clause: 'K.4.1.3',
    keys: { Modality: 'PT' },
    arguments: [step('Modality=PT')],
    expected: () => false,
  },
];
