/**
 * Storing without a client.
 */
import { AssociationKeeper } from '../association-keeper.js';
import type { PeerOptions } from '../peer.js';
import type { StoreInput } from './store-input.js';
import type { StoreOptions, StoreSummary } from './store-result.js';
import { runStore } from './store-run.js';

/**
 * Sends objects to a peer over associations of its own, opened when the first inputs were looked at. What happens to objects is in the
 * summary; a peer that can't be reached leaves them all `not-sent`, with the reason.
 *
 * @throws as {@link Client.store}
 *
 * @example
 * ```ts no-run
 * import { storeInstances } from '@dicomwire/services';
 *
 * const summary = await storeInstances({ host: 'pacs', port: 104, calledAeTitle: 'PACS' }, ['study-1', 'report.dcm']);
 * for (const { source, outcome, error } of summary.results) console.log(source, outcome, error?.message ?? '');
 * ```
 */
export async function storeInstances(
  peer: PeerOptions,
  inputs: StoreInput,
  options: StoreOptions = {},
): Promise<StoreSummary> {
  const keeper = new AssociationKeeper(peer, []);
  try {
    return await runStore(inputs, options, keeper);
  } finally {
    await keeper.release();
  }
}
