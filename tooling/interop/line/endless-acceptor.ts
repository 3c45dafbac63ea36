/** An acceptor of ours that goes on with every C-FIND, C-GET and C-MOVE until it is cancelled. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSessionServer, DataSet, type OutgoingResponse, suboperationFields } from '@dicomwire/dimse';
import { onTestFinished } from 'vitest';
import { generateObject } from '../corpus/generated.ts';
import { ctImageStorage, everySyntax, studyRootFind, studyRootGet, studyRootMove, verification } from './proposal.ts';

/** The acceptor, listening, and what was cancelled. */
export interface EndlessAcceptor {
  readonly port: number;
  /** Responses that said FE00. */
  readonly cancelled: readonly string[];
  /** How associations ended. */
  readonly ends: readonly string[];
}

/** Starts it on a free port; it is closed when the test is over. */
export async function startEndlessAcceptor(): Promise<EndlessAcceptor> {
  const cancelled: string[] = [];
  const ends: string[] = [];
  const object = generateObject();
  const operations = 65_000;
  const server = createSessionServer({
    policy: {
      presentationContexts: [verification, ctImageStorage, studyRootFind, studyRootGet, studyRootMove].map(
        (abstractSyntax) => ({ abstractSyntax, transferSyntaxes: everySyntax }),
      ),
      roleSelection: [{ sopClassUid: ctImageStorage, scuRole: true, scpRole: true }],
    },
    session: {
      observers: [
        {
          sent: ({ command }) => {
            if ('status' in command && command.status === 0xfe00) cancelled.push(command.type);
          },
        },
      ],
      handler: {
        'C-ECHO-RQ': async () => ({ status: 0x0000 }),
        'C-FIND-RQ': async function* ({ dataSet, signal }): AsyncGenerator<OutgoingResponse<'C-FIND-RSP'>> {
          await dataSet?.discard();
          for (let count = 1; !signal.aborted; count++) {
            yield {
              status: 0xff00,
              dataSet: DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: `2.25.${count}` }),
            };
            await nextTurn();
          }
          yield { status: 0xfe00 };
        },
        'C-MOVE-RQ': async function* ({ dataSet, signal }): AsyncGenerator<OutgoingResponse<'C-MOVE-RSP'>> {
          await dataSet?.discard();
          let completed = 0;
          for (; !signal.aborted; completed++) {
            yield { status: 0xff00, fields: suboperationFields({ remaining: operations - completed, completed }) };
            await nextTurn();
          }
          yield { status: 0xfe00, fields: suboperationFields({ remaining: operations - completed, completed }) };
        },
        'C-GET-RQ': async function* (request): AsyncGenerator<OutgoingResponse<'C-GET-RSP'>> {
          const { dataSet, session, signal } = request;
          await dataSet?.discard();
          const { sopClassUid: affectedSopClassUid, sopInstanceUid: affectedSopInstanceUid } = object;
          const contextId = session.findContext(affectedSopClassUid, object.transferSyntax)?.id;
          let completed = 0;
          while (!signal.aborted) {
            const stored = await session.request(
              { type: 'C-STORE-RQ', affectedSopClassUid, affectedSopInstanceUid },
              { dataSet: object.dataSet, contextId },
            );
            if (stored.status.category === 'Success') completed++;
            yield { status: 0xff00, fields: suboperationFields({ remaining: operations - completed, completed }) };
          }
          yield { status: 0xfe00, fields: suboperationFields({ remaining: operations - completed, completed }) };
        },
      },
    },
    onSession: (session) => {
      void session.closed.then(({ kind }) => ends.push(kind));
    },
  });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { port, cancelled, ends };
}
