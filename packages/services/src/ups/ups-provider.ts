/**
 * What a provider of Unified Procedure Steps does: steps, subscriptions and events, joined. PS3.4 CC.2.
 */
import { StatusError, systemClock, type Timer } from '@dicomwire/dimse';
import { DataSet, encodeDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import type { NActionRequest, NServiceAnswer } from '../n-services/n-service-scp.js';
import type { UpsOptions } from './ups-options.js';
import { UpsReporter } from './ups-reporter.js';
import { filteredGlobalSubscription, UpsStatus, upsActions } from './ups-sop-class.js';
import { stateOf } from './ups-states.js';
import { stateInformation, UpsSteps } from './ups-steps.js';
import { memoryUpsStore, type UpsStore, type UpsSubscription } from './ups-store.js';
import { isGlobal, type MatchesFilter, UpsSubscriptions } from './ups-subscriptions.js';

/** Joins the rooms beside it. */
export class UpsProvider {
  readonly steps: UpsSteps;
  readonly #options: UpsOptions;
  readonly #store: UpsStore;
  readonly #subscriptions: UpsSubscriptions;
  readonly #reporter: UpsReporter;
  #sweep: Timer | undefined;
  #isOpen = false;
  #loaded: Promise<void> | undefined;

  constructor(options: UpsOptions, matchesFilter: MatchesFilter) {
    this.#options = options;
    this.#store = options.store ?? memoryUpsStore();
    this.#subscriptions = new UpsSubscriptions(this.#store.subscriptions, matchesFilter);
    this.#reporter = new UpsReporter({
      aeTitle: options.aeTitle,
      peers: options.peers ?? (() => undefined),
      onReportFailed: (error, aeTitle, report) => {
        try {
          options.onReportFailed?.(error, aeTitle, report);
        } catch {
          // An observer that fails must keep nobody from what happens to the step, and to the other subscribers.
        }
      },
      retryDelaysMs: options.retryDelaysMs ?? [1_000, 5_000, 30_000],
      maximumQueue: options.maximumQueuedEvents ?? 1000,
      clock: options.clock,
    });
    this.steps = new UpsSteps({
      store: this.#store.steps,
      checksFinalState: options.checksFinalState ?? true,
      worklistLabel: options.worklistLabel ?? 'WORKLIST',
      events: {
        created: (sopInstanceUid, step) => this.#subscriptions.created(sopInstanceUid, step),
        changed: (sopInstanceUid, step) => options.onChange?.({ sopInstanceUid, step }),
        happened: (report) => {
          for (const aeTitle of this.#subscriptions.subscribersOf(report.sopInstanceUid)) {
            this.#reporter.report(aeTitle, report);
          }
        },
      },
    });
  }

  /** Reads what an earlier process left, once; also where no `listen` came before the first request. */
  load(): Promise<void> {
    this.#loaded ??= this.#subscriptions.load();
    return this.#loaded;
  }

  /** The provider listens. */
  async start(): Promise<void> {
    await this.load();
    this.#isOpen = true;
    this.#reporter.open();
    this.#scheduleSweep();
  }

  /** The provider was closed. */
  close(): void {
    this.#isOpen = false;
    this.#sweep?.cancel();
    this.#reporter.close();
  }

  /** Every step, without its Transaction UID: for queries. */
  async *all(): AsyncIterable<DataSet> {
    for await (const { attributes } of this.#store.steps.all()) {
      attributes.delete('TransactionUID');
      yield attributes;
    }
  }

  /** N-ACTION of any kind. */
  async act(request: NActionRequest): Promise<NServiceAnswer> {
    const { sopInstanceUid = '', dataSet, association } = request;
    switch (request.actionTypeId) {
      case upsActions.changeState: {
        const state = dataSet.get('ProcedureStepState');
        return { status: await this.steps.changeState(sopInstanceUid, state, dataSet.get('TransactionUID')) };
      }
      case upsActions.requestCancel: {
        const hasSubscribers = () => this.#subscriptions.subscribersOf(sopInstanceUid).length > 0;
        const { callingAeTitle } = association;
        return { status: await this.steps.requestCancel(sopInstanceUid, dataSet, callingAeTitle, hasSubscribers) };
      }
      case upsActions.subscribe:
        return this.#subscribe(sopInstanceUid, dataSet);
      case upsActions.unsubscribe:
        return this.#unsubscribe(sopInstanceUid, receivingAe(dataSet));
      case upsActions.suspendGlobalSubscription:
        if (!isGlobal(sopInstanceUid)) throw new StatusError(UpsStatus.actionNotAppropriate);
        await this.#subscriptions.suspendGlobal(receivingAe(dataSet), sopInstanceUid);
        return undefined;
      default:
        throw new StatusError(noSuchAction);
    }
  }

  async #subscribe(sopInstanceUid: string, information: DataSet): Promise<NServiceAnswer> {
    const aeTitle = receivingAe(information);
    const { peers } = this.#options;
    if (peers === undefined) throw new StatusError(UpsStatus.noEventReports);
    if ((await peers(aeTitle)) === undefined) throw new StatusError(UpsStatus.receivingAeTitleUnknown);
    const lock = information.get('DeletionLock');
    if (lock !== 'TRUE' && lock !== 'FALSE') {
      const status = lock === undefined ? missingAttribute : invalidAttributeValue;
      throw new StatusError(status, undefined, { offendingElements: [0x00741230] });
    }
    const subscription = { aeTitle, sopInstanceUid, hasDeletionLock: lock === 'TRUE' };
    if (isGlobal(sopInstanceUid)) await this.#subscribeToAll(subscription, information);
    else await this.#subscribeToOne(subscription);
    return undefined;
  }

  /** The subscriber hears at once how the step stands. PS3.4 CC.2.3.3. */
  async #subscribeToOne(subscription: UpsSubscription): Promise<void> {
    const { sopInstanceUid, aeTitle } = subscription;
    await this.steps.exclusively(sopInstanceUid, async () => {
      const step = await this.steps.read(sopInstanceUid);
      await this.#subscriptions.subscribe(subscription);
      this.#reporter.report(aeTitle, { event: 'stateReport', sopInstanceUid, information: stateInformation(step) });
    });
  }

  async #subscribeToAll(subscription: UpsSubscription, information: DataSet): Promise<void> {
    const isFiltered = subscription.sopInstanceUid === filteredGlobalSubscription;
    const global = isFiltered ? { ...subscription, filter: encodeFilter(information) } : subscription;
    await this.#subscriptions.subscribe(global);
    for await (const { sopInstanceUid, attributes } of this.#store.steps.all()) {
      if (this.#subscriptions.wants(global, attributes))
        await this.#subscribeToOne({ ...subscription, sopInstanceUid });
    }
  }

  async #unsubscribe(sopInstanceUid: string, aeTitle: string): Promise<NServiceAnswer> {
    if (!isGlobal(sopInstanceUid)) await this.steps.read(sopInstanceUid);
    await this.#subscriptions.unsubscribe(aeTitle, sopInstanceUid);
    return undefined;
  }

  #scheduleSweep(): void {
    const { clock = systemClock, keepEndedMs = defaultKeepMs } = this.#options;
    this.#sweep?.cancel();
    // Closed while it was at work.
    if (!this.#isOpen) return;
    this.#sweep = clock.setTimer(
      () => {
        // A store that fails now is asked again the next time.
        void this.#deleteEnded(keepEndedMs)
          .catch(() => undefined)
          .finally(() => this.#scheduleSweep());
      },
      Math.max(1_000, Math.min(keepEndedMs, longestSweepMs)),
    );
  }

  async #deleteEnded(keepEndedMs: number): Promise<void> {
    const before = Date.now() - keepEndedMs;
    const ended: string[] = [];
    for await (const { sopInstanceUid, attributes } of this.#store.steps.all()) {
      if (isEndedBefore(attributes, before)) ended.push(sopInstanceUid);
    }
    for (const sopInstanceUid of ended) {
      await this.steps.exclusively(sopInstanceUid, async () => {
        if (this.#subscriptions.isLocked(sopInstanceUid)) return;
        await this.#store.steps.delete(sopInstanceUid);
        await this.#subscriptions.deleted(sopInstanceUid);
      });
    }
  }
}

