/**
 * Subscriptions of a UPS provider: who is to hear of a step, and who holds it. PS3.4 CC.2.3.
 */
import { type DataSet, parseDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import { filteredGlobalSubscription, globalSubscription } from './ups-sop-class.js';
import { subscriptionKey, type UpsSubscription, type UpsSubscriptionStore } from './ups-store.js';

/** Tells whether a step fits the keys of a filtered global subscription. */
export type MatchesFilter = (filter: DataSet, step: DataSet) => boolean;

/** All subscriptions, in memory as well as in the store. */
export class UpsSubscriptions {
  readonly #store: UpsSubscriptionStore;
  readonly #matches: MatchesFilter;
  readonly #byKey = new Map<string, UpsSubscription>();
  readonly #byStep = new Map<string, Map<string, UpsSubscription>>();

  constructor(store: UpsSubscriptionStore, matches: MatchesFilter) {
    this.#store = store;
    this.#matches = matches;
  }

  /** Reads what an earlier process left. */
  async load(): Promise<void> {
    for (const subscription of await this.#store.all()) this.#remember(subscription);
  }

  /** AE titles that hear of a step. */
  subscribersOf(sopInstanceUid: string): readonly string[] {
    return [...(this.#byStep.get(sopInstanceUid)?.keys() ?? [])];
  }

  /** True while somebody wants the step to be kept. */
  isLocked(sopInstanceUid: string): boolean {
    for (const { hasDeletionLock } of this.#byStep.get(sopInstanceUid)?.values() ?? [])
      if (hasDeletionLock) return true;
    return false;
  }

  /** One subscription, to a step or to all. */
  async subscribe(subscription: UpsSubscription): Promise<void> {
    await this.#store.put(subscription);
    this.#remember(subscription);
  }

  /** One subscription less. Unsubscribing from all also ends those to each step of the same AE title. PS3.4 CC.2.3.3. */
  async unsubscribe(aeTitle: string, sopInstanceUid: string): Promise<void> {
    if (isGlobal(sopInstanceUid)) {
      for (const subscription of [...this.#byKey.values()]) {
        if (subscription.aeTitle === aeTitle) await this.#forget(subscription);
      }
      return;
    }
    await this.#forget({ aeTitle, sopInstanceUid });
  }

  /** New steps are not subscribed to any longer; what was subscribed stays. */
  async suspendGlobal(aeTitle: string, sopInstanceUid: string): Promise<void> {
    await this.#forget({ aeTitle, sopInstanceUid });
  }

  /** Subscribes to a new step those who want all, or all that are like it. */
  async created(sopInstanceUid: string, step: DataSet): Promise<void> {
    for (const global of [...this.#byKey.values()]) {
      if (!isGlobal(global.sopInstanceUid) || !this.wants(global, step)) continue;
      const { aeTitle, hasDeletionLock } = global;
      await this.subscribe({ aeTitle, sopInstanceUid, hasDeletionLock });
    }
  }

  /** The step is gone. */
  async deleted(sopInstanceUid: string): Promise<void> {
    for (const subscription of [...(this.#byStep.get(sopInstanceUid)?.values() ?? [])])
      await this.#forget(subscription);
  }

  /** Whether a subscription to all includes this step. */
  wants({ filter }: UpsSubscription, step: DataSet): boolean {
    return filter === undefined || this.#matches(parseDataSet(filter, TransferSyntax.ExplicitVRLittleEndian), step);
  }

  #remember(subscription: UpsSubscription): void {
    this.#byKey.set(subscriptionKey(subscription), subscription);
    if (isGlobal(subscription.sopInstanceUid)) return;
    const ofStep = this.#byStep.get(subscription.sopInstanceUid) ?? new Map<string, UpsSubscription>();
    this.#byStep.set(subscription.sopInstanceUid, ofStep.set(subscription.aeTitle, subscription));
  }

  async #forget(subscription: Pick<UpsSubscription, 'aeTitle' | 'sopInstanceUid'>): Promise<void> {
    await this.#store.delete(subscription);
    this.#byKey.delete(subscriptionKey(subscription));
    const ofStep = this.#byStep.get(subscription.sopInstanceUid);
    ofStep?.delete(subscription.aeTitle);
    if (ofStep?.size === 0) this.#byStep.delete(subscription.sopInstanceUid);
  }
}

/** True for the two well-known instances that stand for all steps. */
export function isGlobal(sopInstanceUid: string): boolean {
  return sopInstanceUid === globalSubscription || sopInstanceUid === filteredGlobalSubscription;
}
