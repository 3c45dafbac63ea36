/**
 * Queries for patients, studies, series and instances, as user. PS3.4 C.4.1.2.
 */
import type { DataSet } from '@dicomwire/dimse';
import type { QueryCallOptions } from '../c-find/query-call-options.js';
import { identifierFor, type QueryKeys } from '../c-find/query-keys.js';
import type { QueryResults } from '../c-find/query-results.js';
import { resultsOver } from '../c-find/query-scu.js';
import { identifierTags } from '../query/parse-query.js';
import { type QueryLevel, uniqueKeyTags } from '../query/query-level.js';
import { findSopClasses, type QueryModelName, queryModelOf } from '../query/query-model.js';
import { ServiceError } from '../service-error.js';
import type { SessionLender } from '../session-lender.js';

/** What is to be found, and in which information model. */
export interface FindLevel {
  /** Patients, studies, series or instances. */
  readonly level: QueryLevel;
  /** Default: patient root at the level of patients, study root elsewhere. */
  readonly model?: QueryModelName | undefined;
}

/** C-FIND of query/retrieve over a session that is lent. */
export function findOver(
  lender: SessionLender,
  what: QueryLevel | FindLevel,
  keys: QueryKeys | DataSet,
  options: QueryCallOptions,
): QueryResults {
  const { level, model = level === 'PATIENT' ? 'patient-root' : 'study-root' } =
    typeof what === 'string' ? { level: what } : what;
  const sopClassUid: string | undefined = findSopClasses[model];
  if (sopClassUid === undefined) throw new ServiceError('invalid-option', `${String(model)} is no model of a query`);
  if (!queryModelOf(sopClassUid).levels.includes(level)) {
    throw new ServiceError('invalid-option', `The model ${model} has no level ${String(level)}`);
  }
  const identifier = identifierFor(keys);
  identifier.set(identifierTags.queryRetrieveLevel, 'CS', level);
  // PS3.4 C.4.1.2.1: the unique key of the level is always among the keys.
  const uniqueKey = uniqueKeyTags[level];
  if (!identifier.has(uniqueKey)) identifier.set(uniqueKey, level === 'PATIENT' ? 'LO' : 'UI', []);
  return resultsOver(lender, sopClassUid, identifier, options, (dataSet) => dataSet);
}
