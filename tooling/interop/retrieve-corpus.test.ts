/** Every real file comes through C-GET and C-MOVE of ours byte for byte, in whichever transfer syntax; a destination that takes less gets it converted or not at all. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  connect,
  createScp,
  get,
  type InstanceFile,
  move,
  type RetrieveQuery,
  storage,
  verification,
} from '@dicomwire/services';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Corpus, type CorpusFile, dealIntoRounds, readCorpus, SHARED_FILES } from './corpus/corpus.ts';
import { splitPart10 } from './corpus/part10.ts';
import { SYNTAXES } from './corpus/sample.ts';
import { PYDICOM_FILES } from './peers/availability.ts';
import { startStorescp } from './peers/dcmtk.ts';
import { run } from './peers/process.ts';
import { temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

describeWith(['pydicom files'], "pydicom's files", () => retrieveWholeCorpus(() => readCorpus(PYDICOM_FILES)));

if (existsSync(SHARED_FILES)) {
  describe('the files beside the repository', () => retrieveWholeCorpus(() => readCorpus(SHARED_FILES)));
} else {
  console.warn(`SKIPPED the files beside the repository: ${SHARED_FILES} is not there`);
  describe.skip('the files beside the repository', () => test('are not there', () => {}));
}

/** What arrived: transfer syntax and data set by SOP instance UID. */
type Arrived = Map<string, { readonly transferSyntaxUid: string; readonly dataSet: Uint8Array }>;

function retrieveWholeCorpus(read: () => Corpus): void {
  test('comes through C-GET', async () => {
    for (const files of dealIntoRounds(read().storable.filter(isKnownSyntax))) {
      const { client } = await startArchive(files);
      for (const some of inFewSopClasses(files)) {
        const arrived: Arrived = new Map();
        const expected = {
          sopClasses: [...new Set(some.map(({ sopClassUid }) => sopClassUid))],
          transferSyntaxes: [...new Set(some.map(({ transferSyntax }) => transferSyntax))],
        };
        const uids = some.map(({ sopInstanceUid }) => sopInstanceUid);
        const keys = { SOPInstanceUID: uids };
        for await (const { sopInstanceUid, transferSyntaxUid, dataSet } of client.retrieve(keys, {
          model: 'composite-instance-root',
          checkIdentity: false,
          ...expected,
        })) {
          arrived.set(sopInstanceUid, { transferSyntaxUid, dataSet: await dataSet.bytes() });
        }
        expectAll(some, arrived);
      }
    }
  });

  test('comes through C-MOVE', async () => {
    for (const files of dealIntoRounds(read().storable.filter(isKnownSyntax))) {
      const { client, moved } = await startArchive(files);
      const keys = { SOPInstanceUID: files.map(({ sopInstanceUid }) => sopInstanceUid) };
      const summary = await client.move('DEST', keys, { model: 'composite-instance-root' });
      expect(summary).toMatchObject({ isComplete: true });
      expectAll(files, moved);
    }
  });
}

/** Files without file meta information have a transfer syntax that only their bytes tell. */
function isKnownSyntax({ transferSyntax, path }: CorpusFile): boolean {
  return transferSyntax !== '' && existsSync(path);
}

/** Each with a context for every transfer syntax. */
function inFewSopClasses(files: readonly CorpusFile[]): CorpusFile[][] {
  const byClass = new Map<string, CorpusFile[]>();
  for (const file of files) byClass.set(file.sopClassUid, [...(byClass.get(file.sopClassUid) ?? []), file]);
  return [...byClass.values()];
}

