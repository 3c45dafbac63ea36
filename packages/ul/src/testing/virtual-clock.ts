import type { Clock, Timer } from '../types.js';

/**
 * A clock that stands still until told to go on, so that a deadline of an hour takes no time to test.
 *
 * @example
 * ```ts
 * import { VirtualClock } from '@dicomwire/ul/testing';
 *
 * const clock = new VirtualClock();
 * clock.setTimer(() => console.log(`an hour later it is ${clock.now()}`), 3_600_000);
 * await clock.advance(3_600_000); // an hour later it is 3600000
 * ```
 */
export class VirtualClock implements Clock {
  #now = 0;
  #timers: PendingTimer[] = [];

  /** Milliseconds since the clock was made. */
  now(): number {
    return this.#now;
  }

  /** Calls back once the clock has been advanced by `ms`. */
  setTimer(callback: () => void, ms: number): Timer {
    const timer = { at: this.#now + Math.max(ms, 0), callback };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Timers that have not fired. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Lets `ms` pass: fires what falls due, in order, and lets everything that follows from it happen before time goes on. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    await settle();
    for (let due = this.#takeDue(target); due !== undefined; due = this.#takeDue(target)) {
      this.#now = due.at;
      due.callback();
      await settle();
    }
    this.#now = target;
  }

  #takeDue(target: number): PendingTimer | undefined {
    let due: PendingTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= target && (due === undefined || timer.at < due.at)) due = timer;
    }
    this.#timers = this.#timers.filter((timer) => timer !== due);
    return due;
  }
}

interface PendingTimer {
  readonly at: number;
  readonly callback: () => void;
}

/** Waits until everything that follows from what happened so far, on in-memory transports, has happened. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
