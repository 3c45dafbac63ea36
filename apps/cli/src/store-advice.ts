/** What can be done about an object that was not stored. PS3.4 B.2.3. */
import type { StoreResult } from '@dicomwire/services';
import { explain } from './advice.js';

/** One sentence, or `undefined` where nothing sensible can be said. */
export function adviceOnResult(result: StoreResult): string | undefined {
  if (result.reason === 'no-accepted-context') {
    return 'The peer takes no such objects in this transfer syntax: allow it there, or convert the files first.';
  }
  // The same system codes (EACCES) mean something else on a network.
  if (result.reason === 'unreadable') return undefined;
  const advice = result.error === undefined ? undefined : explain(result.error).advice;
  if (advice !== undefined) return advice;
  if (result.status === undefined || result.outcome === 'warning') return undefined;
  if (result.status >> 8 === 0xa7)
    return 'The peer is out of resources, disk space most often: make room there, send again.';
  if (result.status >> 8 === 0xa9)
    return 'The peer says that the data set does not match its SOP class: its log says what is wrong.';
  if (result.status >> 12 === 0xc) return "The peer can't understand or won't keep the object: its log says why.";
  if (result.status === 0x0122) return 'The peer does not support this SOP class after all: check its configuration.';
  if (result.status === 0x0124) return 'The peer does not allow us to store: check its configuration and --calling.';
  return undefined;
}
