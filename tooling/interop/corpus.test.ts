/** Every real file that can be stored goes through our store client and the demo SCP, and comes out byte for byte. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Corpus, type CorpusFile, dealIntoRounds, readCorpus, SHARED_FILES } from './corpus/corpus.ts';
import { PYDICOM_LEFT_OUT, SHARED_LEFT_OUT } from './corpus/left-out.ts';
import { PYDICOM_FILES } from './peers/availability.ts';
import { type DemoScp, runDicomwire, startDemoScp } from './peers/dicomwire.ts';
import { describeWith } from './with-peers.ts';

describeWith(['pydicom files'], "pydicom's files", () => {
  sendWholeCorpus(() => readCorpus(PYDICOM_FILES), PYDICOM_LEFT_OUT, 168);
});

if (existsSync(SHARED_FILES)) {
  describe('the files beside the repository', () => {
    sendWholeCorpus(() => readCorpus(SHARED_FILES), SHARED_LEFT_OUT, 73);
  });
} else {
  console.warn(`SKIPPED the files beside the repository: ${SHARED_FILES} is not there`);
  describe.skip('the files beside the repository', () => test('are not there', () => {}));
}

function sendWholeCorpus(read: () => Corpus, leftOut: Readonly<Record<string, string>>, storable: number): void {
  let corpus: Corpus;
  let demo: DemoScp;

  beforeAll(async () => {
    corpus = read();
    demo = await startDemoScp({ args: ['--on-duplicate', 'replace'] });
  });

  afterAll(() => demo.stop());

  test('what is left out is known, with the reason', () => {
    expect(corpus.leftOut).toEqual(leftOut);
    expect(corpus.storable).toHaveLength(storable);
  });

  test('every other file is stored byte for byte', async () => {
    for (const files of dealIntoRounds(corpus.storable)) {
      await store(files, demo);
      const kept = await demo.received();
      const differing = files.filter((file) => !isKept(file, kept)).map((file) => file.name);
      expect(differing).toEqual([]);
    }
  });

  test('files that are no storable objects are reported, none of them as stored', async () => {
    const names = Object.keys(leftOut).filter((name) => !isDirectory(name));
    const paths = names.map((name) => join(corpus.root, name));
    const end = await runDicomwire(['store', '127.0.0.1', String(demo.port), '--json', ...paths]);
    const outcomes = objectsIn(end.stdout);
    expect(outcomes.map((object) => object.source).sort()).toEqual(paths.sort());
    expect(outcomes.filter((object) => object.outcome === 'stored' || object.outcome === 'failed')).toEqual([]);
    // By our own archive, which has to look for it.
    const refused = outcomes.filter(({ outcome }) => outcome === 'refused').map(({ source }) => source);
    const cut = names.filter((name) => leftOut[name] === 'cut inside a value');
    expect(refused.sort()).toEqual(cut.map((name) => join(corpus.root, name)).sort());
    expect(end.exitCode).toBe(1);
  });

  test('a DICOMDIR stands for the files that it lists', async () => {
    const directories = Object.keys(leftOut).filter(isDirectory);
    expect(directories.length).toBeGreaterThan(0);
    for (const name of directories) {
      const path = join(corpus.root, name);
      const listsNothing = name.includes('empty');
      const end = await runDicomwire(['store', '127.0.0.1', String(demo.port), '--json', path]);
      const outcomes = objectsIn(end.stdout);
      expect(outcomes.filter(({ outcome }) => outcome !== 'stored')).toEqual([]);
      expect(outcomes.map(({ source }) => source).sort()).toEqual(listsNothing ? [] : filesBeside(path));
      expect(end.exitCode).toBe(listsNothing ? 1 : 0);
    }
  });
}

function isDirectory(name: string): boolean {
  return basename(name).startsWith('DICOMDIR');
}

/** All files in the folders beside a DICOMDIR: in these collections it lists every one of them. */
function filesBeside(path: string): string[] {
  const folder = dirname(path);
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath !== folder)
      .map((entry) => join(entry.parentPath, entry.name))
      // A collection of its own, within the other.
      .filter((file) => !relative(folder, file).startsWith('TINY_ALPHA'))
      .sort()
  );
}

async function store(files: readonly CorpusFile[], demo: DemoScp): Promise<void> {
  const paths = files.map((file) => file.path);
  const end = await runDicomwire(['store', '127.0.0.1', String(demo.port), '--json', ...paths]);
  const troubles = objectsIn(end.stdout).filter((object) => object.outcome !== 'stored');
  expect(troubles).toEqual([]);
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
}

/** An odd data set gains one zero byte on the wire (PS3.5 7.1.1: everything is even). */
function isKept(file: CorpusFile, kept: Awaited<ReturnType<DemoScp['received']>>): boolean {
  const stored = kept.get(file.sopInstanceUid);
  const expected = file.dataSet.length % 2 === 0 ? file.dataSet : Buffer.concat([file.dataSet, Buffer.alloc(1)]);
  return stored !== undefined && stored.transferSyntax === file.transferSyntax && stored.dataSet.equals(expected);
}

function objectsIn(jsonLines: string): Record<string, unknown>[] {
  const lines = jsonLines.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line)).filter((object) => object.type === 'object');
}
