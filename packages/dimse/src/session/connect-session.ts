import { type ConnectOptions, connect } from '@dicomwire/ul';
import type { SessionOptions } from './options.js';
import { createSession, type Session } from './session.js';

/** Options of {@link connectSession}: those of the association and those of the session. */
export interface ConnectSessionOptions extends ConnectOptions, SessionOptions {}

/**
 * Opens an association and makes a session on it.
 *
 * @throws AssociationError when there is no association.
 */
export async function connectSession(options: ConnectSessionOptions): Promise<Session> {
  return createSession(await connect(options), options);
}
