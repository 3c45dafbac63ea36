/**
 * C-FIND of any SOP class, as provider. PS3.4 C.4.1, K.4.1 and those like them.
 */
import { queryModelOf } from '../query/query-model.js';
import { answerQueryNegotiation } from '../query/query-negotiation.js';
import type { Service } from '../service.js';
import { ServiceError } from '../service-error.js';
import { performFind } from './find-operation.js';
import { decideQuerySettings, type QueryServiceOptions } from './query-service-options.js';

/** Options of {@link query}. */
export interface QueryOptions extends QueryServiceOptions {
  /** For messages and logs. Default: `'query'`. */
  readonly name?: string | undefined;
  /** SOP classes of C-FIND. */
  readonly sopClasses: readonly string[];
}

/**
 * Answers queries of SOP classes that have no service of their own here: hanging protocols, colour palettes, implant templates, procedure protocols and
 * their approvals, inventories, relevant patient information, substance administration, … For query/retrieve there is {@link find}, for
 * worklists {@link worklist}.
 *
 * What is not asked for never leaves: the source's data sets are matched and cut. Final statuses: 0000, FE00 (cancelled), A900 (the identifier does
 * not fit, with the offending elements), A700 (`maxMatches`), C100 (more than one match where only one may be), C000, and what the source throws.
 *
 * @throws ServiceError `invalid-option` for a limit that is none.
 *
 * @example
 * ```ts
 * import { connect, createScp, DataSet, query } from '@dicomwire/services';
 *
 * const hangingProtocolFind = '1.2.840.10008.5.1.4.38.2';
 * const protocols = [DataSet.from({ SOPInstanceUID: '1.2.3', HangingProtocolName: 'CHEST', HangingProtocolLevel: 'SITE' })];
 * const scp = createScp({ aeTitle: 'VIEWER', services: [query({ sopClasses: [hangingProtocolFind], source: () => protocols })] });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const client = await connect({ host: '127.0.0.1', port, calledAeTitle: 'VIEWER', services: [] });
 * for await (const protocol of client.query(hangingProtocolFind, { HangingProtocolName: 'C*', SOPInstanceUID: null })) {
 *   console.log(protocol.get('SOPInstanceUID')); // 1.2.3
 * }
 * await client.release();
 * await scp.close();
 * ```
 */
export function query(options: QueryOptions): Service {
  return queryService({ ...options, name: options.name ?? 'query' });
}

/** What {@link query}, `find` and `worklist` have in common. */
export function queryService(options: QueryOptions & { readonly name: string }): Service {
  const { name, sopClasses, maxMatches = 1 } = options;
  if (!(maxMatches >= 1)) throw new ServiceError('invalid-option', 'maxMatches is less than 1');
  const settings = decideQuerySettings(options);
  let retrieveAeTitles = settings.retrieveAeTitles;
  return {
    name,
    requests: ['C-FIND-RQ'],
    sopClasses,
    extendedNegotiation(sopClass, proposed) {
      const { alwaysCombinesDateTime } = queryModelOf(sopClass);
      // PS3.4 K.5.1.2: the first two bytes of a worklist are 1, whatever is agreed on.
      const always = alwaysCombinesDateTime ? { relationalQueries: true, dateTimeMatching: true } : {};
      return answerQueryNegotiation({ ...settings.negotiates, ...always }, proposed);
    },
    started({ aeTitle }) {
      retrieveAeTitles ??= [aeTitle];
    },
    perform: (request, association) =>
      performFind(request, association, {
        ...settings,
        retrieveAeTitles: retrieveAeTitles ?? [association.calledAeTitle],
      }),
  };
}
