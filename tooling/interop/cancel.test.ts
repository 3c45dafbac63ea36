/** C-CANCEL with real peers, in both roles: what was asked for stops, is answered FE00, and the association can be used. PS3.7 9.3.2.3. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSessionServer,
  DataSet,
  type IncomingRequest,
  type ObservedMessage,
  type OutgoingResponse,
  type Session,
} from '@dicomwire/dimse';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freshUid, generateObject } from './corpus/generated.ts';
import { startEndlessAcceptor } from './line/endless-acceptor.ts';
import { echo, openSession } from './line/our-requestor.ts';
import {
  ctImageStorage,
  everySyntax,
  studyRootFind,
  studyRootGet,
  studyRootMove,
  verification,
} from './line/proposal.ts';
import { startDcmqrscp } from './peers/dcmtk.ts';
import { run } from './peers/process.ts';
import { runLineScu, startLineScp } from './peers/pynetdicom-line.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const OBJECTS = 200;
const studyInstanceUid = freshUid();
let directory: TemporaryDirectory;
let objectPath: string;

beforeAll(async () => {
  directory = await temporaryDirectory('cancel');
  await mkdir(join(directory.path, 'study'));
  for (let index = 0; index < OBJECTS; index++) {
    objectPath = join(directory.path, 'study', `${index}.dcm`);
    await writeFile(objectPath, generateObject({ studyInstanceUid, pixelBytes: 2000 }).file);
  }
});

afterAll(() => directory.remove());

const QUERY = DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: studyInstanceUid });
const IMAGES = DataSet.from({
  QueryRetrieveLevel: 'IMAGE',
  StudyInstanceUID: studyInstanceUid,
  SeriesInstanceUID: null,
  SOPInstanceUID: null,
});

/** The C-STORE sub-operations of a retrieval: the second one is answered when the retrieval has been cancelled. */
function storage() {
  let count = 0;
  let cancelled: () => void = () => undefined;
  const isCancelled = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  const handler = async ({ command, dataSet }: IncomingRequest): Promise<OutgoingResponse> => {
    await dataSet?.discard();
    if (command.type === 'C-STORE-RQ' && ++count > 1) await isCancelled;
    return { status: 0x0000 };
  };
  return { handler, cancelled, count: () => count };
}

/** A session of ours with all that may be cancelled, and the final statuses that came over it. */
async function asker(
  port: number,
  calledAeTitle: string,
  handler?: (request: IncomingRequest) => Promise<OutgoingResponse>,
) {
  const statuses: number[] = [];
  const sent: string[] = [];
  const session = await openSession({
    port,
    calledAeTitle,
    presentationContexts: [verification, ctImageStorage, studyRootFind, studyRootGet, studyRootMove].map(
      (abstractSyntax) => ({ abstractSyntax, transferSyntaxes: everySyntax }),
    ),
    roleSelections: [{ sopClassUid: ctImageStorage, scuRole: false, scpRole: true }],
    handler,
    observers: [
      {
        received: ({ command }: ObservedMessage) => {
          if (command.type !== 'C-STORE-RQ' && 'status' in command) statuses.push(command.status ?? -1);
        },
        sent: ({ command }: ObservedMessage) => void sent.push(command.type),
      },
    ],
  });
  return { session, statuses, sent };
}

/** Cancels after the first pending response, and waits until the operation is over and the association can be used again. */
async function cancelAfterFirst(
  session: Session,
  type: 'C-FIND-RQ' | 'C-GET-RQ' | 'C-MOVE-RQ',
  onCancelled: () => void = () => undefined,
): Promise<void> {
  const responses =
    type === 'C-FIND-RQ'
      ? session.requestMany({ type, affectedSopClassUid: studyRootFind }, { dataSet: IMAGES })
      : type === 'C-GET-RQ'
        ? session.requestMany({ type, affectedSopClassUid: studyRootGet }, { dataSet: QUERY })
        : session.requestMany(
            { type, affectedSopClassUid: studyRootMove, moveDestination: 'DESTINATION' },
            { dataSet: QUERY },
          );
  for await (const { status } of responses) {
    expect(status.category).toBe('Pending');
    break;
  }
  onCancelled();
  // The window is one: this waits for the final response.
  expect(await echo(session)).toBe(0);
  expect(session.operationCount).toBe(0);
}

/** Our acceptor that a C-MOVE sends to. */
async function destination(handler: (request: IncomingRequest) => Promise<OutgoingResponse>): Promise<number> {
  const server = createSessionServer({
    policy: { presentationContexts: [{ abstractSyntax: ctImageStorage, transferSyntaxes: everySyntax }] },
    session: { handler },
  });
  onTestFinished(() => server.close());
  return (await server.listen({ host: '127.0.0.1', port: 0 })).port;
}

describeWith(['DCMTK'], 'DCMTK cancels', () => {
  const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', 'StudyInstanceUID'];

  test('a C-FIND: findscu --cancel', async () => {
    const ours = await startEndlessAcceptor();
    const end = await run('findscu', ['-v', '-S', '--cancel', '3', ...keys, '127.0.0.1', String(ours.port)]);
    expect(end.exitCode).toBe(0);
    expect(`${end.stdout}${end.stderr}`).toMatch(/Cancel/);
    expect(ours.cancelled).toEqual(['C-FIND-RSP']);
    await vi.waitUntil(() => ours.ends.length > 0, { timeout: 20_000 });
    expect(ours.ends).toEqual(['released']);
  });

  test('a C-MOVE: movescu --cancel', async () => {
    const ours = await startEndlessAcceptor();
    const args = ['-v', '-S', '-aem', 'DESTINATION', '--cancel', '2', ...keys, '127.0.0.1', String(ours.port)];
    const end = await run('movescu', args);
    expect(`${end.stdout}${end.stderr}`).toMatch(/Cancel/);
    expect(ours.cancelled).toEqual(['C-MOVE-RSP']);
    await vi.waitUntil(() => ours.ends.length > 0, { timeout: 20_000 });
    expect(ours.ends).toEqual(['released']);
  });
});

