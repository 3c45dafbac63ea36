import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { received } from '../testing/received.js';
import { recordingFiles } from '../testing/recording-files.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { Archive, type ArchiveOptions } from './archive.js';
import { InstanceIndex } from './instance-index.js';
import { readListing } from './listing.js';

const first = { sopInstanceUid: '1.2.3.4.1' };
const second = { sopInstanceUid: '1.2.3.4.2' };
const firstPath = 'objects/1.2.3/1.2.3.4/1.2.3.4.1.dcm';

async function open(directory: string, options: Partial<ArchiveOptions> = {}): Promise<Archive> {
  const archive = await Archive.open({ directory, isSynced: false, replacesDuplicates: true, ...options });
  onTestFinished(() => archive.close());
  return archive;
}

/** A data directory with two objects, closed in order. */
async function filledDirectory(): Promise<string> {
  const directory = temporaryDirectory();
  const archive = await open(directory);
  await archive.store(received(first));
  await archive.store(received(second));
  await archive.close();
  return directory;
}

/** What a crash would leave of a data directory at this instant. */
function crashImage(directory: string): string {
  const image = temporaryDirectory();
  cpSync(directory, image, { recursive: true });
  return image;
}

function listed(directory: string): string[] {
  const { studies } = readListing(directory);
  return studies.flatMap(({ series }) =>
    series.flatMap((one) => one.instances.map(({ sopInstanceUid }) => sopInstanceUid)),
  );
}

const nothing = {
  removedTemporaries: 0,
  indexed: [],
  finishedReplacements: [],
  missing: [],
  returned: [],
  duplicates: [],
  unreadable: [],
};

describe('start-up', () => {
  test('finds nothing to do after an end in order', async () => {
    const directory = await filledDirectory();
    const archive = await open(directory);
    expect(archive.report).toEqual(nothing);
    expect(archive.abandonedIndex).toBeUndefined();
  });

  test('removes unfinished files', async () => {
    const directory = await filledDirectory();
    writeFileSync(join(directory, 'incoming', '.0123456789abcdef-1.part'), 'half');
    writeFileSync(join(directory, 'incoming', 'anything'), 'else');
    expect((await open(directory)).report).toEqual({ ...nothing, removedTemporaries: 2 });
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  test('makes the index anew from the files, with sender and time', async () => {
    const directory = await filledDirectory();
    const before = readListing(directory);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `index.sqlite${suffix}`), { force: true });
    const archive = await open(directory);
    expect(archive.report.indexed).toHaveLength(2);
    expect(readListing(directory)).toEqual(before);
  });

  test('sets a damaged index aside and makes a new one', async () => {
    const directory = await filledDirectory();
    writeFileSync(join(directory, 'index.sqlite'), 'no database'.repeat(1000));
    const archive = await open(directory);
    expect(archive.abandonedIndex).toMatch(/index\.sqlite\.unusable-\d+$/);
    expect(existsSync(archive.abandonedIndex ?? '')).toBe(true);
    expect(listed(directory)).toEqual(['1.2.3.4.1', '1.2.3.4.2']);
  });

  test('reports a row whose file is gone, and lists it apart until the file is back', async () => {
    const directory = await filledDirectory();
    renameSync(join(directory, firstPath), join(directory, 'elsewhere'));
    const without = await open(directory);
    expect(without.report).toEqual({ ...nothing, missing: [firstPath] });
    expect(listed(directory)).toEqual(['1.2.3.4.2']);
    expect(readListing(directory).missing.map(({ path }) => path)).toEqual([firstPath]);
    await without.close();
    renameSync(join(directory, 'elsewhere'), join(directory, firstPath));
    expect((await open(directory)).report).toEqual({ ...nothing, returned: [firstPath] });
    expect(listed(directory)).toEqual(['1.2.3.4.1', '1.2.3.4.2']);
  });

  test('keeps a missing object when it is sent again', async () => {
    const directory = await filledDirectory();
    rmSync(join(directory, firstPath));
    const archive = await open(directory);
    await expect(archive.store(received(first))).resolves.toBe('stored');
    expect(listed(directory)).toEqual(['1.2.3.4.1', '1.2.3.4.2']);
  });

  test('follows a file that was moved', async () => {
    const directory = await filledDirectory();
    mkdirSync(join(directory, 'objects', 'sorted'));
    renameSync(join(directory, firstPath), join(directory, 'objects/sorted/1.2.3.4.1.dcm'));
    expect((await open(directory)).report).toEqual({ ...nothing, indexed: ['objects/sorted/1.2.3.4.1.dcm'] });
    expect(listed(directory)).toEqual(['1.2.3.4.1', '1.2.3.4.2']);
  });

  test('leaves a second file of an instance alone, and says so', async () => {
    const directory = await filledDirectory();
    copyFileSync(join(directory, firstPath), join(directory, 'objects/copy.dcm'));
    expect((await open(directory)).report).toEqual({ ...nothing, duplicates: ['objects/copy.dcm'] });
    expect(existsSync(join(directory, 'objects/copy.dcm'))).toBe(true);
  });

  test.each([
    ['empty', ''],
    ['no DICOM', 'hello '.repeat(100)],
    ['cut off in the meta information', `${'\0'.repeat(128)}DICM\x02\0\0\0UL\x04\0\xff\xff\0\0`],
  ])('leaves a file that is %s alone, and says so', async (_name, contents) => {
    const directory = await filledDirectory();
    writeFileSync(join(directory, 'objects/strange.dcm'), contents, 'latin1');
    const { report } = await open(directory);
    expect(report.unreadable.map(({ path }) => path)).toEqual(['objects/strange.dcm']);
    expect(existsSync(join(directory, 'objects/strange.dcm'))).toBe(true);
  });

  test('after a crash, takes files that were cut short for missing', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await archive.store(received(first));
    const image = crashImage(directory);
    truncateSync(join(image, firstPath), 700);
    const afterCrash = await open(image);
    expect(afterCrash.report.missing).toEqual([firstPath]);
    await afterCrash.close();
    expect((await open(image)).report).toMatchObject({ missing: [firstPath], returned: [] });
  });
});

