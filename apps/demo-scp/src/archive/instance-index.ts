/**
 * The index: patients, studies, series and instances in SQLite, written by one process, readable by others meanwhile.
 *
 * Commits are not synced by SQLite (`synchronous = NORMAL`): who needs them on disk calls {@link InstanceIndex.sync}, which syncs
 * the write-ahead log on the thread pool. That is what `synchronous = FULL` does after each commit, without stopping the event loop.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { FileWriteError, foldName } from '@dicomwire/services';
import { connectionPragmas, prepareSchema } from './index-schema.js';
import { prepareStatements, type Statements } from './index-statements.js';
import { belongsToStudy, type InstanceRecord, type PlacedRow, type StoredInstance } from './record.js';
import { number, type Row, text } from './row.js';

/** A replacement of one instance's file by another that has been announced and not yet committed. */
export interface Replacement {
  readonly sopInstanceUid: string;
  /** Relative to the data directory, like `newPath`; the two may be the same. */
  readonly oldPath: string;
  readonly newPath: string;
}

/** Thrown by {@link InstanceIndex.open} when the file is an index of another version. */
export class OtherVersionError extends Error {
  override readonly name = 'OtherVersionError';
  readonly code = 'other-version';
}

/** Whether an error says that the index should be set aside and built anew: of another version, damaged, or no database. */
export function isUnusableIndex(error: unknown): boolean {
  if (error instanceof OtherVersionError) return true;
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  const primaryCode = error.errcode & 0xff;
  return primaryCode === sqliteCorrupt || primaryCode === sqliteNotADatabase;
}

const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

/** Read and write access to the index. One per data directory; the archive's lock sees to that. */
export class InstanceIndex {
  /** False when the process that had the index open before did not close it. */
  readonly wasClosedInOrder: boolean;
  /** The database's file. */
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  /** Attributes written last, by study and by series: a study's next instance then costs one row, not four. */
  readonly #writtenStudies = new Map<string, string>();
  readonly #writtenSeries = new Map<string, string>();
  #logFile: number | undefined;