function isEndedBefore(step: DataSet, before: number): boolean {
  const state = stateOf(step);
  if (state !== 'COMPLETED' && state !== 'CANCELED') return false;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\+0000$/.exec(
      step.text('ScheduledProcedureStepModificationDateTime') ?? '',
    ) ?? [];
  if (year === undefined) return false;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) < before;
}

/** @throws StatusError 0120 */
function receivingAe(information: DataSet): string {
  const aeTitle = information.get('ReceivingAE')?.trim();
  if (aeTitle === undefined || aeTitle === '') {
    throw new StatusError(missingAttribute, undefined, { offendingElements: [0x00741234] });
  }
  return aeTitle;
}

/** The keys among the action information. */
function encodeFilter(information: DataSet): Uint8Array {
  const keys = new DataSet();
  for (const { tag, vr, values, items } of information) {
    if (tag !== 0x00741230 && tag !== 0x00741234) keys.set(tag, vr, vr === 'SQ' ? items : values);
  }
  return encodeDataSet(keys, TransferSyntax.ExplicitVRLittleEndian, { invalidText: 'write' });
}

const defaultKeepMs = 24 * 3_600_000;
const longestSweepMs = 3_600_000;

/** PS3.7 C.5. */
const invalidAttributeValue = 0x0106;
const missingAttribute = 0x0120;
const noSuchAction = 0x0123;
