/**
 * Associations with application entities that are known by their AE titles: a pool for each.
 */
import { AssociationKeeper } from '../association-keeper.js';
import type { SessionLender } from '../session-lender.js';
import { type KnownPeer, type PeerDirectory, type PeerLookup, peerLookup } from './peer-directory.js';

/** Lends associations by AE title. */
export class PeerPools {
  readonly #find: PeerLookup;
  readonly #pools = new Map<string, Pool>();

  /** @throws ServiceError `invalid-option` for a directory that knows nobody. */
  constructor(directory: PeerDirectory) {
    this.#find = peerLookup(directory);
  }

  /**
   * The pool of an AE title.
   *
   * @param callingAeTitle - Who calls, where the directory does not say it.
   * @returns `undefined` when nobody knows the title.
   * @throws what a directory that is a function throws.
   */
  async lender(aeTitle: string, callingAeTitle: string): Promise<SessionLender | undefined> {
    const known = await this.#find(aeTitle);
    if (known === undefined) return undefined;
    const peer = { calledAeTitle: aeTitle.trim(), callingAeTitle, ...known };
    const key = `${peer.calledAeTitle}\\${peer.callingAeTitle}`;
    const pool = this.#pools.get(key);
    if (pool !== undefined && isSamePeer(pool.peer, peer)) return pool.keeper;
    // Calls that run over the old address go on there.
    void pool?.keeper.release();
    const { maximumAssociations = defaultMaximumAssociations, ...options } = peer;
    const keepsIdle = known.idleTimeoutMs !== undefined;
    const keeper = new AssociationKeeper(options, [], undefined, undefined, maximumAssociations, keepsIdle);
    this.#pools.set(key, { peer, keeper });
    return keeper;
  }

  /** Ends every association in order. */
  async release(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ keeper }) => keeper.release()));
  }

  /** Ends every association at once. */
  abort(): void {
    for (const { keeper } of this.#pools.values()) keeper.abort();
    this.#pools.clear();
  }
}

interface Pool {
  readonly peer: KnownPeer;
  readonly keeper: AssociationKeeper;
}

/** A directory that is a function may give another object each time. */
function isSamePeer(one: KnownPeer, other: KnownPeer): boolean {
  const ones = Object.entries(one);
  const others = new Map<string, unknown>(Object.entries(other));
  return ones.length === others.size && ones.every(([name, value]) => Object.is(others.get(name), value));
}

const defaultMaximumAssociations = 4;