  /** @throws OtherVersionError, or SQLite's error; {@link isUnusableIndex} tells what to do about it. */
  static open(path: string): InstanceIndex {
    const database = new DatabaseSync(path);
    try {
      database.exec(connectionPragmas);
      if (!prepareSchema(database)) throw new OtherVersionError(`${path} is an index of another version`);
      return new InstanceIndex(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private constructor(database: DatabaseSync, path: string) {
    this.path = path;
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.wasClosedInOrder = database.prepare("SELECT 1 FROM state WHERE name = 'open'").get() === undefined;
    // The first write also sees to it that the log exists.
    database.exec("INSERT OR REPLACE INTO state VALUES ('open')");
    this.#logFile = openSync(`${path}-wal`, 'r');
  }

  /** The row of an instance, if there is one. */
  find(sopInstanceUid: string): StoredInstance | undefined {
    const row = this.#statements.find.get(sopInstanceUid);
    return row === undefined ? undefined : storedInstance(row);
  }

  /**
   * Writes rows, all or none; a row of the same instance is replaced. That completes an announced replacement in the same place; one that
   * leaves a file elsewhere stays announced until that is gone and it is forgotten.
   */
  put(records: readonly InstanceRecord[]): void {
    this.#transaction(() => {
      for (const record of records) this.#put(record);
    });
  }

  /** Notes that a file is about to take another's place. */
  announceReplacement({ sopInstanceUid, oldPath, newPath }: Replacement): void {
    this.#statements.announce.run(sopInstanceUid, oldPath, newPath);
  }

  /** Forgets an announced replacement. */
  forgetReplacement(sopInstanceUid: string): void {
    this.#statements.forget.run(sopInstanceUid);
  }

  /** Replacements that were announced and neither committed nor forgotten. */
  replacements(): Replacement[] {
    return this.#statements.replacements.all().map((row) => ({
      sopInstanceUid: text(row, 'sop_instance_uid'),
      oldPath: text(row, 'old_path'),
      newPath: text(row, 'new_path'),
    }));
  }

  /** All rows, one at a time. The index must not be written meanwhile. */
  *instances(): IterableIterator<StoredInstance> {
    for (const row of this.#statements.all.iterate()) yield storedInstance(row);
  }

  /** Where the files of a series should be. */
  instancesOfSeries(studyInstanceUid: string, seriesInstanceUid: string): PlacedRow[] {
    return this.#statements.placesInSeries.all(studyInstanceUid, seriesInstanceUid).map((row) => ({
      id: number(row, 'id'),
      path: text(row, 'path'),
      byteLength: number(row, 'byte_length'),
      isMissing: number(row, 'is_missing') !== 0,
    }));
  }

  /** Rows whose number is at most this. */
  countUpTo(id: number): number {
    return number(this.#statements.countUpTo.get(id) ?? {}, 'count');
  }

  /** Instances whose files are there. */
  count(): number {
    return number(this.#statements.count.get() ?? {}, 'count');
  }

  /** The largest row number. */
  largestId(): number {
    return number(this.#statements.largestId.get() ?? {}, 'id');
  }

  /** Says of rows whether their file is there. */
  markMissing(ids: readonly number[], isMissing: boolean): void {
    this.#transaction(() => {
      for (const id of ids) this.#statements.markMissing.run(isMissing ? 1 : 0, id);
    });
  }

  /** Resolves once everything committed so far is on disk. @throws FileWriteError */
  async sync(): Promise<void> {
    if (this.#logFile === undefined) return;
    try {
      await fdatasyncAsync(this.#logFile);
    } catch (error) {
      throw new FileWriteError('sync', this.path, error);
    }
  }

  /** Writes the log back into the database and closes it; the next start knows that nothing was under way. */
  close(): void {
    if (this.#logFile === undefined) return;
    this.#database.exec("DELETE FROM state WHERE name = 'open'");
    this.abandon();
  }

  /** Closes the database as a crash would leave it. */
  abandon(): void {
    if (this.#logFile === undefined) return;
    closeSync(this.#logFile);
    this.#logFile = undefined;
    this.#database.close();
  }

  #put(record: InstanceRecord): void {
    const { attributes } = record;
    const isFiled = belongsToStudy(attributes);
    const previous = this.find(record.sopInstanceUid);
    if (isFiled) this.#putParents(record);
    this.#statements.putInstance.run(
      record.sopInstanceUid,
      record.sopClassUid,
      isFiled ? attributes.studyInstanceUid : '',
      isFiled ? attributes.seriesInstanceUid : '',
      attributes.instanceNumber,
      record.transferSyntax,
      record.callingAeTitle,
      record.receivedAt,
      record.byteLength,
      record.path,
    );
    if (previous === undefined) return;
    this.#statements.complete.run(record.sopInstanceUid);
    this.#removeEmptied(previous);
  }

  /** The newest object speaks for its patient, study and series. */
  #putParents({ attributes: a }: InstanceRecord): void {
    const study = [
      a.patientId,
      a.patientName,
      a.patientBirthDate,
      a.patientSex,
      a.studyDate,
      a.studyTime,
      a.studyDescription,
      a.accessionNumber,
      a.studyId,
      a.referringPhysicianName,
    ].join('\\');
    if (this.#writtenStudies.get(a.studyInstanceUid) !== study) {
      const previousPatient = this.#statements.patientOf.get(a.studyInstanceUid);
      const folded = foldName(a.patientName);
      this.#statements.putPatient.run(a.patientId, a.patientName, folded, a.patientBirthDate, a.patientSex);
      this.#statements.putStudy.run(
        a.studyInstanceUid,
        a.patientId,
        a.patientName,
        folded,
        a.patientBirthDate,
        a.patientSex,
        a.studyDate,
        dateKey(a.studyDate),
        a.studyTime,
        a.studyDescription,
        a.accessionNumber,
        a.studyId,
        a.referringPhysicianName,
      );
      if (previousPatient !== undefined) this.#statements.removeEmptyPatient.run(text(previousPatient, 'patient_id'));
      remember(this.#writtenStudies, a.studyInstanceUid, study);
    }
    const seriesKey = `${a.studyInstanceUid}\\${a.seriesInstanceUid}`;
    const series = `${a.seriesNumber}\\${a.modality}\\${a.seriesDescription}`;
    if (this.#writtenSeries.get(seriesKey) !== series) {
      this.#statements.putSeries.run(
        a.studyInstanceUid,
        a.seriesInstanceUid,
        a.seriesNumber,
        a.modality,
        a.seriesDescription,
      );
      remember(this.#writtenSeries, seriesKey, series);
    }
  }

  /** Removes the series, study and patient that a row belonged to, as far as nothing belongs to them any more. */
  #removeEmptied(previous: StoredInstance): void {
    const { studyInstanceUid: study, seriesInstanceUid: series } = previous;
    if (study === '' || this.#statements.anyInSeries.get(study, series) !== undefined) return;
    this.#statements.removeSeries.run(study, series);
    this.#writtenSeries.delete(`${study}\\${series}`);
    if (this.#statements.anySeries.get(study) !== undefined) return;
    const patient = this.#statements.patientOf.get(study);
    this.#statements.removeStudy.run(study);
    this.#writtenStudies.delete(study);
    if (patient !== undefined) this.#statements.removeEmptyPatient.run(text(patient, 'patient_id'));
  }

  #rollback(): void {
    try {
      this.#statements.rollback.run();
    } catch {
      // On a full disk SQLite has rolled back by itself; then there is no transaction left.
    }
  }

  #transaction(work: () => void): void {
    this.#statements.begin.run();
    try {
      work();
      this.#statements.commit.run();
    } catch (error) {
      this.#writtenStudies.clear();
      this.#writtenSeries.clear();
      this.#rollback();
      throw error;
    }
  }
}

/** A date as it sorts, however old the form in which it was written; what is none stays as it is. PS3.5 6.2. */
function dateKey(date: string): string {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date) ?? [];
  return year === undefined ? date : `${year}${month}${day}`;
}

const fdatasyncAsync = promisify(fdatasync);

/** Entries kept of what was written last. Associations that send different series at once each need one. */
const rememberedParents = 512;

function remember(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= rememberedParents) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function storedInstance(row: Row): StoredInstance {
  return {
    id: number(row, 'id'),
    sopInstanceUid: text(row, 'sop_instance_uid'),
    sopClassUid: text(row, 'sop_class_uid'),
    studyInstanceUid: text(row, 'study_uid'),
    seriesInstanceUid: text(row, 'series_uid'),
    transferSyntax: text(row, 'transfer_syntax'),
    callingAeTitle: text(row, 'calling_ae'),
    receivedAt: text(row, 'received_at'),
    byteLength: number(row, 'byte_length'),
    path: text(row, 'path'),
    isMissing: number(row, 'is_missing') !== 0,
  };
}
