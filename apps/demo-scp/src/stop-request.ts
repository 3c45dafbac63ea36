/** Somebody asks the server to stop. */

/** The first SIGINT or SIGTERM is a request; the second ends the process at once. */
export class StopRequest {
  /** Resolves, once, with who asked. */
  readonly requested: Promise<string>;
  #resolve: (who: string) => void = () => {};
  #isRequested = false;

  constructor() {
    this.requested = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    for (const signal of signals) process.on(signal, this.#onSignal);
  }

  /** Asks in a signal's place; again has no effect. */
  request(who: string): void {
    this.#isRequested = true;
    this.#resolve(who);
  }

  /** Signals have their usual effect again. */
  dispose(): void {
    for (const signal of signals) process.off(signal, this.#onSignal);
  }

  // What was acknowledged is safe at any instant, so leaving at once is no failure.
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#isRequested) process.exit(0);
    this.request(signal);
  };
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
