/** C-GET and C-MOVE of real peers, with our services as provider: what arrives is what the source has, byte for byte. PS3.4 C.4.2, C.4.3. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createScp, get, type InstanceFile, move, type RetrieveQuery, verification } from '@dicomwire/services';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { freshUid, type GeneratedObject, generateObject } from './corpus/generated.ts';
import { SYNTAXES, type SyntaxName, UNCOMPRESSED } from './corpus/sample.ts';
import { orthancProgram } from './peers/availability.ts';
import { startStorescp } from './peers/dcmtk.ts';
import { startOrthanc } from './peers/orthanc.ts';
import { freePort } from './peers/port.ts';
import { run } from './peers/process.ts';
import { runPynetdicom, startPynetdicomStorescp } from './peers/pynetdicom.ts';
import { part10FilesBelow, type StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

type Kept = Awaited<ReturnType<StoragePeer['received']>>;

/** A study of objects in a transfer syntax each, with their files. */
interface Study {
  readonly studyInstanceUid: string;
  readonly objects: readonly GeneratedObject[];
  readonly files: readonly InstanceFile[];
}

let directory: TemporaryDirectory;
const studies = new Map<string, Study>();
let uncompressed: Study;
let compressed: Study;

beforeAll(async () => {
  directory = await temporaryDirectory('retrieve-from-ours');
  uncompressed = await makeStudy(UNCOMPRESSED);
  compressed = await makeStudy(['jpegLossless', 'jpeg2000', 'rle']);
});

afterAll(() => directory.remove());

async function makeStudy(kinds: readonly SyntaxName[]): Promise<Study> {
  const studyInstanceUid = freshUid();
  const seriesInstanceUid = freshUid();
  const objects = kinds.map((kind) =>
    generateObject({ studyInstanceUid, seriesInstanceUid, transferSyntax: SYNTAXES[kind], pixelBytes: 300_000 }),
  );
  const files = objects.map(({ sopClassUid, sopInstanceUid, transferSyntax }) => ({
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid: transferSyntax,
    path: join(directory.path, `${sopInstanceUid}.dcm`),
  }));
  await Promise.all(objects.map(({ file }, index) => writeFile(files[index]?.path ?? '', file)));
  const study = { studyInstanceUid, objects, files };
  studies.set(studyInstanceUid, study);
  return study;
}

/** Our provider, which may move to these. */
async function startOurs(destinations: Readonly<Record<string, number>> = {}) {
  const queries: RetrieveQuery[] = [];
  const source = {
    instances(query: RetrieveQuery) {
      queries.push(query);
      const files = query.studyInstanceUids.flatMap((uid) => studies.get(uid)?.files ?? []);
      return files.filter(
        ({ sopInstanceUid }) => query.sopInstanceUids.length === 0 || query.sopInstanceUids.includes(sopInstanceUid),
      );
    },
  };
  const peers = Object.fromEntries(
    Object.entries({ NOBODY: 1, ...destinations }).map(([title, port]) => [title, { host: '127.0.0.1', port }]),
  );
  const scp = createScp({ aeTitle: 'OURS', services: [verification(), get({ source }), move({ source, peers })] });
  onTestFinished(() => scp.close());
  const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
  return { port, queries };
}

