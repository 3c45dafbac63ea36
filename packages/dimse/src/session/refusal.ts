/** How requests are refused and failures answered. PS3.7 9.1, 10.1, Annex C. */
import type { RequestCommand, RequestType, RequestWithoutIds } from '../command/types.js';
import { StatusError } from '../errors.js';
import type { OutgoingResponse } from '../message/types.js';
import { Status } from '../status.js';

/**
 * Refuses a request whose SOP class nobody here handles: 0122 (SOP class not supported) to C-services, 0118 (no such SOP class)
 * to N-services.
 */
export function refuseSopClass(command: Pick<RequestCommand, 'type'>): OutgoingResponse {
  return { status: isCService(command.type) ? Status.sopClassNotSupported : Status.noSuchSopClass };
}

/** The SOP class that a request is about; dispatch goes by it, not by the abstract syntax of the context. */
export function sopClassUidOf(command: RequestCommand | RequestWithoutIds): string {
  return 'affectedSopClassUid' in command ? command.affectedSopClassUid : command.requestedSopClassUid;
}

/** The SOP instance that a request is about, if it names one. */
export function sopInstanceUidOf(command: RequestCommand): string | undefined {
  if ('requestedSopInstanceUid' in command) return command.requestedSopInstanceUid;
  return 'affectedSopInstanceUid' in command ? command.affectedSopInstanceUid : undefined;
}

/**
 * What a thrown error answers: a `StatusError` its status; anything else, which the peer learns nothing of, 0110 (processing failure) to
 * N-services and C-ECHO, C000 to the other C-services.
 */
export function failureResponse(type: RequestType, error: unknown): OutgoingResponse {
  if (error instanceof StatusError) return error.toResponse();
  const hasRange = isCService(type) && type !== 'C-ECHO-RQ';
  return { status: hasRange ? Status.unableToProcess : Status.processingFailure };
}

function isCService(type: RequestType): boolean {
  return type.startsWith('C-');
}
