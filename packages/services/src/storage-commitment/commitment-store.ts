/**
 * Where a provider of storage commitment keeps what it still has to report.
 */
import type { ReferencedInstance } from './commitment-data.js';

/** A request that was acknowledged and whose result was not delivered yet. */
export interface PendingCommitment {
  /** Tells it from the others; the store's key. */
  readonly id: string;
  /** Transaction UID (0008,1195). */
  readonly transactionUid: string;
  /** AE title of who asked: the result goes there. */
  readonly callingAeTitle: string;
  /** AE title that was called: the result comes from there. */
  readonly calledAeTitle: string;
  /** What is to be kept. */
  readonly instances: readonly ReferencedInstance[];
  /** When it was asked for, milliseconds since 1970. */
  readonly requestedAt: number;
}

/** Keeps requests until their results are delivered. Each write resolves when it would outlive the process. */
export interface CommitmentStore {
  /** Adds a request. Resolves to false, and changes nothing, when there is one with this id. */
  add(commitment: PendingCommitment): Promise<boolean>;
  /** Forgets a request. */
  remove(id: string): Promise<void>;
  /** What is there when the provider starts. */
  all(): Promise<readonly PendingCommitment[]>;
}

/** Forgets everything with the process. */
export function memoryCommitmentStore(): CommitmentStore {
  const pending = new Map<string, PendingCommitment>();
  return {
    add: async (commitment) => {
      if (pending.has(commitment.id)) return false;
      pending.set(commitment.id, commitment);
      return true;
    },
    remove: async (id) => void pending.delete(id),
    all: async () => [...pending.values()],
  };
}
