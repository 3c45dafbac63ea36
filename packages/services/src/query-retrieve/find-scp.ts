/**
 * Queries for patients, studies, series and instances, as provider. PS3.4 C.4.1.3.
 */
import { queryService } from '../c-find/query-scp.js';
import type { QueryServiceOptions } from '../c-find/query-service-options.js';
import { findSopClasses, type QueryModelName } from '../query/query-model.js';
import type { Service } from '../service.js';

/** Options of {@link find}. */
export interface FindOptions extends QueryServiceOptions {
  /** Information models to offer. Default: all three. */
  readonly models?: readonly QueryModelName[] | undefined;
}

/**
 * Answers queries for patients, studies, series and instances: C-FIND of query/retrieve. The source yields data sets that may match, at the
 * level of the query; they are matched by every rule of PS3.4 C.2.2.2, and cut to the keys that were asked for. {@link get} and {@link move} give what
 * was found.
 *
 * Statuses: FF00, or FF01 where a key is not known; finally 0000, FE00 (cancelled), A900 (the identifier does not fit, with the offending elements), A700
 * (`maxMatches`), C000, and what the source throws.
 *
 * @throws ServiceError `invalid-option` for a limit that is none.
 *
 * @example
 * ```ts
 * import { connect, createScp, DataSet, find } from '@dicomwire/services';
 *
 * const studies = [
 *   DataSet.from({ StudyInstanceUID: '1.2.3', PatientName: 'DOE^JANE', StudyDate: '20260131' }),
 *   DataSet.from({ StudyInstanceUID: '1.2.4', PatientName: 'ROE^RICHARD', StudyDate: '20260201' }),
 * ];
 * const scp = createScp({ aeTitle: 'ARCHIVE', services: [find({ source: ({ level }) => (level === 'STUDY' ? studies : []) })] });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const pacs = await connect({ host: '127.0.0.1', port, calledAeTitle: 'ARCHIVE', services: [] });
 * for await (const study of pacs.find('STUDY', { PatientName: 'doe*', StudyDate: null })) {
 *   console.log(study.get('StudyInstanceUID'), study.get('StudyDate')); // 1.2.3 20260131
 * }
 * await pacs.release();
 * await scp.close();
 * ```
 */
export function find(options: FindOptions): Service {
  const { models = ['study-root', 'patient-root', 'patient-study-only'] } = options;
  return queryService({ ...options, name: 'find', sopClasses: models.map((model) => findSopClasses[model]) });
}
