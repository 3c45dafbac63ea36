import type { Clock, Timer } from '@dicomwire/ul';

/**
 * A deadline that moves with every sign of life. Being moved costs one reading of the clock: the timer beneath is set again only
 * when it fires too early.
 */
export class SilenceTimer {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #expired: () => void;
  #timer: Timer | undefined;
  #lastSign = 0;

  /**
   * @param timeoutMs - 0 is never.
   * @param expired - Called once for each time that it runs out.
   */
  constructor(clock: Clock, timeoutMs: number, expired: () => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#expired = expired;
  }

  /** A sign of life; starts it if it does not run. */
  touch(): void {
    if (this.#timeoutMs === 0) return;
    this.#lastSign = this.#clock.now();
    if (this.#timer === undefined) this.#arm(this.#timeoutMs);
  }

  /** Stops it. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimer(() => {
      const left = this.#lastSign + this.#timeoutMs - this.#clock.now();
      this.#timer = undefined;
      if (left > 0) this.#arm(left);
      else this.#expired();
    }, ms);
  }
}
