/**
 * Application entities by their AE titles, for those who call many.
 */
import { type Client, clientOver } from '../client.js';
import type { Service } from '../service.js';
import { ServiceError } from '../service-error.js';
import type { PeerDirectory } from './peer-directory.js';
import { type PeerPool, PeerPools } from './peer-pools.js';

/** Options of {@link createPeers}. */
export interface PeersOptions {
  /** Who calls, where the directory does not say it. Default: `'DICOMWIRE'`. */
  readonly callingAeTitle?: string | undefined;
  /** What peers may ask of us on our own associations. Default: nothing. */
  readonly performs?: readonly Service[] | undefined;
  /** Hears of services in `performs` that threw, and of peers that break the rules. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Application entities that are known by their AE titles. */
export interface Peers extends AsyncDisposable {
  /**
   * The client of an AE title: the same for all who ask, over a pool of associations that come and go as calls need them. Nothing is opened before a
   * call.
   *
   * @throws ServiceError `unknown-peer`; what a directory that is a function throws
   */
  client(aeTitle: string): Promise<Client>;
  /** Ends every association in order. */
  release(): Promise<void>;
  /** Ends every association at once. */
  abort(): void;
}

/**
 * Clients by AE title, whose callers never think about associations: they are opened when they are needed, shared, spread over, kept for a while, and
 * opened anew when they were lost.
 *
 * @throws ServiceError `invalid-option` for a directory that knows nobody
 *
 * @example
 * ```ts
 * import { createPeers, createScp, verification } from '@dicomwire/services';
 *
 * const scp = createScp({ aeTitle: 'PACS', services: [verification()] });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const peers = createPeers({ PACS: { host: '127.0.0.1', port } }, { callingAeTitle: 'AI_NODE' });
 * const pacs = await peers.client('PACS');
 * await Promise.all([pacs.verify(), pacs.verify(), pacs.verify()]);
 * await peers.release();
 * await scp.close();
 * ```
 */
export function createPeers(directory: PeerDirectory, options: PeersOptions = {}): Peers {
  const { callingAeTitle, ...rest } = options;
  const pools = new PeerPools(directory, { ...rest, idleTimeoutMs: defaultIdleTimeoutMs });
  const clients = new WeakMap<PeerPool, Client>();
  const release = () => pools.release();
  return {
    async client(aeTitle) {
      const pool = await pools.pool(aeTitle, callingAeTitle);
      if (pool === undefined) throw new ServiceError('unknown-peer', `Nobody knows where ${aeTitle} can be reached`);
      const known = clients.get(pool);
      if (known !== undefined) return known;
      const client = clientOver(pool.keeper, pool.peer.callingAeTitle);
      clients.set(pool, client);
      return client;
    },
    release,
    abort: () => pools.abort(),
    [Symbol.asyncDispose]: release,
  };
}

const defaultIdleTimeoutMs = 30_000;
