/**
 * What the demo SCP was given comes out as it went in: found, got and moved, in every transfer syntax of the corpus. PS3.4 C.4.
 */
import { existsSync } from 'node:fs';
import { type Client, connect, createScp, type ReceivedInstance, storage } from '@dicomwire/services';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CorpusFile, dealIntoRounds, readCorpus, SHARED_FILES } from './corpus/corpus.ts';
import { PYDICOM_FILES, whatIsMissing } from './peers/availability.ts';
import { type DemoScp, startDemoScp } from './peers/dicomwire.ts';
import { freePort } from './peers/port.ts';
import { run } from './peers/process.ts';
import { pynetdicomPython } from './peers/pynetdicom.ts';
import { part10FilesBelow } from './peers/storage-peer.ts';
import { temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const files: readonly CorpusFile[] = [
  ...(existsSync(SHARED_FILES) ? readCorpus(SHARED_FILES).storable : []),
  ...(whatIsMissing('pydicom files') === undefined ? readCorpus(PYDICOM_FILES).storable : []),
];

if (files.length === 0) {
  console.warn('SKIPPED the demo archive: there are no files to put into it');
  describe.skip('the demo archive', () => test('has no files', () => {}));
} else {
  describe('the demo archive', () => {
    exactness(files);
  });
}

function exactness(corpus: readonly CorpusFile[]): void {
  let demo: DemoScp;
  let client: Client;
  let destination: { readonly port: number; readonly received: Map<string, Kept> };
  /** The first of each instance: what the archive keeps. */
  const kept = new Map<string, CorpusFile>();

  beforeAll(async () => {
    destination = await startDestination();
    demo = await startDemoScp({ args: ['--peer', `DEST=127.0.0.1:${destination.port}`] });
    client = await connect({
      host: '127.0.0.1',
      port: demo.port,
      calledAeTitle: demo.aeTitle,
      callingAeTitle: 'INTEROP',
      services: [],
    });
    const [first = []] = dealIntoRounds(corpus);
    for (const file of first) kept.set(file.sopInstanceUid, file);
    const summary = await client.store([...kept.values()].map(({ path }) => path));
    expect(summary.counts).toMatchObject({ stored: kept.size, refused: 0, failed: 0, 'not-sent': 0 });
  });

  afterAll(async () => {
    await client.release();
    await demo.stop();
  });

  async function studies(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const study of client.find('STUDY', { StudyInstanceUID: null })) {
      found.push(study.get('StudyInstanceUID') ?? '');
    }
    return found;
  }

  /** One transfer syntax is accepted for each context: so what is to come is asked for first. */
  async function expected(study: string) {
    const images = client.find(
      'IMAGE',
      { StudyInstanceUID: study, SOPClassUID: null, AvailableTransferSyntaxUID: null },
      { relationalQueries: true },
    );
    const found = await images.toArray();
    return {
      sopClasses: [...new Set(found.map((image) => image.get('SOPClassUID') ?? ''))],
      transferSyntaxes: [...new Set(found.flatMap((image) => image.texts('AvailableTransferSyntaxUID')))],
    };
  }

  test('every study that is listed is found', async () => {
    const listed = new Set((await demo.list()).map(({ sopInstanceUid }) => sopInstanceUid));
    expect(listed.size).toBe(kept.size);
    expect(new Set(await studies()).size).toBeGreaterThan(10);
  });

  test('every instance of every study is got byte for byte', async () => {
    const differing: string[] = [];
    const seen = new Set<string>();
    for (const study of await studies()) {
      for await (const instance of client.retrieve({ StudyInstanceUID: study }, await expected(study))) {
        seen.add(instance.sopInstanceUid);
        if (!isSame(kept.get(instance.sopInstanceUid), await keep(instance))) differing.push(instance.sopInstanceUid);
      }
    }
    expect(differing).toEqual([]);
    expect(seen.size).toBeGreaterThan(kept.size * 0.8);
  });

  test('every instance of every study is moved byte for byte', async () => {
    let completed = 0;
    for (const study of await studies()) {
      const summary = await client.move('DEST', { StudyInstanceUID: study });
      expect(summary).toMatchObject({ status: 0x0000 });
      completed += summary.completed ?? 0;
    }
    const differing = [...destination.received]
      .filter(([uid, moved]) => !isSame(kept.get(uid), moved))
      .map(([uid]) => uid);
    expect(differing).toEqual([]);
    expect(destination.received.size).toBe(completed);
  });

  describeWith(['DCMTK'], 'and DCMTK', () => {
    test('findscu finds what storescu would have sent, getscu and movescu fetch an uncompressed study', async () => {
      const plain = [...kept.values()].find(
        ({ transferSyntax, name }) => transferSyntax === '1.2.840.10008.1.2.1' && name.includes('MR_small'),
      );
      if (plain === undefined) throw new Error('The corpus has no such file');
      const query = ['-S', '-k', 'QueryRetrieveLevel=IMAGE', '-k', `SOPInstanceUID=${plain.sopInstanceUid}`];
      const found = await run('findscu', [
        '-S',
        '-k',
        'QueryRetrieveLevel=STUDY',
        '-k',
        'PatientName=*',
        '127.0.0.1',
        String(demo.port),
      ]);
      expect(found.stderr + found.stdout).toContain('Find Response: 1 (Pending)');
      const directory = await temporaryDirectory('getscu');
      onTestFinished(() => directory.remove());
      const study = (
        await client
          .find(
            'IMAGE',
            { SOPInstanceUID: plain.sopInstanceUid, StudyInstanceUID: null, SeriesInstanceUID: null },
            { relationalQueries: true },
          )
          .toArray()
      )[0];
      const keys = [
        '-k',
        `StudyInstanceUID=${study?.get('StudyInstanceUID')}`,
        '-k',
        `SeriesInstanceUID=${study?.get('SeriesInstanceUID')}`,
      ];
      const got = await run('getscu', [...query, ...keys, '-od', directory.path, '127.0.0.1', String(demo.port)]);
      expect(got).toMatchObject({ exitCode: 0 });
      expect((await part10FilesBelow(directory.path)).size).toBe(1);
      const moved = await run('movescu', [...query, ...keys, '-aem', 'DEST', '127.0.0.1', String(demo.port)]);
      expect(moved).toMatchObject({ exitCode: 0 });
    });
  });

  describeWith(['pynetdicom'], 'and pynetdicom', () => {
    test('it finds, by any of its models', async () => {
      for (const model of ['-S', '-P']) {
        const end = await run(pynetdicomPython(), [
          ...['-m', 'pynetdicom', 'findscu', '127.0.0.1', String(demo.port), model],
          ...[
            '-k',
            'QueryRetrieveLevel=STUDY',
            '-k',
            model === '-P' ? 'PatientID=1CT1' : 'PatientName=*',
            '-k',
            'StudyInstanceUID=',
          ],
        ]);
        expect(end.stdout + end.stderr).toContain('0x0000');
      }
    });
  });
}

/** A data set and its transfer syntax. */
interface Kept {
  readonly transferSyntax: string;
  readonly dataSet: Buffer;
}

async function keep(instance: ReceivedInstance): Promise<Kept> {
  return { transferSyntax: instance.transferSyntaxUid, dataSet: Buffer.from(await instance.dataSet.bytes()) };
}

async function startDestination() {
  const received = new Map<string, Kept>();
  const scp = createScp({
    aeTitle: 'DEST',
    services: [
      storage({
        async store(instance) {
          received.set(instance.sopInstanceUid, await keep(instance));
        },
      }),
    ],
  });
  const { port } = await scp.listen({ host: '127.0.0.1', port: await freePort() });
  afterAll(() => scp.close());
  return { port, received };
}

/** An odd data set gained one zero byte on the wire. */
function isSame(file: CorpusFile | undefined, other: Kept): boolean {
  if (file === undefined || file.transferSyntax !== other.transferSyntax) return false;
  const expected = file.dataSet.length % 2 === 0 ? file.dataSet : Buffer.concat([file.dataSet, Buffer.alloc(1)]);
  return expected.equals(other.dataSet);
}
