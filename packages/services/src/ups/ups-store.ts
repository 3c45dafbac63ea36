/**
 * Where a provider of Unified Procedure Steps keeps steps and subscriptions.
 */
import type { InstanceStore } from '../n-services/instance-store.js';
import { memoryInstanceStore } from '../n-services/memory-instance-store.js';

/** Who wants to hear of what. */
export interface UpsSubscription {
  /** Receiving AE (0074,1234). */
  readonly aeTitle: string;
  /** The step; or a well-known instance for all steps, or all that match. */
  readonly sopInstanceUid: string;
  /** Deletion Lock (0074,1230): a step that has ended is kept until the subscriber lets go of it. */
  readonly hasDeletionLock: boolean;
  /** Matching keys of a filtered global subscription: a data set in explicit VR little endian. */
  readonly filter?: Uint8Array | undefined;
}

/** Keeps subscriptions, one for each AE title and instance. Each write resolves when it would outlive the process. */
export interface UpsSubscriptionStore {
  /** Adds a subscription, or replaces that of the same AE title and instance. */
  put(subscription: UpsSubscription): Promise<void>;
  /** Forgets a subscription, if it is there. */
  delete(subscription: Pick<UpsSubscription, 'aeTitle' | 'sopInstanceUid'>): Promise<void>;
  /** What is there when the provider starts. */
  all(): Promise<readonly UpsSubscription[]>;
}

/** Everything that a provider keeps. */
export interface UpsStore {
  /** Steps, their Transaction UIDs included. */
  readonly steps: InstanceStore;
  /** Who wants to hear of them. */
  readonly subscriptions: UpsSubscriptionStore;
}

/** Forgets everything with the process. */
export function memoryUpsStore(): UpsStore {
  const subscriptions = new Map<string, UpsSubscription>();
  return {
    steps: memoryInstanceStore(),
    subscriptions: {
      put: async (subscription) => void subscriptions.set(subscriptionKey(subscription), subscription),
      delete: async (subscription) => void subscriptions.delete(subscriptionKey(subscription)),
      all: async () => [...subscriptions.values()],
    },
  };
}

/** The same for subscriptions of one AE title to one instance; an AE title has no backslash. */
export function subscriptionKey({
  aeTitle,
  sopInstanceUid,
}: Pick<UpsSubscription, 'aeTitle' | 'sopInstanceUid'>): string {
  return `${aeTitle}\\${sopInstanceUid}`;
}
