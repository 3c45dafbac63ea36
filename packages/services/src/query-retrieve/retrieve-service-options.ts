/**
 * How providers of C-GET and C-MOVE are set up: what both have in common.
 */
import type { PixelCodec } from '@dicomwire/dimse/dataset';
import type { InstanceSource } from './instance-source.js';
import type { RetrieveModel } from './retrieve-models.js';

/** Options that {@link get} and {@link move} have in common. */
export interface RetrieveServiceOptions {
  /** Where the instances are. */
  readonly source: InstanceSource;
  /**
   * Information models to offer. Default: patient root, study root, patient/study only, composite instance root and
   * (C-GET) composite instances without bulk data.
   */
  readonly models?: readonly RetrieveModel[] | undefined;
  /**
   * Codecs that decompress instances for who takes no compressed transfer syntax (`@dicomwire/services/codecs` has some); where none does, the
   * instance counts as failed. Default: those that are built in (RLE Lossless, Deflated Image Frame, Encapsulated Uncompressed).
   */
  readonly codecs?: readonly PixelCodec[] | undefined;
  /** At most one pending response in so many milliseconds; 0 for one after each instance. Default: 0. */
  readonly progressIntervalMs?: number | undefined;
  /** For a destination to answer each instance, milliseconds; 0 is no limit. Default: 60000, or what its peer options say. */
  readonly responseTimeoutMs?: number | undefined;
}
