/**
 * C-GET, as provider: instances go to whoever asks for them, on the association on which they were asked for. PS3.4 C.4.3.
 */
import type { IncomingRequest, OutgoingResponse } from '@dicomwire/dimse';
import {
  nonPatientObjectStorageSopClasses,
  retiredStorageSopClasses,
  storageSopClasses,
  transferSyntaxes,
} from '@dicomwire/dimse/dataset';
import type { Service } from '../service.js';
import { BufferPool } from '../storage/buffer-pool.js';
import { FileAccess } from '../storage/file-access.js';
import { sendObjects } from '../storage/send-objects.js';
import { notSent, StoreTally } from '../storage/store-tally.js';
import type { InstanceSource } from './instance-source.js';
import { type RetrieveModel, retrieveModel, retrieveModels } from './retrieve-models.js';
import { findInstances, performSuboperations, queryOf } from './retrieve-operation.js';

/** Options of {@link get}. */
export interface GetOptions extends RetrieveServiceOptions {
  /** SOP classes of instances that may be sent. Default: every storage SOP class of the standard. */
  readonly sopClasses?: readonly string[] | undefined;
  /** Transfer syntaxes in which they may be sent. Default: every one of the standard. */
  readonly transferSyntaxes?: readonly string[] | 'any' | undefined;
  /** For the answer to each instance, milliseconds; 0 is no limit. Default: 60000. */
  readonly responseTimeoutMs?: number | undefined;
}

/** Options that {@link get} and {@link move} have in common. */
export interface RetrieveServiceOptions {
  /** Where the instances are. */
  readonly source: InstanceSource;
  /** Information models to offer. Default: all that the service has. */
  readonly models?: readonly RetrieveModel[] | undefined;
  /** At most one pending response in so many milliseconds; 0 for one after each instance. Default: 0. */
  readonly progressIntervalMs?: number | undefined;
}

/**
 * Gives instances to those who ask: C-GET. The peer must have asked to be storage SCP of their SOP classes; an instance without a context counts as
 * failed. Final statuses: 0000, B000 (some failed, or were taken with a warning), A702 (all failed), A900 (the identifier names nothing), FE00
 * (cancelled), and what the source throws; the UIDs of failed instances go along.
 */
export function get(options: GetOptions): Service {
  const { source, models = retrieveModels.map(({ model }) => model), progressIntervalMs = 0 } = options;
  const access = new FileAccess();
  const pool = new BufferPool(bufferBytes);

  async function* perform(request: IncomingRequest): AsyncGenerator<OutgoingResponse, void, undefined> {
    const query = await queryOf(request, models);
    const found = await findInstances(source, query, { operation: 'get', destination: undefined }, request);
    const pace = { progressIntervalMs, reassuranceIntervalMs: 0 };
    yield* performSuboperations(request, found, pace, async (objects, done) => {
      const storeOptions = {
        collectResults: false,
        onProgress: ({ result }: { result?: Parameters<typeof done>[0] | undefined }) => result && done(result),
      };
      const { rest, end } = await sendObjects(objects, {
        session: request.session,
        association: request.association,
        tally: new StoreTally(storeOptions),
        access,
        pool,
        options: {},
        responseTimeoutMs: options.responseTimeoutMs,
        isOver: () => request.signal.aborted,
      });
      if (request.signal.aborted) return;
      const error = end?.error ?? new Error('The association ended');
      for (const object of rest) done(notSent(object, end?.reason ?? 'association-lost', error));
    });
  }

  return {
    name: 'get',
    requests: ['C-GET-RQ'],
    sopClasses: models.map((model) => retrieveModel(model).get),
    invokes: options.sopClasses ?? [
      ...new Set([...storageSopClasses, ...nonPatientObjectStorageSopClasses, ...retiredStorageSopClasses]),
    ],
    invokesTransferSyntaxes: options.transferSyntaxes ?? transferSyntaxes.map(({ uid }) => uid),
    perform,
  };
}

const bufferBytes = 1024 * 1024;
