/**
 * An item of a worklist in typed fields. PS3.4 K.6.1.2.2.
 */
import { DataSet } from '@dicomwire/dimse';
import { DicomDate, DicomDateTime, DicomTime, PersonName } from '@dicomwire/dimse/dataset';
import { parseOffset } from '../query/parse-query.js';

/** A scheduled procedure step, with the patient and the request that it belongs to. Text that the peer left empty is `undefined`. */
export interface WorklistItem {
  /** Everything as it came. */
  readonly dataSet: DataSet;
  /** The item of Scheduled Procedure Step Sequence (0040,0100); empty where the peer sent none. */
  readonly step: DataSet;
  /** Patient's Name (0010,0010). */
  readonly patientName: PersonName | undefined;
  /** Patient ID (0010,0020). */
  readonly patientId: string | undefined;
  /** Patient's Birth Date (0010,0030). */
  readonly patientBirthDate: DicomDate | undefined;
  /** Patient's Sex (0010,0040). */
  readonly patientSex: string | undefined;
  /** Accession Number (0008,0050). */
  readonly accessionNumber: string | undefined;
  /** Study Instance UID (0020,000D), for what will be made. */
  readonly studyInstanceUid: string | undefined;
  /** Requested Procedure ID (0040,1001). */
  readonly requestedProcedureId: string | undefined;
  /** Requested Procedure Description (0032,1060). */
  readonly requestedProcedureDescription: string | undefined;
  /** Referring Physician's Name (0008,0090). */
  readonly referringPhysicianName: PersonName | undefined;
  /** Modality (0008,0060) of the step. */
  readonly modality: string | undefined;
  /** Scheduled Station AE Title (0040,0001): where it is to be done; several are possible. */
  readonly scheduledStationAeTitles: readonly string[];
  /** Scheduled Station Name (0040,0010). */
  readonly scheduledStationName: string | undefined;
  /** Scheduled Procedure Step Start Date and Time (0040,0002), (0040,0003), with the time zone if the item tells it. */
  readonly scheduledStart: DicomDateTime | undefined;
  /** Scheduled Procedure Step ID (0040,0009). */
  readonly scheduledProcedureStepId: string | undefined;
  /** Scheduled Procedure Step Description (0040,0007). */
  readonly scheduledProcedureStepDescription: string | undefined;
  /** Scheduled Performing Physician's Name (0040,0006). */
  readonly scheduledPerformingPhysicianName: PersonName | undefined;
}

/** Reads the fields; what can't be read is `undefined`, and still in the data set. */
export function worklistItemOf(dataSet: DataSet): WorklistItem {
  const step = dataSet.get('ScheduledProcedureStepSequence')[0] ?? new DataSet();
  return {
    dataSet,
    step,
    patientName: nameOf(dataSet.text('PatientName')),
    patientId: dataSet.text('PatientID'),
    patientBirthDate: dateOf(dataSet.text('PatientBirthDate')),
    patientSex: dataSet.text('PatientSex'),
    accessionNumber: dataSet.text('AccessionNumber'),
    studyInstanceUid: dataSet.text('StudyInstanceUID'),
    requestedProcedureId: dataSet.text('RequestedProcedureID'),
    requestedProcedureDescription: dataSet.text('RequestedProcedureDescription'),
    referringPhysicianName: nameOf(dataSet.text('ReferringPhysicianName')),
    modality: step.text('Modality'),
    scheduledStationAeTitles: step.texts('ScheduledStationAETitle'),
    scheduledStationName: step.text('ScheduledStationName'),
    scheduledStart: startOf(step, dataSet),
    scheduledProcedureStepId: step.text('ScheduledProcedureStepID'),
    scheduledProcedureStepDescription: step.text('ScheduledProcedureStepDescription'),
    scheduledPerformingPhysicianName: nameOf(step.text('ScheduledPerformingPhysicianName')),
  };
}

function nameOf(text: string | undefined): PersonName | undefined {
  return text === undefined ? undefined : PersonName.tryParse(text);
}

function dateOf(text: string | undefined): DicomDate | undefined {
  return text === undefined ? undefined : DicomDate.tryParse(text);
}

function startOf(step: DataSet, dataSet: DataSet): DicomDateTime | undefined {
  const date = dateOf(step.text('ScheduledProcedureStepStartDate'));
  if (date === undefined) return undefined;
  const start = DicomDateTime.fromDateAndTime(
    date,
    DicomTime.tryParse(step.text('ScheduledProcedureStepStartTime') ?? ''),
  );
  const zone = dataSet.text('TimezoneOffsetFromUTC');
  const offsetMinutes = zone === undefined ? undefined : parseOffset(zone);
  return offsetMinutes === undefined ? start : start.withOffset(offsetMinutes);
}
