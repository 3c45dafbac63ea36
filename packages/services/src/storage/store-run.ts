/**
 * One store call from its inputs to its summary: looks at inputs, plans associations, sends over each.
 */
import { errorFrom } from '../error-from.js';
import { ServiceError } from '../service-error.js';
import type { SessionLender } from '../session-lender.js';
import { BufferPool } from './buffer-pool.js';
import { type Conversion, codecConversion, noConversion } from './conversion.js';
import { FileAccess } from './file-access.js';
import { withEarlier } from './not-reconnected.js';
import { ObjectQueue } from './object-queue.js';
import { canBeSentAgain, type ObjectToSend } from './object-to-send.js';
import { type PlannedAssociation, planAssociations } from './plan-contexts.js';
import { scanInputs } from './scan-inputs.js';
import type { RunEnd } from './send-objects.js';
import { sendQueue } from './send-queue.js';
import type { StoreInput } from './store-input.js';
import { StoreReport, storedBefore } from './store-report.js';
import type { StoreOptions, StoreResult, StoreSummary } from './store-result.js';
import { mayPass, pause, type RetryPolicy, retryPolicy } from './store-retry.js';
import { identityOf, notSent, StoreTally } from './store-tally.js';

/** Sends all inputs over sessions that it is lent. What becomes of objects is in the summary; it rejects only for broken inputs. */
export async function runStore(
  inputs: StoreInput,
  options: StoreOptions,
  lender: SessionLender,
): Promise<StoreSummary> {
  const { report: reportPath, resume } = options;
  const stored = await storedBefore(resume);
  const report = reportPath === undefined ? undefined : await StoreReport.open(reportPath);
  try {
    const run = new StoreRun(options, lender, (result) => report?.add(result));
    return await run.run(inputs, stored);
  } finally {
    await report?.close();
  }
}

/** Sends objects that were looked at before, in the same way. */
export async function runStoreOf(
  objects: readonly ObjectToSend[],
  options: StoreRunOptions,
  lender: SessionLender,
): Promise<StoreSummary> {
  const run = new StoreRun(options, lender, () => undefined);
  return run.runObjects(objects);
}

/** What only callers inside this package say. */
export interface StoreRunOptions extends StoreOptions {
  /** Ends the run between objects: nothing is aborted, what is left is not sent and not reported. */
  readonly stopSignal?: AbortSignal | undefined;
}

/** An object that is to be sent again, and what became of it the last time. */
interface Postponed {
  readonly object: ObjectToSend;
  readonly result: StoreResult;
}

class StoreRun {
  readonly #options: StoreRunOptions;
  readonly #lender: SessionLender;
  readonly #tally: StoreTally;
  readonly #access = new FileAccess();
  readonly #pool = new BufferPool(bufferBytes);
  readonly #retry: RetryPolicy;
  readonly #conversion: Conversion;
  #end: RunEnd | undefined;

  /** @throws ServiceError `invalid-option` */
  constructor(options: StoreRunOptions, lender: SessionLender, done: (result: StoreResult) => void) {
    const { parallel = 1, convert = true, codecs } = options;
    if (!Number.isInteger(parallel) || parallel < 1) {
      throw new ServiceError('invalid-option', 'parallel is a whole number, 1 or more');
    }
    this.#options = options;
    this.#lender = lender;
    this.#tally = new StoreTally(options, done);
    this.#retry = retryPolicy(options.retry);
    this.#conversion = convert ? codecConversion(codecs) : noConversion;
  }

  async run(inputs: StoreInput, stored: ReadonlySet<string>): Promise<StoreSummary> {
    const { scanAhead = defaultScanAhead } = this.#options;
    let objects: ObjectToSend[] = [];
    for await (const found of scanInputs(inputs, {
      scanAhead,
      access: this.#access,
      isOver: () => this.#isOver(),
    })) {
      if (found.kind === 'rejected') {
        this.#tally.rejected(found.result);
        continue;
      }
      if (await this.#isStored(found.object, stored)) {
        this.#tally.rejected({ ...identityOf(found.object), outcome: 'already-stored', sentBytes: 0 });
        if (found.object.content.kind === 'bytes') found.object.content.release();
        continue;
      }
      this.#tally.found(found.object);
      objects.push(found.object);
      if (objects.length < scanAhead) continue;
      await this.#sendAll(objects);
      objects = [];
    }
    return this.#conclude(objects);
  }

  async runObjects(objects: readonly ObjectToSend[]): Promise<StoreSummary> {
    for (const object of objects) this.#tally.found(object);
    return this.#conclude(objects);
  }

