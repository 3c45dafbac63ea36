/**
 * C-GET, as provider: instances go to whoever asks for them, on the association on which they were asked for. PS3.4 C.4.3.
 */
import type { IncomingRequest, OutgoingResponse } from '@dicomwire/dimse';
import { transferSyntaxes } from '@dicomwire/dimse/dataset';
import { checkFunction } from '../check-options.js';
import type { Service } from '../service.js';
import { BufferPool } from '../storage/buffer-pool.js';
import { codecConversion } from '../storage/conversion.js';
import { FileAccess } from '../storage/file-access.js';
import { ObjectQueue } from '../storage/object-queue.js';
import type { ObjectToSend } from '../storage/object-to-send.js';
import { sendObjects } from '../storage/send-objects.js';
import { allStorageSopClasses } from '../storage/storage-sop-classes.js';
import type { StoreResult } from '../storage/store-result.js';
import { notSent } from '../storage/store-tally.js';
import { retrieveModel, usualRetrieveModels } from './retrieve-models.js';
import { findInstances, performSuboperations, queryOf } from './retrieve-operation.js';
import type { RetrieveServiceOptions } from './retrieve-service-options.js';
import { withoutBulkData } from './without-bulk-data.js';

/** Options of {@link get}. */
export interface GetOptions extends RetrieveServiceOptions {
  /** SOP classes of instances that may be sent. Default: every storage SOP class of the standard. */
  readonly sopClasses?: readonly string[] | undefined;
  /** Transfer syntaxes in which they may be sent. Default: every one of the standard. */
  readonly transferSyntaxes?: readonly string[] | 'any' | undefined;
}

/**
 * Gives instances to those who ask: C-GET. The peer must have asked to be storage SCP of their SOP classes; an instance without a context counts as
 * failed. Final statuses: 0000, B000 (some failed, or were taken with a warning), A702 (all failed), A900 (the identifier names nothing), FE00
 * (cancelled), and what the source throws; the UIDs of failed instances go along.
 *
 * @example
 * ```ts no-run
 * import { createScp, get } from '@dicomwire/services';
 *
 * const files = new Map([['1.2.3', ['study/1.dcm', 'study/2.dcm']]]);
 * const scp = createScp({
 *   aeTitle: 'ARCHIVE',
 *   services: [
 *     get({ source: { instances: ({ studyInstanceUids }) => studyInstanceUids.flatMap((uid) => files.get(uid) ?? []) } }),
 *   ],
 * });
 * await scp.listen({ port: 11112 });
 * ```
 */
export function get(options: GetOptions): Service {
  const { source, models = usualRetrieveModels, progressIntervalMs = 0 } = options;
  checkFunction('get', 'source.instances', source?.instances);
  const access = new FileAccess();
  const pool = new BufferPool(bufferBytes);
  const conversion = codecConversion(options.codecs);

  async function send(
    request: IncomingRequest,
    objects: readonly ObjectToSend[],
    done: (result: StoreResult) => void,
  ): Promise<void> {
    const queue = new ObjectQueue(objects);
    const { lost } = await sendObjects(queue, {
      session: request.session,
      association: request.association,
      books: { moved: () => undefined, settled: (_object, result) => done(result) },
      access,
      pool,
      conversion,
      options: {},
      responseTimeoutMs: options.responseTimeoutMs,
      isOver: () => request.signal.aborted,
    });
    if (lost === undefined) return;
    for (const object of queue.takeAll()) done(notSent(object, lost.reason, lost.error));
  }

  return {
    name: 'get',
    requests: ['C-GET-RQ'],
    sopClasses: models.map((model) => retrieveModel(model).get),
    invokes: options.sopClasses ?? allStorageSopClasses(),
    invokesTransferSyntaxes: options.transferSyntaxes ?? transferSyntaxes.map(({ uid }) => uid),
    async *perform(request): AsyncGenerator<OutgoingResponse, void, undefined> {
      const query = await queryOf(request, models);
      const found = await findInstances(source, query, { operation: 'get', destination: undefined }, request);
      const pace = { progressIntervalMs, reassuranceIntervalMs: 0 };
      const isStripped = query.model === 'composite-instance-without-bulk-data';
      yield* performSuboperations(request, found, pace, (objects, done) =>
        send(request, isStripped ? objects.map(withoutBulkData) : objects, done),
      );
    },
  };
}

const bufferBytes = 1024 * 1024;
