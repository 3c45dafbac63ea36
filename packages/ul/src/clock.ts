import type { Clock, Timer } from './types.js';

/**
 * The clock of the operating system: monotonic, milliseconds.
 *
 * Nearly every timer here is a deadline that is kept: it is cancelled long before it fires, and the next one is set soon after. So the last one that
 * was cancelled is kept, without keeping the process alive, for whoever sets the next; one that then fires too early goes on for what is left.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(callback, ms) {
    const due = performance.now() + ms;
    const timer = spare !== undefined && spare.firesAt <= due ? spare : new SystemTimer(ms);
    if (timer === spare) spare = undefined;
    return timer.use(callback, due);
  },
};

/** One that nobody uses, and that has not fired. */
let spare: SystemTimer | undefined;

/** Who has set a timer. Only that one can cancel it, however often. */
class Use implements Timer {
  readonly callback: () => void;
  readonly due: number;
  readonly #timer: SystemTimer;

  constructor(timer: SystemTimer, callback: () => void, due: number) {
    this.#timer = timer;
    this.callback = callback;
    this.due = due;
  }

  cancel(): void {
    this.#timer.cancelled(this);
  }
}

class SystemTimer {
  /** No later than when it is due. */
  firesAt = 0;
  #use: Use | undefined;
  #handle: NodeJS.Timeout;

  constructor(ms: number) {
    this.#handle = this.#set(ms);
  }

  use(callback: () => void, due: number): Timer {
    this.#use = new Use(this, callback, due);
    this.#handle.ref();
    return this.#use;
  }

  cancelled(use: Use): void {
    if (this.#use !== use) return;
    this.#use = undefined;
    if (spare !== undefined && spare.firesAt <= this.firesAt) {
      clearTimeout(this.#handle);
      return;
    }
    // The sooner one fires, the more of those to come can use it.
    if (spare !== undefined) clearTimeout(spare.#handle);
    spare = this;
    this.#handle.unref();
  }

  #set(ms: number): NodeJS.Timeout {
    const delay = Math.min(Math.max(ms, 0), longestDelayMs);
    this.firesAt = performance.now() + delay;
    return setTimeout(() => this.#fired(), delay);
  }

  #fired(): void {
    const use = this.#use;
    if (use === undefined) {
      if (spare === this) spare = undefined;
      return;
    }
    const left = use.due - performance.now();
    // Node counts whole milliseconds: a fraction that is left would be waited for as one more.
    if (left >= 1) {
      this.#handle = this.#set(left);
      return;
    }
    this.#use = undefined;
    use.callback();
  }
}

/** `setTimeout` fires at once for anything longer. */
const longestDelayMs = 0x7fffffff;
