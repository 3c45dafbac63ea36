import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { received } from '../testing/received.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { Archive, type ArchiveOptions } from './archive.js';
import { readListing } from './listing.js';

const someObject = { sopInstanceUid: '1.2.3.4.5', pixelBytes: 200 };

async function open(directory: string, options: Partial<ArchiveOptions> = {}): Promise<Archive> {
  const archive = await Archive.open({
    directory,
    isSynced: false,
    replacesDuplicates: false,
    rowsMayFollow: true,
    ...options,
  });
  onTestFinished(() => archive.close());
  return archive;
}

function listed(directory: string): string[] {
  const { studies, unfiled } = readListing(directory);
  return [...studies.flatMap(({ series }) => series.flatMap((one) => one.instances)), ...unfiled].map(
    ({ sopInstanceUid }) => sopInstanceUid,
  );
}

/** Keeps the archive from writing its index, until it is called. */
function lockIndex(directory: string): () => void {
  const other = new DatabaseSync(join(directory, 'index.sqlite'));
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  return () => other.exec('ROLLBACK');
}

describe('rows that follow', () => {
  test('are listed a moment later, without anything else happening', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await archive.store(received(someObject));
    await expect.poll(() => listed(directory)).toEqual(['1.2.3.4.5']);
  });

  test('are written at the latest when many wait', async () => {
    const directory = temporaryDirectory();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const archive = await open(directory);
    for (let n = 0; n < 70; n++) await archive.store(received({ ...someObject, sopInstanceUid: `1.2.3.4.5.${n}` }));
    expect(listed(directory)).toHaveLength(64);
  });

  test('are there when the archive is closed', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await archive.store(received(someObject));
    await archive.close();
    expect(listed(directory)).toEqual(['1.2.3.4.5']);
  });

  test('count: what is on its way is known when it comes again', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory);
    await expect(archive.store(received(someObject))).resolves.toBe('stored');
    await expect(archive.store(received(someObject))).resolves.toBe('known');
    await expect(archive.store(received({ ...someObject, variant: 1 }))).rejects.toMatchObject({ status: 0xc000 });
    expect(listed(directory)).toEqual(['1.2.3.4.5']);
  });

  test('of a replacement do not follow: they come with it', async () => {
    const directory = temporaryDirectory();
    const archive = await open(directory, { replacesDuplicates: true });
    await archive.store(received(someObject));
    await expect(archive.store(received({ ...someObject, studyInstanceUid: '9.9' }))).resolves.toBe('replaced');
    expect(readListing(directory).studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(['9.9']);
  });

  test('of an object whose file was gone do not follow either: start-up would believe the old row', async () => {
    const directory = temporaryDirectory();
    const before = await open(directory, { rowsMayFollow: false });
    await before.store(received(someObject));
    await before.close();
    const path = join(directory, 'objects/1.2.3/1.2.3.4/1.2.3.4.5.dcm');
    rmSync(path);
    const archive = await open(directory);
    await expect(archive.store(received({ ...someObject, pixelBytes: 300 }))).resolves.toBe('stored');
    const { byteLength } = readListing(directory).studies[0]?.series[0]?.instances[0] ?? {};
    expect(byteLength).toBe(statSync(path).size);
  });

  test('that a crash kept from being written are made from the files', async () => {
    const directory = temporaryDirectory();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const archive = await open(directory);
    await archive.store(received(someObject));
    const leftBehind = join(temporaryDirectory(), 'as a crash leaves it');
    cpSync(directory, leftBehind, { recursive: true });
    expect(listed(leftBehind)).toEqual([]);
    const { report } = await open(leftBehind);
    expect(report.indexed).toEqual(['objects/1.2.3/1.2.3.4/1.2.3.4.5.dcm']);
    expect(listed(leftBehind)).toEqual(['1.2.3.4.5']);
  });
});

test('while the index can not be written, objects are answered with A700 and leave nothing; then those before are listed too', async () => {
  const directory = temporaryDirectory();
  const onIndexFailure = vi.fn();
  const archive = await open(directory, { onIndexFailure });
  const unlock = lockIndex(directory);
  await archive.store(received(someObject));
  await expect.poll(() => onIndexFailure.mock.calls).toHaveLength(1);
  const next = { ...someObject, sopInstanceUid: '1.2.3.4.6' };
  await expect(archive.store(received(next))).rejects.toMatchObject({ status: 0xa700 });
  expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  expect(readdirSync(join(directory, 'objects/1.2.3/1.2.3.4'))).toEqual(['1.2.3.4.5.dcm']);
  unlock();
  await expect(archive.store(received(next))).resolves.toBe('stored');
  expect(onIndexFailure).toHaveBeenCalledTimes(1);
  await archive.close();
  expect(listed(directory)).toEqual(['1.2.3.4.5', '1.2.3.4.6']);
});
