/**
 * A signal that ends an association.
 */
import type { Session } from '@dicomwire/dimse';
import { errorFrom } from './error-from.js';

/**
 * Aborts the association when the signal fires: what was asked for can't be taken back, and nobody wants to wait for the answer.
 *
 * @returns a function that takes the signal off.
 */
export function abortOnSignal(session: Session, signal: AbortSignal | undefined): () => void {
  if (signal === undefined) return () => undefined;
  const abort = () => session.abort(errorFrom(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
