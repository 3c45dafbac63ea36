/** The files of a file-set, found on the medium. PS3.10 8. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type DirectoryRecord, directoryRecords, parseDicomdir } from './dataset/index.js';

/** A record of a DICOMDIR that refers to a file, and where that is. */
export type DicomdirFile =
  | {
      /** The file is there. */
      readonly kind: 'file';
      /** Its record. */
      readonly record: DirectoryRecord;
      /** Its path. */
      readonly path: string;
    }
  | {
      /** It is not there, or must not be opened. */
      readonly kind: 'missing';
      /** Its record. */
      readonly record: DirectoryRecord;
      /** Why. */
      readonly problem: string;
    };

/**
 * Finds the files that a DICOMDIR lists, in its order; a file that is listed twice comes once. Names are found whatever their case, and with the
 * version number and full stop that some file systems add (`IM0001.;1`). Nothing outside the directory of the DICOMDIR is given, by whatever name
 * or symbolic link.
 *
 * @param path - of the DICOMDIR.
 * @throws DataSetError as `parseDicomdir`; the operating system's error when the DICOMDIR can't be read.
 *
 * @example
 * ```ts no-run
 * import { dicomdirFiles } from '@dicomwire/dimse';
 *
 * for await (const file of dicomdirFiles('/media/cdrom/DICOMDIR')) {
 *   console.log(file.kind === 'file' ? file.path : file.problem);
 * }
 * ```
 */
export async function* dicomdirFiles(path: string): AsyncGenerator<DicomdirFile, void, undefined> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  const directory = parseDicomdir(new Uint8Array(buffer, byteOffset, byteLength));
  const finder = new FileFinder(await realpath(dirname(path)));
  const given = new Set<string>();
  for (const record of directoryRecords(directory)) {
    if (record.file === undefined) continue;
    const shown = JSON.stringify(record.file.fileId.join('\\'));
    if (record.file.path === undefined) {
      yield { kind: 'missing', record, problem: `The File ID ${shown} is no path within the file-set` };
      continue;
    }
    const found = await finder.find(record.file.path.split('/'));
    if (found === undefined) yield { kind: 'missing', record, problem: `The file ${shown} is not there` };
    else if (found === outside)
      yield { kind: 'missing', record, problem: `The file ${shown} lies outside the file-set` };
    else if (!given.has(found)) {
      given.add(found);
      yield { kind: 'file', record, path: found };
    }
  }
}

const outside = Symbol('outside');

class FileFinder {
  readonly #root: string;
  /** Names in a directory by what they are compared by. */
  readonly #listings = new Map<string, ReadonlyMap<string, string>>();

  /** @param root - without symbolic links. */
  constructor(root: string) {
    this.#root = root;
  }

  async find(parts: readonly string[]): Promise<string | typeof outside | undefined> {
    const path = (await isFile(join(this.#root, ...parts))) ? join(this.#root, ...parts) : await this.#search(parts);
    if (path === undefined) return undefined;
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) return undefined;
    const within = this.#root.endsWith(sep) ? this.#root : this.#root + sep;
    return real.startsWith(within) ? path : outside;
  }

  async #search(parts: readonly string[]): Promise<string | undefined> {
    let path = this.#root;
    for (const part of parts) {
      const name = (await this.#listing(path)).get(comparable(part));
      if (name === undefined) return undefined;
      path = join(path, name);
    }
    return (await isFile(path)) ? path : undefined;
  }

  async #listing(directory: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#listings.get(directory);
    if (known !== undefined) return known;
    const names = await readdir(directory).catch(() => []);
    const listing = new Map(names.map((name) => [comparable(name), name]));
    this.#listings.set(directory, listing);
    return listing;
  }
}

/** ISO 9660 has version numbers, and a full stop after names without extension. */
function comparable(name: string): string {
  return name.replace(/;\d+$/, '').replace(/\.$/, '').toUpperCase();
}

async function isFile(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() === true;
}
