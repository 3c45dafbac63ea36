/** Our retrievals, C-GET and C-MOVE, from real archives: what we stored comes back byte for byte. PS3.4 C.4.2, C.4.3. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, connect, createScp, type RetrieveProgress, storage, verification } from '@dicomwire/services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshUid, type GeneratedObject, generateObject } from './corpus/generated.ts';
import { SYNTAXES, type SyntaxName, UNCOMPRESSED } from './corpus/sample.ts';
import { orthancProgram, type PeerName } from './peers/availability.ts';
import { startDcmqrscp } from './peers/dcmtk.ts';
import { startOrthanc } from './peers/orthanc.ts';
import { freePort } from './peers/port.ts';
import { startPynetdicomQrscp } from './peers/pynetdicom.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

/** An archive, and what it gives back. */
interface Row {
  readonly peers: readonly PeerName[];
  readonly name: string;
  /** Started with the port on which our destination MOVED listens. */
  readonly start: (movePort: number) => Promise<Pick<StoragePeer, 'aeTitle' | 'port' | 'stop'>>;
  /** Kinds that it gives back as they stand. */
  readonly kinds: readonly SyntaxName[];
  /** Whom it names as the originator of a C-MOVE of ours. */
  readonly originator: string;
}

const ROWS: readonly Row[] = [
  {
    peers: ['DCMTK'],
    name: 'DCMTK dcmqrscp',
    start: (port) => startDcmqrscp([{ aeTitle: 'MOVED', port }]),
    // It prefers explicit VR little endian, and converts what it has in another.
    kinds: ['explicit'],
    originator: 'US',
  },
  {
    peers: ['Orthanc'],
    name: 'Orthanc',
    start: (port) => startOrthanc(orthancProgram(), { moved: { aeTitle: 'MOVED', port }, us: { aeTitle: 'US', port } }),
    originator: 'US',
    kinds: [...UNCOMPRESSED, 'jpegBaseline', 'jpegLossless', 'jpegLs', 'jpeg2000', 'rle'],
  },
  {
    peers: ['qrscp of pynetdicom'],
    name: 'pynetdicom qrscp',
    start: (port) => startPynetdicomQrscp([{ aeTitle: 'MOVED', port }]),
    kinds: ['implicit', 'explicit'],
    // The standard says: the AE that asked.
    originator: 'QRSCP',
  },
];

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory('retrieve-from-peers');
});

afterAll(() => directory.remove());

for (const { peers, name, start, kinds, originator } of ROWS) {
  describeWith(peers, name, () => {
    let archive: Awaited<ReturnType<Row['start']>>;
    let client: Client;
    let objects: GeneratedObject[];
    let moved: Map<string, Uint8Array>;
    const originators = new Set<string | undefined>();
    const studyInstanceUid = freshUid();
    const seriesInstanceUid = freshUid();
    const destination = createScp({
      aeTitle: 'MOVED',
      services: [
        verification(),
        storage({
          async store({ sopInstanceUid, dataSet, moveOriginator }) {
            moved.set(sopInstanceUid, await dataSet.bytes());
            originators.add(moveOriginator?.aeTitle);
          },
        }),
      ],
    });

    beforeAll(async () => {
      const movePort = await freePort();
      await destination.listen({ host: '127.0.0.1', port: movePort });
      archive = await start(movePort);
      client = await connect({
        host: '127.0.0.1',
        port: archive.port,
        calledAeTitle: archive.aeTitle,
        callingAeTitle: 'US',
        services: [],
      });
      objects = kinds.flatMap((kind) =>
        [1, 2].map(() =>
          generateObject({ studyInstanceUid, seriesInstanceUid, transferSyntax: SYNTAXES[kind], pixelBytes: 100_000 }),
        ),
      );
      const study = join(directory.path, studyInstanceUid);
      await mkdir(study);
      await Promise.all(objects.map(({ file }, index) => writeFile(join(study, `${index}.dcm`), file)));
      expect(await client.store(study)).toMatchObject({ isComplete: true });
    });

    afterAll(async () => {
      await client.release();
      await archive.stop();
      await destination.close();
    });

    test('gives a study back by C-GET, as it was stored', async () => {
      const retrieval = client.retrieve({ StudyInstanceUID: studyInstanceUid }, { sopClasses: [CT] });
      const received = new Map<string, Uint8Array>();
      for await (const { sopInstanceUid, dataSet, transferSyntaxUid } of retrieval) {
        received.set(sopInstanceUid, await dataSet.bytes());
        const object = objects.find((each) => each.sopInstanceUid === sopInstanceUid);
        expect(transferSyntaxUid).toBe(object?.transferSyntax);
      }
      expect(retrieval.summary).toMatchObject({ isComplete: true });
      expectAll(received, objects);
    });

    test('gives single instances', async () => {
      const [first] = objects;
      const uid = first?.sopInstanceUid ?? '';
      const keys = {
        StudyInstanceUID: studyInstanceUid,
        SeriesInstanceUID: seriesInstanceUid,
        SOPInstanceUID: uid,
      };
      const received: string[] = [];
      for await (const { sopInstanceUid } of client.retrieve(keys, { sopClasses: [CT] })) received.push(sopInstanceUid);
      expect(received).toEqual([uid]);
    });

    test('stops when the loop is left, and can be asked again', async () => {
      for await (const { dataSet } of client.retrieve({ StudyInstanceUID: studyInstanceUid }, { sopClasses: [CT] })) {
        await dataSet.discard();
        break;
      }
      const again: string[] = [];
      for await (const { sopInstanceUid } of client.retrieve(
        { StudyInstanceUID: studyInstanceUid },
        { sopClasses: [CT] },
      )) {
        again.push(sopInstanceUid);
      }
      expect(again).toHaveLength(objects.length);
    });

    test('moves a study to us, as it was stored', async () => {
      moved = new Map();
      const steps: RetrieveProgress[] = [];
      const summary = await client.move(
        'MOVED',
        { StudyInstanceUID: studyInstanceUid },
        { onProgress: (step) => steps.push(step) },
      );
      expect(summary).toMatchObject({ isComplete: true });
      expectAll(moved, objects);
      expect([...originators]).toEqual([originator]);
      expect(steps.length).toBeGreaterThan(1);
    });

    test('refuses to move to whom it does not know', async () => {
      await expect(client.move('NOBODY', { StudyInstanceUID: studyInstanceUid })).rejects.toMatchObject({
        code: 'refused',
      });
    });
  });
}

const CT = '1.2.840.10008.5.1.4.1.1.2';

function expectAll(received: ReadonlyMap<string, Uint8Array>, objects: readonly GeneratedObject[]): void {
  expect(received.size).toBe(objects.length);
  for (const { sopInstanceUid, dataSet } of objects) {
    expect(dataSet.equals(received.get(sopInstanceUid) ?? Buffer.alloc(0))).toBe(true);
  }
}
