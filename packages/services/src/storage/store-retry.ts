/**
 * What is worth sending again, and when.
 */
import { AssociationError, AssociationRejectedError, type Clock, systemClock } from '@dicomwire/dimse';
import { openingError } from './not-reconnected.js';
import type { StoreOptions, StoreResult, StoreRetryOptions } from './store-result.js';

/** The options of a retry, decided. */
export interface RetryPolicy {
  /** Further attempts for an object. */
  readonly attempts: number;
  /** Before a further attempt, milliseconds. */
  delayMs(attempt: number): number;
}

/** What the options ask for. */
export function retryPolicy(retry: StoreOptions['retry']): RetryPolicy {
  const options: StoreRetryOptions = typeof retry === 'object' ? retry : { attempts: retry ?? 0 };
  const { attempts, firstDelayMs = 1000, maximumDelayMs = 60_000 } = options;
  return { attempts, delayMs: (attempt) => Math.min(firstDelayMs * 2 ** attempt, maximumDelayMs) };
}

/** Whether an object was not stored for a reason that may pass by itself. */
export function mayPass({ reason, status, error }: StoreResult): boolean {
  switch (reason) {
    case 'association-lost':
    case 'timeout':
      return true;
    case 'association-failed':
      return !isForGood(openingError(error));
    case 'peer-status':
      return status !== undefined && status >>> 8 === outOfResources;
    default:
      return false;
  }
}

/** Resolves after a while, or as soon as one of the signals fires. */
export function pause(
  ms: number,
  clock: Clock = systemClock,
  signals: readonly (AbortSignal | undefined)[] = [],
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      for (const signal of signals) signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimer(end, ms);
    for (const signal of signals) signal?.addEventListener('abort', end, { once: true });
    if (signals.some((signal) => signal?.aborted === true)) end();
  });
}

/** PS3.4 B.2.3: A700 to A7FF, "Refused: Out of resources". */
const outOfResources = 0xa7;

/** PS3.8 9.3.4: result 1 is rejected-permanent. What is wrong with an option or a certificate does not pass either. */
function isForGood(error: Error | undefined): boolean {
  if (error instanceof AssociationRejectedError) return error.result === 1;
  return error instanceof AssociationError && (error.code === 'invalid-option' || error.code.startsWith('tls-'));
}
