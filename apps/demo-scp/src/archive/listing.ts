/** What an archive holds, read from its index; works while a server writes to it. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { schemaVersion } from './index-schema.js';
import { isUnusableIndex } from './instance-index.js';
import { layoutOf } from './layout.js';
import { number, type Row, text } from './row.js';

/** Everything in an archive. */
export interface ArchiveListing {
  /** By patient name, date and time, then UID. */
  readonly studies: readonly ListedStudy[];
  /** Instances that belong to no study. */
  readonly unfiled: readonly ListedInstance[];
  /** Instances whose file was gone when the server last looked (at its start). They are not among the others. */
  readonly missing: readonly ListedInstance[];
}

export interface ListedStudy {
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly patientBirthDate: string;
  readonly patientSex: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly studyId: string;
  /** By number, then UID. */
  readonly series: readonly ListedSeries[];
}

export interface ListedSeries {
  readonly seriesInstanceUid: string;
  readonly seriesNumber: string;
  readonly modality: string;
  readonly seriesDescription: string;
  /** By number, then UID. */
  readonly instances: readonly ListedInstance[];
}

export interface ListedInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly instanceNumber: string;
  readonly transferSyntax: string;
  readonly callingAeTitle: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** Length of the file. */
  readonly byteLength: number;
  /** Relative to the data directory. */
  readonly path: string;
}

/** Thrown when a directory holds no archive that can be read. */
export class NoArchiveError extends Error {
  override readonly name = 'NoArchiveError';
  readonly code = 'no-archive';
}

/** @throws NoArchiveError when the directory holds no archive, one of another version, or one whose index is damaged. */
export function readListing(directory: string): ArchiveListing {
  const { index } = layoutOf(directory);
  if (!existsSync(index)) throw new NoArchiveError(`there is no archive in ${directory}`);
  const database = new DatabaseSync(index, { readOnly: true });
  try {
    // One transaction, so that what is read belongs together.
    database.exec('PRAGMA busy_timeout = 5000; BEGIN');
    if (database.prepare('PRAGMA user_version').get()?.user_version !== schemaVersion) {
      throw new NoArchiveError(`the archive in ${directory} is not from this version; start its server once`);
    }
    return list(database);
  } catch (error) {
    if (!isUnusableIndex(error)) throw error;
    throw new NoArchiveError(`the index in ${directory} is damaged; start its server once, which makes it anew`, {
      cause: error,
    });
  } finally {
    database.close();
  }
}

function list(database: DatabaseSync): ArchiveListing {
  const studies = new Map<string, ListedStudy & { readonly series: ListedSeries[] }>();
  for (const row of database.prepare(studiesSql).iterate()) {
    studies.set(text(row, 'study_uid'), listedStudy(row));
  }
  const series = new Map<string, ListedSeries & { readonly instances: ListedInstance[] }>();
  for (const row of database.prepare(seriesSql).iterate()) {
    const one = listedSeries(row);
    series.set(seriesKey(row), one);
    studies.get(text(row, 'study_uid'))?.series.push(one);
  }
  const unfiled: ListedInstance[] = [];
  const missing: ListedInstance[] = [];
  for (const row of database.prepare(instancesSql).iterate()) {
    const home = text(row, 'study_uid') === '' ? unfiled : series.get(seriesKey(row))?.instances;
    if (number(row, 'is_missing') !== 0) missing.push(listedInstance(row));
    else home?.push(listedInstance(row));
  }
  return { studies: [...studies.values()].map(withoutEmptySeries).filter(hasSeries), unfiled, missing };
}

const studiesSql = `SELECT * FROM study ORDER BY patient_name, patient_id, date, time, study_uid`;
const seriesSql = `SELECT * FROM series ORDER BY CAST(number AS INTEGER), series_uid`;
const instancesSql = `SELECT * FROM instance ORDER BY CAST(number AS INTEGER), sop_instance_uid`;

function seriesKey(row: Row): string {
  return `${text(row, 'study_uid')}\\${text(row, 'series_uid')}`;
}

/** Series whose instances are all missing hold nothing to be listed. */
function withoutEmptySeries(study: ListedStudy): ListedStudy {
  return { ...study, series: study.series.filter((series) => series.instances.length > 0) };
}

function hasSeries(study: ListedStudy): boolean {
  return study.series.length > 0;
}

function listedStudy(row: Row): ListedStudy & { readonly series: ListedSeries[] } {
  return {
    studyInstanceUid: text(row, 'study_uid'),
    patientId: text(row, 'patient_id'),
    patientName: text(row, 'patient_name'),
    patientBirthDate: text(row, 'patient_birth_date'),
    patientSex: text(row, 'patient_sex'),
    studyDate: text(row, 'date'),
    studyTime: text(row, 'time'),
    studyDescription: text(row, 'description'),
    accessionNumber: text(row, 'accession_number'),
    studyId: text(row, 'study_id'),
    series: [],
  };
}

function listedSeries(row: Row): ListedSeries & { readonly instances: ListedInstance[] } {
  return {
    seriesInstanceUid: text(row, 'series_uid'),
    seriesNumber: text(row, 'number'),
    modality: text(row, 'modality'),
    seriesDescription: text(row, 'description'),
    instances: [],
  };
}

function listedInstance(row: Row): ListedInstance {
  return {
    sopInstanceUid: text(row, 'sop_instance_uid'),
    sopClassUid: text(row, 'sop_class_uid'),
    instanceNumber: text(row, 'number'),
    transferSyntax: text(row, 'transfer_syntax'),
    callingAeTitle: text(row, 'calling_ae'),
    receivedAt: text(row, 'received_at'),
    byteLength: number(row, 'byte_length'),
    path: text(row, 'path'),
  };
}
