/** An acceptor of ours that answers echo, store, find and get: just enough for a peer to use the association that it negotiated. */
import {
  type Association,
  type AssociationError,
  createSessionServer,
  type IncomingRequest,
  type OutgoingResponse,
  refuseSopClass,
  type Session,
  type SessionServerOptions,
} from '@dicomwire/dimse';
import { onTestFinished } from 'vitest';
import type { GeneratedObject } from '../corpus/generated.ts';
import { ctImageStorage, everySyntax, sopClasses } from './proposal.ts';

/** What an acceptor is to do beside the usual. */
export interface OurAcceptorOptions extends Omit<SessionServerOptions, 'policy' | 'session' | 'onSession' | 'onError'> {
  /** Sent in answer to every C-GET. */
  readonly object?: GeneratedObject | undefined;
  /** The role that peers may take for CT Image Storage. Default: no role selection is answered. */
  readonly mayReceive?: boolean | undefined;
}

/** Our acceptor, listening, and what it has seen. */
export interface OurAcceptor {
  readonly port: number;
  readonly associations: readonly Association[];
  readonly errors: readonly AssociationError[];
  /** SOP instance UIDs that were stored. */
  readonly stored: readonly string[];
}

/** Starts it on a free port; it is closed when the test is over. */
export async function startOurAcceptor(options: OurAcceptorOptions = {}): Promise<OurAcceptor> {
  const { object, mayReceive, ...serverOptions } = options;
  const sessions = new Map<Association, Session>();
  const errors: AssociationError[] = [];
  const stored: string[] = [];
  const server = createSessionServer({
    ...serverOptions,
    policy: {
      presentationContexts: sopClasses.map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: everySyntax })),
      ...(mayReceive && { roleSelection: [{ sopClassUid: ctImageStorage, scuRole: true, scpRole: true }] }),
    },
    session: {
      handler: async (request) => {
        if (request.command.type === 'C-STORE-RQ') stored.push(request.command.affectedSopInstanceUid);
        return perform(request, sessions.get(request.association), object);
      },
    },
    onSession: (session) => void sessions.set(session.association, session),
    onError: (error) => void errors.push(error),
  });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    port,
    get associations() {
      return [...sessions.keys()];
    },
    errors,
    stored,
  };
}

async function perform(
  { command, dataSet }: IncomingRequest,
  session: Session | undefined,
  object: GeneratedObject | undefined,
): Promise<OutgoingResponse> {
  await dataSet?.discard();
  switch (command.type) {
    case 'C-ECHO-RQ':
    case 'C-STORE-RQ':
    case 'C-FIND-RQ':
      return { status: 0x0000 };
    case 'C-GET-RQ':
      return session === undefined || object === undefined ? { status: 0xa701 } : sendBack(session, object);
    default:
      return refuseSopClass(command);
  }
}

/** The C-STORE sub-operation of a C-GET: possible where the peer has the SCP role. PS3.4 C.4.3. */
async function sendBack(session: Session, object: GeneratedObject): Promise<OutgoingResponse> {
  const contextId = session.findContext(object.sopClassUid, object.transferSyntax)?.id;
  const { command } = await session.request(
    {
      type: 'C-STORE-RQ',
      affectedSopClassUid: object.sopClassUid,
      affectedSopInstanceUid: object.sopInstanceUid,
    },
    { dataSet: object.dataSet, contextId },
  );
  const isStored = command.status === 0;
  return {
    status: isStored ? 0x0000 : 0xb000,
    fields: {
      numberOfCompletedSuboperations: isStored ? 1 : 0,
      numberOfFailedSuboperations: isStored ? 0 : 1,
      numberOfWarningSuboperations: 0,
    },
  };
}
