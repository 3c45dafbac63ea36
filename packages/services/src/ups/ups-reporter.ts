/**
 * Delivers events to subscribers, each over associations of their own, on which we are SCP. PS3.4 CC.2.4.
 */
import { type Clock, systemClock, type Timer } from '@dicomwire/dimse';
import type { DataSet } from '@dicomwire/dimse/dataset';
import { AssociationKeeper } from '../association-keeper.js';
import { nServicesOver, nServiceTransferSyntaxes } from '../n-services/n-service-scu.js';
import type { PeerOptions } from '../peer.js';
import { ServiceError } from '../service-error.js';
import { type UpsEventName, upsEvent, upsEvents, upsPush } from './ups-sop-class.js';

/** Something that happened to a step. */
export interface UpsReport {
  /** What happened. */
  readonly event: UpsEventName;
  /** The step, or a well-known instance for what is about the provider itself. */
  readonly sopInstanceUid: string;
  /** Event information. PS3.4 Table CC.2.4-1. */
  readonly information: DataSet;
}

/** How events are delivered. */
export interface UpsReporterOptions {
  /** Where a subscriber can be reached. */
  readonly peers: (aeTitle: string) => PeerOptions | undefined | Promise<PeerOptions | undefined>;
  /** Our own AE title, as whom we call. */
  readonly aeTitle: string;
  /** Hears of an event that a subscriber did not get. */
  readonly onReportFailed: (error: unknown, aeTitle: string, report: UpsReport) => void;
  /** Waits between attempts, milliseconds. */
  readonly retryDelaysMs: readonly number[];
  /** Most events that wait for one subscriber; the oldest are dropped. */
  readonly maximumQueue: number;
  readonly clock?: Clock | undefined;
}

/** One queue for each subscriber, so that one that is away keeps none of the others waiting. */
export class UpsReporter {
  readonly #options: UpsReporterOptions;
  readonly #queues = new Map<string, SubscriberQueue>();
  #isClosed = false;

  constructor(options: UpsReporterOptions) {
    this.#options = options;
  }

  /** Queues an event for a subscriber. */
  report(aeTitle: string, report: UpsReport): void {
    if (this.#isClosed) {
      this.#options.onReportFailed(closedError(), aeTitle, report);
      return;
    }
    let queue = this.#queues.get(aeTitle);
    if (queue === undefined) {
      queue = new SubscriberQueue(aeTitle, this.#options, () => this.#queues.delete(aeTitle));
      this.#queues.set(aeTitle, queue);
    }
    queue.add(report);
  }

  /** May be used again. */
  open(): void {
    this.#isClosed = false;
  }

  /** Stops at once; what waits is dropped, and said to be. */
  close(): void {
    this.#isClosed = true;
    for (const queue of this.#queues.values()) queue.close();
    this.#queues.clear();
  }
}

class SubscriberQueue {
  readonly #aeTitle: string;
  readonly #options: UpsReporterOptions;
  readonly #done: () => void;
  readonly #waiting: UpsReport[] = [];
  #keeper: AssociationKeeper | undefined;
  #retry: Timer | undefined;
  #isBusy = false;
  #isClosed = false;
  #attempts = 0;

  constructor(aeTitle: string, options: UpsReporterOptions, done: () => void) {
    this.#aeTitle = aeTitle;
    this.#options = options;
    this.#done = done;
  }

  add(report: UpsReport): void {
    this.#waiting.push(report);
    const dropped =
      this.#waiting.length > this.#options.maximumQueue ? this.#waiting.splice(this.#isBusy ? 1 : 0, 1) : [];
    for (const each of dropped) this.#options.onReportFailed(new Error('Too many events wait'), this.#aeTitle, each);
    this.#deliver();
  }

  close(): void {
    this.#isClosed = true;
    this.#retry?.cancel();
    const dropped = this.#waiting.splice(0);
    this.#keeper?.abort();
    for (const report of dropped) this.#options.onReportFailed(closedError(), this.#aeTitle, report);
  }

  #deliver(): void {
    if (this.#isBusy || this.#retry !== undefined) return;
    this.#isBusy = true;
    // Whatever fails, callbacks of the application included, must not end the process.
    void this.#deliverAll()
      .catch(() => undefined)
      .finally(() => {
        this.#isBusy = false;
      });
  }

  async #deliverAll(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined && !this.#isClosed; next = this.#waiting[0]) {
      try {
        await this.#send(next);
      } catch (error) {
        this.#failed(error, next);
        return;
      }
      this.#attempts = 0;
      this.#waiting.shift();
    }
    const keeper = this.#keeper;
    this.#keeper = undefined;
    await keeper?.release();
    if (this.#waiting.length > 0) await this.#deliverAll();
    else this.#done();
  }

  #failed(error: unknown, report: UpsReport): void {
    this.#keeper?.abort();
    this.#keeper = undefined;
    if (this.#isClosed) return;
    const { retryDelaysMs, clock = systemClock, onReportFailed } = this.#options;
    const delayMs = retryDelaysMs[this.#attempts];
    this.#attempts += 1;
    if (delayMs === undefined) {
      this.#attempts = 0;
      this.#waiting.shift();
    }
    const again = () => {
      this.#retry = undefined;
      this.#deliver();
    };
    this.#retry = clock.setTimer(again, delayMs ?? 0);
    if (delayMs === undefined) onReportFailed(error, this.#aeTitle, report);
  }

  async #send({ event, sopInstanceUid, information }: UpsReport): Promise<void> {
    const { peers, aeTitle } = this.#options;
    if (this.#keeper === undefined) {
      const peer = await peers(this.#aeTitle);
      if (this.#isClosed) throw closedError();
      if (peer === undefined) throw new Error(`Nobody knows where ${this.#aeTitle} can be reached`);
      this.#keeper = new AssociationKeeper({ calledAeTitle: this.#aeTitle, callingAeTitle: aeTitle, ...peer }, []);
    }
    await nServicesOver(this.#keeper).eventReport(
      { sopClassUid: upsPush, abstractSyntax: upsEvent, sopInstanceUid, eventTypeId: upsEvents[event], information },
      { contexts, service: 'unifiedProcedureStep' },
    );
  }
}

function closedError(): ServiceError {
  return new ServiceError('closed', 'The provider was closed before the event was told');
}

const contexts = [
  { abstractSyntax: upsEvent, transferSyntaxes: nServiceTransferSyntaxes, roles: { scu: false, scp: true } },
];
