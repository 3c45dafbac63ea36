import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataSet, encodePart10, TransferSyntax } from './dataset/index.js';
import { dicomdirFiles } from './dicomdir-files.js';

const shared = fileURLToPath(new URL('../../../../shared/data/dicomdir/DICOMDIR', import.meta.url));

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dicomwire-dicomdir-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** A DICOMDIR whose records are found by their order, since no offset is set. */
async function fileSet(fileIds: readonly string[][]): Promise<string> {
  const root = await mkdtemp(join(directory, 'set-'));
  const records = fileIds.map((ReferencedFileID) => ({ DirectoryRecordType: 'IMAGE', ReferencedFileID }));
  const dataSet = DataSet.from({ DirectoryRecordSequence: records });
  const meta = {
    mediaStorageSopClassUid: '1.2.840.10008.1.3.10',
    mediaStorageSopInstanceUid: '1.2.3',
    transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
  };
  await writeFile(join(root, 'DICOMDIR'), encodePart10(dataSet, meta, { invalidText: 'write' }));
  return root;
}

async function listed(root: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const file of dicomdirFiles(join(root, 'DICOMDIR'))) {
    lines.push(file.kind === 'file' ? file.path.slice(root.length + 1) : file.problem);
  }
  return lines;
}

test.skipIf(!existsSync(shared))('every file of a real file-set is found', async () => {
  const files = [];
  for await (const file of dicomdirFiles(shared)) files.push(file);
  expect(files.length).toBe(31);
  expect(files.every((file) => file.kind === 'file' && existsSync(file.path))).toBe(true);
});

describe('files', () => {
  test('are found whatever their case, with version numbers and full stops', async () => {
    const root = await fileSet([['DICOM', 'IM1'], ['DICOM', 'IM2'], ['dicom', 'im3'], ['IM4']]);
    await mkdir(join(root, 'dicom'));
    await Promise.all(
      ['dicom/im1', 'dicom/IM2.;1', 'dicom/im3', 'im4;1'].map((name) => writeFile(join(root, name), '')),
    );
    expect(await listed(root)).toEqual(['dicom/im1', 'dicom/IM2.;1', 'dicom/im3', 'im4;1']);
  });

  test('that are not there are told, and those listed twice come once', async () => {
    const root = await fileSet([['A'], ['B'], ['A'], ['D']]);
    await writeFile(join(root, 'A'), '');
    await mkdir(join(root, 'D'));
    expect(await listed(root)).toEqual(['A', 'The file "B" is not there', 'The file "D" is not there']);
  });

  test('outside the file-set are never given', async () => {
    const secret = join(directory, 'secret');
    await writeFile(secret, '');
    const root = await fileSet([
      ['..', 'secret'],
      ['/etc/passwd'],
      ['A/../../secret'],
      ['LINK'],
      ['DIR', 'secret'],
      ['IN'],
    ]);
    await symlink(secret, join(root, 'LINK'));
    await symlink(directory, join(root, 'DIR'));
    await writeFile(join(root, 'REAL'), '');
    await symlink(join(root, 'REAL'), join(root, 'IN'));
    expect(await listed(root)).toEqual([
      'The File ID "..\\\\secret" is no path within the file-set',
      'The File ID "/etc/passwd" is no path within the file-set',
      'The File ID "A/../../secret" is no path within the file-set',
      'The file "LINK" lies outside the file-set',
      'The file "DIR\\\\secret" lies outside the file-set',
      'IN',
    ]);
  });
});

test('what is no DICOMDIR is an error', async () => {
  const path = join(directory, 'no-dicomdir');
  const dataSet = DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.3' });
  await writeFile(path, encodePart10(dataSet, { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian }));
  await expect(dicomdirFiles(path).next()).rejects.toThrow(expect.objectContaining({ code: 'invalid-meta' }));
  await expect(dicomdirFiles(join(directory, 'none')).next()).rejects.toThrow(/ENOENT/);
});
