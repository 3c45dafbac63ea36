/**
 * A file made in advance, for the next object.
 *
 * Creating a file is the dearest of an object's file calls, some tenths of a millisecond on ext4. A sender that waits for each answer
 * leaves the server idle while it reads its next object: that is when the file for it is made.
 */
import { join } from 'node:path';
import type { CreatedFile, FileLayer } from '@dicomwire/services';
import { spareFilePrefix } from './layout.js';

/** Keeps one file ready. */
export class SpareFile {
  readonly #files: FileLayer;
  readonly #directory: string;
  readonly #keepMs: number;
  #file: CreatedFile | undefined;
  #count = 0;
  #isWanted = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param files - the file calls to use
   * @param directory - where the file is made
   * @param keepMs - how long a file that nobody uses stays
   */
  constructor(files: FileLayer, directory: string, keepMs = 500) {
    this.#files = files;
    this.#directory = directory;
    this.#keepMs = keepMs;
  }

  /** The file, if there is one; it is the taker's from now on. */
  take(): CreatedFile | undefined {
    const file = this.#file;
    this.#file = undefined;
    return file;
  }

  /** Makes a file in advance, once what is to be done now is done. */
  prepare(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    // The first turn sends the answer.
    setImmediate(() => setImmediate(() => this.#make()));
  }

  /** Removes the file that nobody used; none is made any more unless it is asked for again. */
  discard(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWanted = false;
    const file = this.take();
    if (file === undefined) return;
    try {
      this.#files.close(file.descriptor);
      this.#files.unlink(file.path);
    } catch {
      // Start-up removes it.
    }
  }

  #make(): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    if (this.#file !== undefined) return;
    this.#count += 1;
    const path = join(this.#directory, `${spareFilePrefix}${this.#count}`);
    try {
      this.#file = { path, descriptor: this.#files.create(path) };
    } catch {
      // The next object will meet what is wrong, and say so.
      return;
    }
    this.#timer ??= setTimeout(() => this.discard(), this.#keepMs).unref();
    this.#timer.refresh();
  }
}
