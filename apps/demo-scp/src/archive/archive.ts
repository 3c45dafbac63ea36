/** An archive: a data directory that one process serves. */
import { renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type FileLayer, nodeFileLayer, type ReceivedInstance, syncDirectory } from '@dicomwire/services';
import { GroupCommit } from './group-commit.js';
import { Ingest, type IngestOutcome } from './ingest.js';
import { InstanceIndex, isUnusableIndex } from './instance-index.js';
import { LateRows } from './late-rows.js';
import { type Layout, layoutOf } from './layout.js';
import { DirectoryInUseError, type DirectoryLock, lockDirectory } from './lock.js';
import { type ReconcileReport, reconcile } from './reconcile.js';
import type { StoredInstance } from './record.js';
import { ArchiveSearch } from './search.js';
import { SpareFile } from './spare-file.js';

/** How an archive is opened. */
export interface ArchiveOptions {
  /** The data directory; made if it is absent. */
  readonly directory: string;
  /** Whether objects, directories and index are synced before an object counts as kept. */
  readonly isSynced: boolean;
  /** Whether an object with a known SOP Instance UID and other content takes the stored one's place; otherwise it is refused. */
  readonly replacesDuplicates: boolean;
  /** The file calls that storing makes. Default: those of this machine. */
  readonly files?: FileLayer | undefined;
  /**
   * Whether an object counts as kept once its file is in place, where nothing is synced; its row follows some milliseconds later. Default: false,
   * an object that is kept is listed.
   */
  readonly rowsMayFollow?: boolean | undefined;
  /** Told when the index can't be written, so that no object is taken until it can be. */
  readonly onIndexFailure?: ((error: unknown) => void) | undefined;
  /** Whether the file of the next object is made in advance, in `incoming/`. Default: false. */
  readonly makesSpareFile?: boolean | undefined;
  /** The time that is noted as that of reception. Default: the machine's. */
  readonly now?: (() => Date) | undefined;
  /** Told of files that could not be tidied up; the next start will see to them. */
  readonly onLeftBehind?: ((path: string, error: unknown) => void) | undefined;
}

/** Thrown by {@link Archive.open} when the directory can't hold an archive; `cause` is the operating system's error. */
export class UnusableDirectoryError extends Error {
  override readonly name = 'UnusableDirectoryError';
  readonly code = 'unusable-directory';
}

/** Keeps instances. Close it in the end; a process that dies loses nothing that was acknowledged either. */
export class Archive {
  /** Absolute. */
  readonly directory: string;
  /** What opening found in the directory. */
  readonly report: ReconcileReport;
  /** Where an index went that could not be used; its contents were made anew from the files. */
  readonly abandonedIndex: string | undefined;
  readonly #lock: DirectoryLock;
  readonly #index: InstanceIndex;
  readonly #lateRows: LateRows | undefined;
  #search: ArchiveSearch | undefined;
  readonly #commits: GroupCommit;
  readonly #ingest: Ingest;
  readonly #spare: SpareFile | undefined;

  /**
   * Takes the directory, and brings its index to what its files say.
   *
   * @throws DirectoryInUseError, UnusableDirectoryError
   */
  static async open(options: ArchiveOptions): Promise<Archive> {
    const layout = layoutOf(resolve(options.directory));
    const files = options.files ?? nodeFileLayer;
    const lock = takeDirectory(layout, files);
    try {
      const opened = openIndex(layout);
      if (options.isSynced) {
        await syncDirectory(layout.directory, files);
        await syncDirectory(dirname(layout.directory), files);
      }
      return new Archive(options, { layout, files, lock, ...opened });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  private constructor(options: ArchiveOptions, parts: Parts) {
    const { layout, files, lock, index } = parts;
    const { isSynced, replacesDuplicates, onLeftBehind = () => {}, now = () => new Date() } = options;
    this.directory = layout.directory;
    this.report = parts.report;
    this.abandonedIndex = parts.abandonedIndex;
    this.#lock = lock;
    this.#index = index;
    if (options.rowsMayFollow === true && !isSynced) {
      this.#lateRows = new LateRows(index, (error) => options.onIndexFailure?.(error));
    }
    const lateRows = this.#lateRows;
    this.#commits = new GroupCommit({ directory: layout.directory, index, files, isSynced, lateRows, onLeftBehind });
    this.#spare = options.makesSpareFile === true ? new SpareFile(files, layout.incoming) : undefined;
    this.#ingest = new Ingest({
      layout,
      index,
      commits: this.#commits,
      files,
      spare: this.#spare,
      isSynced,
      replacesDuplicates,
      now,
    });
  }

