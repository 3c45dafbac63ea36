/**
 * One store call from its inputs to its summary: looks at inputs, plans associations, sends over each.
 */

import { abortOnSignal } from '../abort-on-signal.js';
import { errorFrom } from '../error-from.js';
import type { SessionLender } from '../session-lender.js';
import { BufferPool } from './buffer-pool.js';
import { FileAccess } from './file-access.js';
import type { ObjectToSend } from './object-to-send.js';
import { type PlannedAssociation, planAssociations } from './plan-contexts.js';
import { scanInputs } from './scan-inputs.js';
import { type RunEnd, sendObjects } from './send-objects.js';
import type { StoreInput } from './store-input.js';
import type { StoreOptions, StoreSummary } from './store-result.js';
import { notSent, StoreTally } from './store-tally.js';

/** Sends all inputs over sessions that it is lent. What becomes of objects is in the summary; it rejects only for broken inputs. */
export async function runStore(
  inputs: StoreInput,
  options: StoreOptions,
  lender: SessionLender,
): Promise<StoreSummary> {
  const run = new StoreRun(options, lender);
  return run.run(inputs);
}

/** Sends objects that were looked at before, in the same way. */
export async function runStoreOf(
  objects: readonly ObjectToSend[],
  options: StoreRunOptions,
  lender: SessionLender,
): Promise<StoreSummary> {
  const run = new StoreRun(options, lender);
  return run.runObjects(objects);
}

/** What only callers inside this package say. */
export interface StoreRunOptions extends StoreOptions {
  /** Ends the run between objects: nothing is aborted, what is left is not sent and not reported. */
  readonly stopSignal?: AbortSignal | undefined;
}

class StoreRun {
  readonly #options: StoreRunOptions;
  readonly #lender: SessionLender;
  readonly #tally: StoreTally;
  readonly #access = new FileAccess();
  readonly #pool = new BufferPool(bufferBytes);
  #end: RunEnd | undefined;

  constructor(options: StoreRunOptions, lender: SessionLender) {
    this.#options = options;
    this.#lender = lender;
    this.#tally = new StoreTally(options);
  }

  async run(inputs: StoreInput): Promise<StoreSummary> {
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
    for (const plan of planAssociations(objects, this.#lender.usualContexts)) await this.#sendPlanned(plan);
  }

  /** Goes on with a new association when one had to be given up for an object that could not be read to its end. */
  async #sendPlanned(plan: PlannedAssociation<ObjectToSend>): Promise<void> {
    let rest: readonly ObjectToSend[] = plan.objects;
    while (rest.length > 0 && !this.#isStopped) {
      const end = this.#ending();
      if (end !== undefined) {
        for (const object of rest) this.#tally.finished(notSent(object, end.reason, end.error));
        return;
      }
      rest = await this.#sendOverOne(plan, rest);
    }
  }

  /** @returns what is left to be sent. */
  async #sendOverOne(
    plan: PlannedAssociation<ObjectToSend>,
    objects: readonly ObjectToSend[],
  ): Promise<readonly ObjectToSend[]> {
    const { signal, stopSignal } = this.#options;
    try {
      const loan = await this.#lender.borrow(plan.contexts, eitherOf(signal, stopSignal));
      if (loan.isNew) this.#tally.associations += 1;
      const takeOff = abortOnSignal(loan.session, signal);
      try {
        const { rest, end } = await sendObjects(objects, {
          session: loan.session,
          association: loan.session.association,
          tally: this.#tally,
          access: this.#access,
          pool: this.#pool,
          options: this.#options,
          responseTimeoutMs: this.#lender.responseTimeoutMs,
          isOver: () => this.#isOver(),
        });
        this.#end ??= end;
        return rest;
      } finally {
        takeOff();
        await loan.giveBack();
      }
    } catch (error) {
      if (this.#isStopped) return objects;
      const reason = signal?.aborted === true ? 'aborted' : 'association-failed';
      this.#end ??= { reason, error: errorFrom(error) };
      return objects;
    }
  }
}

function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}

const defaultScanAhead = 2000;

/** One read for most single-frame objects; one at work and one ahead for those on their way. */
const bufferBytes = 1024 * 1024;
