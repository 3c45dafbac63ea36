/**
 * Where a provider of C-GET and C-MOVE has its instances.
 */
import type { AssociationFacts } from '../service.js';
import type { StoreInput } from '../storage/store-input.js';
import type { RetrieveQuery } from './retrieve-query.js';

/** Finds the instances that a peer asks for. */
export interface InstanceSource {
  /**
   * The instances that a query means, in the order in which they are to be sent: whatever a client could store. Best are
   * {@link InstanceFile | files whose UIDs and transfer syntax are known}, which nobody opens before their turn; paths are looked into first.
   * All are taken before the first is sent, since the peer is told how many there are. An empty answer is a success with nothing sent.
   *
   * A `StatusError` that it throws is answered: 0124 (not authorised), A701 (too many to count), say. Anything else answers C000.
   */
  instances(query: RetrieveQuery, context: RetrieveContext): StoreInput | Promise<StoreInput>;
}

/** Who asks for instances, and for whom. */
export interface RetrieveContext {
  /** `'get'` sends them to whoever asks, `'move'` to `destination`. */
  readonly operation: 'get' | 'move';
  /** Who asks. */
  readonly association: AssociationFacts;
  /** AE title that they go to (C-MOVE). */
  readonly destination: string | undefined;
  /** Fires when the peer cancels or its association is over. */
  readonly signal: AbortSignal;
}
