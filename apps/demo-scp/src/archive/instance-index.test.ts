import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeRecord } from '../testing/records.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { InstanceIndex, isUnusableIndex } from './instance-index.js';
import { readListing } from './listing.js';

function openIn(directory: string): InstanceIndex {
  const index = InstanceIndex.open(join(directory, 'index.sqlite'));
  onTestFinished(() => index.abandon());
  return index;
}

describe('the index', () => {
  test('finds what was put, after closing and opening as well', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1'), makeRecord('1.2')]);
    index.close();
    const again = openIn(directory);
    expect(again.find('1.2')).toMatchObject({ sopInstanceUid: '1.2', studyInstanceUid: '1.2', isMissing: false });
    expect(again.find('1.3')).toBeUndefined();
    expect(again.count()).toBe(2);
  });

  test('writes all rows of a call or none', () => {
    const index = openIn(temporaryDirectory());
    const broken = { ...makeRecord('1.2'), byteLength: Number.NaN };
    expect(() => index.put([makeRecord('1.1'), broken])).toThrow();
    expect(index.count()).toBe(0);
    index.put([makeRecord('1.1')]);
    expect(index.count()).toBe(1);
  });

  test('is read by others while it is open for writing', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1')]);
    expect(readListing(directory).studies).toHaveLength(1);
  });

  test('knows whether it was closed in order', () => {
    const directory = temporaryDirectory();
    expect(openIn(directory).wasClosedInOrder).toBe(true);
    const second = openIn(directory);
    expect(second.wasClosedInOrder).toBe(false);
    second.close();
    expect(openIn(directory).wasClosedInOrder).toBe(true);
  });

  test('syncs its log without stopping the event loop', async () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1')]);
    await expect(index.sync()).resolves.toBeUndefined();
    expect(statSync(join(directory, 'index.sqlite-wal')).size).toBeGreaterThan(0);
  });

  test.each([
    ['is no database', (path: string) => writeFileSync(path, 'no database at all, but quite some text'.repeat(100))],
    [
      'is of another version',
      (path: string) => {
        const database = new DatabaseSync(path);
        database.exec('PRAGMA user_version = 77');
        database.close();
      },
    ],
  ])('says so when the file %s', (_name, spoil) => {
    const path = join(temporaryDirectory(), 'index.sqlite');
    spoil(path);
    const opening = () => InstanceIndex.open(path);
    expect(opening).toThrow();
    try {
      opening();
    } catch (error) {
      expect(isUnusableIndex(error)).toBe(true);
    }
  });
});

describe('patients, studies and series', () => {
  test('take their attributes from the object that came last', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1'), makeRecord('1.2', {}, { patientName: 'ROE^JANE', seriesDescription: 'Later' })]);
    const [study] = readListing(directory).studies;
    expect(study?.patientName).toBe('ROE^JANE');
    expect(study?.series.map(({ seriesDescription }) => seriesDescription)).toEqual(['Later']);
    expect(study?.series[0]?.instances).toHaveLength(2);
  });

  test('go when their last instance moves to another study', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1')]);
    index.put([makeRecord('1.1', {}, { patientId: 'P2', studyInstanceUid: '9.9', seriesInstanceUid: '9.9.9' })]);
    const { studies } = readListing(directory);
    expect(studies.map(({ studyInstanceUid, patientId }) => [studyInstanceUid, patientId])).toEqual([['9.9', 'P2']]);
    const database = new DatabaseSync(join(directory, 'index.sqlite'), { readOnly: true });
    onTestFinished(() => database.close());
    expect(database.prepare('SELECT patient_id FROM patient').all()).toHaveLength(1);
  });

  test('come back after having gone', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    const elsewhere = makeRecord('1.1', {}, { studyInstanceUid: '9.9' });
    for (const record of [makeRecord('1.1'), elsewhere, makeRecord('1.1')]) index.put([record]);
    expect(readListing(directory).studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(['1.2']);
  });

  test('of two patients with the same study UID, the later has the study', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1'), makeRecord('1.2', {}, { patientId: 'P2' })]);
    expect(readListing(directory).studies.map(({ patientId }) => patientId)).toEqual(['P2']);
  });

  test('are not made for what belongs to no study', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1', {}, { studyInstanceUid: '', patientId: '' })]);
    const listing = readListing(directory);
    expect(listing.studies).toEqual([]);
    expect(listing.unfiled.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(['1.1']);
  });
});

describe('missing instances', () => {
  test('are listed apart, and again with the others once they are back', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1')]);
    const id = index.find('1.1')?.id ?? -1;
    index.markMissing([id], true);
    expect(readListing(directory)).toMatchObject({ studies: [], missing: [{ sopInstanceUid: '1.1' }] });
    expect(index.count()).toBe(0);
    index.put([makeRecord('1.1')]);
    expect(readListing(directory)).toMatchObject({ missing: [], studies: [{ studyInstanceUid: '1.2' }] });
  });
});

describe('an announced replacement', () => {
  test('in the same place is remembered until its row is written', () => {
    const directory = temporaryDirectory();
    const index = openIn(directory);
    index.put([makeRecord('1.1')]);
    const replacement = { sopInstanceUid: '1.1', oldPath: 'objects/a', newPath: 'objects/a' };
    index.announceReplacement(replacement);
    index.abandon();
    const again = openIn(directory);
    expect(again.replacements()).toEqual([replacement]);
    again.put([makeRecord('1.1')]);
    expect(again.replacements()).toEqual([]);
  });

  test('that leaves a file elsewhere is remembered until it is forgotten', () => {
    const index = openIn(temporaryDirectory());
    index.put([makeRecord('1.1')]);
    const replacement = { sopInstanceUid: '1.1', oldPath: 'objects/a', newPath: 'objects/b' };
    index.announceReplacement(replacement);
    index.put([makeRecord('1.1')]);
    expect(index.replacements()).toEqual([replacement]);
    index.forgetReplacement('1.1');
    expect(index.replacements()).toEqual([]);
  });
});
