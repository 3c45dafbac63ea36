/**
 * One server per data directory.
 *
 * The lock is an exclusive lock of SQLite on a file of its own, so in the end one of the operating system: it goes with the
 * process, however that ends, and can't be left behind.
 */
import { DatabaseSync } from 'node:sqlite';

/** Thrown when another process serves the directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly code = 'directory-in-use';
}

/** A lock that is held until it is released or the process ends. */
export interface DirectoryLock {
  /** Gives the directory free; idempotent. */
  release(): void;
}

/**
 * Takes the lock at once or not at all.
 *
 * @throws DirectoryInUseError when another process holds it; any other error when the file can't be written.
 */
export function lockDirectory(lockPath: string): DirectoryLock {
  const database = new DatabaseSync(lockPath);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new DirectoryInUseError(`${lockPath} is locked by another process`, { cause: error });
    throw error;
  }
  let isHeld = true;
  return {
    release() {
      if (isHeld) database.close();
      isHeld = false;
    },
  };
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}
