/**
 * Rows that follow their objects: with `--durability os` an object counts as kept once its file is in place, since start-up finds files without
 * a row. Its row is written with those of other objects some milliseconds later, in one transaction for all of them.
 */
import { FileWriteError } from '@dicomwire/services';
import type { InstanceIndex } from './instance-index.js';
import type { InstanceRecord } from './record.js';

/** Rows on their way into an index. */
export class LateRows {
  readonly #index: InstanceIndex;
  readonly #failed: (error: unknown) => void;
  readonly #rows = new Map<string, InstanceRecord>();
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;

  /** @param failed - told once when the index can't be written, until it can be again */
  constructor(index: InstanceIndex, failed: (error: unknown) => void) {
    this.#index = index;
    this.#failed = failed;
  }

  /** Whether the row of this instance is among them. */
  has(sopInstanceUid: string): boolean {
    return this.#rows.has(sopInstanceUid);
  }

  /**
   * Called before an object counts as kept: while the index can't be written, none does.
   *
   * @throws FileWriteError
   */
  makeSure(): void {
    if (this.#hasFailed) this.flush();
  }

  /** Takes a row, which is in the index some milliseconds from now. Never throws. */
  add(row: InstanceRecord): void {
    this.#rows.set(row.sopInstanceUid, row);
    if (this.#rows.size >= rowsAtOnce) this.#flushSafely();
    else this.#timer ??= setTimeout(() => this.#flushSafely(), this.#hasFailed ? retryMs : delayMs);
  }

  /** Writes them now. @throws FileWriteError; they are kept for another attempt then */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#rows.size === 0) return;
    try {
      this.#index.put([...this.#rows.values()]);
    } catch (error) {
      this.#timer = setTimeout(() => this.#flushSafely(), retryMs);
      if (!this.#hasFailed) this.#failed(error);
      this.#hasFailed = true;
      throw new FileWriteError('write', this.#index.path, error);
    }
    this.#rows.clear();
    this.#hasFailed = false;
  }

  /** Writes them for the last time; what can't be written is left to the next start. */
  close(): void {
    this.#flushSafely();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flushSafely(): void {
    try {
      this.flush();
    } catch {
      // Whoever is to know was told; it is tried again.
    }
  }
}

/** A listing that is asked for when the sender is done takes longer to begin. */
const delayMs = 10;

/** Rows in one transaction: a millisecond or two. */
const rowsAtOnce = 64;

const retryMs = 1000;
