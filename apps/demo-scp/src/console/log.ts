/** Log lines: time, level, message. */
import { printable } from './printable.js';

/** From what is always said to what is said for every object. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** Takes messages of each level; line breaks in them are escaped. */
export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
  /** True when debug messages are written: for messages that cost something to make. */
  readonly isDebug: boolean;
}

/** A logger that writes lines of `level` and above. */
export function createLogger(level: LogLevel, write: (line: string) => void, now = () => new Date()): Logger {
  const threshold = logLevels.indexOf(level);
  const at = (name: Exclude<LogLevel, 'silent'>) => {
    if (logLevels.indexOf(name) > threshold) return () => {};
    const label = name.padEnd(5);
    return (message: string) => write(`${now().toISOString()} ${label} ${printable(message)}\n`);
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), isDebug: level === 'debug' };
}
