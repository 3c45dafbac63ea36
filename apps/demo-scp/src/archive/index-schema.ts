/**
 * Tables of the index, and how a database is brought to them.
 *
 * The index holds nothing that the files do not: a database of another version, or one that SQLite finds damaged, is set
 * aside and built anew from the files.
 */
import type { DatabaseSync } from 'node:sqlite';

/** Raised with every change of the tables. */
export const schemaVersion = 2;

/** Pragmas that hold for a connection, set at each opening. */
export const connectionPragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA temp_store = MEMORY;
`;

/** True if the database has this version's tables, or none yet; then they are made. */
export function prepareSchema(database: DatabaseSync): boolean {
  const version = database.prepare('PRAGMA user_version').get()?.user_version;
  if (version === schemaVersion) return true;
  if (version !== 0) return false;
  database.exec(`BEGIN; ${tables} PRAGMA user_version = ${schemaVersion}; COMMIT;`);
  return true;
}

const tables = `
  -- folded: as names are compared, so that they can be looked up
  CREATE TABLE patient (
    id INTEGER PRIMARY KEY,
    patient_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    sex TEXT NOT NULL
  );
  CREATE INDEX patient_by_name ON patient (name_folded);

  -- the patient once more: those without an ID are not all the same one
  -- date_key: the date in eight digits, however it was written, or as it was written
  CREATE TABLE study (
    id INTEGER PRIMARY KEY,
    study_uid TEXT NOT NULL UNIQUE,
    patient_id TEXT NOT NULL,
    patient_name TEXT NOT NULL,
    patient_name_folded TEXT NOT NULL,
    patient_birth_date TEXT NOT NULL,
    patient_sex TEXT NOT NULL,
    date TEXT NOT NULL,
    date_key TEXT NOT NULL,
    time TEXT NOT NULL,
    description TEXT NOT NULL,
    accession_number TEXT NOT NULL,
    study_id TEXT NOT NULL,
    referring_physician TEXT NOT NULL
  );
  CREATE INDEX study_by_patient ON study (patient_id);
  CREATE INDEX study_by_name ON study (patient_name_folded);
  CREATE INDEX study_by_date ON study (date_key);
  CREATE INDEX study_by_accession ON study (accession_number);

  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    number TEXT NOT NULL,
    modality TEXT NOT NULL,
    description TEXT NOT NULL,
    UNIQUE (study_uid, series_uid)
  );
  CREATE INDEX series_by_uid ON series (series_uid);

  -- study_uid and series_uid are '' for what belongs to no study
  CREATE TABLE instance (
    id INTEGER PRIMARY KEY,
    sop_instance_uid TEXT NOT NULL UNIQUE,
    sop_class_uid TEXT NOT NULL,
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    number TEXT NOT NULL,
    transfer_syntax TEXT NOT NULL,
    calling_ae TEXT NOT NULL,
    received_at TEXT NOT NULL,
    byte_length INTEGER NOT NULL,
    path TEXT NOT NULL,
    is_missing INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX instance_by_series ON instance (study_uid, series_uid);

  -- replacements under way: after a crash, start-up finishes or forgets them
  CREATE TABLE replacement (
    sop_instance_uid TEXT NOT NULL PRIMARY KEY,
    old_path TEXT NOT NULL,
    new_path TEXT NOT NULL
  ) WITHOUT ROWID;

  -- 'open' while a server runs; still there at the next start when it did not end in order
  CREATE TABLE state (name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
`;
