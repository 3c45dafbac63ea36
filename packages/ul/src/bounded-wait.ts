/** A wait for something that belongs to the user of this package, and may therefore take any time. */
import type { Clock, Timer } from './types.js';

/** What ends a wait beside its outcome. */
export interface WaitBounds {
  readonly clock: Clock;
  /** Milliseconds; 0 is no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The error when the time has passed. */
  timedOut(): Error;
  /** The error when the signal fires. */
  cancelled(signal: AbortSignal): Error;
}

/** Settles with the work, with the time, or with the signal, whichever comes first. */
export function waitBounded<T>(work: Promise<T>, bounds: WaitBounds): Promise<T> {
  const { clock, timeoutMs, signal } = bounds;
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    const cancel = () => {
      if (signal !== undefined) finish(() => reject(bounds.cancelled(signal)));
    };
    const finish = (settle: () => void) => {
      timer?.cancel();
      signal?.removeEventListener('abort', cancel);
      settle();
    };
    work.then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error)),
    );
    if (signal?.aborted) {
      cancel();
      return;
    }
    signal?.addEventListener('abort', cancel, { once: true });
    if (timeoutMs > 0) timer = clock.setTimer(() => finish(() => reject(bounds.timedOut())), timeoutMs);
  });
}