async function startArchive(files: readonly CorpusFile[]) {
  const moved: Arrived = new Map();
  const destination = createScp({
    aeTitle: 'DEST',
    services: [
      storage({
        promiscuous: true,
        checkIdentity: false,
        async store({ sopInstanceUid, transferSyntaxUid, dataSet }) {
          moved.set(sopInstanceUid, { transferSyntaxUid, dataSet: await dataSet.bytes() });
        },
      }),
    ],
  });
  onTestFinished(() => destination.close());
  const { port: movePort } = await destination.listen({ host: '127.0.0.1', port: 0 });
  const instances: readonly InstanceFile[] = files.map(({ sopClassUid, sopInstanceUid, transferSyntax, path }) => ({
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid: transferSyntax,
    path,
  }));
  const source = {
    instances: ({ sopInstanceUids }: RetrieveQuery) =>
      instances.filter(({ sopInstanceUid }) => sopInstanceUids.includes(sopInstanceUid)),
  };
  const peers = { DEST: { host: '127.0.0.1', port: movePort } };
  const scp = createScp({ aeTitle: 'OURS', services: [verification(), get({ source }), move({ source, peers })] });
  onTestFinished(() => scp.close());
  const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
  const client = await connect({ host: '127.0.0.1', port, calledAeTitle: 'OURS' });
  onTestFinished(() => client.release());
  return { client, moved };
}

/** An odd data set gains one zero byte on the wire (PS3.5 7.1.1: everything is even). */
function expectAll(files: readonly CorpusFile[], arrived: Arrived): void {
  const differing = files.filter(({ sopInstanceUid, transferSyntax, dataSet }) => {
    const got = arrived.get(sopInstanceUid);
    const even = dataSet.length % 2 === 0 ? dataSet : Buffer.concat([dataSet, Buffer.alloc(1)]);
    return got?.transferSyntaxUid !== transferSyntax || !even.equals(got.dataSet);
  });
  expect(differing.map(({ name }) => name)).toEqual([]);
}

describeWith(['DCMTK', 'pydicom files'], 'a peer that takes implicit VR little endian only', () => {
  test('gets each uncompressed file with the values that it has, by the word of dcmconv', async () => {
    const storescp = await startStorescp({ args: ['+xi'] });
    onTestFinished(() => storescp.stop());
    const directory = await temporaryDirectory('converted');
    onTestFinished(() => directory.remove());
    const uncompressed: readonly string[] = [
      SYNTAXES.explicit,
      SYNTAXES.bigEndian,
      SYNTAXES.deflated,
      SYNTAXES.implicit,
    ];
    const [files = []] = dealIntoRounds(
      readCorpus(PYDICOM_FILES).storable.filter(
        ({ transferSyntax, sopClassUid }) => uncompressed.includes(transferSyntax) && sopClassUid !== COLOR_PALETTE,
      ),
    );
    const client = await connect({ host: '127.0.0.1', port: storescp.port, calledAeTitle: 'STORESCP', services: [] });
    const { results } = await client.store(files.map(({ path }) => path));
    await client.release();
    const kept = await storescp.received();
    const stored = files.filter((file) =>
      results.some(({ source, outcome }) => source === file.path && outcome === 'stored'),
    );
    expect(stored.length).toBeGreaterThan(40);
    const differing: string[] = [];
    for (const { name, path, sopInstanceUid } of stored) {
      const original = await implicitFormOf(path, directory.path, 'original');
      const ours = kept.get(sopInstanceUid);
      expect(ours?.transferSyntax, name).toBe(SYNTAXES.implicit);
      const target = join(directory.path, 'kept.raw');
      await writeFile(target, ours?.dataSet ?? Buffer.alloc(0));
      const converted = await implicitFormOf(target, directory.path, 'converted', ['-f', '-ti']);
      if (original === undefined || converted === undefined || !original.equals(converted)) differing.push(name);
    }
    expect(differing).toEqual([]);
    expect(results.filter(({ outcome }) => outcome !== 'stored').map(({ source, reason }) => [source, reason])).toEqual(
      [],
    );
  });
});

/** storescp takes no objects without a patient. */
const COLOR_PALETTE = '1.2.840.10008.5.1.4.39.1';

/** The data set as dcmconv writes it in implicit VR little endian, lengths in one form; `undefined` when it can't read it. */
async function implicitFormOf(
  path: string,
  directory: string,
  name: string,
  input: readonly string[] = [],
): Promise<Buffer | undefined> {
  const target = join(directory, `${name}.dcm`);
  const end = await run('dcmconv', [...input, '+ti', '+e', '-g', '-p', path, target]);
  if (end.exitCode !== 0) return undefined;
  return splitPart10(await readFile(target))?.dataSet;
}
