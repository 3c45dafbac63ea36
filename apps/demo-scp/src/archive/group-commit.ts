/**
 * Finished files go to their places, and their rows into the index: everything that finished meanwhile in one go.
 *
 * The order is what durability hangs on (docs/decisions/0004-archive.md): renamed, directories synced, rows committed,
 * log synced, answered. Whatever fails before the rows are committed is undone.
 */
import { join } from 'node:path';
import { type FileLayer, FileWriteError, type InstanceFileWriter, syncDirectory } from '@dicomwire/services';
import type { InstanceIndex } from './instance-index.js';
import type { LateRows } from './late-rows.js';
import type { InstanceRecord, StoredInstance } from './record.js';

/** One object on its way into the archive: written whole and, where that is asked for, synced. */
export interface Arrival {
  readonly file: InstanceFileWriter;
  readonly record: InstanceRecord;
  /** Whether the index has a row of the instance; that of a file that is gone counts. */
  readonly hasRow: boolean;
  /** The row, with its file, whose place it takes. */
  readonly replaces?: StoredInstance | undefined;
}

/** What the commits work on. */
export interface GroupCommitOptions {
  /** The data directory, to which paths of records are relative. */
  readonly directory: string;
  readonly index: InstanceIndex;
  readonly files: FileLayer;
  /** Whether directories and log are synced before an arrival counts as kept. */
  readonly isSynced: boolean;
  /** Takes the rows of what counts as kept without them. Default: nothing does. */
  readonly lateRows?: LateRows | undefined;
  /** Told of what could not be tidied up: a file left behind that start-up will find. */
  readonly onLeftBehind: (path: string, error: unknown) => void;
}

/** Commits arrivals in groups, one group at a time. The same instance may be in it once only: see `InstanceLock`. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: Pending[] = [];
  #isRunning = false;
  #whenIdle: Array<() => void> = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** The row of an instance, if there is one. @throws FileWriteError when it is on its way and can't be written */
  find(sopInstanceUid: string): StoredInstance | undefined {
    const { index, lateRows } = this.#options;
    if (lateRows?.has(sopInstanceUid) === true) lateRows.flush();
    return index.find(sopInstanceUid);
  }

  /**
   * Settles when the arrival is kept; rejects with what went wrong after everything about it was undone. Without late rows everything that
   * arrived meanwhile is one group; with them, nothing has to be waited for.
   */
  commit(arrival: Arrival): undefined | Promise<void> {
    const { lateRows } = this.#options;
    // Start-up finds files without a row, and believes the row otherwise.
    if (lateRows === undefined || arrival.hasRow) return this.#join(arrival);
    lateRows.makeSure();
    arrival.file.moveTo(this.#pathOf(arrival.record), { overwrite: true });
    lateRows.add(arrival.record);
    return undefined;
  }

  #join(arrival: Arrival): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ arrival, resolve, reject, backup: undefined });
      if (this.#isRunning) return;
      this.#isRunning = true;
      // After all sockets of this turn have had their say.
      setImmediate(() => void this.#run());
    });
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#isRunning ? new Promise((resolve) => this.#whenIdle.push(resolve)) : Promise.resolve();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#commitGroup(group);
    }
    this.#isRunning = false;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }

  /** Settles every one of the group; never rejects. */
  async #commitGroup(group: readonly Pending[]): Promise<void> {
    const { index, files, isSynced } = this.#options;
    const ready = await this.#announceReplacements(group);
    const directories = new Set<string>();
    const placed = ready.filter((pending) => this.#place(pending, directories));
    if (placed.length === 0) return;
    try {
      if (isSynced) await syncAll(directories, files);
      writeIndex(index, () => index.put(placed.map(({ arrival }) => arrival.record)));
    } catch (error) {
      for (const pending of placed) this.#undo(pending, error);
      return;
    }
    try {
      if (isSynced) await index.sync();
    } catch (error) {
      // Files and rows are right as they are, and a row that is lost comes back from its file: nothing is to be undone.
      for (const pending of placed) {
        this.#tidy(pending);
        pending.reject(error);
      }
      return;
    }
    for (const pending of placed) {
      this.#tidy(pending);
      pending.resolve();
    }
  }

  /** A crash between a rename over a file and the commit of its row must be recognised: so each replacement is noted before. */
  async #announceReplacements(group: readonly Pending[]): Promise<readonly Pending[]> {
    const { index, isSynced } = this.#options;
    const replacing = group.filter(({ arrival }) => arrival.replaces !== undefined);
    if (replacing.length === 0) return group;
    try {
      writeIndex(index, () => {
        for (const { arrival } of replacing) {
          index.announceReplacement({
            sopInstanceUid: arrival.record.sopInstanceUid,
            oldPath: arrival.replaces?.path ?? '',
            newPath: arrival.record.path,
          });
        }
      });
      if (isSynced) await index.sync();
      return group;
    } catch (error) {
      for (const pending of replacing) this.#undo(pending, error);
      return group.filter(({ arrival }) => arrival.replaces === undefined);
    }
  }

  /** Moves a file into place; false when that failed, and was undone. */
  #place(pending: Pending, directories: Set<string>): boolean {
    const { directory, files } = this.#options;
    const { file, record, replaces } = pending.arrival;
    try {
      if (replaces?.path === record.path) {
        const backup = `${file.temporaryPath}.old`;
        files.link(join(directory, replaces.path), backup);
        pending.backup = backup;
      }
      const changed = file.moveTo(this.#pathOf(record), { overwrite: true });
      for (const one of changed) directories.add(one);
      pending.isPlaced = true;
      return true;
    } catch (error) {
      this.#undo(pending, error);
      return false;
    }
  }

  #undo(pending: Pending, error: unknown): void {
    const { files, index } = this.#options;
    const { record, replaces } = pending.arrival;
    const path = this.#pathOf(record);
    try {
      if (pending.isPlaced && pending.backup !== undefined) files.rename(pending.backup, path);
      else if (pending.isPlaced) files.unlink(path);
      else if (pending.backup !== undefined) files.unlink(pending.backup);
      if (replaces !== undefined) index.forgetReplacement(record.sopInstanceUid);
    } catch (cause) {
      this.#options.onLeftBehind(path, cause);
    }
    pending.reject(error);
  }

  /** Both parts are normal as they are; `join` takes its time to find that out. */
  #pathOf({ path }: InstanceRecord): string {
    return `${this.#options.directory}/${path}`;
  }

  /** Removes what a replacement leaves; what can't be removed now is by the next start. */
  #tidy({ arrival: { record, replaces }, backup }: Pending): void {
    if (replaces === undefined) return;
    const { directory, files, index } = this.#options;
    const old = backup ?? join(directory, replaces.path);
    try {
      files.unlink(old);
      if (backup === undefined) index.forgetReplacement(record.sopInstanceUid);
    } catch (cause) {
      this.#options.onLeftBehind(old, cause);
    }
  }
}

interface Pending {
  readonly arrival: Arrival;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** Second name of the file that is being replaced, until the replacement is committed. */
  backup: string | undefined;
  isPlaced?: boolean;
}

/** An index that can't be written is a file that can't: what arrived is answered with A700 (out of resources). */
function writeIndex(index: InstanceIndex, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new FileWriteError('write', index.path, error);
  }
}

async function syncAll(directories: ReadonlySet<string>, files: FileLayer): Promise<void> {
  await Promise.all(Array.from(directories, (directory) => syncDirectory(directory, files)));
}
