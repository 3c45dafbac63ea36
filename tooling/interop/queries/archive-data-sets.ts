/** The archive as data sets: entities of each level for a query source, instances to be stored. */

import { encodeDataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import { DataSet, type InstanceToSend, type Query, type QueryLevel, type QuerySource } from '@dicomwire/services';
import type { Archive, Instance, Patient, Series, Study } from './archive.ts';

/** The archive as a source of our query service: every entity of the level, whatever is asked. */
export function archiveSource(archive: Archive): QuerySource {
  const made = new Map<QueryLevel, readonly DataSet[]>();
  return {
    find({ level = 'STUDY' }: Query) {
      const entities = made.get(level) ?? [...entitiesOf(archive, level)];
      made.set(level, entities);
      return entities;
    },
  };
}

function* entitiesOf(archive: Archive, level: QueryLevel): Generator<DataSet> {
  for (const patient of archive.patients) {
    if (level === 'PATIENT') yield toDataSet(patientValues(patient));
    for (const study of patient.studies) {
      if (level === 'STUDY') yield toDataSet(studyValues(study));
      for (const series of study.series) {
        if (level === 'SERIES') yield toDataSet(seriesValues(series));
        if (level === 'IMAGE') for (const instance of series.instances) yield toDataSet(instanceValues(instance));
      }
    }
  }
}

/** Every instance, to be stored. */
export function* archiveInstances(archive: Archive): Generator<InstanceToSend> {
  for (const study of archive.studies) {
    for (const series of study.series) {
      for (const instance of series.instances) {
        const dataSet = encodeDataSet(toDataSet(storedValues(instance)), TransferSyntax.ExplicitVRLittleEndian);
        yield {
          sopClassUid: SopClass.SecondaryCaptureImageStorage,
          sopInstanceUid: instance.uid,
          transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
          dataSet,
        };
      }
    }
  }
}

type Values = Parameters<typeof DataSet.from>[0];

function toDataSet(values: Values): DataSet {
  return DataSet.from(values);
}

function patientValues(patient: Patient): Values {
  return {
    SpecificCharacterSet: patient.characterSet === '' ? undefined : patient.characterSet,
    PatientName: patient.name,
    PatientID: patient.patientId,
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
  };
}

function studyValues(study: Study): Values {
  return {
    ...patientValues(study.patient),
    // The referring physician may need more than the patient.
    SpecificCharacterSet: 'ISO_IR 192',
    StudyInstanceUID: study.uid,
    StudyDate: study.date,
    StudyTime: study.time,
    AccessionNumber: study.accessionNumber,
    StudyID: study.studyId,
    StudyDescription: study.description,
    ReferringPhysicianName: study.referringPhysician,
    ModalitiesInStudy: [...new Set(study.series.map(({ modality }) => modality))],
    NumberOfStudyRelatedSeries: study.series.length,
    ProcedureCodeSequence: procedureCodes(study),
  };
}

function procedureCodes({ procedureCode }: Study): Values['ProcedureCodeSequence'] {
  if (procedureCode === '') return undefined;
  return [{ CodeValue: procedureCode, CodingSchemeDesignator: '99TEST', CodeMeaning: `Procedure ${procedureCode}` }];
}

function seriesValues(series: Series): Values {
  return {
    ...studyValues(series.study),
    SeriesInstanceUID: series.uid,
    Modality: series.modality,
    SeriesNumber: series.number,
    SeriesDescription: series.description,
    NumberOfSeriesRelatedInstances: series.instances.length,
  };
}

function instanceValues(instance: Instance): Values {
  return {
    ...seriesValues(instance.series),
    SOPClassUID: SopClass.SecondaryCaptureImageStorage,
    SOPInstanceUID: instance.uid,
    InstanceNumber: instance.number,
    ImageType: [...instance.imageType],
  };
}

/** Without what an archive works out by itself, and with an image of one pixel. */
function storedValues(instance: Instance): Values {
  return {
    ...instanceValues(instance),
    ModalitiesInStudy: undefined,
    NumberOfStudyRelatedSeries: undefined,
    NumberOfSeriesRelatedInstances: undefined,
    ConversionType: 'WSD',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 1,
    Columns: 1,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: Uint8Array.of(0, 0),
  };
}
