/**
 * Writes of one file by the thread pool, one call at a time.
 */
import { FileWriteError } from './file-errors.js';
import type { FileLayer } from './file-layer.js';
import { byteLengthOf, withoutFirstBytes } from './views.js';

/**
 * What comes while a write is under way is gathered and leaves with the next call: batches grow when the disk is slower than
 * the line, and nothing waits for more to come when it is not.
 */
export class WriteQueue {
  readonly #files: FileLayer;
  readonly #descriptor: number;
  readonly #path: string;
  #isWriting = false;
  #gathered: Batch | undefined;
  #failure: FileWriteError | undefined;
  /** Those who wait for everything to be written, and those who wait for the call under way. */
  #whenIdle: Array<() => void> = [];

  constructor(files: FileLayer, descriptor: number, path: string) {
    this.#files = files;
    this.#descriptor = descriptor;
    this.#path = path;
  }

  /** Queues a view; it may be used again once the promise, shared by all views of a batch, settles. */
  push(data: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#gathered ??= makeBatch();
    this.#gathered.views.push(data);
    const { promise } = this.#gathered;
    if (!this.#isWriting) this.#writeGathered();
    return promise;
  }

  /** Resolves when everything is written; rejects when a write failed. */
  async drained(): Promise<void> {
    await this.settled();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when no write is under way, whether they failed or not. */
  settled(): Promise<void> {
    if (!this.#isWriting) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #writeGathered(): void {
    const batch = this.#gathered;
    if (batch === undefined) return;
    this.#gathered = undefined;
    this.#isWriting = true;
    this.#writeOn(batch, batch.views, byteLengthOf(batch.views));
  }

  #writeOn(batch: Batch, views: readonly Uint8Array[], byteLength: number): void {
    this.#files.writev(this.#descriptor, views, (error, written = 0) => {
      if (error !== null) this.#fail(batch, error);
      else if (written < byteLength) this.#writeOn(batch, withoutFirstBytes(views, written), byteLength - written);
      else this.#finish(batch);
    });
  }

  #finish(batch: Batch): void {
    this.#isWriting = false;
    batch.resolve();
    this.#writeGathered();
    if (!this.#isWriting) this.#becomeIdle();
  }

  #fail(batch: Batch, error: Error): void {
    this.#isWriting = false;
    this.#failure = new FileWriteError('write', this.#path, error);
    batch.reject(this.#failure);
    this.#gathered?.reject(this.#failure);
    this.#gathered = undefined;
    this.#becomeIdle();
  }

  #becomeIdle(): void {
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }
}

interface Batch {
  readonly views: Uint8Array[];
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function makeBatch(): Batch {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Whoever pushed hears of a failure; when nobody listens any more, it is no unhandled rejection.
  promise.catch(() => undefined);
  return { views: [], promise, resolve, reject };
}
