/**
 * What AE titles mean: where their application entities are, and how to call them.
 */
import type { PeerOptions } from '../peer.js';
import { ServiceError } from '../service-error.js';

/** An application entity that is known by its AE title. `calledAeTitle` is that title unless it says otherwise. */
export interface KnownPeer extends PeerOptions {
  /** Associations with it at once, for all who call it here. Default: 4. */
  readonly maximumAssociations?: number | undefined;
  /** Associations at once over which the objects of one C-MOVE are spread. Default: 1, since many peers take one only. */
  readonly parallel?: number | undefined;
  /**
   * How long an association that nobody uses is kept for the next call, milliseconds; 0 is no limit. Default: 30000; a destination of C-MOVE is
   * released at once, since many peers take one association at a time, and wait for its end.
   */
  readonly idleTimeoutMs?: number | undefined;
}

/**
 * Application entities by AE title: a map, an object, or a function, which is asked each time and may look elsewhere. Titles are compared without
 * leading and trailing spaces. PS3.5 6.2.
 */
export type PeerDirectory =
  | ReadonlyMap<string, KnownPeer>
  | Readonly<Record<string, KnownPeer>>
  | ((aeTitle: string) => KnownPeer | undefined | Promise<KnownPeer | undefined>);

/** Finds a title's application entity; `undefined` when nobody here knows it. */
export type PeerLookup = (aeTitle: string) => Promise<KnownPeer | undefined>;

/**
 * The directory as a look-up.
 *
 * @throws ServiceError `invalid-option` for a directory that knows nobody.
 */
export function peerLookup(directory: PeerDirectory): PeerLookup {
  if (typeof directory === 'function') return async (aeTitle) => directory(aeTitle.trim());
  if (typeof directory !== 'object' || directory === null) {
    throw new ServiceError('invalid-option', 'A directory of peers is a map, an object or a function');
  }
  const entries = directory instanceof Map ? [...directory] : Object.entries(directory);
  const known = new Map<string, KnownPeer>(entries.map(([aeTitle, peer]) => [aeTitle.trim(), peer]));
  if (known.size === 0) throw new ServiceError('invalid-option', 'A directory of peers needs at least one');
  return async (aeTitle) => known.get(aeTitle.trim());
}
