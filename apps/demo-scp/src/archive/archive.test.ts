import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StatusError } from '@dicomwire/services';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeDataSet } from '../testing/objects.js';
import { received } from '../testing/received.js';
import { recordingFiles } from '../testing/recording-files.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { Archive, type ArchiveOptions } from './archive.js';
import { DuplicateRefusedError } from './ingest.js';
import { readListing } from './listing.js';
import { DirectoryInUseError } from './lock.js';

const someObject = { sopInstanceUid: '1.2.3.4.5', pixelBytes: 20_000 };
const somePath = 'objects/1.2.3/1.2.3.4/1.2.3.4.5.dcm';

async function open(directory: string, options: Partial<ArchiveOptions> = {}): Promise<Archive> {
  const archive = await Archive.open({ directory, isSynced: false, replacesDuplicates: false, ...options });
  onTestFinished(() => archive.close());
  return archive;
}

function instances(directory: string) {
  const { studies, unfiled } = readListing(directory);
  return [...studies.flatMap(({ series }) => series.flatMap((one) => one.instances)), ...unfiled];
}

function dataSetOf(directory: string, path = somePath): Buffer {
  const bytes = readFileSync(join(directory, path));
  return bytes.subarray(144 + bytes.readUInt32LE(140));
}

describe('an object', () => {
  test('is kept byte for byte and listed with what is known of it', async () => {
    const directory = temporaryDirectory();
    const now = () => new Date('2026-01-02T03:04:05.678Z');
    const archive = await open(directory, { now });
    await expect(archive.store(received(someObject))).resolves.toBe('stored');
    expect(dataSetOf(directory).equals(makeDataSet(someObject))).toBe(true);
    expect(readListing(directory).studies).toMatchObject([
      {
        studyInstanceUid: '1.2.3',
        patientId: 'P1',
        patientName: 'DOE^JANE',
        patientBirthDate: '19700101',
        patientSex: 'F',
        studyDate: '20260102',
        studyTime: '101500',
        studyDescription: 'Head',
        accessionNumber: 'A1',
        studyId: 'S1',
        series: [{ seriesInstanceUid: '1.2.3.4', seriesNumber: '1', modality: 'OT', seriesDescription: 'Axial' }],
      },
    ]);
    expect(instances(directory)).toEqual([
      {
        sopInstanceUid: '1.2.3.4.5',
        sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
        instanceNumber: '1',
        transferSyntax: '1.2.840.10008.1.2.1',
        callingAeTitle: 'MODALITY',
        receivedAt: '2026-01-02T03:04:05.678Z',
        byteLength: readFileSync(join(directory, somePath)).length,
        path: somePath,
      },
    ]);
  });

  test('is the same whatever pieces it comes in', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    const small = { ...someObject, pixelBytes: 600 };
    await archive.store(received({ ...small, fragmentBytes: 1 }));
    expect(dataSetOf(directory).equals(makeDataSet(small))).toBe(true);
  });

  test.each([
    ['no study', { studyInstanceUid: '' }],
    ['no series', { seriesInstanceUid: '' }],
    ['a study UID that is a path', { studyInstanceUid: '../../../etc' }],
    ['a series UID that is a path', { seriesInstanceUid: '..' }],
  ])('with %s goes to the fixed folder', async (_name, uids) => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await archive.store(received({ ...someObject, ...uids }));
    expect(instances(directory).map(({ path }) => path)).toEqual(['objects/unfiled/1.2.3.4.5.dcm']);
  });

  test.each([
    ['no UID at all', '../1.2.3', 0xc000],
    ['an overlong UID', `1.${'2'.repeat(70)}`, 0xc000],
  ])('named by %s is refused before anything is written', async (_name, sopInstanceUid, status) => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    const archive = await open(directory, { files });
    files.calls.length = 0;
    await expect(archive.store(received({ sopInstanceUid }))).rejects.toMatchObject({ status });
    expect(files.calls).toEqual([]);
  });

  test('that is another than its command says is answered with A900', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    const other = makeDataSet({ sopInstanceUid: '1.2.3.4.6' });
    await expect(archive.store(received({ ...someObject, dataSet: other }))).rejects.toMatchObject({ status: 0xa900 });
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
    expect(instances(directory)).toEqual([]);
  });

  test.each([
    ['is garbage', Buffer.alloc(3000, 0xfe)],
    ['is text', Buffer.from('hello, archive! '.repeat(50))],
    ['is empty', Buffer.alloc(0)],
    ['ends inside its header', makeDataSet(someObject).subarray(0, 100)],
    ['has an element that is longer than it is', Buffer.from('0800050055540000ffffff7f', 'hex')],
  ])('whose data set %s is answered from the C000 range', async (_name, dataSet) => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    const failure = await archive.store(received({ ...someObject, dataSet })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StatusError);
    expect(failure).toMatchObject({ status: 0xc000 });
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  test('that breaks off leaves nothing behind', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    const breaksWith = new Error('the association was lost');
    await expect(archive.store(received({ ...someObject, breaksWith }))).rejects.toThrow('lost');
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
    expect(readdirSync(join(directory, 'objects'))).toEqual([]);
  });
});