  /**
   * Takes an instance in, as it arrives. Resolves when it is kept as durably as the archive was opened for.
   *
   * @throws DuplicateRefusedError, or another `StatusError` that says what to answer; nothing of the instance is left then
   */
  store(instance: ReceivedInstance): Promise<IngestOutcome> {
    return this.#ingest.store(instance);
  }

  /** Finds what is here, for queries and retrieval. Closed with the archive. */
  get search(): ArchiveSearch {
    this.#search ??= new ArchiveSearch({
      directory: this.directory,
      indexPath: this.#index.path,
      flush: () => this.#lateRows?.flush(),
    });
    return this.#search;
  }

  /** What is kept of an instance; `undefined` when it is not here, or its file is gone. @throws FileWriteError */
  find(sopInstanceUid: string): StoredInstance | undefined {
    this.#lateRows?.flush();
    const stored = this.#index.find(sopInstanceUid);
    return stored?.isMissing === true ? undefined : stored;
  }

  /** Instances that are listed. */
  instanceCount(): number {
    return this.#index.count();
  }

  /** Waits for commits under way, closes the index and gives the directory free. Nothing may be stored any more. */
  async close(): Promise<void> {
    await this.#commits.idle();
    this.#lateRows?.close();
    this.#spare?.discard();
    this.#search?.close();
    this.#index.close();
    this.#lock.release();
  }
}

interface Parts {
  readonly layout: Layout;
  readonly files: FileLayer;
  readonly lock: DirectoryLock;
  readonly index: InstanceIndex;
  readonly report: ReconcileReport;
  readonly abandonedIndex: string | undefined;
}

/** Makes the folders, makes sure that files can be made in them, and locks the whole. */
function takeDirectory(layout: Layout, files: FileLayer): DirectoryLock {
  try {
    for (const folder of [layout.objects, layout.incoming]) {
      files.makeDirectory(folder);
      const probe = join(folder, `.probe-${process.pid}`);
      files.close(files.create(probe));
      files.unlink(probe);
    }
    return lockDirectory(layout.lock);
  } catch (error) {
    if (error instanceof DirectoryInUseError) throw error;
    throw new UnusableDirectoryError(`cannot write to ${layout.directory}`, { cause: error });
  }
}

/** Opens the index and brings it to what the files say; one that can't be used makes way for a new one. */
function openIndex(layout: Layout): Pick<Parts, 'index' | 'report' | 'abandonedIndex'> {
  try {
    return { ...openReconciled(layout), abandonedIndex: undefined };
  } catch (error) {
    if (!isUnusableIndex(error)) throw error;
    const abandonedIndex = `${layout.index}.unusable-${Date.now()}`;
    renameSync(layout.index, abandonedIndex);
    for (const suffix of ['-wal', '-shm']) rmSync(layout.index + suffix, { force: true });
    return { ...openReconciled(layout), abandonedIndex };
  }
}

function openReconciled(layout: Layout): Pick<Parts, 'index' | 'report'> {
  const index = InstanceIndex.open(layout.index);
  try {
    return { index, report: reconcile(layout, index) };
  } catch (error) {
    index.abandon();
    throw error;
  }
}
