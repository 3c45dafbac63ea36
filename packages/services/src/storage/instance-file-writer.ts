/**
 * A Part 10 file that is written while its data set arrives.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DataSetSink } from '@dicomwire/dimse';
import { FileWriteError, isMissingDirectory } from './file-errors.js';
import { type FileLayer, nodeFileLayer } from './file-layer.js';
import { moveFile } from './move-file.js';
import { byteLengthOf, withoutFirstBytes } from './views.js';
import { WriteQueue } from './write-queue.js';

/** A file that was created for writing. */
export interface CreatedFile {
  /** In the `temporaryDirectory` that the writer is given. */
  readonly path: string;
  /** As {@link FileLayer.create} gives it. */
  readonly descriptor: number;
}

/** Options of an {@link InstanceFileWriter}. */
export interface InstanceFileWriterOptions {
  /** Where the temporary file is created; made if it is absent. On the file system of the final place, so that a move is a rename. */
  readonly temporaryDirectory: string;
  /** Everything before the data set: preamble, prefix, file meta information. `encodeFileMeta` makes it. */
  readonly header: Uint8Array;
  /** A file to write to that was created before, and is empty. It is the writer's from now on. Default: one is created. */
  readonly created?: CreatedFile | undefined;
  /** The file calls to use. Default: {@link nodeFileLayer}. */
  readonly files?: FileLayer | undefined;
  /**
   * Up to this many bytes of a data set are written on the event loop, the rest by the thread pool. A write into the page cache
   * costs less than a thread's hand-over, until the disk can't keep up. Default: 1 MiB.
   */
  readonly synchronousBytes?: number | undefined;
}

/**
 * Writes a data set, bit by bit as it comes, behind a header into a temporary file, to be moved into place when it is whole.
 *
 * The stages are separate calls, so that a caller can group those of several objects: {@link flush}, {@link syncData},
 * {@link close}, {@link moveTo}, and {@link syncDirectory} for what `moveTo` returns. {@link discard} undoes everything that
 * was not moved. Any failed file call throws, or rejects with, a {@link FileWriteError}, which a storage handler may let through:
 * it answers A700.
 *
 * @example
 * ```ts no-run
 * import { encodeFileMeta } from '@dicomwire/dimse/dataset';
 * import { InstanceFileWriter, type ReceivedInstance } from '@dicomwire/services';
 *
 * export async function keep(instance: ReceivedInstance): Promise<void> {
 *   const file = new InstanceFileWriter({ temporaryDirectory: 'incoming', header: encodeFileMeta(instance.fileMeta()) });
 *   try {
 *     await instance.dataSet.pipe(file);
 *     await file.flush();
 *     file.moveTo('incoming/last.dcm', { overwrite: true });
 *   } finally {
 *     await file.discard();
 *   }
 * }
 * ```
 */
export class InstanceFileWriter implements DataSetSink {
  /** Where the file is until it is moved. Its name has nothing of the peer's in it; {@link isTemporaryInstanceFile} knows it. */
  readonly temporaryPath: string;
  /** Length of the header: where the data set begins, bytes from the start of the file. */
  readonly dataSetOffset: number;
  readonly #files: FileLayer;
  readonly #temporaryDirectory: string;
  readonly #synchronousBytes: number;
  #header: Uint8Array | undefined;
  #descriptor: number | undefined;
  #isCreated: boolean;
  /** Small fragments, copied together until a write is worth its call. */
  #staging: Uint8Array | undefined;
  #stagedBytes = 0;
  #dataSetBytes = 0;
  /** What the thread pool writes; there once the data set is longer than `synchronousBytes`. */
  #queue: WriteQueue | undefined;
  #state: 'writing' | 'closed' | 'moved' | 'discarded' = 'writing';

  constructor(options: InstanceFileWriterOptions) {
    this.#files = options.files ?? nodeFileLayer;
    this.#temporaryDirectory = options.temporaryDirectory;
    this.#synchronousBytes = options.synchronousBytes ?? defaultSynchronousBytes;
    this.#header = options.header;
    this.dataSetOffset = options.header.length;
    this.temporaryPath = options.created?.path ?? join(options.temporaryDirectory, temporaryName());
    this.#descriptor = options.created?.descriptor;
    this.#isCreated = options.created !== undefined;
  }

  /** Length of the file so far, header included, whether handed to the operating system yet or not. */
  get byteLength(): number {
    return this.dataSetOffset + this.#dataSetBytes;
  }

