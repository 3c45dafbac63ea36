/** What the log says about start-up: only what somebody should know. */
import type { Archive } from '../archive/archive.js';
import type { Logger } from './log.js';

/** One line for each thing that was not as it should be. */
export function logReconciliation({ report, abandonedIndex }: Archive, log: Logger): void {
  if (abandonedIndex !== undefined)
    log.warn(`the index could not be used; it lies in ${abandonedIndex}, a new one was made`);
  if (report.removedTemporaries > 0) log.info(`removed ${report.removedTemporaries} unfinished files`);
  for (const path of report.finishedReplacements) log.info(`finished replacing ${path}`);
  if (report.indexed.length > 0) log.info(`indexed ${report.indexed.length} files that were not in the index`);
  for (const path of report.indexed) log.debug(`indexed ${path}`);
  for (const path of report.returned) log.info(`back again: ${path}`);
  for (const path of report.missing) log.warn(`in the index, but gone or cut short: ${path}`);
  for (const path of report.duplicates) log.warn(`holds an instance that is stored elsewhere: ${path}`);
  for (const { path, reason } of report.unreadable) log.warn(`can't be read as an object: ${path}: ${reason}`);
}
