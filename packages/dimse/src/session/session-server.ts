import { type Association, createServer, type Server, type ServerOptions } from '@dicomwire/ul';
import type { SessionOptions } from './options.js';
import { createSession, type Session } from './session.js';

/** Options of {@link createSessionServer}: those of the server, and those of its sessions. */
export interface SessionServerOptions extends Omit<ServerOptions, 'onAssociation'> {
  /** How each session behaves, or a function that says so for an association. Default: every request is refused. */
  readonly session?: SessionOptions | ((association: Association) => SessionOptions) | undefined;
  /** Gets each session as its association is established, synchronously. */
  readonly onSession?: ((session: Session) => void) | undefined;
}

/**
 * Makes a server whose associations have sessions; it does nothing until it is told to listen.
 *
 * @example
 * ```ts
 * import { connectSession, createSessionServer } from '@dicomwire/dimse';
 *
 * const verification = { abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] };
 * const server = createSessionServer({
 *   policy: { presentationContexts: [verification] },
 *   session: { handler: async () => ({ status: 0x0000 }) },
 * });
 * const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
 *
 * const session = await connectSession({
 *   host: '127.0.0.1',
 *   port,
 *   calledAeTitle: 'ARCHIVE',
 *   callingAeTitle: 'CT1',
 *   presentationContexts: [verification],
 * });
 * const echo = await session.request({ type: 'C-ECHO-RQ', affectedSopClassUid: verification.abstractSyntax });
 * console.log(echo.command.status); // 0
 * await session.release();
 * await server.close();
 * ```
 */
export function createSessionServer(options: SessionServerOptions): Server {
  const { session: sessionOptions = {}, onSession } = options;
  return createServer({
    ...options,
    onAssociation: (association) => {
      const chosen = typeof sessionOptions === 'function' ? sessionOptions(association) : sessionOptions;
      const session = createSession(association, chosen);
      onSession?.(session);
    },
  });
}
