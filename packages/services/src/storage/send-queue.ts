/**
 * Sends a queue of objects over as many associations as it may, and goes on over new ones when they break.
 */
import { abortOnSignal } from '../abort-on-signal.js';
import type { ContextProposal } from '../context-proposal.js';
import { errorFrom } from '../error-from.js';
import type { SessionLender } from '../session-lender.js';
import { notReconnected } from './not-reconnected.js';
import type { ObjectQueue } from './object-queue.js';
import { type RunEnd, type Sending, type Sent, sendObjects } from './send-objects.js';

/** What sending a queue needs. */
export interface QueueSending extends Omit<Sending, 'session' | 'association' | 'responseTimeoutMs'> {
  readonly lender: SessionLender;
  /** Contexts that every association is to have. */
  readonly contexts: readonly ContextProposal[];
  /** Associations at once, at most. */
  readonly parallel: number;
  /** Ends it between objects. */
  readonly stopSignal: AbortSignal | undefined;
  /** An association was opened for it. */
  opened(): void;
}

/**
 * Sends what is in the queue. What is left in it was not sent: for the reason that is returned, or since it is over.
 *
 * An association that breaks costs the object at which it did; the others go over a new one. A peer that breaks off time and again without
 * having answered anything, or never answers, is given up.
 */
export async function sendQueue(queue: ObjectQueue, sending: QueueSending): Promise<RunEnd | undefined> {
  const run = new QueueRun(queue, sending);
  const lanes: Promise<void>[] = [];
  for (let lane = Math.min(sending.parallel, queue.length); lane > 0; lane -= 1) lanes.push(run.lane());
  await Promise.all(lanes);
  return run.failure;
}

class QueueRun {
  failure: RunEnd | undefined;
  readonly #queue: ObjectQueue;
  readonly #sending: QueueSending;
  /** Fires when nothing is left for associations that are still being opened. */
  readonly #enough = new AbortController();
  /** Lanes that have an association or may get one. */
  #hopeful = 0;
  /** Lanes that are sending: what they have may come back. */
  #sendingLanes = 0;
  /** What ended the first association that did not come to its end in order. */
  #firstLoss: RunEnd | undefined;
  /** Associations in a row that broke before anything was answered on them. */
  #breaks = 0;

  constructor(queue: ObjectQueue, sending: QueueSending) {
    this.#queue = queue;
    this.#sending = sending;
  }

  async lane(): Promise<void> {
    this.#hopeful += 1;
    while (this.#queue.length > 0 && !this.#isOver()) {
      try {
        const sent = await this.#sendOverOne();
        this.#judge(sent);
      } catch (error) {
        // Others have an association still, or may get one: they send what is left.
        if (this.#hopeful === 1 && !this.#enough.signal.aborted && !this.#isOver()) {
          this.failure ??= {
            reason: 'association-failed',
            error: notReconnected(errorFrom(error), this.#firstLoss?.error),
          };
        }
        break;
      }
    }
    this.#hopeful -= 1;
    if (this.#queue.length === 0 && this.#sendingLanes === 0) this.#enough.abort(new Error('Everything is sent'));
  }

  #isOver(): boolean {
    return this.failure !== undefined || this.#sending.isOver();
  }

  /** @throws what kept an association from being lent. */
  async #sendOverOne(): Promise<Sent> {
    const { lender, contexts, options, stopSignal, parallel } = this.#sending;
    const { signal } = options;
    const signals = [signal, stopSignal, this.#enough.signal].filter((each) => each !== undefined);
    const loan = await lender.borrow(contexts, AbortSignal.any(signals), { isExclusive: parallel > 1 });
    if (loan.isNew) this.#sending.opened();
    const takeOff = abortOnSignal(loan.session, signal);
    this.#sendingLanes += 1;
    try {
      return await sendObjects(this.#queue, {
        ...this.#sending,
        session: loan.session,
        association: loan.session.association,
        responseTimeoutMs: lender.responseTimeoutMs,
        isOver: () => this.#isOver(),
      });
    } finally {
      this.#sendingLanes -= 1;
      takeOff();
      await loan.giveBack();
    }
  }

  #judge({ answered, lost }: Sent): void {
    if (answered > 0) this.#breaks = 0;
    if (lost === undefined) return;
    this.#firstLoss ??= lost;
    this.#breaks += 1;
    const isMute = lost.reason === 'timeout' && answered === 0;
    if (isMute || this.#breaks >= maximumBreaks) this.failure ??= lost;
  }
}

/** So many objects in a row that a peer can't bear are taken for bad luck. */
const maximumBreaks = 10;
