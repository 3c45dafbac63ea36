/** Bounds on what a peer's or a file's data set may cost. Leniency never lifts them. */
export interface DataSetLimits {
  /** How deep sequences may nest, 64 at most. Default: 64. */
  readonly maxNesting?: number | undefined;
  /** Bytes that a deflated data set may grow to. Default: 1 GiB. */
  readonly maxInflatedBytes?: number | undefined;
  /** How many times its size a deflated data set may grow, once past 64 MiB. Default: 400. */
  readonly maxInflationRatio?: number | undefined;
}

/** {@link DataSetLimits} with the defaults filled in. */
export type ResolvedDataSetLimits = { readonly [K in keyof DataSetLimits]-?: number };

/** The defaults, in one object. */
export const defaultDataSetLimits: ResolvedDataSetLimits = {
  maxNesting: 64,
  maxInflatedBytes: 0x4000_0000,
  maxInflationRatio: 400,
};

/** Fills in defaults. */
export function resolveLimits(limits: DataSetLimits | undefined): ResolvedDataSetLimits {
  if (limits === undefined) return defaultDataSetLimits;
  return {
    maxNesting: Math.min(limits.maxNesting ?? defaultDataSetLimits.maxNesting, 64),
    maxInflatedBytes: limits.maxInflatedBytes ?? defaultDataSetLimits.maxInflatedBytes,
    maxInflationRatio: limits.maxInflationRatio ?? defaultDataSetLimits.maxInflationRatio,
  };
}