describe('durability', () => {
  test('full: data synced, renamed, directories synced, then kept', async () => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    const archive = await open(directory, { files, isSynced: true });
    files.calls.length = 0;
    await archive.store(received(someObject));
    expect(files.calls).toMatchInlineSnapshot(`
      [
        "create incoming/*",
        "write incoming/*",
        "sync incoming/*",
        "rename incoming/* objects/1.2.3/1.2.3.4/1.2.3.4.5.dcm",
        "rename incoming/* objects/1.2.3/1.2.3.4/1.2.3.4.5.dcm",
        "sync objects/1.2.3/1.2.3.4",
        "sync objects/1.2.3",
        "sync objects",
      ]
    `);
    files.calls.length = 0;
    await archive.store(received({ ...someObject, sopInstanceUid: '1.2.3.4.6' }));
    expect(files.calls).toMatchInlineSnapshot(`
      [
        "create incoming/*",
        "write incoming/*",
        "sync incoming/*",
        "rename incoming/* objects/1.2.3/1.2.3.4/1.2.3.4.6.dcm",
        "sync objects/1.2.3/1.2.3.4",
      ]
    `);
  });

  test('full: the row is not written before the directory is synced', async () => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    let rowsAtSync = -1;
    const archive = await open(directory, {
      isSynced: true,
      files: {
        ...files,
        syncEntries(descriptor, done) {
          if (existsSync(join(directory, somePath))) rowsAtSync = instances(directory).length;
          files.syncEntries(descriptor, done);
        },
      },
    });
    await archive.store(received(someObject));
    expect(rowsAtSync).toBe(0);
    expect(instances(directory)).toHaveLength(1);
  });

  test('full: objects that finish together share the sync of their directory', async () => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    const archive = await open(directory, { files, isSynced: true });
    await archive.store(received(someObject));
    files.calls.length = 0;
    const uids = Array.from({ length: 20 }, (_, n) => `1.2.3.4.5.${n}`);
    await Promise.all(uids.map((sopInstanceUid) => archive.store(received({ ...someObject, sopInstanceUid }))));
    const directorySyncs = files.calls.filter((call) => call === 'sync objects/1.2.3/1.2.3.4');
    expect(directorySyncs.length).toBeLessThan(20);
    expect(instances(directory)).toHaveLength(21);
  });

  test('full: what is acknowledged again is synced again', async () => {
    const directory = temporaryDirectory();
    const unsynced = await open(directory);
    await unsynced.store(received(someObject));
    await unsynced.close();
    const files = recordingFiles(directory);
    const archive = await open(directory, { files, isSynced: true });
    await expect(archive.store(received(someObject))).resolves.toBe('known');
    expect(files.calls).toContain('sync objects/1.2.3/1.2.3.4');
  });

  test('os: nothing is synced', async () => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    const archive = await open(directory, { files });
    await archive.store(received(someObject));
    expect(files.calls.filter((call) => call.startsWith('sync'))).toEqual([]);
  });
});

