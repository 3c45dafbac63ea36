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
  largestId: 'SELECT coalesce(max(id), 0) AS id FROM instance',
  putInstance: `INSERT INTO instance (sop_instance_uid, sop_class_uid, study_uid, series_uid, number, transfer_syntax, calling_ae,
      received_at, byte_length, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sop_instance_uid) DO UPDATE SET sop_class_uid = excluded.sop_class_uid, study_uid = excluded.study_uid,
      series_uid = excluded.series_uid, number = excluded.number, transfer_syntax = excluded.transfer_syntax,
      calling_ae = excluded.calling_ae, received_at = excluded.received_at, byte_length = excluded.byte_length,
      path = excluded.path, is_missing = 0`,
  putSeries: 'INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?)',
  putStudy: 'INSERT OR REPLACE INTO study VALUES (?, ?, ?, ?, ?, ?, ?)',
  putPatient: 'INSERT OR REPLACE INTO patient VALUES (?, ?, ?, ?)',
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
