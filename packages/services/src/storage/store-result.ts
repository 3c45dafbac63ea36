/**
 * What a storage SCU reports: per object, in sum, and on the way.
 */

import type { PixelCodec } from '@dicomwire/dimse/dataset';
import type { Priority } from '../priority.js';
import type { MoveOriginator } from './received-instance.js';

/**
 * How sending one object ended.
 *
 * - `stored`: the peer answered Success (0000).
 * - `warning`: stored, with a warning status (B000 to BFFF, 0001, 0107, 0116): data elements coerced or discarded, for example.
 * - `refused`: the peer answered with a failure status; `status` says which.
 * - `failed`: sent or begun, but no valid response came: the association was lost or aborted, or the response timed out.
 *   Whether the peer kept the object is not known.
 * - `not-sent`: nothing of it was sent: the file can't be read, no accepted presentation context takes it, the
 *   association was lost before its turn, or the signal fired.
 * - `already-stored`: not sent, because an earlier run stored it ({@link StoreOptions.resume}, {@link StoreOptions.isStored}).
 * - `skipped`: found while walking a directory, and no DICOM instance (another kind of file, or a DICOMDIR).
 */
export type StoreOutcome = 'stored' | 'warning' | 'refused' | 'failed' | 'not-sent' | 'already-stored' | 'skipped';

/** Why an object was not stored, as a stable code. */
export type StoreFailureReason =
  /** The peer answered with a failure status. */
  | 'peer-status'
  /** No presentation context for its SOP class and transfer syntax was accepted. */
  | 'no-accepted-context'
  /** The peer takes it in another transfer syntax only, and it can't be brought into that; or a data set can't be encoded in the one that was named. */
  | 'not-convertible'
  /** The peer can't be reached, or rejected the association. */
  | 'association-failed'
  /** The association ended before or while the object was sent. */
  | 'association-lost'
  /** The peer's response does not belong to the request. */
  | 'invalid-response'
  /** No response within the deadline. */
  | 'timeout'
  /** The caller's signal fired. */
  | 'aborted'
  /** The file or stream can't be read, or changed while it was sent. */
  | 'unreadable'
  /** No DICOM file, or a directory of one (DICOMDIR). */
  | 'not-dicom'
  /** SOP class, SOP instance or transfer syntax is missing or not a UID. */
  | 'missing-identity';

/** What happened to one object. */
export interface StoreResult {
  /** File path, or what the input named itself. */
  readonly source: string;
  /** How it ended. */
  readonly outcome: StoreOutcome;
  /** SOP Class UID, as far as it is known. */
  readonly sopClassUid?: string | undefined;
  /** SOP Instance UID, as far as it is known. */
  readonly sopInstanceUid?: string | undefined;
  /** The transfer syntax in which the object is encoded, and in which it was sent unless `sentTransferSyntaxUid` says otherwise. */
  readonly transferSyntaxUid?: string | undefined;
  /** The transfer syntax that it was brought into, since the peer took nothing else. */
  readonly sentTransferSyntaxUid?: string | undefined;
  /** The peer's status, if it answered. PS3.4 B.2.3, PS3.7 Annex C. */
  readonly status?: number | undefined;
  /** The status in words. */
  readonly meaning?: string | undefined;
  /** The peer's error comment (0000,0902). */
  readonly comment?: string | undefined;
  /** Set for every outcome but `stored`, `warning` and `already-stored`. */
  readonly reason?: StoreFailureReason | undefined;
  /** What happened, in a sentence a person can act on; set whenever `reason` is, except where `status` says it all. */
  readonly error?: Error | undefined;
  /** Bytes of the data set that were sent. */
  readonly sentBytes: number;
}

/** The whole of a {@link Client.store} call. */
export interface StoreSummary {
  /** Every object in the order in which it was finished; empty with `collectResults: false`. */
  readonly results: readonly StoreResult[];
  /** Objects by outcome. */
  readonly counts: Readonly<Record<StoreOutcome, number>>;
  /** Bytes of data sets that were sent. */
  readonly sentBytes: number;
  /** Associations that were opened for it. */
  readonly associations: number;
  /** True when every object is stored, warnings and those of earlier runs included, and there is at least one. Skipped files don't count. */
  readonly isComplete: boolean;
}

