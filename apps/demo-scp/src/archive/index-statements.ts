/** What the index says to SQLite. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The statements of an open index, by what they do. */
export type Statements = Record<keyof typeof sql, StatementSync>;

/** Prepares them all; they live as long as the database is open. */
export function prepareStatements(database: DatabaseSync): Statements {
  const prepare = (name: keyof typeof sql) => database.prepare(sql[name]);
  return {
    begin: prepare('begin'),
    commit: prepare('commit'),
    rollback: prepare('rollback'),
    find: prepare('find'),
    all: prepare('all'),
    largestId: prepare('largestId'),
    count: prepare('count'),
    countUpTo: prepare('countUpTo'),
    placesInSeries: prepare('placesInSeries'),
    putInstance: prepare('putInstance'),
    putSeries: prepare('putSeries'),
    putStudy: prepare('putStudy'),
    putPatient: prepare('putPatient'),
    patientOf: prepare('patientOf'),
    anyInSeries: prepare('anyInSeries'),
    anySeries: prepare('anySeries'),
    removeSeries: prepare('removeSeries'),
    removeStudy: prepare('removeStudy'),
    removeEmptyPatient: prepare('removeEmptyPatient'),
    markMissing: prepare('markMissing'),
    announce: prepare('announce'),
    complete: prepare('complete'),
    forget: prepare('forget'),
    replacements: prepare('replacements'),
  };
}

const sql = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  find: 'SELECT * FROM instance WHERE sop_instance_uid = ?',
  all: 'SELECT * FROM instance ORDER BY id',
  count: 'SELECT count(*) AS count FROM instance WHERE is_missing = 0',
  countUpTo: 'SELECT (SELECT count(*) FROM instance) - (SELECT count(*) FROM instance WHERE id > ?) AS count',
  placesInSeries: 'SELECT id, path, byte_length, is_missing FROM instance WHERE study_uid = ? AND series_uid = ?',
  largestId: 'SELECT coalesce(max(id), 0) AS id FROM instance',
  putInstance: `INSERT INTO instance (sop_instance_uid, sop_class_uid, study_uid, series_uid, number, transfer_syntax, calling_ae,
      received_at, byte_length, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sop_instance_uid) DO UPDATE SET sop_class_uid = excluded.sop_class_uid, study_uid = excluded.study_uid,
      series_uid = excluded.series_uid, number = excluded.number, transfer_syntax = excluded.transfer_syntax,
      calling_ae = excluded.calling_ae, received_at = excluded.received_at, byte_length = excluded.byte_length,
      path = excluded.path, is_missing = 0`,
  putSeries: `INSERT INTO series (study_uid, series_uid, number, modality, description) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (study_uid, series_uid) DO UPDATE SET number = excluded.number, modality = excluded.modality,
      description = excluded.description`,
  putStudy: `INSERT INTO study (study_uid, patient_id, patient_name, patient_name_folded, patient_birth_date, patient_sex, date,
      date_key, time, description, accession_number, study_id, referring_physician)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (study_uid) DO UPDATE SET patient_id = excluded.patient_id, patient_name = excluded.patient_name,
      patient_name_folded = excluded.patient_name_folded, patient_birth_date = excluded.patient_birth_date,
      patient_sex = excluded.patient_sex, date = excluded.date, date_key = excluded.date_key, time = excluded.time,
      description = excluded.description, accession_number = excluded.accession_number, study_id = excluded.study_id,
      referring_physician = excluded.referring_physician`,
  putPatient: `INSERT INTO patient (patient_id, name, name_folded, birth_date, sex) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (patient_id) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded,
      birth_date = excluded.birth_date, sex = excluded.sex`,
  patientOf: 'SELECT patient_id FROM study WHERE study_uid = ?',
  anyInSeries: 'SELECT 1 FROM instance WHERE study_uid = ? AND series_uid = ? LIMIT 1',
  anySeries: 'SELECT 1 FROM series WHERE study_uid = ? LIMIT 1',
  removeSeries: 'DELETE FROM series WHERE study_uid = ? AND series_uid = ?',
  removeStudy: 'DELETE FROM study WHERE study_uid = ?',
  removeEmptyPatient: `DELETE FROM patient WHERE patient_id = ?1 AND NOT EXISTS (SELECT 1 FROM study WHERE patient_id = ?1)`,
  markMissing: 'UPDATE instance SET is_missing = ? WHERE id = ?',
  announce: 'INSERT OR REPLACE INTO replacement VALUES (?, ?, ?)',
  complete: 'DELETE FROM replacement WHERE sop_instance_uid = ? AND old_path = new_path',
  forget: 'DELETE FROM replacement WHERE sop_instance_uid = ?',
  replacements: 'SELECT * FROM replacement',
};
