/** A requestor of ours: opens an association, uses it, and is told why it could not. */
import { AssociationError, type ConnectSessionOptions, connectSession, type Session } from '@dicomwire/dimse';
import { onTestFinished } from 'vitest';
import { ctImageStorage, everySyntax, studyRootGet, verification } from './proposal.ts';

/** What is particular to a test. */
export type OurRequestorOptions = Partial<ConnectSessionOptions> & { readonly port: number };

/** Opens an association with verification, CT storage and study root C-GET; it is aborted when the test is over, if it still is there. */
export async function openSession(options: OurRequestorOptions): Promise<Session> {
  const session = await connectSession({
    host: '127.0.0.1',
    calledAeTitle: 'PEER',
    callingAeTitle: 'DICOMWIRE',
    presentationContexts: [verification, ctImageStorage, studyRootGet].map((abstractSyntax) => ({
      abstractSyntax,
      transferSyntaxes: everySyntax,
    })),
    ...options,
  });
  onTestFinished(() => session.abort());
  return session;
}

/** C-ECHO. Resolves to its status. */
export async function echo(session: Session): Promise<number> {
  const { command } = await session.request({ type: 'C-ECHO-RQ', affectedSopClassUid: verification });
  return command.status;
}

/** The error of an attempt that fails. @throws when it does not fail, or with anything else. */
export async function failureOf(attempt: Promise<unknown>): Promise<AssociationError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AssociationError)) throw new Error('it did not fail as it should', { cause: error });
  return error;
}
