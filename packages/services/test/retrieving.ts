/** Retrievals asked for by the layer beneath, message by message. */
import {
  type CStoreRq,
  connectSession,
  type IncomingRequest,
  type IncomingResponse,
  type Session,
} from '@dicomwire/dimse';
import { DataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import { onTestFinished } from 'vitest';
import type { InstanceFile, InstanceSource, InstanceToSend, PeerOptions, RetrieveQuery } from '../src/index.js';
import { ctImageStorage } from './objects.js';

export const studyRootGet = SopClass.StudyRootQueryRetrieveInformationModelGet;
export const studyRootMove = SopClass.StudyRootQueryRetrieveInformationModelMove;

/** A source that has these, whatever is asked for, and notes what was. */
export function sourceOf(
  instances: readonly (InstanceToSend | InstanceFile)[],
): InstanceSource & { readonly queries: RetrieveQuery[] } {
  const queries: RetrieveQuery[] = [];
  return {
    queries,
    instances(query) {
      queries.push(query);
      return instances;
    },
  };
}

/** A study, as an identifier. */
export const oneStudy = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '1.2.3' } as const;

/** What a raw requestor is to be. */
export interface RequestorOptions {
  readonly sopClassUid: string;
  /** What it takes as storage SCP. */
  readonly storage?: readonly { readonly abstractSyntax: string; readonly transferSyntaxes: readonly string[] }[];
  /** Whether it asks for the role of SCP. Default: true. */
  readonly asksForRole?: boolean;
  /** Status of each C-STORE. */
  readonly answer?: (request: IncomingRequest, command: CStoreRq) => Promise<number> | number;
}

/** A session with a provider that takes C-STOREs. */
export async function openRequestor(peer: PeerOptions, options: RequestorOptions): Promise<Requestor> {
  const { sopClassUid, storage = [ctInExplicit], asksForRole = true, answer = () => 0x0000 } = options;
  const received: Received[] = [];
  const session = await connectSession({
    ...peer,
    transport: peer.openTransport?.(),
    calledAeTitle: peer.calledAeTitle ?? 'ARCHIVE',
    callingAeTitle: peer.callingAeTitle ?? 'RAW',
    presentationContexts: [
      { abstractSyntax: sopClassUid, transferSyntaxes: [TransferSyntax.ImplicitVRLittleEndian] },
      ...storage,
    ],
    roleSelections: asksForRole
      ? storage.map(({ abstractSyntax }) => ({ sopClassUid: abstractSyntax, scuRole: false, scpRole: true }))
      : [],
    async handler(request) {
      if (request.command.type !== 'C-STORE-RQ' || request.dataSet === undefined) return { status: 0x0211 };
      const { command } = request;
      const bytes = await request.dataSet.bytes();
      received.push({ command, bytes, transferSyntaxUid: request.context.transferSyntax });
      return { status: await answer(request, command) };
    },
  });
  onTestFinished(() => session.abort());
  return { session, received };
}

/** See {@link openRequestor}. */
export interface Requestor {
  readonly session: Session;
  readonly received: readonly Received[];
}

/** An instance that came. */
export interface Received {
  readonly command: CStoreRq;
  readonly bytes: Uint8Array;
  readonly transferSyntaxUid: string | undefined;
}

export const ctInExplicit = {
  abstractSyntax: ctImageStorage,
  transferSyntaxes: [TransferSyntax.ExplicitVRLittleEndian],
};

/** What a response says, for comparisons. */
export function told({ command, dataSet }: IncomingResponse): Record<string, unknown> {
  const { status } = command;
  const counts =
    'numberOfRemainingSuboperations' in command || 'numberOfCompletedSuboperations' in command
      ? [
          command.numberOfRemainingSuboperations,
          command.numberOfCompletedSuboperations,
          command.numberOfFailedSuboperations,
          command.numberOfWarningSuboperations,
        ]
      : undefined;
  const failedUids = dataSet === undefined ? undefined : dataSet.texts(0x00080058);
  return { status, counts, failedUids };
}

/** All responses to a C-GET. */
export async function getAll(
  { session }: Requestor,
  identifier: Parameters<typeof DataSet.from>[0] = oneStudy,
  sopClassUid = studyRootGet,
) {
  const responses = session.requestMany(
    { type: 'C-GET-RQ', affectedSopClassUid: sopClassUid, priority: 0 },
    { dataSet: DataSet.from(identifier) },
  );
  const all: Record<string, unknown>[] = [];
  for await (const response of responses) all.push(told(response));
  return all;
}

/** All responses to a C-MOVE. */
export async function moveAll(
  { session }: Requestor,
  moveDestination: string,
  identifier: Parameters<typeof DataSet.from>[0] = oneStudy,
  sopClassUid = studyRootMove,
) {
  const responses = session.requestMany(
    { type: 'C-MOVE-RQ', affectedSopClassUid: sopClassUid, priority: 0, moveDestination },
    { dataSet: DataSet.from(identifier) },
  );
  const all: Record<string, unknown>[] = [];
  for await (const response of responses) all.push(told(response));
  return all;
}
