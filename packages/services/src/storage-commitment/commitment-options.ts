/** How a provider of storage commitment is set up. */
import type { Clock } from '@dicomwire/dimse';
import type { PeerOptions } from '../peer.js';
import type { ReferencedInstance } from './commitment-data.js';
import type { CommitmentStore, PendingCommitment } from './commitment-store.js';

/** Options of {@link storageCommitment}. */
export interface StorageCommitmentOptions {
  /**
   * Looks whether instances are kept safely: for each in order, `undefined` if it is, or the reason why not ({@link CommitmentFailure}). What it
   * throws reports 0110 (processing failure) for all of them.
   */
  check(
    instances: readonly ReferencedInstance[],
    request: Pick<PendingCommitment, 'transactionUid' | 'callingAeTitle' | 'calledAeTitle'>,
  ): Promise<readonly (number | undefined)[]>;
  /**
   * Where the AE title of who asked can be reached, for results that could not be reported on the association of the request. Default:
   * nowhere; then only that association is tried.
   */
  readonly peers?: ((aeTitle: string) => PeerOptions | undefined | Promise<PeerOptions | undefined>) | undefined;
  /** Where requests are kept until their results were heard. Default: in memory. */
  readonly store?: CommitmentStore | undefined;
  /** AE title from which what was committed can be retrieved. Default: the one that was called. */
  readonly retrieveAeTitle?: string | undefined;
  /** Waits between attempts to report, milliseconds; the last one repeats. Default: 5 s, 30 s, 2 min, 10 min, 1 h. */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** After so long a result that nobody took is given up, milliseconds from the request. Default: 7 days. */
  readonly giveUpAfterMs?: number | undefined;
  /** Most instances of one request; more are refused with 0213 (resource limitation). Default: 100000. */
  readonly maximumInstances?: number | undefined;
  /** Hears of each attempt that failed, and whether it was the last. Default: nobody. */
  readonly onReportFailed?: ((error: unknown, commitment: PendingCommitment, isGivenUp: boolean) => void) | undefined;
  /** Hears of each result that was taken. Default: nobody. */
  readonly onReported?: ((commitment: PendingCommitment) => void) | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}
