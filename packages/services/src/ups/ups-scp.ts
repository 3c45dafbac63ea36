/**
 * Unified Procedure Steps, as provider. PS3.4 Annex CC.
 */
import type { DataSet, IncomingRequest } from '@dicomwire/dimse';
import { query } from '../c-find/query-scp.js';
import { nService } from '../n-services/n-service-scp.js';
import { matchesQuery } from '../query/match-query.js';
import { parseQuery } from '../query/parse-query.js';
import type { Service } from '../service.js';
import type { UpsOptions } from './ups-options.js';
import { UpsProvider } from './ups-provider.js';
import { upsPull, upsPush, upsQuery, upsWatch } from './ups-sop-class.js';

/**
 * Keeps work to be done: steps are created, found, claimed, changed and ended by the state machine of PS3.4 CC.1.1, and who subscribed
 * hears of it on associations of their own.
 *
 * @example
 * ```ts
 * import { connect, createScp, ups } from '@dicomwire/services';
 *
 * const scp = createScp({ aeTitle: 'MANAGER', services: [ups({ aeTitle: 'MANAGER' })] });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const manager = await connect({ host: '127.0.0.1', port, calledAeTitle: 'MANAGER', callingAeTitle: 'AI', services: [] });
 * const { sopInstanceUid } = await manager.ups.create({ ProcedureStepLabel: 'Segment the liver', PatientID: '4711' });
 * const step = await manager.ups.claim(sopInstanceUid);
 * await manager.ups.reportProgress(step, { percent: 50 });
 * console.log((await manager.ups.get(sopInstanceUid)).get('ProcedureStepState')); // IN PROGRESS
 * await manager.release();
 * await scp.close();
 * ```
 */
export function ups(options: UpsOptions): Service {
  const provider = new UpsProvider(options, matchesFilter);
  const normalized = nService({
    name: 'ups',
    sopClasses: [upsPush, upsPull, upsWatch, upsQuery],
    create: async (request) => {
      await provider.load();
      return provider.steps.create(request.sopInstanceUid, request.dataSet);
    },
    get: (request) => provider.steps.get(request.sopInstanceUid ?? ''),
    set: async (request) => provider.steps.set(request.sopInstanceUid ?? '', request.dataSet),
    action: async (request) => {
      await provider.load();
      return provider.act(request);
    },
  });
  const find = query({
    name: 'ups',
    sopClasses: [upsPull, upsWatch, upsQuery],
    source: () => provider.all(),
    requiresUniqueKeys: false,
  });
  return {
    ...normalized,
    ...(find.extendedNegotiation === undefined ? {} : { extendedNegotiation: find.extendedNegotiation }),
    requests: [...normalized.requests, ...find.requests],
    perform: (request, association) => performer(request, normalized, find).perform(request, association),
    started: () => provider.start(),
    closed: () => provider.close(),
  };
}

function performer({ command }: IncomingRequest, normalized: Service, find: Service): Service {
  return command.type === 'C-FIND-RQ' ? find : normalized;
}

/** Keys of a filtered global subscription are matched as those of a C-FIND. PS3.4 CC.2.3.3. */
function matchesFilter(filter: DataSet, step: DataSet): boolean {
  return matchesQuery(parseQuery(filter, { sopClassUid: upsWatch }), step);
}
