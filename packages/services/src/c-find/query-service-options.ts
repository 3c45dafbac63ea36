/**
 * How a provider of C-FIND answers: options that all of its services have.
 */
import type { QueryNegotiation } from '../query/query-negotiation.js';
import type { QuerySource } from '../query/query-source.js';
import type { InstanceAvailability } from '../query/response-identifier.js';
import { ServiceError } from '../service-error.js';

/** Options of {@link find}, {@link worklist} and {@link query}. */
export interface QueryServiceOptions {
  /** Where what is asked for is found; a function is taken as its `find`. */
  readonly source: QuerySource | QuerySource['find'];
  /**
   * What is agreed to when a user asks for it. Default: everything except the conversion of images between single and multi-frame, which only the source
   * could do. PS3.4 C.5.1.1.
   */
  readonly negotiates?: Partial<QueryNegotiation> | undefined;
  /**
   * Most matches that are answered, then comes A700 (out of resources), or B001 (response limit) in the Repository Query SOP class. Default: no
   * limit.
   */
  readonly maxMatches?: number | undefined;
  /** Whether case and accents of names count. Default: `'folded'`, they don't. PS3.4 C.2.2.2.1.1. */
  readonly names?: 'folded' | 'literal' | undefined;
  /** Whether attributes without a value match whatever is asked of them. Default: false. PS3.4 C.2.2.1.2, K.2.2.1.1.1. */
  readonly unknownMatches?: boolean | undefined;
  /**
   * Whether a query without relational negotiation must have the unique keys of the levels above its own; false takes it as a relational one.
   * Default: true, it is answered with A900. PS3.4 C.4.1.2.1.
   */
  readonly requiresUniqueKeys?: boolean | undefined;
  /**
   * AE titles from which what is found can be retrieved, for entities whose data set has no Retrieve AE Title (0008,0054). Default: that of the
   * provider.
   */
  readonly retrieveAeTitles?: readonly string[] | undefined;
  /** Instance Availability (0008,0056) for entities whose data set has none. Default: not said. */
  readonly instanceAvailability?: InstanceAvailability | undefined;
}

/** {@link QueryServiceOptions} with the defaults filled in. */
export interface QueryServiceSettings extends Omit<QueryServiceOptions, 'source' | 'maxMatches' | 'negotiates'> {
  readonly source: QuerySource;
  readonly negotiates: Partial<QueryNegotiation>;
  readonly maxMatches: number;
}

/** Fills in the defaults. */
export function decideQuerySettings(options: QueryServiceOptions): QueryServiceSettings {
  const { source: given, maxMatches = Number.POSITIVE_INFINITY } = options;
  const source = typeof given === 'function' ? { find: given } : given;
  if (typeof source?.find !== 'function') {
    throw new ServiceError('invalid-option', 'A service of C-FIND needs a source: a function, or an object with find');
  }
  return {
    ...options,
    source,
    negotiates: { ...usuallyNegotiated, ...options.negotiates },
    maxMatches,
  };
}

const usuallyNegotiated: QueryNegotiation = {
  relationalQueries: true,
  dateTimeMatching: true,
  fuzzySemanticMatching: true,
  timezoneQueryAdjustment: true,
  enhancedMultiFrameImageConversion: false,
  emptyValueMatching: true,
  multipleValueMatching: true,
};