describe('a failing disk', () => {
  test.each([
    ['create incoming/*', 'EACCES'],
    ['write incoming/*', 'ENOSPC'],
    ['sync incoming/*', 'EIO'],
    [`rename incoming/* ${somePath}`, 'ENOSPC'],
    ['sync objects/1.2.3/1.2.3.4', 'EIO'],
  ])('%s: %s is answered with A700, leaves nothing, and the next object is kept', async (call, code) => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    const archive = await open(directory, { files, isSynced: true });
    files.failOn(call, code);
    await expect(archive.store(received(someObject))).rejects.toMatchObject({ status: 0xa700 });
    files.heal();
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
    expect(existsSync(join(directory, somePath))).toBe(false);
    expect(instances(directory)).toEqual([]);
    await expect(archive.store(received(someObject))).resolves.toBe('stored');
  });

  test('an index that can not be written is answered with A700, leaves nothing, and the next object is kept', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    const other = new DatabaseSync(join(directory, 'index.sqlite'));
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    await expect(archive.store(received(someObject))).rejects.toMatchObject({ status: 0xa700 });
    other.exec('ROLLBACK');
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
    expect(existsSync(join(directory, somePath))).toBe(false);
    await expect(archive.store(received(someObject))).resolves.toBe('stored');
  });

  test('leaves the stored version in place when a replacement fails', async () => {
    const directory = temporaryDirectory();
    const files = recordingFiles(directory);
    const archive = await open(directory, { files, isSynced: true, replacesDuplicates: true });
    await archive.store(received(someObject));
    files.failOn('sync objects/1.2.3/1.2.3.4', 'EIO');
    await expect(archive.store(received({ ...someObject, variant: 1 }))).rejects.toMatchObject({ status: 0xa700 });
    files.heal();
    expect(dataSetOf(directory).equals(makeDataSet(someObject))).toBe(true);
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
    await expect(archive.store(received({ ...someObject, variant: 1 }))).resolves.toBe('replaced');
    expect(dataSetOf(directory).equals(makeDataSet({ ...someObject, variant: 1 }))).toBe(true);
  });
});

describe('the same instance again', () => {
  test('byte-identical: acknowledged and kept once, with the facts of the first arrival', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await archive.store(received(someObject));
    await expect(archive.store(received({ ...someObject, callingAeTitle: 'OTHER' }))).resolves.toBe('known');
    expect(instances(directory).map(({ callingAeTitle }) => callingAeTitle)).toEqual(['MODALITY']);
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  test.each([
    ['in one byte of the pixels', { variant: 1 }],
    ['in length', { pixelBytes: 20_002 }],
    ['in the study', { studyInstanceUid: '9.9' }],
  ])('different %s: refused with C000 and a comment', async (_name, change) => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await archive.store(received(someObject));
    const failure = await archive.store(received({ ...someObject, ...change })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DuplicateRefusedError);
    expect(failure).toMatchObject({ status: 0xc000, errorComment: expect.stringContaining('SOP Instance UID') });
    expect(dataSetOf(directory).equals(makeDataSet(someObject))).toBe(true);
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  test('the same bytes in another transfer syntax are another object', async () => {
    const archive = await open(temporaryDirectory());
    await archive.store(received(someObject));
    const other = received({ ...someObject, transferSyntaxUid: '1.2.840.10008.1.2.4.50' });
    await expect(archive.store(other)).rejects.toBeInstanceOf(DuplicateRefusedError);
  });

  test('replaced where it lies', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory, { replacesDuplicates: true });
    await archive.store(received(someObject));
    const later = { ...someObject, variant: 1, patientName: 'ROE^JANE' };
    await expect(archive.store(received(later))).resolves.toBe('replaced');
    expect(dataSetOf(directory).equals(makeDataSet(later))).toBe(true);
    expect(readListing(directory).studies.map(({ patientName }) => patientName)).toEqual(['ROE^JANE']);
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  });

  test('replaced by a version of another study: the old file goes', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory, { replacesDuplicates: true });
    await archive.store(received(someObject));
    await archive.store(received({ ...someObject, studyInstanceUid: '9.9' }));
    expect(instances(directory).map(({ path }) => path)).toEqual(['objects/9.9/1.2.3.4/1.2.3.4.5.dcm']);
    expect(existsSync(join(directory, somePath))).toBe(false);
  });

  test('sent at once over many associations: one is stored, identical ones are acknowledged, others refused', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        archive.store(received({ ...someObject, variant: n % 2 })).catch((error: unknown) => error),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'known')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome instanceof DuplicateRefusedError)).toHaveLength(6);
  });

  test('a stored file that was cut short is no version to be kept', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await archive.store(received(someObject));
    truncateSync(join(directory, somePath), 1000);
    await expect(archive.store(received(someObject))).resolves.toBe('stored');
    expect(dataSetOf(directory).equals(makeDataSet(someObject))).toBe(true);
  });
});

describe('a data directory', () => {
  test('is served by one archive at a time', async () => {
    const directory = temporaryDirectory();
    await open(directory);
    await expect(open(directory)).rejects.toBeInstanceOf(DirectoryInUseError);
  });

  test('is free after closing', async () => {
    const directory = temporaryDirectory();
    const first = await open(directory);
    await first.store(received(someObject));
    await first.close();
    expect((await open(directory)).instanceCount()).toBe(1);
  });
});
