/**
 * The database of what exists nowhere else: performed and unified procedure steps, subscriptions, commitments to be reported. Other than
 * the index it can't be made anew, so every write is synced before it is acknowledged, on the thread pool and for all that came meanwhile.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

/** Thrown when the database is there and can't be used: it is no copy of anything, so it is not set aside. */
export class StateDatabaseError extends Error {
  override readonly name = 'StateDatabaseError';
}

/** An open database. One for each data directory, held by the one server there. */
export class StateDatabase {
  readonly database: DatabaseSync;
  readonly #logFile: number;
  #syncing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(database: DatabaseSync, logFile: number) {
    this.database = database;
    this.#logFile = logFile;
  }

  /** @throws StateDatabaseError */
  static open(path: string): StateDatabase {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      // As with the index: SQLite leaves syncing the log to us (docs/decisions/0004-archive.md).
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000;');
      const version = database.prepare('PRAGMA user_version').get()?.user_version;
      if (version !== 0 && version !== schemaVersion)
        throw new Error(`it has version ${version}, not ${schemaVersion}`);
      if (version === 0) database.exec(`BEGIN; ${tables} PRAGMA user_version = ${schemaVersion}; COMMIT;`);
      return new StateDatabase(database, openSync(`${path}-wal`, 'r'));
    } catch (error) {
      database?.close();
      const why = error instanceof Error ? error.message : String(error);
      throw new StateDatabaseError(`${path} can't be used: ${why}`, { cause: error });
    }
  }

  /** Resolves when everything that was committed before the call is on stable storage. */
  sync(): Promise<void> {
    // A sync under way may have begun before the last commit; the one after it serves all who wait.
    this.#next ??= (this.#syncing ?? Promise.resolve()).then(() => {
      this.#syncing = this.#next;
      this.#next = undefined;
      return fdatasyncAsync(this.#logFile);
    });
    return this.#next;
  }

  /** Closes it. */
  close(): void {
    closeSync(this.#logFile);
    this.database.close();
  }
}

const fdatasyncAsync = promisify(fdatasync);

/** Raised with every change of the tables. */
const schemaVersion = 1;

const tables = `
  CREATE TABLE performed_step (
    id INTEGER PRIMARY KEY,
    sop_instance_uid TEXT NOT NULL UNIQUE,
    attributes BLOB NOT NULL
  );

  CREATE TABLE unified_step (
    id INTEGER PRIMARY KEY,
    sop_instance_uid TEXT NOT NULL UNIQUE,
    attributes BLOB NOT NULL
  );

  CREATE TABLE subscription (
    ae_title TEXT NOT NULL,
    sop_instance_uid TEXT NOT NULL,
    has_deletion_lock INTEGER NOT NULL,
    filter BLOB,
    PRIMARY KEY (ae_title, sop_instance_uid)
  ) WITHOUT ROWID;

  CREATE TABLE commitment (
    id TEXT NOT NULL PRIMARY KEY,
    transaction_uid TEXT NOT NULL,
    calling_ae TEXT NOT NULL,
    called_ae TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    instances TEXT NOT NULL
  ) WITHOUT ROWID;
`;
