/**
 * A file made in advance, for the next object.
 *
 * Creating a file is the dearest of an object's file calls, some tenths of a millisecond on ext4. A sender that waits for each answer
 * leaves the server idle while it reads its next object: that is when the file for it is made.
 */
import { dirname, join } from 'node:path';
import type { FileLayer } from '@dicomwire/services';
import { spareFileName } from './layout.js';

/** A file layer whose `create` gives the file made in advance its new name, if there is one. */
export class SpareFile {
  /** The layer to store with. */
  readonly files: FileLayer;
  readonly #under: FileLayer;
  readonly #path: string;
  readonly #keepMs: number;
  #descriptor: number | undefined;
  #isWanted = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param under - the file calls to use
   * @param directory - where files are created; other places get no spare one
   * @param keepMs - how long a file that nobody uses stays
   */
  constructor(under: FileLayer, directory: string, keepMs = 500) {
    this.#under = under;
    this.#path = join(directory, spareFileName);
    this.#keepMs = keepMs;
    this.files = { ...under, create: (path) => this.#take(path) ?? under.create(path) };
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
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    this.#descriptor = undefined;
    try {
      this.#under.close(descriptor);
      this.#under.unlink(this.#path);
    } catch {
      // Start-up removes it.
    }
  }

  #take(path: string): number | undefined {
    const descriptor = this.#descriptor;
    if (descriptor === undefined || dirname(path) !== dirname(this.#path)) return undefined;
    try {
      this.#under.rename(this.#path, path);
    } catch {
      // Somebody has cleared it away.
      this.discard();
      return undefined;
    }
    this.#descriptor = undefined;
    return descriptor;
  }

  #make(): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    if (this.#descriptor !== undefined) return;
    try {
      this.#descriptor = this.#under.create(this.#path);
    } catch {
      // The next object will meet what is wrong, and say so.
      return;
    }
    this.#timer ??= setTimeout(() => this.discard(), this.#keepMs).unref();
    this.#timer.refresh();
  }
}
