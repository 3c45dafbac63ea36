/** Ctrl-C and SIGTERM: the first ends the work in order, a second one at once. */
import { EXIT_INTERRUPTED, EXIT_TERMINATED } from './exit-code.js';

/** Watches for signals from now until `ignore` is called. */
export interface Interruption {
  /** Fires on the first signal. */
  readonly signal: AbortSignal;
  /** The exit code that the signal asks for; `undefined` while there was none. */
  readonly exitCode: number | undefined;
  /** Gives the signals back to their defaults. */
  ignore(): void;
}

/** Starts watching. */
export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const interrupt = (code: number) => {
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    controller.abort(new Error('interrupted'));
  };
  const onInterrupt = () => interrupt(EXIT_INTERRUPTED);
  const onTerminate = () => interrupt(EXIT_TERMINATED);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    ignore() {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
