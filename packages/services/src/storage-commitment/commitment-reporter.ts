/**
 * Delivers results of storage commitment until they were heard. PS3.4 J.3.3.
 */
import { type Clock, type Invoker, statusCategory, systemClock, type Timer } from '@dicomwire/dimse';
import { AssociationKeeper } from '../association-keeper.js';
import { nServiceTransferSyntaxes } from '../n-services/n-service-scu.js';
import { acceptedContext, overLoan, refused } from '../request-over.js';
import { ServiceError } from '../service-error.js';
import {
  CommitmentFailure,
  type CommitmentResult,
  commitmentEvents,
  commitmentReport,
  commitmentSopClass,
  commitmentSopInstance,
  describeFailure,
} from './commitment-data.js';
import type { StorageCommitmentOptions } from './commitment-options.js';
import type { CommitmentStore, PendingCommitment } from './commitment-store.js';

/** Reports results, one attempt after the other, few at a time. */
export class CommitmentReporter {
  readonly #options: StorageCommitmentOptions;
  readonly #store: CommitmentStore;
  readonly #clock: Clock;
  readonly #timers = new Map<string, Timer>();
  readonly #due: (() => Promise<void>)[] = [];
  /** Associations that results are being reported on. */
  readonly #keepers = new Set<AssociationKeeper>();
  #runningCount = 0;
  #isClosed = false;

  constructor(options: StorageCommitmentOptions, store: CommitmentStore) {
    this.#options = options;
    this.#store = store;
    this.#clock = options.clock ?? systemClock;
  }

  /** Takes up what an earlier process left. */
  async start(): Promise<void> {
    this.#isClosed = false;
    for (const commitment of await this.#store.all()) this.#enqueue(() => this.#attempt(commitment, 0, undefined));
  }

  /** Stops at once; what was not reported stays in the store. */
  close(): void {
    this.#isClosed = true;
    this.#due.length = 0;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    for (const keeper of this.#keepers) keeper.abort();
  }

  /** Reports on the association of the request, once the request is answered. */
  reportOver(commitment: PendingCommitment, session: Invoker): void {
    // The answer to the request is queued when its handler's promise settles, which is before any macrotask.
    setImmediate(() => this.#enqueue(() => this.#attempt(commitment, 0, session)));
  }

  async #attempt(commitment: PendingCommitment, attempts: number, session: Invoker | undefined): Promise<void> {
    try {
      const result = await this.#look(commitment);
      if (session === undefined) await this.#reportAnew(commitment, result);
      else await report(session, result);
      await this.#store.remove(commitment.id);
      this.#options.onReported?.(commitment);
    } catch (error) {
      // Who released right after the request is called back at once; others may be busy.
      const canCallBack = session !== undefined;
      await this.#failed(error, commitment, attempts, canCallBack);
    }
  }

  async #failed(error: unknown, commitment: PendingCommitment, attempts: number, isFirst: boolean): Promise<void> {
    const { retryDelaysMs = defaultDelaysMs, giveUpAfterMs = defaultGiveUpMs, peers } = this.#options;
    const isGivenUp = peers === undefined || Date.now() - commitment.requestedAt >= giveUpAfterMs;
    this.#options.onReportFailed?.(error, commitment, isGivenUp);
    if (isGivenUp) await this.#store.remove(commitment.id);
    if (isGivenUp || this.#isClosed) return;
    const delayMs = isFirst ? 0 : (retryDelaysMs[Math.min(attempts, retryDelaysMs.length - 1)] ?? 0);
    const again = () => {
      this.#timers.delete(commitment.id);
      this.#enqueue(() => this.#attempt(commitment, isFirst ? 0 : attempts + 1, undefined));
    };
    this.#timers.set(commitment.id, this.#clock.setTimer(again, delayMs));
  }

  async #look(commitment: PendingCommitment): Promise<CommitmentResult> {
    const { instances, transactionUid, calledAeTitle } = commitment;
    let reasons: readonly (number | undefined)[];
    try {
      reasons = await this.#options.check(instances, commitment);
    } catch (error) {
      this.#options.onReportFailed?.(error, commitment, false);
      reasons = instances.map(() => CommitmentFailure.processingFailure);
    }
    const failed = instances.flatMap((instance, index) => {
      const failureReason = reasons[index];
      return failureReason === undefined
        ? []
        : [{ ...instance, failureReason, meaning: describeFailure(failureReason) }];
    });
    return {
      transactionUid,
      committed: instances.filter((_instance, index) => reasons[index] === undefined),
      failed,
      retrieveAeTitle: this.#options.retrieveAeTitle ?? calledAeTitle,
    };
  }

  /** On an association that we open, as SCP of the class. PS3.4 J.3.3, PS3.7 D.3.3.4. */
  async #reportAnew(commitment: PendingCommitment, result: CommitmentResult): Promise<void> {
    const { callingAeTitle, calledAeTitle } = commitment;
    const peer = await this.#options.peers?.(callingAeTitle);
    if (this.#isClosed) throw new ServiceError('closed', 'The provider was closed before the result was reported');
    if (peer === undefined)
      throw new ServiceError('unknown-peer', `Nobody knows where ${callingAeTitle} can be reached`);
    const keeper = new AssociationKeeper({ calledAeTitle: callingAeTitle, callingAeTitle: calledAeTitle, ...peer }, []);
    this.#keepers.add(keeper);
    try {
      await overLoan(keeper, contexts, undefined, ({ session }) => report(session, result));
    } finally {
      this.#keepers.delete(keeper);
      await keeper.release();
    }
  }

  #enqueue(work: () => Promise<void>): void {
    if (this.#isClosed) return;
    this.#due.push(work);
    this.#startDue();
  }

  #startDue(): void {
    while (this.#runningCount < maximumAtOnce) {
      const work = this.#due.shift();
      if (work === undefined) return;
      this.#runningCount += 1;
      // What fails in here is a store or a callback that fails: the request stays in the store, and is taken up at the next start.
      void work()
        .catch(() => undefined)
        .finally(() => {
          this.#runningCount -= 1;
          this.#startDue();
        });
    }
  }
}

async function report(session: Invoker, result: CommitmentResult): Promise<void> {
  const { successful, failuresExist } = commitmentEvents;
  const context = acceptedContext(session, commitmentSopClass);
  const { command } = await session.request(
    {
      type: 'N-EVENT-REPORT-RQ',
      affectedSopClassUid: commitmentSopClass,
      affectedSopInstanceUid: commitmentSopInstance,
      eventTypeId: result.failed.length === 0 ? successful : failuresExist,
    },
    { contextId: context.id, dataSet: commitmentReport(result) },
  );
  if (statusCategory(command.status) === 'Failure') throw refused('N-EVENT-REPORT-RQ', command, 'storageCommitment');
}

const maximumAtOnce = 8;
const defaultDelaysMs = [5_000, 30_000, 120_000, 600_000, 3_600_000];
const defaultGiveUpMs = 7 * 24 * 3_600_000;

const contexts = [
  {
    abstractSyntax: commitmentSopClass,
    transferSyntaxes: nServiceTransferSyntaxes,
    roles: { scu: false, scp: true },
  },
];
