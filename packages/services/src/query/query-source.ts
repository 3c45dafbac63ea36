/**
 * Where a provider of C-FIND finds what it is asked for.
 */
import type { DataSet } from '@dicomwire/dimse';
import type { AssociationFacts } from '../service.js';
import type { QueryKey } from './criterion.js';
import type { Query } from './query.js';

/** Finds entities: patients, studies, series, instances, worklist items, protocols, … */
export interface QuerySource {
  /**
   * Entities that may match, each as a data set with the attributes of its level and those above. It may use as much of the query
   * as it can turn into a look-up, or nothing: what does not match is left out, what does is cut to the keys that were asked for. The
   * next one is asked for when the last was sent; when the peer cancels, or is gone, the iteration is left and the signal fires.
   *
   * A `StatusError` that it throws is answered; anything else answers C000.
   */
  find(query: Query, context: QueryContext): Iterable<DataSet> | AsyncIterable<DataSet>;
  /**
   * Whether a key is known here. One that is not is neither matched nor returned, and the peer is told so (FF01). Default: attributes of
   * the query's level and those above are known, if they are in the dictionary. PS3.4 C.2.2.1.3.
   */
  supports?(key: QueryKey, query: Query): boolean;
  /** True when all that it yields matches, so that nobody needs to look again. Default: false. */
  readonly isExact?: boolean | undefined;
}

/** Who asks. */
export interface QueryContext {
  /** The association that the query came on. */
  readonly association: AssociationFacts;
  /** Fires when the peer cancels or its association is over. */
  readonly signal: AbortSignal;
}
