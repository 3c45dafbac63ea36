import type { Clock, Timer } from '@dicomwire/ul';

/**
 * The deadlines of one session that move with every sign of life, all on one timer of the clock. Setting one, moving it and stopping it costs
 * a reading of the clock at most: the timer beneath is set again only when it fires too early.
 */
export class SilenceTimers {
  readonly #clock: Clock;
  readonly #running = new Set<SilenceTimer>();
  #timer: Timer | undefined;
  #firesAt = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Makes one, which does not run yet.
   *
   * @param timeoutMs - 0 is never.
   * @param expired - Called once for each time that it runs out.
   */
  make(timeoutMs: number, expired: () => void): SilenceTimer {
    return new SilenceTimer(this, timeoutMs, expired);
  }

  /** From a timer: a sign of life. */
  touched(one: SilenceTimer, timeoutMs: number): void {
    if (this.#isOver) return;
    one.expiresAt = this.#clock.now() + timeoutMs;
    this.#running.add(one);
    if (one.expiresAt < this.#firesAt) this.#arm(one.expiresAt, timeoutMs);
  }

  /** From a timer: it runs no longer. */
  stopped(one: SilenceTimer): void {
    this.#running.delete(one);
  }

  /** The session is over: none runs any more, and none will. */
  end(): void {
    this.#isOver = true;
    this.#running.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(at: number, ms: number): void {
    this.#timer?.cancel();
    this.#firesAt = at;
    this.#timer = this.#clock.setTimer(() => this.#fired(), ms);
  }

  #fired(): void {
    this.#timer = undefined;
    this.#firesAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const one of [...this.#running]) {
      if (one.expiresAt > now) next = Math.min(next, one.expiresAt);
      else if (this.#running.delete(one)) one.expired();
    }
    if (next < this.#firesAt && !this.#isOver) this.#arm(next, next - now);
  }
}

/** A deadline that moves with every sign of life. */
export class SilenceTimer {
  /** When it runs out, unless there is a sign of life before. */
  expiresAt = 0;
  readonly expired: () => void;
  readonly #timers: SilenceTimers;
  readonly #timeoutMs: number;

  /** Made by {@link SilenceTimers.make}. */
  constructor(timers: SilenceTimers, timeoutMs: number, expired: () => void) {
    this.#timers = timers;
    this.#timeoutMs = timeoutMs;
    this.expired = expired;
  }

  /** A sign of life; starts it if it does not run. */
  touch(): void {
    if (this.#timeoutMs > 0) this.#timers.touched(this, this.#timeoutMs);
  }

  /** Stops it. */
  stop(): void {
    this.#timers.stopped(this);
  }
}