/** Where a running {@link Client.store} stands. */
export interface StoreProgress {
  /** Objects found so far; final once `isScanning` is false. */
  readonly total: number;
  /** Objects finished, whatever their outcome; skipped files don't count. */
  readonly finished: number;
  /** Data-set bytes sent so far. */
  readonly sentBytes: number;
  /** Data-set bytes found so far, as far as lengths are known. */
  readonly totalBytes: number;
  /** True while inputs are still being looked for. */
  readonly isScanning: boolean;
  /** The object that was just finished; `undefined` when only bytes moved. */
  readonly result?: StoreResult | undefined;
}

/** Options of {@link Client.store}. */
export interface StoreOptions {
  /** Called for each finished object, and in between for large ones as their bytes leave. */
  readonly onProgress?: ((progress: StoreProgress) => void) | undefined;
  /** Ends the call: the association is aborted, unfinished objects are reported as `not-sent` or `failed` with reason `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Priority (0000,0700). Default: `'medium'`. */
  readonly priority?: Priority | undefined;
  /** The C-MOVE that this is done for: whose it is, and its message ID. Default: none. PS3.7 9.1.1.1.3. */
  readonly moveOriginator?: MoveOriginator | undefined;
  /**
   * Associations at once over which objects are spread; fewer where the peer wants no more. Objects arrive in no certain order then. Default: 1,
   * since many peers take one only.
   */
  readonly parallel?: number | undefined;
  /**
   * Whether an object is brought into an uncompressed transfer syntax when the peer takes it in none but that: from another one, or decompressed where
   * a codec does it. What can't be decompressed is `not-sent` with the reason `not-convertible`. Default: true. PS3.5 10.
   */
  readonly convert?: boolean | undefined;
  /**
   * Codecs that decompress for a peer that takes no compressed transfer syntax (`@dicomwire/services/codecs` has some). Default: those that are
   * built in (RLE Lossless, Deflated Image Frame, Encapsulated Uncompressed).
   */
  readonly codecs?: readonly PixelCodec[] | undefined;
  /**
   * Tries again, after a while, what failed for a reason that may pass: the peer can't be reached, broke off or did not answer in time, or is out of resources
   * (A700 to A7FF). A number is that of further attempts. Default: 0.
   */
  readonly retry?: number | StoreRetryOptions | undefined;
  /**
   * An earlier run: its summary, or the path of its `report` (that need not be there yet). What it stored, warnings included, is not sent again.
   */
  readonly resume?: Pick<StoreSummary, 'results'> | string | undefined;
  /** Tells what need not be sent, since it is stored already. What it throws rejects the call. Default: what `resume` says. */
  readonly isStored?: ((object: StoreIdentity) => boolean | Promise<boolean>) | undefined;
  /**
   * A file to which each result is added as a line of JSON, so that a later run can `resume` from there whatever happens to this one. Default:
   * none.
   */
  readonly report?: string | undefined;
  /**
   * How many objects are looked at before contexts are proposed and the first of them is sent. Default: 2000. A live feed that
   * yields now and then wants 1; so do streams that should not all be open at once.
   */
  readonly scanAhead?: number | undefined;
  /** Whether {@link StoreSummary.results} is filled; false keeps memory flat over millions of objects. Default: true. */
  readonly collectResults?: boolean | undefined;
}

/** How often, and how long after, objects are sent again. */
export interface StoreRetryOptions {
  /** Further attempts for an object. */
  readonly attempts: number;
  /** Before the first of them, milliseconds; before each further one twice as long. Default: 1000. */
  readonly firstDelayMs?: number | undefined;
  /** The longest wait, milliseconds. Default: 60000. */
  readonly maximumDelayMs?: number | undefined;
}

/** What an object is, before it is sent. */
export interface StoreIdentity {
  /** File path, or what the input named itself. */
  readonly source: string;
  /** SOP Class UID. */
  readonly sopClassUid: string;
  /** SOP Instance UID. */
  readonly sopInstanceUid: string;
  /** The transfer syntax in which it is encoded. */
  readonly transferSyntaxUid: string;
}
