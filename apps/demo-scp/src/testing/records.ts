/** Rows for tests. */
import type { InstanceAttributes, InstanceRecord } from '../archive/record.js';

/** A row with sensible contents, but for what is given. */
export function makeRecord(
  sopInstanceUid: string,
  facts: Partial<Omit<InstanceRecord, 'attributes'>> = {},
  attributes: Partial<InstanceAttributes> = {},
): InstanceRecord {
  return {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
    sopInstanceUid,
    transferSyntax: '1.2.840.10008.1.2.1',
    callingAeTitle: 'MODALITY',
    receivedAt: '2026-01-02T03:04:05.678Z',
    byteLength: 1000,
    path: `objects/1.2/1.2.3/${sopInstanceUid}.dcm`,
    ...facts,
    attributes: { ...someAttributes, ...attributes },
  };
}

const someAttributes: InstanceAttributes = {
  patientId: 'P1',
  patientName: 'DOE^JANE',
  patientBirthDate: '19700101',
  patientSex: 'F',
  studyInstanceUid: '1.2',
  studyDate: '20260101',
  studyTime: '120000',
  studyDescription: 'Head',
  accessionNumber: 'A1',
  studyId: 'S1',
  referringPhysicianName: 'HOUSE^GREG',
  seriesInstanceUid: '1.2.3',
  seriesNumber: '1',
  modality: 'OT',
  seriesDescription: 'First',
  instanceNumber: '1',
};
