/**
 * What goes wrong at this layer: a message that can't be read or completed, a peer that does not answer as it should.
 */
import type { AssociationEnd } from '@dicomwire/ul';
import type { UnknownCommand } from './command/types.js';
import type { OutgoingResponse } from './message/types.js';
import { statusInHex } from './status.js';

/**
 * What a {@link DimseError} is about.
 *
 * - `malformed-command`: a command set whose elements can't be told apart.
 * - `missing-element`: a command set without an element that its message requires.
 * - `command-too-large`: a command set longer than `maxCommandBytes`.
 * - `invalid-command`: a command set given to encode has a value that its field can't hold, or an interceptor changed what it can't.
 * - `message-sequence`: fragments in an order that makes no message (PS3.7 6.3.1).
 * - `message-timeout`: the next fragment of a message did not come within `messageTimeoutMs`.
 * - `unexpected-message`: a message that the standard does not define.
 * - `unexpected-response`: a response to no request, or of another kind or on another context than the request.
 * - `response-timeout`: no response within `responseTimeoutMs`.
 * - `association-ended`: the association ended before the operation did; `end` and `cause` say how.
 * - `no-context`: no accepted presentation context for the abstract syntax.
 * - `data-set-required`: a message that needs a data set was given none, or one that has none was given one.
 * - `data-set-source`: the data set to send threw, or had another length than it said.
 * - `data-set-too-large`: a data set to be gathered is longer than the limit.
 * - `data-set-consumed`: a data set can be consumed once.
 * - `malformed-data-set`: a data set can't be parsed.
 * - `unexpected-data-set`: a message came with a data set that it should not have; it was discarded.
 * - `handler-failed`: a handler threw; reported to `onError`.
 * - `observer-failed`: an observer threw; reported to `onError`.
 * - `no-final-response`: a handler ended without a final response; reported to `onError`.
 */
export type DimseErrorCode =
  | 'malformed-command'
  | 'missing-element'
  | 'command-too-large'
  | 'invalid-command'
  | 'message-sequence'
  | 'message-timeout'
  | 'unexpected-message'
  | 'unexpected-response'
  | 'response-timeout'
  | 'association-ended'
  | 'no-context'
  | 'data-set-required'
  | 'data-set-source'
  | 'data-set-too-large'
  | 'data-set-consumed'
  | 'malformed-data-set'
  | 'unexpected-data-set'
  | 'handler-failed'
  | 'observer-failed'
  | 'no-final-response';

/** What a {@link DimseError} carries beside code and message. */
export interface DimseErrorDetails {
  /** The error beneath. */
  readonly cause?: unknown;
  /** How the association ended (`association-ended`). */
  readonly end?: AssociationEnd | undefined;
  /** Where in the command set, bytes (`malformed-command`). */
  readonly offset?: number | undefined;
  /** What could be read of the command set (`missing-element`). */
  readonly received?: UnknownCommand | undefined;
}

/** An error of the message layer. `code` is stable; `cause` is the error beneath. */
export class DimseError extends Error {
  override readonly name: string = 'DimseError';
  /** What it is about; stable. */
  readonly code: DimseErrorCode;
  /** How the association ended (`association-ended`). */
  readonly end: AssociationEnd | undefined;
  /** Where in the command set, bytes (`malformed-command`). */
  readonly offset: number | undefined;
  /** What could be read of the command set (`missing-element`). */
  readonly received: UnknownCommand | undefined;

  constructor(code: DimseErrorCode, message: string, details: DimseErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.end = details.end;
    this.offset = details.offset;
    this.received = details.received;
  }
}

/** What a {@link StatusError} answers beside status and comment. */
export interface StatusErrorDetails
  extends Pick<OutgoingResponse, 'offendingElements' | 'errorId' | 'fields' | 'dataSet'> {
  /** The error beneath; never sent to the peer. */
  readonly cause?: unknown;
}

/**
 * Thrown by a handler to answer a request with this status.
 *
 * @example
 * ```ts
 * import { StatusError } from '@dicomwire/dimse';
 *
 * const full = new StatusError(0xa700, 'Out of resources');
 * console.log(full.status.toString(16)); // a700
 * ```
 */
export class StatusError extends Error {
  override readonly name: string = 'StatusError';
  /** Status (0000,0900). */
  readonly status: number;
  /** Error Comment (0000,0902), cut to 64 characters on the wire. */
  readonly errorComment: string | undefined;
  /** Everything else that goes into the response. */
  readonly details: StatusErrorDetails;

  constructor(status: number, errorComment?: string, details: StatusErrorDetails = {}) {
    super(
      `Status ${statusInHex(status)}H${errorComment === undefined ? '' : `: ${errorComment}`}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.status = status;
    this.errorComment = errorComment;
    this.details = details;
  }

  /** The response that it stands for. */
  toResponse(): OutgoingResponse {
    const { offendingElements, errorId, fields, dataSet } = this.details;
    return { status: this.status, errorComment: this.errorComment, offendingElements, errorId, fields, dataSet };
  }
}
