/**
 * C-FIND of any SOP class, as user. PS3.4 C.4.1.2, K.4.1.2.
 */
import type { DataSet } from '@dicomwire/dimse';
import { TransferSyntax } from '@dicomwire/dimse/dataset';
import type { ContextProposal } from '../context-proposal.js';
import { queryModelOf } from '../query/query-model.js';
import { encodeQueryNegotiation } from '../query/query-negotiation.js';
import { ServiceError } from '../service-error.js';
import type { SessionLender } from '../session-lender.js';
import type { QueryCallOptions } from './query-call-options.js';
import { identifierFor, type QueryKeys } from './query-keys.js';
import { type QueryResults, QueryRun } from './query-results.js';

/**
 * C-FIND over a session that is lent.
 *
 * @throws ServiceError `invalid-option` for keys that can't be, or a limit that is none.
 */
export function queryOver(
  lender: SessionLender,
  sopClassUid: string,
  keys: QueryKeys | DataSet,
  options: QueryCallOptions,
): QueryResults {
  return resultsOver(lender, sopClassUid, identifierFor(keys), options, (dataSet) => dataSet);
}

/** The same for an identifier that is complete, with matches in another form. */
export function resultsOver<Match>(
  lender: SessionLender,
  sopClassUid: string,
  identifier: DataSet,
  options: QueryCallOptions,
  toMatch: (dataSet: DataSet) => Match,
): QueryResults<Match> {
  const { limit = 1, signal } = options;
  if (!(limit >= 1)) throw new ServiceError('invalid-option', 'limit is less than 1');
  const request = { model: queryModelOf(sopClassUid), identifier, toMatch };
  const contexts = [queryContext(sopClassUid, options)];
  // While the loop is busy the association waits with it: nobody else may depend on it.
  const borrow = async () => lender.borrow(contexts, signal, { isExclusive: true });
  return new QueryRun(request, options, borrow, lender.responseTimeoutMs);
}

/** What is proposed for a query. */
export function queryContext(sopClassUid: string, options: QueryCallOptions = {}): ContextProposal {
  const { transferSyntaxes = usualTransferSyntaxes } = options;
  const { alwaysCombinesDateTime } = queryModelOf(sopClassUid);
  const extendedNegotiation = encodeQueryNegotiation(options, alwaysCombinesDateTime);
  return { abstractSyntax: sopClassUid, transferSyntaxes, extendedNegotiation };
}

/** Explicit VR first, and the default that PS3.5 10.1 asks for. */
const usualTransferSyntaxes: readonly string[] = [
  TransferSyntax.ExplicitVRLittleEndian,
  TransferSyntax.ImplicitVRLittleEndian,
];
