/** What a response says of how the operation stands: status, details, counters of sub-operations. PS3.7 Annex C, 9.1.3, 9.1.4. */
import type { CommandFields } from './command/fields.js';
import type { CGetRsp, CMoveRsp, ResponseCommand } from './command/types.js';
import { type StatusService, type StatusValue, statusOf } from './status.js';
import { statusServiceOf } from './status-service.js';

/** The status of a response, with the details that go with it. */
export interface ResponseStatus extends StatusValue {
  /** Error Comment (0000,0902). */
  readonly errorComment: string | undefined;
  /** Tags of Offending Elements (0000,0901), 0xGGGGEEEE; empty when none were named. */
  readonly offendingElements: readonly number[];
  /** Error ID (0000,0903), which means something to the implementation that sent it. */
  readonly errorId: number | undefined;
  /** Tags of the attributes that were not accepted, from Attribute Identifier List (0000,1005); empty when none were named. */
  readonly attributeIdentifierList: readonly number[];
}

/**
 * The status of a response as a value: what it means to the service, and its details.
 *
 * @param response - Of the peer, or read from bytes.
 * @param service - Whose meaning to prefer. Default: what the kind of message and its affected SOP class say.
 *
 * @example
 * ```ts
 * import { statusOfResponse } from '@dicomwire/dimse';
 *
 * const status = statusOfResponse({
 *   type: 'C-STORE-RSP',
 *   messageIdBeingRespondedTo: 1,
 *   hasDataSet: false,
 *   status: 0xa900,
 *   offendingElements: [0x00080016],
 *   errorComment: 'SOP class UID differs',
 * });
 * console.log(status.meaning); // Data Set Does Not Match SOP Class
 * console.log(status.offendingElements, status.errorComment); // [ 524310 ] SOP class UID differs
 * ```
 */
export function statusOfResponse(response: ResponseCommand, service?: StatusService): ResponseStatus {
  const { status, errorComment, offendingElements = [], errorId } = response;
  return {
    ...statusOf(status, service ?? statusServiceOf(response.type, response.affectedSopClassUid)),
    errorComment,
    offendingElements,
    errorId,
    attributeIdentifierList: ('attributeIdentifierList' in response && response.attributeIdentifierList) || [],
  };
}

/** How the sub-operations of a C-GET or C-MOVE stand; `undefined` is what the response does not say. PS3.7 9.1.3.1.7 to 10. */
export interface SuboperationCounts {
  /** Still to come; allowed in pending and cancelled responses only. */
  readonly remaining?: number | undefined;
  /** Succeeded. */
  readonly completed?: number | undefined;
  /** Failed. */
  readonly failed?: number | undefined;
  /** Ended with a warning. */
  readonly warning?: number | undefined;
}

/** The counters of sub-operations in a response. */
export function suboperationsOf(response: CGetRsp | CMoveRsp): SuboperationCounts {
  return {
    remaining: response.numberOfRemainingSuboperations,
    completed: response.numberOfCompletedSuboperations,
    failed: response.numberOfFailedSuboperations,
    warning: response.numberOfWarningSuboperations,
  };
}

/** The counters as fields of a response to a C-GET or C-MOVE: `{ status: 0xff00, fields: suboperationFields({ remaining: 3, completed: 1 }) }`. */
export function suboperationFields(
  counts: SuboperationCounts,
): Partial<
  Pick<
    CommandFields,
    | 'numberOfRemainingSuboperations'
    | 'numberOfCompletedSuboperations'
    | 'numberOfFailedSuboperations'
    | 'numberOfWarningSuboperations'
  >
> {
  const { remaining, completed, failed, warning } = counts;
  return {
    ...(remaining === undefined ? {} : { numberOfRemainingSuboperations: remaining }),
    ...(completed === undefined ? {} : { numberOfCompletedSuboperations: completed }),
    ...(failed === undefined ? {} : { numberOfFailedSuboperations: failed }),
    ...(warning === undefined ? {} : { numberOfWarningSuboperations: warning }),
  };
}
