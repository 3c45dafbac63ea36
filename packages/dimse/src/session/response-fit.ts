/** Whether a response is one that its request can have, and what is wrong with it. PS3.7 9.1, 10.1. */
import type { ResponseCommand } from '../command/types.js';
import { DimseError } from '../errors.js';
import { statusCategory, statusInHex } from '../status.js';
import type { Call } from './call.js';

/** Matches come with pending C-FIND responses, lists of failed instances with the last C-GET and C-MOVE response. */
export function expectsDataSet(response: ResponseCommand, isFinal: boolean): boolean {
  switch (response.type) {
    case 'C-STORE-RSP':
    case 'C-ECHO-RSP':
    case 'N-DELETE-RSP':
      return false;
    case 'C-FIND-RSP':
      return !isFinal;
    case 'C-GET-RSP':
    case 'C-MOVE-RSP':
      return isFinal && statusCategory(response.status) !== 'Success';
    default:
      return true;
  }
}

/** A response that answers no request, or not this one. */
export function unexpectedResponse(contextId: number, response: ResponseCommand, call: Call | undefined): DimseError {
  const what = `${response.type} to message ${response.messageIdBeingRespondedTo} with status ${statusInHex(response.status)}H`;
  return new DimseError(
    'unexpected-response',
    `${what} on presentation context ${contextId} ${misfit(contextId, response, call)}`,
  );
}

function misfit(contextId: number, response: ResponseCommand, call: Call | undefined): string {
  if (call === undefined) return 'answers no request';
  const { type } = call.specification;
  if (response.type !== call.responseType) return `answers a ${type}`;
  if (contextId !== call.contextId) return `answers a request on presentation context ${call.contextId}`;
  return `is none that a ${type} can have${call.state === 'sent' ? '' : ' before all of it was sent'}`;
}