describe('a crash', () => {
  const later = { ...first, patientName: 'ROE^JANE' };
  const moved = { ...first, studyInstanceUid: '9.9', patientName: 'ROE^JANE' };
  const movedPath = 'objects/9.9/1.2.3.4/1.2.3.4.1.dcm';

  test.each([
    ['before a rename', 'rename', 'before', later, 'DOE^JANE', firstPath],
    ['after a rename', 'rename', 'after', later, 'ROE^JANE', firstPath],
    ['before a rename to another study', 'rename', 'before', moved, 'DOE^JANE', firstPath],
    ['after a rename to another study', 'rename', 'after', moved, 'ROE^JANE', movedPath],
    ['before the old version goes', 'unlink', 'before', moved, 'ROE^JANE', movedPath],
  ] as const)(
    '%s that replaces leaves one whole version, old or new',
    async (_name, call, when, version, patientName, path) => {
      const directory = await filledDirectory();
      const files = recordingFiles(directory);
      const images: string[] = [];
      const archive = await open(directory, {
        files: {
          ...files,
          [call](...paths: [string, string]) {
            const isObject = paths.some((one) => one.includes('/objects/') && !one.includes('.probe'));
            if (isObject && when === 'before') images.push(crashImage(directory));
            files[call](...paths);
            if (isObject && when === 'after') images.push(crashImage(directory));
          },
        },
      });
      await archive.store(received(version));
      const [image = ''] = images;
      const afterwards = await open(image);
      expect(afterwards.report).toMatchObject({ duplicates: [], unreadable: [], missing: [] });
      const { studies } = readListing(image);
      const instances = studies.flatMap((study) => study.series.flatMap((series) => series.instances));
      expect(instances.map((instance) => instance.path).sort()).toEqual(
        [path, firstPath.replace('4.1.dcm', '4.2.dcm')].sort(),
      );
      const study = studies.find(({ series }) =>
        series.some((one) => one.instances.some((instance) => instance.path === path)),
      );
      expect(study?.patientName).toBe(patientName);
      expect(readdirSync(join(image, 'incoming'))).toEqual([]);
      await afterwards.close();
      const index = InstanceIndex.open(join(image, 'index.sqlite'));
      onTestFinished(() => index.abandon());
      expect(index.replacements()).toEqual([]);
    },
  );

  test('between rename and row leaves the object, indexed at the next start', async () => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    let image = '';
    const archive = await open(directory, {
      files: {
        ...files,
        rename(from, to) {
          files.rename(from, to);
          image = crashImage(directory);
        },
      },
    });
    await archive.store(received(first));
    expect((await open(image)).report.indexed).toEqual([firstPath]);
    expect(listed(image)).toEqual(['1.2.3.4.1']);
  });
});
