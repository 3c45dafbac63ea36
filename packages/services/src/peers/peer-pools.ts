/**
 * Associations with application entities that are known by their AE titles: a pool for each.
 */
import { AssociationKeeper } from '../association-keeper.js';
import type { Service } from '../service.js';
import { type KnownPeer, type PeerDirectory, type PeerLookup, peerLookup } from './peer-directory.js';

/** What holds for every peer. */
export interface PeerPoolsOptions {
  /** For peers that do not say it: how long idle associations are kept. Default: not at all. */
  readonly idleTimeoutMs?: number | undefined;
  /** What peers may ask of us. Default: nothing. */
  readonly performs?: readonly Service[] | undefined;
  /** Hears of services in `performs` that threw. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A peer, and the associations with it. */
export interface PeerPool {
  /** How it is called: with both AE titles. */
  readonly peer: KnownPeer;
  readonly keeper: AssociationKeeper;
}

/** Lends associations by AE title. */
export class PeerPools {
  readonly #find: PeerLookup;
  readonly #options: PeerPoolsOptions;
  readonly #pools = new Map<string, PeerPool>();

  /** @throws ServiceError `invalid-option` for a directory that knows nobody. */
  constructor(directory: PeerDirectory, options: PeerPoolsOptions = {}) {
    this.#find = peerLookup(directory);
    this.#options = options;
  }

  /**
   * The pool of an AE title.
   *
   * @param callingAeTitle - Who calls, where the directory does not say it.
   * @returns `undefined` when nobody knows the title.
   * @throws what a directory that is a function throws.
   */
  async pool(aeTitle: string, callingAeTitle: string | undefined): Promise<PeerPool | undefined> {
    const known = await this.#find(aeTitle);
    if (known === undefined) return undefined;
    const peer = { calledAeTitle: aeTitle.trim(), callingAeTitle, ...known };
    const key = `${peer.calledAeTitle}\\${peer.callingAeTitle}`;
    const pool = this.#pools.get(key);
    if (pool !== undefined && !pool.keeper.isClosed && isSamePeer(pool.peer, peer)) return pool;
    // Calls that run over the old address go on there.
    void pool?.keeper.release();
    const made = { peer, keeper: this.#makeKeeper(peer) };
    this.#pools.set(key, made);
    return made;
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

  #makeKeeper(peer: KnownPeer): AssociationKeeper {
    const { performs, onError } = this.#options;
    const { maximumAssociations = defaultMaximumAssociations, parallel, ...options } = peer;
    const idleTimeoutMs = options.idleTimeoutMs ?? this.#options.idleTimeoutMs;
    const keepsIdle = idleTimeoutMs !== undefined;
    return new AssociationKeeper({ ...options, idleTimeoutMs }, [], performs, onError, maximumAssociations, keepsIdle);
  }
}

/** A directory that is a function may give another object each time. */
function isSamePeer(one: KnownPeer, other: KnownPeer): boolean {
  const ones = Object.entries(one);
  const others = new Map<string, unknown>(Object.entries(other));
  return ones.length === others.size && ones.every(([name, value]) => isSame(others.get(name), value));
}

/** Lists (of observers, say) are the same when what is in them is. */
function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return Object.is(one, other);
  return one.length === other.length && one.every((each, at) => Object.is(each, other[at]));
}

const defaultMaximumAssociations = 4;
