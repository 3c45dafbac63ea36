/**
 * At start-up, files and index are brought together: what a crash left half done is finished or forgotten, and what changed
 * while nobody looked is noticed. The files are the truth; a row only says what is in one.
 */
import { type Dirent, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceIndex } from './instance-index.js';
import { type Layout, objectsFolder } from './layout.js';
import type { InstanceRecord, PlacedRow, StoredInstance } from './record.js';
import { readStoredFile } from './stored-file.js';

/** What start-up found. Paths are relative to the data directory. */
export interface ReconcileReport {
  /** Temporary files that were removed. */
  readonly removedTemporaries: number;
  /** Files that had no row and have one now. */
  readonly indexed: readonly string[];
  /** Replacements that a crash interrupted, finished now. */
  readonly finishedReplacements: readonly string[];
  /** Rows whose file is gone or, after a crash, not of the length that was written; not listed until the object comes again. */
  readonly missing: readonly string[];
  /** Files that are back after having been missing. */
  readonly returned: readonly string[];
  /** Files that hold an instance which another file holds as well; left alone, not listed. */
  readonly duplicates: readonly string[];
  /** Files that can't be read as objects; left alone, not listed. */
  readonly unreadable: readonly UnreadableFile[];
}

/** A file that is no object, and why. */
export interface UnreadableFile {
  readonly path: string;
  readonly reason: string;
}

/** Brings the index to what the files say. Nothing else may use either meanwhile. */
export function reconcile(layout: Layout, index: InstanceIndex): ReconcileReport {
  return new Reconciliation(layout, index).run();
}

const fileSuffix = /\.dcm$/;

/** Rows written in one transaction. */
const rowsPerTransaction = 1000;

class Reconciliation {
  readonly #layout: Layout;
  readonly #index: InstanceIndex;
  /** By row number: whether the row's file was met. */
  readonly #isMet: Uint8Array;
  #metCount = 0;
  readonly #indexed: string[] = [];
  readonly #finishedReplacements: string[] = [];
  readonly #returned: PlacedRow[] = [];
  readonly #duplicates: string[] = [];
  readonly #unreadable: UnreadableFile[] = [];
  #newRecords = new Map<string, InstanceRecord>();

  constructor(layout: Layout, index: InstanceIndex) {
    this.#layout = layout;
    this.#index = index;
    this.#isMet = new Uint8Array(index.largestId() + 1);
  }

  run(): ReconcileReport {
    const removedTemporaries = removeFiles(this.#layout.incoming);
    this.#finishReplacements();
    this.#walk(objectsFolder);
    this.#writeNewRecords();
    const missing = this.#markMissing();
    return {
      removedTemporaries,
      indexed: this.#indexed,
      finishedReplacements: this.#finishedReplacements,
      missing,
      returned: this.#returned.map(({ path }) => path),
      duplicates: this.#duplicates,
      unreadable: this.#unreadable,
    };
  }

  /** A replacement that was announced and not committed: if the new file is in place, the row follows; the old one goes. */
  #finishReplacements(): void {
    for (const { sopInstanceUid, oldPath, newPath } of this.#index.replacements()) {
      const record = this.#exists(newPath) ? this.#read(newPath) : undefined;
      if (record?.sopInstanceUid !== sopInstanceUid) {
        this.#index.forgetReplacement(sopInstanceUid);
        continue;
      }
      this.#index.put([record]);
      if (oldPath !== newPath) rmSync(join(this.#layout.directory, oldPath), { force: true });
      this.#index.forgetReplacement(sopInstanceUid);
      this.#finishedReplacements.push(newPath);
    }
  }

  #walk(folder: string): void {
    let rows: ReadonlyMap<string, PlacedRow> | undefined;
    for (const entry of entriesOf(join(this.#layout.directory, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) this.#walk(path);
      else if (entry.isFile()) {
        rows ??= this.#rowsOf(folder);
        this.#meet(path, rows.get(path) ?? this.#index.find(entry.name.replace(fileSuffix, '')));
      }
    }
  }

  /** The archive names folders by study and series: their rows are had at once. */
  #rowsOf(folder: string): ReadonlyMap<string, PlacedRow> {
    const [, study, series, ...others] = folder.split('/');
    if (study === undefined || series === undefined || others.length > 0) return new Map();
    return new Map(this.#index.instancesOfSeries(study, series).map((row) => [row.path, row]));
  }

  /** Files are named by SOP Instance UID: what the folder does not tell, the name does. */
  #meet(path: string, row: PlacedRow | undefined): void {
    if (row === undefined || row.path !== path) {
      this.#meetUnknown(path);
      return;
    }
    // A crash may have cut files short; to look at every file each time would take long.
    const isDoubtful = row.isMissing || !this.#index.wasClosedInOrder;
    if (isDoubtful && this.#byteLength(path) !== row.byteLength) return;
    this.#markMet(row.id);
    if (row.isMissing) this.#returned.push(row);
  }

  /** Rows beyond were written just now, from files. */
  #markMet(id: number): void {
    if (id >= this.#isMet.length || this.#isMet[id] !== 0) return;
    this.#isMet[id] = 1;
    this.#metCount += 1;
  }

  #meetUnknown(path: string): void {
    const record = this.#read(path);
    if (record === undefined) return;
    const row = this.#index.find(record.sopInstanceUid);
    const isElsewhere = row !== undefined && row.path !== path && this.#exists(row.path);
    if (isElsewhere || this.#newRecords.has(record.sopInstanceUid)) {
      this.#duplicates.push(path);
      return;
    }
    if (row !== undefined) this.#markMet(row.id);
    this.#newRecords.set(record.sopInstanceUid, record);
    this.#indexed.push(path);
    if (this.#newRecords.size >= rowsPerTransaction) this.#writeNewRecords();
  }

  #writeNewRecords(): void {
    if (this.#newRecords.size > 0) this.#index.put([...this.#newRecords.values()]);
    this.#newRecords = new Map();
  }

  #markMissing(): string[] {
    const missing: StoredInstance[] = [];
    const largestId = this.#isMet.length - 1;
    if (this.#index.countUpTo(largestId) > this.#metCount) {
      for (const row of this.#index.instances()) {
        if (row.id <= largestId && this.#isMet[row.id] === 0) missing.push(row);
      }
    }
    this.#index.markMissing(idsOf(missing), true);
    this.#index.markMissing(idsOf(this.#returned), false);
    return missing.map(({ path }) => path);
  }

  #read(path: string): InstanceRecord | undefined {
    try {
      return { ...readStoredFile(join(this.#layout.directory, path)), path };
    } catch (error) {
      this.#unreadable.push({ path, reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  #exists(path: string): boolean {
    return this.#byteLength(path) !== undefined;
  }

  #byteLength(path: string): number | undefined {
    return statSync(join(this.#layout.directory, path), { throwIfNoEntry: false })?.size;
  }
}

function idsOf(rows: readonly PlacedRow[]): number[] {
  return rows.map(({ id }) => id);
}

/** In the order of their names, so that two runs over the same files give the same. */
function entriesOf(directory: string): Dirent[] {
  return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Gives how many of them held anything of an object. */
function removeFiles(directory: string): number {
  const files = entriesOf(directory).filter((entry) => !entry.isDirectory());
  let count = 0;
  for (const { name } of files) {
    const path = join(directory, name);
    // One that was made in advance is empty.
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) count += 1;
    rmSync(path, { force: true });
  }
  return count;
}
