/** Which attributes the index has, where, and how they are looked up. PS3.4 C.6. */
import type { QueryLevel } from '@dicomwire/services';

/** How the index can narrow down an attribute. */
export type ColumnKind = 'exact' | 'name' | 'date' | 'none';

/** An attribute in the index. */
export interface SearchColumn {
  /** SQL that gives its value, by the level of the query; `undefined` at levels that have none. */
  readonly sql: Readonly<Partial<Record<QueryLevel, string>>>;
  /** SQL that is compared, where that is another column. */
  readonly compared?: Readonly<Partial<Record<QueryLevel, string>>> | undefined;
  readonly kind: ColumnKind;
}

/** Tables of a level, joined, and the row number that orders them. */
export const levelTables: Readonly<Record<QueryLevel, { readonly from: string; readonly id: string }>> = {
  PATIENT: { from: 'patient p', id: 'p.id' },
  STUDY: { from: 'study s', id: 's.id' },
  SERIES: { from: 'series r JOIN study s ON s.study_uid = r.study_uid', id: 'r.id' },
  IMAGE: {
    from: `instance i JOIN series r ON r.study_uid = i.study_uid AND r.series_uid = i.series_uid
      JOIN study s ON s.study_uid = i.study_uid`,
    id: 'i.id',
  },
};

/** Relative path of one file of an entity, from which the attributes are read that the index has not. */
export const anyFile: Readonly<Record<QueryLevel, string>> = {
  PATIENT: `(SELECT i.path FROM study s JOIN instance i ON i.study_uid = s.study_uid
    WHERE s.patient_id = p.patient_id AND i.is_missing = 0 LIMIT 1)`,
  STUDY: '(SELECT i.path FROM instance i WHERE i.study_uid = s.study_uid AND i.is_missing = 0 LIMIT 1)',
  SERIES: `(SELECT i.path FROM instance i
    WHERE i.study_uid = r.study_uid AND i.series_uid = r.series_uid AND i.is_missing = 0 LIMIT 1)`,
  IMAGE: 'i.path',
};

const fromStudy = (sql: string) => ({ STUDY: sql, SERIES: sql, IMAGE: sql });
const patient = (ofPatient: string, ofStudy: string) => ({ PATIENT: ofPatient, ...fromStudy(ofStudy) });
const fromSeries = (sql: string) => ({ SERIES: sql, IMAGE: sql });
const perPatient = (what: string, from: string) =>
  patient(
    `(SELECT ${what} FROM study x ${from} WHERE x.patient_id = p.patient_id)`,
    `(SELECT ${what} FROM study x ${from} WHERE x.patient_id = s.patient_id)`,
  );
const instancesOfStudy = 'instance i WHERE i.study_uid = s.study_uid AND i.is_missing = 0';
const instancesOfSeries = `instance i WHERE i.study_uid = r.study_uid AND i.series_uid = r.series_uid AND i.is_missing = 0`;

/** Attributes by keyword. Those with several values are joined by backslashes, as on the wire. */
export const searchColumns: Readonly<Record<string, SearchColumn>> = {
  PatientID: { sql: patient('p.patient_id', 's.patient_id'), kind: 'exact' },
  PatientName: {
    sql: patient('p.name', 's.patient_name'),
    compared: patient('p.name_folded', 's.patient_name_folded'),
    kind: 'name',
  },
  PatientBirthDate: { sql: patient('p.birth_date', 's.patient_birth_date'), kind: 'none' },
  PatientSex: { sql: patient('p.sex', 's.patient_sex'), kind: 'none' },
  NumberOfPatientRelatedStudies: { sql: perPatient('count(*)', ''), kind: 'none' },
  NumberOfPatientRelatedSeries: {
    sql: perPatient('count(*)', 'JOIN series y ON y.study_uid = x.study_uid'),
    kind: 'none',
  },
  NumberOfPatientRelatedInstances: {
    sql: perPatient('count(*)', 'JOIN instance y ON y.study_uid = x.study_uid AND y.is_missing = 0'),
    kind: 'none',
  },
  StudyInstanceUID: { sql: fromStudy('s.study_uid'), kind: 'exact' },
  StudyDate: { sql: fromStudy('s.date'), compared: fromStudy('s.date_key'), kind: 'date' },
  StudyTime: { sql: fromStudy('s.time'), kind: 'none' },
  StudyDescription: { sql: fromStudy('s.description'), kind: 'none' },
  AccessionNumber: { sql: fromStudy('s.accession_number'), kind: 'exact' },
  StudyID: { sql: fromStudy('s.study_id'), kind: 'none' },
  ReferringPhysicianName: { sql: fromStudy('s.referring_physician'), kind: 'none' },
  ModalitiesInStudy: {
    sql: fromStudy(
      `(SELECT group_concat(modality, '\\') FROM (SELECT DISTINCT x.modality FROM series x
        WHERE x.study_uid = s.study_uid AND x.modality <> '' ORDER BY x.modality))`,
    ),
    kind: 'none',
  },
  SOPClassesInStudy: {
    sql: fromStudy(
      `(SELECT group_concat(uid, '\\') FROM (SELECT DISTINCT i.sop_class_uid AS uid FROM ${instancesOfStudy} ORDER BY uid))`,
    ),
    kind: 'none',
  },
  NumberOfStudyRelatedSeries: {
    sql: fromStudy('(SELECT count(*) FROM series x WHERE x.study_uid = s.study_uid)'),
    kind: 'none',
  },
  NumberOfStudyRelatedInstances: { sql: fromStudy(`(SELECT count(*) FROM ${instancesOfStudy})`), kind: 'none' },
  SeriesInstanceUID: { sql: fromSeries('r.series_uid'), kind: 'exact' },
  SeriesNumber: { sql: fromSeries('r.number'), kind: 'none' },
  Modality: { sql: fromSeries('r.modality'), kind: 'exact' },
  SeriesDescription: { sql: fromSeries('r.description'), kind: 'none' },
  NumberOfSeriesRelatedInstances: { sql: fromSeries(`(SELECT count(*) FROM ${instancesOfSeries})`), kind: 'none' },
  SOPInstanceUID: { sql: { IMAGE: 'i.sop_instance_uid' }, kind: 'exact' },
  SOPClassUID: { sql: { IMAGE: 'i.sop_class_uid' }, kind: 'exact' },
  InstanceNumber: { sql: { IMAGE: 'i.number' }, kind: 'none' },
  AvailableTransferSyntaxUID: { sql: { IMAGE: 'i.transfer_syntax' }, kind: 'none' },
};