  async #conclude(objects: readonly ObjectToSend[]): Promise<StoreSummary> {
    this.#tally.scanned();
    await this.#sendAll(objects);
    const { callbackFailure } = this.#tally;
    if (callbackFailure !== undefined) throw callbackFailure.error;
    return this.#tally.summary();
  }

  async #isStored(object: ObjectToSend, stored: ReadonlySet<string>): Promise<boolean> {
    if (stored.has(object.sopInstanceUid)) return true;
    const { source, sopClassUid, sopInstanceUid, transferSyntaxUid } = object;
    const asked = this.#options.isStored?.({ source, sopClassUid, sopInstanceUid, transferSyntaxUid });
    return asked === undefined ? false : await asked;
  }

  /** True once nothing more will be sent. */
  #isOver(): boolean {
    return this.#isStopped || this.#ending() !== undefined;
  }

  get #isStopped(): boolean {
    return this.#options.stopSignal?.aborted === true;
  }

  #ending(): RunEnd | undefined {
    const { signal } = this.#options;
    if (this.#end !== undefined) return this.#end;
    if (signal?.aborted === true) this.#end = { reason: 'aborted', error: errorFrom(signal.reason) };
    else if (this.#tally.callbackFailure !== undefined) {
      this.#end = { reason: 'aborted', error: errorFrom(this.#tally.callbackFailure.error) };
    }
    return this.#end;
  }

  async #sendAll(objects: readonly ObjectToSend[]): Promise<void> {
    const alternatives = (transferSyntaxUid: string) => this.#conversion.targets(transferSyntaxUid);
    for (const plan of planAssociations(objects, this.#lender.usualContexts, alternatives)) {
      await this.#sendPlanned(plan);
    }
  }

  /** Sends, and sends again after a while what failed for a reason that may pass. */
  async #sendPlanned({ contexts, objects }: PlannedAssociation<ObjectToSend>): Promise<void> {
    const { signal, stopSignal } = this.#options;
    let postponed = await this.#attempt(contexts, objects, this.#retry.attempts > 0);
    for (let attempt = 0; postponed.length > 0 && !this.#isStopped; attempt += 1) {
      await pause(this.#retry.delayMs(attempt), this.#lender.clock, [signal, stopSignal]);
      if (this.#isOver()) {
        for (const { object, result } of postponed) this.#tally.finished(object, result, 0);
        return;
      }
      const earlier = new Map(postponed.map(({ object, result }) => [object, result]));
      const mayBeRepeated = attempt + 1 < this.#retry.attempts;
      postponed = await this.#attempt(contexts, [...earlier.keys()], mayBeRepeated, earlier);
    }
  }

  /** @returns what may be sent again. */
  async #attempt(
    contexts: PlannedAssociation<ObjectToSend>['contexts'],
    objects: readonly ObjectToSend[],
    mayBeRepeated: boolean,
    earlier: ReadonlyMap<ObjectToSend, StoreResult> = new Map(),
  ): Promise<readonly Postponed[]> {
    const postponed: Postponed[] = [];
    const settled = (object: ObjectToSend, latest: StoreResult, moved: number) => {
      const result = withEarlier(latest, earlier.get(object));
      if (!mayBeRepeated || !mayPass(result) || !canBeSentAgain(object)) {
        this.#tally.finished(object, result, moved);
        return;
      }
      this.#tally.moved(-moved);
      postponed.push({ object, result });
    };
    const queue = new ObjectQueue(objects);
    const failure = this.#isOver() ? undefined : await this.#sendQueue(queue, contexts, settled);
    if (this.#isStopped) return postponed;
    const end = this.#ending() ?? failure ?? { reason: 'association-lost', error: new Error('No association is left') };
    for (const object of queue.takeAll()) settled(object, notSent(object, end.reason, end.error), 0);
    if (postponed.length === 0) this.#end ??= failure;
    return postponed;
  }

  #sendQueue(
    queue: ObjectQueue,
    contexts: PlannedAssociation<ObjectToSend>['contexts'],
    settled: (object: ObjectToSend, result: StoreResult, moved: number) => void,
  ): Promise<RunEnd | undefined> {
    const { parallel = 1, stopSignal } = this.#options;
    return sendQueue(queue, {
      lender: this.#lender,
      contexts,
      parallel,
      stopSignal,
      books: { moved: (bytes) => this.#tally.moved(bytes), settled },
      access: this.#access,
      pool: this.#pool,
      conversion: this.#conversion,
      options: this.#options,
      opened: () => {
        this.#tally.associations += 1;
      },
      isOver: () => this.#isOver(),
    });
  }
}

const defaultScanAhead = 2000;

/** One read for most single-frame objects; one at work and one ahead for those on their way. */
const bufferBytes = 1024 * 1024;
