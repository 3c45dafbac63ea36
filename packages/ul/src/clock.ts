import type { Clock } from './types.js';

/** The clock of the operating system: monotonic, milliseconds. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(callback, ms) {
    const handle = setTimeout(callback, Math.min(Math.max(ms, 0), longestDelayMs));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** `setTimeout` fires at once for anything longer; deadlines are checked again when it fires. */
const longestDelayMs = 0x7fffffff;