describeWith(['DCMTK'], 'we cancel, dcmqrscp stops', () => {
  let peer: StoragePeer;
  let move: ReturnType<typeof storage>;

  beforeAll(async () => {
    move = storage();
    const server = createSessionServer({
      policy: { presentationContexts: [{ abstractSyntax: ctImageStorage, transferSyntaxes: everySyntax }] },
      session: { handler: move.handler },
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    peer = await startDcmqrscp([{ aeTitle: 'DESTINATION', port }]);
    const stored = await run('storescu', [
      ...['--call', peer.aeTitle, '--scan-directories', '127.0.0.1', String(peer.port)],
      join(directory.path, 'study'),
    ]);
    expect(stored).toMatchObject({ exitCode: 0 });
    return async () => {
      await peer.stop();
      await server.close();
    };
  });

  test('a C-FIND', async () => {
    const { session, statuses, sent } = await asker(peer.port, peer.aeTitle);
    const controller = new AbortController();
    const request = { type: 'C-FIND-RQ', affectedSopClassUid: studyRootFind } as const;
    const found = session.request(request, { dataSet: IMAGES, signal: controller.signal });
    // So soon that both leave together: it has found everything within a millisecond.
    controller.abort('enough');
    await expect(found).rejects.toBe('enough');
    expect(await echo(session)).toBe(0);
    expect(sent).toEqual(['C-FIND-RQ', 'C-CANCEL-RQ', 'C-ECHO-RQ']);
    expect(statuses.at(-2)).toBe(0xfe00);
    expect(statuses.length).toBeLessThan(OBJECTS);
  });

  test('a C-GET', async () => {
    const get = storage();
    const { session, statuses } = await asker(peer.port, peer.aeTitle, get.handler);
    await cancelAfterFirst(session, 'C-GET-RQ', get.cancelled);
    expect(statuses.at(-2)).toBe(0xfe00);
    expect(get.count()).toBeLessThan(10);
  });

  test('a C-MOVE', async () => {
    const { session, statuses } = await asker(peer.port, peer.aeTitle);
    await cancelAfterFirst(session, 'C-MOVE-RQ', move.cancelled);
    expect(statuses.at(-2)).toBe(0xfe00);
    expect(move.count()).toBeLessThan(10);
  });
});

describeWith(['pynetdicom'], 'pynetdicom', () => {
  describe('cancels', () => {
    test.each(['C-FIND', 'C-MOVE', 'C-GET'] as const)('a %s', async (operation) => {
      const ours = await startEndlessAcceptor();
      const told = await runLineScu({ port: ours.port, roles: [false, true], cancel: { operation, after: 2 } });
      expect(told).toMatchObject({ outcome: 'established', echo: 0, final: 0xfe00 });
      expect(told.pending).toBeGreaterThanOrEqual(2);
      if (operation !== 'C-FIND') expect(Number(told.completed) + Number(told.remaining)).toBe(65_000);
      expect(ours.cancelled).toEqual([`${operation}-RSP`]);
      await vi.waitUntil(() => ours.ends.length > 0, { timeout: 20_000 });
      expect(ours.ends).toEqual(['released']);
    });
  });

  describe('stops when we cancel', () => {
    test('a C-FIND', async () => {
      const peer = await startLineScp({ endless: true });
      onTestFinished(() => peer.stop());
      const { session, statuses } = await asker(peer.port, 'LINE_SCP');
      await cancelAfterFirst(session, 'C-FIND-RQ');
      expect(statuses.at(-2)).toBe(0xfe00);
      expect(peer.events()).toContainEqual(expect.objectContaining({ event: 'cancelled', operation: 'C-FIND' }));
    });

    test('a C-GET', async () => {
      const peer = await startLineScp({ endless: true, object: objectPath });
      onTestFinished(() => peer.stop());
      const get = storage();
      const { session, statuses } = await asker(peer.port, 'LINE_SCP', get.handler);
      await cancelAfterFirst(session, 'C-GET-RQ', get.cancelled);
      expect(statuses.at(-2)).toBe(0xfe00);
      expect(peer.events()).toContainEqual(expect.objectContaining({ event: 'cancelled', operation: 'C-GET' }));
    });

    test('a C-MOVE', async () => {
      const move = storage();
      const movePort = await destination(move.handler);
      const peer = await startLineScp({ endless: true, object: objectPath, movePort });
      onTestFinished(() => peer.stop());
      const { session, statuses } = await asker(peer.port, 'LINE_SCP');
      await cancelAfterFirst(session, 'C-MOVE-RQ', move.cancelled);
      expect(statuses.at(-2)).toBe(0xfe00);
      expect(peer.events()).toContainEqual(expect.objectContaining({ event: 'cancelled', operation: 'C-MOVE' }));
    });
  });
});
