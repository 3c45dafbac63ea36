/** Role selection with real peers: what was negotiated, and a C-GET whose C-STORE goes the other way because of it. PS3.7 D.3.3.4. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSet, type IncomingRequest } from '@dicomwire/dimse';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { freshUid, type GeneratedObject, generateObject } from './corpus/generated.ts';
import { startOurAcceptor } from './line/our-acceptor.ts';
import { echo, openSession } from './line/our-requestor.ts';
import { ctImageStorage, studyRootGet } from './line/proposal.ts';
import { startDcmqrscp } from './peers/dcmtk.ts';
import { run } from './peers/process.ts';
import { runLineScu, startLineScp } from './peers/pynetdicom-line.ts';
import { part10FilesBelow } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const studyInstanceUid = freshUid();
let directory: TemporaryDirectory;
let object: GeneratedObject;
let path: string;

beforeAll(async () => {
  directory = await temporaryDirectory('roles');
  object = generateObject({ studyInstanceUid, pixelBytes: 300_000 });
  path = join(directory.path, 'object.dcm');
  await writeFile(path, object.file);
});

afterAll(() => directory.remove());

const receiver = { sopClassUid: ctImageStorage, scuRole: false, scpRole: true };

/** Opens an association on which we may be SCP of CT Image Storage, and asks for the study. */
async function getStudy(port: number, calledAeTitle: string) {
  const received = new Map<string, Uint8Array>();
  const handler = async ({ command, dataSet }: IncomingRequest) => {
    if (command.type !== 'C-STORE-RQ' || dataSet === undefined) return { status: 0x0122 };
    received.set(command.affectedSopInstanceUid, await dataSet.bytes());
    return { status: 0x0000 };
  };
  const session = await openSession({ port, calledAeTitle, roleSelections: [receiver], handler });
  const { command } = await session.request(
    { type: 'C-GET-RQ', affectedSopClassUid: studyRootGet },
    { dataSet: DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: studyInstanceUid }) },
  );
  return { session, received, command };
}

describeWith(['DCMTK'], 'DCMTK', () => {
  test('getscu becomes SCP of storage with us, and gets the object', async () => {
    const ours = await startOurAcceptor({ mayReceive: true, object });
    const target = await temporaryDirectory('getscu');
    onTestFinished(() => target.remove());
    const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${studyInstanceUid}`];
    const end = await run('getscu', ['-v', '-S', '+B', '-od', target.path, ...keys, '127.0.0.1', String(ours.port)]);
    expect(end).toMatchObject({ exitCode: 0 });
    expect(ours.associations[0]?.negotiated.roleSelections.get(ctImageStorage)).toEqual(receiver);
    const files = await part10FilesBelow(target.path);
    expect(files.get(object.sopInstanceUid)?.dataSet.equals(object.dataSet)).toBe(true);
  });

  test('getscu gets no roles where we grant none', async () => {
    const ours = await startOurAcceptor();
    const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${studyInstanceUid}`];
    await run('getscu', ['-S', '-od', directory.path, ...keys, '127.0.0.1', String(ours.port)]);
    expect(ours.associations[0]?.negotiated.roleSelections.size).toBe(0);
  });

  test('dcmqrscp takes us as SCP of storage, and sends the object', async () => {
    const peer = await startDcmqrscp();
    onTestFinished(() => peer.stop());
    const stored = await run('storescu', ['--call', peer.aeTitle, '127.0.0.1', String(peer.port), path]);
    expect(stored).toMatchObject({ exitCode: 0 });
    const { session, received, command } = await getStudy(peer.port, peer.aeTitle);
    expect(session.negotiated.roleSelections.get(ctImageStorage)).toEqual(receiver);
    expect(command).toMatchObject({ status: 0x0000, numberOfCompletedSuboperations: 1 });
    expect([...received.keys()]).toEqual([object.sopInstanceUid]);
    expect(object.dataSet.equals(received.get(object.sopInstanceUid) ?? Buffer.alloc(0))).toBe(true);
    expect(await session.release()).toEqual({ kind: 'released', by: 'local' });
  });
});

describeWith(['pynetdicom'], 'pynetdicom', () => {
  test('becomes SCP of storage with us, and gets the object', async () => {
    const ours = await startOurAcceptor({ mayReceive: true, object });
    const told = await runLineScu({ port: ours.port, roles: [false, true], get: studyInstanceUid });
    expect(told).toMatchObject({
      outcome: 'established',
      roles: { [ctImageStorage]: [false, true] },
      get: 0,
      completed: 1,
      received: [object.sopInstanceUid],
    });
    expect(ours.associations[0]?.negotiated.roleSelections.get(ctImageStorage)).toEqual(receiver);
  });

  test.each<[string, boolean, readonly [boolean, boolean], object]>([
    ['both, where it proposes both', true, [true, true], { [ctImageStorage]: [true, true] }],
    ['SCU, where it proposes that', true, [true, false], { [ctImageStorage]: [true, false] }],
    ['none, where none are granted', false, [true, true], {}],
  ])('is granted roles: %s', async (_, mayReceive, roles, answer) => {
    const ours = await startOurAcceptor({ mayReceive });
    const told = await runLineScu({ port: ours.port, roles });
    expect(told).toMatchObject({ outcome: 'established', echo: 0 });
    expect(told.roles).toEqual(answer);
  });

  test('takes us as SCP of storage, and sends the object', async () => {
    const peer = await startLineScp({ object: path });
    onTestFinished(() => peer.stop());
    const { session, received, command } = await getStudy(peer.port, 'LINE_SCP');
    expect(session.negotiated.roleSelections.get(ctImageStorage)).toEqual(receiver);
    expect(command).toMatchObject({ status: 0x0000, numberOfCompletedSuboperations: 1 });
    expect([...received.keys()]).toEqual([object.sopInstanceUid]);
    expect(peer.events()).toContainEqual(
      expect.objectContaining({
        proposedRoles: { [ctImageStorage]: [false, true] },
        roles: { [ctImageStorage]: [false, true] },
      }),
    );
  });

  test('grants us both roles, and the association works', async () => {
    const peer = await startLineScp();
    onTestFinished(() => peer.stop());
    const both = { sopClassUid: ctImageStorage, scuRole: true, scpRole: true };
    const session = await openSession({ port: peer.port, roleSelections: [both] });
    expect(session.negotiated.roleSelections.get(ctImageStorage)).toEqual(both);
    expect(await echo(session)).toBe(0);
  });
});
