/** How a provider of Unified Procedure Steps is set up. */
import type { Clock } from '@dicomwire/dimse';
import type { DataSet } from '@dicomwire/dimse/dataset';
import type { PeerOptions } from '../peer.js';
import type { UpsReport } from './ups-reporter.js';
import type { UpsStore } from './ups-store.js';

/** Options of {@link ups}. */
export interface UpsOptions {
  /** Our AE title: events come from it. */
  readonly aeTitle: string;
  /**
   * Where a subscriber can be reached; who is unknown can't subscribe (C308). Default: nobody, and subscriptions are refused with C315
   * (no event reports).
   */
  readonly peers?: ((aeTitle: string) => PeerOptions | undefined | Promise<PeerOptions | undefined>) | undefined;
  /** Where steps and subscriptions are kept. Default: in memory. */
  readonly store?: UpsStore | undefined;
  /**
   * Whether a step must have what PS3.4 Table CC.2.5-3 requires before it may end; otherwise C304. Default: true.
   */
  readonly checksFinalState?: boolean | undefined;
  /** Worklist Label (0074,1202) of steps that are created without. Default: `'WORKLIST'`. */
  readonly worklistLabel?: string | undefined;
  /** A step that has ended, and that nobody holds, is deleted after so long, milliseconds. Default: 24 hours. */
  readonly keepEndedMs?: number | undefined;
  /** Waits between attempts to tell a subscriber of an event, milliseconds; after the last the event is dropped. Default: 1 s, 5 s, 30 s. */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** Most events that wait for one subscriber; the oldest are dropped. Default: 1000. */
  readonly maximumQueuedEvents?: number | undefined;
  /** Hears of each step that was created or changed, once it is stored. The Transaction UID, which is the key to it, is in it. */
  readonly onChange?: ((change: { readonly sopInstanceUid: string; readonly step: DataSet }) => void) | undefined;
  /** Hears of an event that a subscriber did not get. */
  readonly onReportFailed?: ((error: unknown, aeTitle: string, report: UpsReport) => void) | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}
