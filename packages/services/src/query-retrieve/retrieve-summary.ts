/**
 * How a C-GET or C-MOVE ended, as its user is told.
 */
import {
  type CGetRsp,
  type CMoveRsp,
  describeStatus,
  type IncomingResponse,
  type StatusCategory,
  statusCategory,
  suboperationsOf,
} from '@dicomwire/dimse';
import { refused } from '../request-over.js';
import { withoutPadding } from '../storage/storage-path.js';
import type { RetrieveOutcome, RetrieveProgress } from './retrieve-progress.js';

/** A retrieval that is over. */
export interface RetrieveSummary extends RetrieveOutcome {
  /** The final status: 0000, a warning (B000), or FE00 when it was cancelled. */
  readonly status: number;
  /** Which kind of status it is. */
  readonly category: StatusCategory;
  /** The status in words. */
  readonly meaning: string;
  /** The peer's error comment (0000,0902). */
  readonly comment: string | undefined;
  /** True when the peer says that everything was sent and taken. */
  readonly isComplete: boolean;
}

/** What a pending or final response counts. */
export function progressOf({ command }: IncomingResponse<CGetRsp | CMoveRsp>): RetrieveProgress {
  const { remaining, completed, failed, warning } = suboperationsOf(command);
  return { remaining, completed, failed, warning };
}

/**
 * What a final response says.
 *
 * @throws ServiceError `refused` when that is a failure; the UIDs that failed and the counters go with it.
 */
export function summaryOf(response: IncomingResponse<CGetRsp | CMoveRsp>): RetrieveSummary {
  const { command, dataSet } = response;
  const isGet = command.type === 'C-GET-RSP';
  const service = isGet ? 'queryRetrieveGet' : 'queryRetrieveMove';
  const category = statusCategory(command.status);
  const progress = progressOf(response);
  const failedSopInstanceUids = (dataSet?.texts(failedSopInstanceUidListTag) ?? []).map(withoutPadding);
  if (category === 'Failure') {
    throw refused(isGet ? 'C-GET-RQ' : 'C-MOVE-RQ', command, service, {
      retrieval: { ...progress, failedSopInstanceUids },
    });
  }
  return {
    ...progress,
    status: command.status,
    category,
    meaning: describeStatus(command.status, service),
    comment: command.errorComment,
    failedSopInstanceUids,
    isComplete: category === 'Success' && (progress.failed ?? 0) === 0,
  };
}

/** Failed SOP Instance UID List. */
const failedSopInstanceUidListTag = 0x00080058;