  /**
   * Takes a fragment. `undefined` means that its bytes are written or copied; a promise, that they are to stay until it settles.
   *
   * @throws {@link FileWriteError} when the file can't be written.
   */
  write(data: Uint8Array): undefined | Promise<void> {
    this.#dataSetBytes += data.length;
    if (this.#queue !== undefined) return this.#queue.push(data);
    if (this.#stagedBytes + data.length <= stagingBytes) {
      this.#stage(data);
      return undefined;
    }
    if (this.#dataSetBytes > this.#synchronousBytes) return this.#startQueue().push(data);
    this.#writeNow(data);
    return undefined;
  }

  /** Hands everything to the operating system; the file exists then, even if its data set is empty. */
  flush(): undefined | Promise<void> {
    if (this.#queue !== undefined) return this.#queue.drained();
    if (this.#header !== undefined || this.#stagedBytes > 0) this.#writeNow(undefined);
    return undefined;
  }

  /** Waits, off the event loop, until what was flushed is on stable storage. Before {@link close}. */
  syncData(): Promise<void> {
    const descriptor = this.#open();
    return new Promise((resolve, reject) => {
      this.#files.syncData(descriptor, (error) => {
        if (error === null) resolve();
        else reject(new FileWriteError('sync', this.temporaryPath, error));
      });
    });
  }

  /** Closes the file after {@link flush}; it stays under its temporary name. Idempotent. */
  close(): void {
    if (this.#state !== 'writing') return;
    this.#state = 'closed';
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    try {
      this.#files.close(descriptor);
    } catch (error) {
      throw new FileWriteError('close', this.temporaryPath, error);
    }
  }

  /**
   * Closes the file if need be and moves it into place, making directories that are absent.
   *
   * @param path the final place, on the same file system
   * @param options `overwrite` replaces what is there atomically; without it an existing file stays as it is, and
   * {@link FileWriteError} with code `exists` is thrown
   * @returns the directories whose entries changed: sync these to make the move itself durable
   */
  moveTo(path: string, options: { readonly overwrite?: boolean | undefined } = {}): readonly string[] {
    this.close();
    const changed = moveFile(this.#files, this.temporaryPath, path, options.overwrite ?? false);
    this.#state = 'moved';
    return changed;
  }

  /** Removes what was not moved into place. Harmless at any time, so that it can stand in a `finally`. */
  async discard(): Promise<void> {
    if (this.#state === 'moved' || this.#state === 'discarded') return;
    // A descriptor must not be closed under a write: its number could be another file's by then.
    await this.#queue?.settled();
    try {
      this.close();
    } catch {
      // The file goes anyway.
    }
    this.#state = 'discarded';
    this.#staging = undefined;
    if (!this.#isCreated) return;
    try {
      this.#files.unlink(this.temporaryPath);
    } catch {
      // Gone already, or the file system is; a later start removes temporary files.
    }
  }

  #stage(data: Uint8Array): void {
    this.#staging ??= new Uint8Array(stagingBytes);
    this.#staging.set(data, this.#stagedBytes);
    this.#stagedBytes += data.length;
  }

  /** One call for the header (the first time), what was staged, and `data`. */
  #writeNow(data: Uint8Array | undefined): void {
    const descriptor = this.#open();
    const views: Uint8Array[] = [];
    if (this.#header !== undefined) views.push(this.#header);
    if (this.#staging !== undefined && this.#stagedBytes > 0) views.push(this.#staging.subarray(0, this.#stagedBytes));
    if (data !== undefined) views.push(data);
    this.#header = undefined;
    this.#stagedBytes = 0;
    try {
      writeAll(this.#files, descriptor, views);
    } catch (error) {
      throw new FileWriteError('write', this.temporaryPath, error);
    }
  }

  #startQueue(): WriteQueue {
    this.#writeNow(undefined);
    this.#staging = undefined;
    this.#queue = new WriteQueue(this.#files, this.#open(), this.temporaryPath);
    return this.#queue;
  }

  #open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    if (this.#state !== 'writing')
      throw new FileWriteError('write', this.temporaryPath, new Error('The file is closed'));
    this.#descriptor = createFile(this.#files, this.#temporaryDirectory, this.temporaryPath);
    this.#isCreated = true;
    return this.#descriptor;
  }
}

/** Whether a file's name is that of a temporary file left behind by a process that ended in the middle of an object. */
export function isTemporaryInstanceFile(name: string): boolean {
  return temporaryPattern.test(name);
}

/**
 * Waits, off the event loop, until a directory's entries are on stable storage. A file system that can't sync directories
 * (EINVAL, EPERM, EISDIR) is let be.
 *
 * @throws {@link FileWriteError}
 */
export function syncDirectory(path: string, files: FileLayer = nodeFileLayer): Promise<void> {
  return new Promise((resolve, reject) => {
    let descriptor: number;
    try {
      descriptor = files.openDirectory(path);
    } catch (error) {
      if (cannotSyncDirectories(error)) resolve();
      else reject(new FileWriteError('sync', path, error));
      return;
    }
    files.syncEntries(descriptor, (error) => {
      files.close(descriptor);
      if (error === null || cannotSyncDirectories(error)) resolve();
      else reject(new FileWriteError('sync', path, error));
    });
  });
}

const defaultSynchronousBytes = 1024 * 1024;
const stagingBytes = 16 * 1024;

const temporaryPattern = /^\.[0-9a-f]{16}-[0-9a-z]+\.part$/;
let processToken: string | undefined;
let temporaryCount = 0;

function temporaryName(): string {
  processToken ??= randomBytes(8).toString('hex');
  temporaryCount += 1;
  return `.${processToken}-${temporaryCount.toString(36)}.part`;
}

function createFile(files: FileLayer, directory: string, path: string): number {
  try {
    try {
      return files.create(path);
    } catch (error) {
      if (!isMissingDirectory(error)) throw error;
      files.makeDirectory(directory);
      return files.create(path);
    }
  } catch (error) {
    throw new FileWriteError('create', path, error);
  }
}

function writeAll(files: FileLayer, descriptor: number, views: readonly Uint8Array[]): void {
  let rest = views;
  let restBytes = byteLengthOf(views);
  while (restBytes > 0) {
    const written = files.writevSync(descriptor, rest);
    restBytes -= written;
    if (restBytes > 0) rest = withoutFirstBytes(rest, written);
  }
}

function cannotSyncDirectories(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EINVAL' || code === 'EPERM' || code === 'EISDIR' || code === 'ENOTSUP';
}
