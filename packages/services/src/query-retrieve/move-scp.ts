/**
 * C-MOVE, as provider: instances go to a third application entity, over associations of our own. PS3.4 C.4.2.
 */
import { type IncomingRequest, type OutgoingResponse, StatusError } from '@dicomwire/dimse';
import { checkFunction } from '../check-options.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import { type PeerPool, PeerPools } from '../peers/peer-pools.js';
import { priorityOfCode } from '../priority.js';
import type { Service } from '../service.js';
import { ServiceError } from '../service-error.js';
import type { ObjectToSend } from '../storage/object-to-send.js';
import { withoutPadding } from '../storage/storage-path.js';
import type { StoreResult } from '../storage/store-result.js';
import { runStoreOf } from '../storage/store-run.js';
import { tellingOptions } from '../storage/store-tally.js';
import { retrieveModel, usualRetrieveModels } from './retrieve-models.js';
import { findInstances, performSuboperations, queryOf } from './retrieve-operation.js';
import type { RetrieveServiceOptions } from './retrieve-service-options.js';

/** Options of {@link move}. */
export interface MoveOptions extends Omit<RetrieveServiceOptions, 'responseTimeoutMs'> {
  /** Who may be named as destination, and where it is, TLS included. At least one. */
  readonly peers: PeerDirectory;
  /** As whom we call destinations, where the directory does not say it. Default: the provider's AE title. */
  readonly callingAeTitle?: string | undefined;
  /**
   * Sent when nothing else was for so long, milliseconds, as when one large object is on its way: peers wait for a response only so long. 0 for
   * never. Default: 10000.
   */
  readonly reassuranceIntervalMs?: number | undefined;
}

/**
 * Sends instances to destinations that peers name: C-MOVE. Final statuses: 0000, B000 (some failed, or were taken with a warning), A702 (all
 * failed), A801 (unknown destination), A900 (the identifier names nothing), FE00 (cancelled), and what the source throws; the UIDs of failed
 * instances go along.
 *
 * @throws ServiceError `invalid-option` without any destination, or any model that has a C-MOVE
 *
 * @example
 * ```ts no-run
 * import { createScp, move } from '@dicomwire/services';
 *
 * const scp = createScp({
 *   aeTitle: 'ARCHIVE',
 *   services: [
 *     move({
 *       source: { instances: ({ studyInstanceUids }) => studyInstanceUids.map((uid) => `studies/${uid}`) },
 *       peers: {
 *         VIEWER: { host: 'viewer.example', port: 104 },
 *         CLOUD: { host: 'cloud.example', port: 2762, tls: { trustedCertificates: 'ca.pem' } },
 *       },
 *     }),
 *   ],
 * });
 * await scp.listen({ port: 11112 });
 * ```
 */
export function move(options: MoveOptions): Service {
  const { source, models = usualRetrieveModels, progressIntervalMs = 0, reassuranceIntervalMs = 10_000 } = options;
  const sopClasses = models.flatMap((model) => retrieveModel(model).move ?? []);
  if (sopClasses.length === 0) throw new ServiceError('invalid-option', 'None of these models has a C-MOVE');
  checkFunction('move', 'source.instances', source?.instances);
  let pools = new PeerPools(options.peers);
  let ownAeTitle: string | undefined;

  async function findDestination({ command, association }: IncomingRequest): Promise<Destination> {
    const aeTitle = command.type === 'C-MOVE-RQ' ? withoutPadding(command.moveDestination).trim() : '';
    const callingAeTitle = options.callingAeTitle ?? ownAeTitle ?? association.calledAeTitle;
    const pool = aeTitle === '' ? undefined : await pools.pool(aeTitle, callingAeTitle);
    if (pool === undefined) throw new StatusError(destinationUnknown, 'Move destination unknown');
    return { aeTitle, pool };
  }

  return {
    name: 'move',
    requests: ['C-MOVE-RQ'],
    sopClasses,
    started({ aeTitle }) {
      ownAeTitle = aeTitle;
    },
    async closed() {
      const ending = pools;
      pools = new PeerPools(options.peers);
      await ending.release();
    },
    async *perform(request): AsyncGenerator<OutgoingResponse, void, undefined> {
      const query = await queryOf(request, models);
      const { aeTitle, pool } = await findDestination(request);
      const found = await findInstances(source, query, { operation: 'move', destination: aeTitle }, request);
      const pace = { progressIntervalMs, reassuranceIntervalMs };
      yield* performSuboperations(request, found, pace, (objects, done) =>
        send(request, pool, objects, done, options.codecs),
      );
    },
  };
}

interface Destination {
  readonly aeTitle: string;
  readonly pool: PeerPool;
}

async function send(
  request: IncomingRequest,
  { peer, keeper }: PeerPool,
  objects: readonly ObjectToSend[],
  done: (result: StoreResult) => void,
  codecs: MoveOptions['codecs'],
): Promise<void> {
  const { command, association } = request;
  const moveOriginator = { aeTitle: association.callingAeTitle, messageId: command.messageId };
  const priority = command.type === 'C-MOVE-RQ' ? priorityOfCode(command.priority) : undefined;
  const options = { moveOriginator, priority, parallel: peer.parallel, stopSignal: request.signal, codecs };
  await runStoreOf(objects, { ...tellingOptions(done), ...options }, keeper);
}

/** PS3.4 C.4.2.1.5: "Refused: Move Destination unknown". */
const destinationUnknown = 0xa801;