function keys({ studyInstanceUid }: Study): string[] {
  return ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${studyInstanceUid}`];
}

function expectAll(kept: Kept, { objects }: Study): void {
  expect(kept.size).toBe(objects.length);
  for (const { sopInstanceUid, dataSet, transferSyntax } of objects) {
    const file = kept.get(sopInstanceUid);
    expect(file?.transferSyntax).toBe(transferSyntax);
    expect(file?.dataSet.equals(dataSet)).toBe(true);
  }
}

/** A directory that goes with the test. */
async function targetDirectory(): Promise<string> {
  const target = await temporaryDirectory('retrieved');
  onTestFinished(() => target.remove());
  return target.path;
}

/** A peer that is stopped with the test. */
async function started<P extends { stop(): Promise<void> }>(starting: Promise<P>): Promise<P> {
  const peer = await starting;
  onTestFinished(() => peer.stop());
  return peer;
}

describeWith(['DCMTK'], 'DCMTK', () => {
  test.each([
    ['study root', '-S'],
    ['patient root', '-P'],
  ])('getscu gets a study by the %s', async (_name, root) => {
    const ours = await startOurs();
    const target = await targetDirectory();
    const explicit = await makeStudy(['explicit', 'explicit']);
    const args = ['-v', root, '-aec', 'OURS', '+B', '-od', target, ...keys(explicit)];
    expect(await run('getscu', [...args, '127.0.0.1', String(ours.port)])).toMatchObject({ exitCode: 0 });
    expectAll(await part10FilesBelow(target), explicit);
  });

  test('getscu that takes one compressed transfer syntax hears that the others failed', async () => {
    const ours = await startOurs();
    const target = await targetDirectory();
    const args = ['-v', '-S', '+xs', '-aec', 'OURS', '+B', '-od', target, ...keys(compressed)];
    const end = await run('getscu', [...args, '127.0.0.1', String(ours.port)]);
    expect(end.stdout + end.stderr).toMatch(/Number of Failed Suboperations\s*: 2|b000|Warning/i);
    const kept = await part10FilesBelow(target);
    expect([...kept.values()].map(({ transferSyntax }) => transferSyntax)).toEqual([SYNTAXES.jpegLossless]);
  });

  test('movescu moves studies to storescp', async () => {
    const storescp = await started(startStorescp());
    const ours = await startOurs({ STORESCP: storescp.port });
    const args = ['-v', '-S', '-aec', 'OURS', '-aem', 'STORESCP'];
    for (const study of [uncompressed, compressed]) {
      const end = await run('movescu', [...args, ...keys(study), '127.0.0.1', String(ours.port)]);
      expect(end).toMatchObject({ exitCode: 0 });
    }
    const both = { ...uncompressed, objects: [...uncompressed.objects, ...compressed.objects] };
    expectAll(await storescp.received(), both);
  });

  test('movescu hears of a destination that nobody knows', async () => {
    const ours = await startOurs();
    const args = ['-v', '-S', '-aec', 'OURS', '-aem', 'ELSEWHERE', ...keys(uncompressed)];
    const end = await run('movescu', [...args, '127.0.0.1', String(ours.port)]);
    expect(end.exitCode).not.toBe(0);
    expect(end.stdout + end.stderr).toMatch(/Move ?Destination ?unknown/i);
  });

  test('movescu hears of a destination that can not be reached, with the UIDs that failed', async () => {
    const ours = await startOurs();
    const args = ['-d', '-S', '-aec', 'OURS', '-aem', 'NOBODY', ...keys(uncompressed)];
    const end = await run('movescu', [...args, '127.0.0.1', String(ours.port)]);
    expect(end.exitCode).not.toBe(0);
    expect(end.stdout + end.stderr).toMatch(/a702|Refused: OutOfResources/i);
    for (const { sopInstanceUid } of uncompressed.objects) expect(end.stdout + end.stderr).toContain(sopInstanceUid);
  });

  test('movescu takes what it moves on its own association', async () => {
    const port = await freePort();
    const ours = await startOurs({ MOVESCU: port });
    const target = await targetDirectory();
    // With +B it writes where it runs, whatever -od says.
    const args = ['-v', '-S', '-aec', 'OURS', '-aet', 'MOVESCU', '-aem', 'MOVESCU', '+P', String(port), '+B'];
    const end = await run('movescu', [...args, ...keys(uncompressed), '127.0.0.1', String(ours.port)], { cwd: target });
    expect(end).toMatchObject({ exitCode: 0 });
    expect((await part10FilesBelow(target)).size).toBe(uncompressed.objects.length);
  });
});

describeWith(['pynetdicom'], 'pynetdicom', () => {
  test('getscu gets a study', async () => {
    const ours = await startOurs();
    const target = await targetDirectory();
    const explicit = await makeStudy(['explicit', 'explicit', 'explicit']);
    const args = ['127.0.0.1', String(ours.port), '-S', '-aec', 'OURS', '-od', target, ...keys(explicit)];
    expect(await runPynetdicom('getscu', args)).toMatchObject({ exitCode: 0 });
    const kept = await part10FilesBelow(target);
    expect([...kept.keys()].sort()).toEqual(explicit.objects.map(({ sopInstanceUid }) => sopInstanceUid).sort());
  });

  test('movescu moves a study to storescp', async () => {
    const storescp = await started(startPynetdicomStorescp());
    const ours = await startOurs({ STORESCP: storescp.port });
    const args = ['127.0.0.1', String(ours.port), '-S', '-aec', 'OURS', '-aem', 'STORESCP', ...keys(uncompressed)];
    expect(await runPynetdicom('movescu', args)).toMatchObject({ exitCode: 0 });
    expectAll(await storescp.received(), uncompressed);
  });
});

describeWith(['Orthanc'], 'Orthanc', () => {
  test('asks us to move a study to itself', async () => {
    const ourPort = await freePort();
    const orthanc = await started(startOrthanc(orthancProgram(), { ours: { aeTitle: 'OURS', port: ourPort } }));
    const peers = { ORTHANC: { host: '127.0.0.1', port: orthanc.port } };
    const source = { instances: () => uncompressed.files };
    const scp = createScp({ aeTitle: 'OURS', services: [verification(), move({ source, peers })] });
    onTestFinished(() => scp.close());
    await scp.listen({ host: '127.0.0.1', port: ourPort });
    await orthanc.moveFromModality('ours', 'ORTHANC', uncompressed.studyInstanceUid);
    expectAll(await orthanc.received(), uncompressed);
  });
});
