/**
 * A folder of worklist files as a source of worklists.
 */
import type { Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { DataSet } from '@dicomwire/dimse';
import { parsePart10 } from '@dicomwire/dimse/dataset';
import type { QuerySource } from '../query/query-source.js';

/** Options of {@link worklistFolder}. */
export interface WorklistFolderOptions {
  /** Ends of the names of its files. Default: `['.wl', '.dcm']`. */
  readonly extensions?: readonly string[] | undefined;
  /**
   * Whether the files of an AE title are in a folder of its name within: then a query that calls `RIS` sees those in `path/RIS`, and one
   * that calls a title without a folder sees nothing. Default: false, everybody sees the files in `path`.
   */
  readonly byCalledAeTitle?: boolean | undefined;
  /** Files that are longer are taken as broken, bytes. Default: 1048576. */
  readonly maxFileBytes?: number | undefined;
  /** Files beyond so many, by the order of their names, are left out. Default: 10000. */
  readonly maxFiles?: number | undefined;
  /** Hears of files that can't be read or are no worklist items, each time that they were changed, and of too many files. Default: nobody. */
  readonly onError?: ((error: Error, path: string) => void) | undefined;
}

/**
 * Scheduled procedure steps from files: DICOM files, each with an item of a worklist, as DCMTK's `wlmscpfs` has them (`dump2dcm` makes them from
 * text). The folder is looked at with every query: files that were added, changed or deleted since are noticed, others are not read again. A
 * file that can't be read does no harm to the others.
 *
 * @example
 * ```ts no-run
 * import { createScp, worklist, worklistFolder } from '@dicomwire/services';
 *
 * const scp = createScp({
 *   aeTitle: 'RIS',
 *   services: [
 *     worklist({ source: worklistFolder('/data/worklist', { onError: (error, path) => console.error(path, error.message) }) }),
 *   ],
 * });
 * await scp.listen({ port: 11112 });
 * ```
 */
export function worklistFolder(path: string, options: WorklistFolderOptions = {}): QuerySource {
  const folders = new Map<string, FolderView>();
  const viewOf = (folder: string) => {
    const known = folders.get(folder) ?? new FolderView(folder, options);
    folders.set(folder, known);
    return known;
  };
  return {
    async *find(_query, { association }) {
      const folder = options.byCalledAeTitle === true ? await folderNamed(path, association.calledAeTitle) : path;
      if (folder !== undefined) yield* await viewOf(folder).items();
    },
  };
}

/** The folder of a title, if there is one. The peer's text is compared and never made a path. */
async function folderNamed(path: string, title: string): Promise<string | undefined> {
  const entries = await readdir(path, { withFileTypes: true });
  const found = entries.find((entry) => entry.name === title && (entry.isDirectory() || entry.isSymbolicLink()));
  return found === undefined ? undefined : join(path, found.name);
}

/** A file as it was when it was read last. */
interface FileView {
  /** What tells a changed file from an unchanged one. */
  readonly version: string;
  /** `undefined` when it was broken. */
  readonly item: DataSet | undefined;
}

class FolderView {
  readonly #path: string;
  readonly #options: WorklistFolderOptions;
  #files: ReadonlyMap<string, FileView> = new Map();
  #refreshing: Promise<void> | undefined;
  #hadTooMany = false;

  constructor(path: string, options: WorklistFolderOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Items of all files as they are now, in order of names. Queries at the same time look once. */
  async items(): Promise<readonly DataSet[]> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
    return [...this.#files.values()].flatMap(({ item }) => item ?? []);
  }

  async #refresh(): Promise<void> {
    const names = this.#limited((await readdir(this.#path)).filter((name) => this.#isItsOwn(name)).sort());
    const files = new Map<string, FileView | undefined>(names.map((name) => [name, undefined]));
    let at = 0;
    const work = async () => {
      for (let name = names[at++]; name !== undefined; name = names[at++]) files.set(name, await this.#look(name));
    };
    await Promise.all(Array.from({ length: filesAtOnce }, work));
    this.#files = new Map([...files].flatMap(([name, file]) => (file === undefined ? [] : [[name, file]])));
  }

  #isItsOwn(name: string): boolean {
    const { extensions = usualExtensions } = this.#options;
    return !name.startsWith('.') && extensions.includes(extname(name).toLowerCase());
  }

  #limited(names: readonly string[]): readonly string[] {
    const { maxFiles = 10_000 } = this.#options;
    const hasTooMany = names.length > maxFiles;
    if (hasTooMany && !this.#hadTooMany) {
      this.#report(
        new Error(`${names.length} worklist files; those after the first ${maxFiles} are left out`),
        this.#path,
      );
    }
    this.#hadTooMany = hasTooMany;
    return names.slice(0, maxFiles);
  }

  /** @returns `undefined` for a file that is gone. */
  async #look(name: string): Promise<FileView | undefined> {
    const path = join(this.#path, name);
    const known = this.#files.get(name);
    let version = '';
    try {
      const facts = await stat(path);
      version = versionOf(facts);
      if (known?.version === version) return known;
      return { version, item: await this.#read(path, facts) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (known?.version !== version) this.#report(error instanceof Error ? error : new Error(String(error)), path);
      return { version, item: undefined };
    }
  }

  async #read(path: string, facts: Stats): Promise<DataSet> {
    const { maxFileBytes = 1024 * 1024 } = this.#options;
    if (!facts.isFile()) throw new Error('Not a file');
    if (facts.size > maxFileBytes) throw new Error(`Longer than ${maxFileBytes} bytes`);
    const { dataSet } = parsePart10(await readAtMost(path, maxFileBytes));
    if (dataSet.get('ScheduledProcedureStepSequence').length === 0) {
      throw new Error('No item of a worklist: Scheduled Procedure Step Sequence is missing');
    }
    return dataSet;
  }

  #report(error: Error, path: string): void {
    try {
      this.#options.onError?.(error, path);
    } catch {
      // An observer that fails must not take the worklist with it.
    }
  }
}

/** A file may grow between being looked at and being read. */
async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(Math.min((await file.stat()).size, maxBytes));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** A file that is written anew is another one, or has another length or time. */
function versionOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(' ');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

const usualExtensions: readonly string[] = ['.wl', '.dcm'];
/** More make a disk no faster. */
const filesAtOnce = 8;
