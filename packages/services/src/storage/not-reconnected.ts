/**
 * What is said of a peer that went away in the middle of sending and did not come back: both that it can't be reached, and what happened first.
 */
import { ServiceError } from '../service-error.js';
import type { StoreResult } from './store-result.js';

/**
 * @param error - what keeps another association from being opened.
 * @param earlier - what ended the one before, if there was one.
 */
export function notReconnected(error: Error, earlier: Error | undefined): Error {
  const first = earlier instanceof ServiceError && earlier.earlier !== undefined ? earlier.earlier : earlier;
  const last = error instanceof ServiceError && error.code === 'not-reconnected' ? causeOf(error) : error;
  if (first === undefined || first.message === last.message) return error;
  return new ServiceError('not-reconnected', `${last.message}; before that: ${first.message}`, {
    cause: last,
    earlier: first,
  });
}

/** A result of a further attempt, with what went wrong in the one before. */
export function withEarlier(result: StoreResult, earlier: StoreResult | undefined): StoreResult {
  if (result.reason !== 'association-failed' || result.error === undefined) return result;
  return { ...result, error: notReconnected(result.error, earlier?.error) };
}

/** What keeps an association from being opened. */
export function openingError(error: Error | undefined): Error | undefined {
  return error instanceof ServiceError && error.code === 'not-reconnected' ? causeOf(error) : error;
}

function causeOf(error: ServiceError): Error {
  return error.cause instanceof Error ? error.cause : error;
}
