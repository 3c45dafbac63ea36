/**
 * Keeps the books of one store call: results, counts, progress.
 */
import type { ObjectToSend } from './object-to-send.js';
import type {
  StoreFailureReason,
  StoreOptions,
  StoreOutcome,
  StoreProgress,
  StoreResult,
  StoreSummary,
} from './store-result.js';

/** Collects what happens to objects and tells those who asked. */
export class StoreTally {
  readonly #onProgress: StoreOptions['onProgress'];
  readonly #done: (result: StoreResult) => void;
  readonly #collectsResults: boolean;
  readonly #results: StoreResult[] = [];
  readonly #counts: Record<StoreOutcome, number> = {
    stored: 0,
    warning: 0,
    refused: 0,
    failed: 0,
    'not-sent': 0,
    'already-stored': 0,
    skipped: 0,
  };
  #total = 0;
  #totalBytes = 0;
  #finished = 0;
  /** Bytes that were sent of finished objects. */
  #sentBytes = 0;
  /** The same, as they were counted when the objects were found. */
  #finishedBytes = 0;
  /** Bytes of objects on their way. */
  #underWayBytes = 0;
  #reportedBytes = 0;
  #isScanning = true;
  #callbackFailure: { readonly error: unknown } | undefined;
  associations = 0;

  /** @param done - hears of each result. */
  constructor(options: StoreOptions, done: (result: StoreResult) => void) {
    this.#onProgress = options.onProgress;
    this.#done = done;
    this.#collectsResults = options.collectResults ?? true;
  }

  /** What `onProgress` threw, if it did; the call ends with it. */
  get callbackFailure(): { readonly error: unknown } | undefined {
    return this.#callbackFailure;
  }

  /** Whether it is worth knowing how many bytes of an object are sent. */
  get wantsBytes(): boolean {
    return this.#onProgress !== undefined;
  }

  /** An object to send was found. */
  found(object: ObjectToSend): void {
    this.#total += 1;
    this.#totalBytes += object.byteLength ?? 0;
  }

  /** Nothing more will be found. */
  scanned(): void {
    this.#isScanning = false;
  }

  /** `bytes` more of an object are sent. */
  moved(bytes: number): void {
    this.#underWayBytes += bytes;
    if (this.#finishedBytes + this.#underWayBytes - this.#reportedBytes >= reportEveryBytes) this.#report(undefined);
  }

  /** An input turned out not to be an object that can, or need, be sent. */
  rejected(result: StoreResult): void {
    if (result.outcome !== 'skipped') this.#total += 1;
    this.#finish(result);
  }

  /** An object's story is at its end. `moved` is how many of its bytes were reported by {@link moved}. */
  finished(object: ObjectToSend, result: StoreResult, moved: number): void {
    this.#underWayBytes -= moved;
    this.#sentBytes += result.sentBytes;
    // One that was converted is as long as it was when it was found.
    const isDone = result.outcome === 'stored' || result.outcome === 'warning';
    this.#finishedBytes += isDone ? (object.byteLength ?? result.sentBytes) : result.sentBytes;
    this.#finish(result);
  }

  summary(): StoreSummary {
    const { stored, warning, refused, failed } = this.#counts;
    const kept = stored + warning + this.#counts['already-stored'];
    return {
      results: this.#results,
      counts: { ...this.#counts },
      sentBytes: this.#sentBytes,
      associations: this.associations,
      isComplete: kept > 0 && refused + failed + this.#counts['not-sent'] === 0,
    };
  }

  #finish(result: StoreResult): void {
    this.#counts[result.outcome] += 1;
    if (result.outcome !== 'skipped') this.#finished += 1;
    if (this.#collectsResults) this.#results.push(result);
    this.#done(result);
    this.#report(result);
  }

  #report(result: StoreResult | undefined): void {
    if (this.#onProgress === undefined || this.#callbackFailure !== undefined) return;
    // What has to be sent again was counted before: progress does not go back.
    const sentBytes = Math.max(this.#reportedBytes, this.#finishedBytes + this.#underWayBytes);
    this.#reportedBytes = sentBytes;
    const progress: StoreProgress = {
      total: this.#total,
      finished: this.#finished,
      sentBytes,
      totalBytes: this.#totalBytes,
      isScanning: this.#isScanning,
      result,
    };
    try {
      this.#onProgress(progress);
    } catch (error) {
      this.#callbackFailure = { error };
    }
  }
}

/** Options of a call that keeps nothing and tells of each result. */
export function tellingOptions(done: (result: StoreResult) => void): StoreOptions {
  const onProgress = ({ result }: StoreProgress) => {
    if (result !== undefined) done(result);
  };
  return { collectResults: false, onProgress };
}

/** The result of an object of which nothing was sent. */
export function notSent(object: ObjectToSend, reason: StoreFailureReason, error: Error): StoreResult {
  return { ...identityOf(object), outcome: 'not-sent', reason, error, sentBytes: 0 };
}

/** What every result of an object says. */
export function identityOf(
  object: ObjectToSend,
): Pick<StoreResult, 'source' | 'sopClassUid' | 'sopInstanceUid' | 'transferSyntaxUid'> {
  const { source, sopClassUid, sopInstanceUid, transferSyntaxUid } = object;
  return { source, sopClassUid, sopInstanceUid, transferSyntaxUid };
}

/** Often enough for a progress bar, seldom enough to cost nothing. */
const reportEveryBytes = 1024 * 1024;
