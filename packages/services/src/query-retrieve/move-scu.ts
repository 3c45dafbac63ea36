/**
 * C-MOVE, as user. PS3.4 C.4.2.
 */
import type { CMoveRsp, DataSet, IncomingResponse } from '@dicomwire/dimse';
import { priorityCode } from '../priority.js';
import { acceptedContext } from '../request-over.js';
import { ServiceError } from '../service-error.js';
import type { SessionLender } from '../session-lender.js';
import { retrievalContext } from './retrieve-contexts.js';
import { type RetrievalOptions, type RetrieveKeys, retrievalRequest } from './retrieve-keys.js';
import { progressOf, type RetrieveSummary, summaryOf } from './retrieve-summary.js';

/** Options of {@link Client.move}. */
export interface MoveCallOptions extends RetrievalOptions {
  /** Cancels: C-CANCEL is sent, and the call resolves with what was moved until then. */
  readonly signal?: AbortSignal | undefined;
  /** For each response, milliseconds; 0 is no limit. Default: 600000, since some peers say nothing before everything is moved. */
  readonly timeoutMs?: number | undefined;
}

/** C-MOVE over a session that is lent. */
export async function moveOver(
  lender: SessionLender,
  destination: string,
  keys: RetrieveKeys | DataSet,
  options: MoveCallOptions,
): Promise<RetrieveSummary> {
  const { definition, identifier } = retrievalRequest(keys, options);
  const { signal, timeoutMs = defaultTimeoutMs, onProgress } = options;
  const sopClassUid = definition.move;
  if (sopClassUid === undefined)
    throw new ServiceError('invalid-option', `The model ${definition.model} has no C-MOVE`);
  const loan = await lender.borrow([retrievalContext(sopClassUid)], signal);
  try {
    const context = acceptedContext(loan.session, sopClassUid);
    const responses = loan.session.requestMany(
      {
        type: 'C-MOVE-RQ',
        affectedSopClassUid: sopClassUid,
        priority: priorityCode(options.priority),
        moveDestination: destination,
      },
      { dataSet: identifier, contextId: context.id, timeoutMs, cancelSignal: signal },
    );
    let last: IncomingResponse<CMoveRsp> | undefined;
    for await (const response of responses) {
      last = response;
      onProgress?.(progressOf(response));
    }
    if (last === undefined) throw new ServiceError('invalid-response', 'The peer gave no response to C-MOVE');
    return summaryOf(last);
  } finally {
    await loan.giveBack();
  }
}

const defaultTimeoutMs = 600_000;
