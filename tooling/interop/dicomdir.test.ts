/** DICOMDIRs of others: pydicom's test files beside what pydicom makes of them, and one that DCMTK makes. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { dicomdirFiles } from '@dicomwire/dimse';
import { type DirectoryRecord, parseDicomdir } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { SHARED_FILES } from './corpus/corpus.ts';
import { PYDICOM_FILES, PYDICOM_PYTHON } from './peers/availability.ts';
import { run } from './peers/process.ts';
import { temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

/** Patient, study, series, instance and file of each instance of a file-set, one a line. */
const LIST_BY_PYDICOM = `
import sys, warnings
warnings.simplefilter("ignore")
from pydicom.fileset import FileSet
for instance in FileSet(sys.argv[1]):
    ids = [instance.PatientID, instance.StudyInstanceUID, instance.SeriesInstanceUID, instance.SOPInstanceUID]
    print(" ".join(ids + ["/".join(instance.ReferencedFileID)]))
`;

describeWith(['pydicom', 'pydicom files'], 'pydicom', () => {
  const folder = join(PYDICOM_FILES, 'test_files', 'dicomdirtests');

  test.each([
    ['DICOMDIR', 31],
    ['DICOMDIR-bigEnd', 31],
    ['DICOMDIR-empty.dcm', 0],
    ['DICOMDIR-implicit', 31],
    ['DICOMDIR-nooffset', 31],
    ['DICOMDIR-reordered', 31],
    ['TINY_ALPHA/DICOMDIR', 50],
  ])('lists the same instances in the same places: %s', (name, count) => {
    const path = join(folder, name);
    const { stdout, stderr, status } = spawnSync(PYDICOM_PYTHON, ['-c', LIST_BY_PYDICOM, path], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const theirs = stdout.split('\n').filter((line) => line !== '');
    expect(listed(path).sort()).toEqual(theirs.sort());
    expect(theirs.length).toBe(count);
  });

  test('refuses one whose patients have an unknown type and whose first offset is wrong, of which we find all', () => {
    const lines = listed(join(folder, 'DICOMDIR-nopatient'));
    const right = listed(join(folder, 'DICOMDIR')).map((line) => line.replace(/^\S+ /, ''));
    expect(lines.map((line) => line.replace(/^\S+ /, '')).sort()).toEqual(right.sort());
  });
});

describeWith(['DCMTK'], 'DCMTK', () => {
  test.skipIf(!existsSync(SHARED_FILES))('makes a DICOMDIR in which every file is found', async () => {
    const directory = await temporaryDirectory('dicomdir');
    try {
      cpSync(join(SHARED_FILES, 'dicomdir'), directory.path, { recursive: true });
      const path = join(directory.path, 'DICOMDIR');
      rmSync(path);
      const end = await run(
        'dcmmkdir',
        ['--recurse', '--output-file', path, '--no-backup', '+id', directory.path, '--pattern', '[0-9]*'],
        {
          cwd: directory.path,
        },
      );
      expect(end.exitCode, end.stderr).toBe(0);
      const found: string[] = [];
      for await (const file of dicomdirFiles(path)) {
        if (file.kind === 'file') found.push(relative(dirname(path), file.path));
      }
      expect(found.length).toBe(31);
      expect(found.every((name) => existsSync(join(directory.path, name)))).toBe(true);
    } finally {
      await directory.remove();
    }
  });
});

function listed(path: string): string[] {
  const directory = parseDicomdir(readFileSync(path));
  return directory.records.flatMap((record) => instancesOf(record, []));
}

function instancesOf(record: DirectoryRecord, above: readonly string[]): string[] {
  const ids = [...above, ...idOf(record)];
  const own = record.file === undefined ? [] : [[...ids, record.file.sopInstanceUid, record.file.path].join(' ')];
  return [...own, ...record.children.flatMap((child) => instancesOf(child, ids))];
}

function idOf({ type, dataSet }: DirectoryRecord): string[] {
  if (type === 'STUDY') return [dataSet.get('StudyInstanceUID') ?? ''];
  if (type === 'SERIES') return [dataSet.get('SeriesInstanceUID') ?? ''];
  return dataSet.has('PatientID') ? [dataSet.get('PatientID') ?? ''] : [];
}
