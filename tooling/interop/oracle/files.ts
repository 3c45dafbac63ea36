/** Every file that is at hand, good ones and bad ones. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED_FILES } from '../corpus/corpus.ts';
import { PYDICOM_FILES } from '../peers/availability.ts';

/** A folder of files. */
export interface Folder {
  /** What names of its files begin with. */
  readonly name: 'pydicom' | 'shared';
  readonly root: string;
}

/** The folders that are here. */
export function foldersHere(): Folder[] {
  const folders: Folder[] = [
    { name: 'pydicom', root: PYDICOM_FILES },
    { name: 'shared', root: SHARED_FILES },
  ];
  return folders.filter(({ root }) => existsSync(root));
}

/** Path of each file by its name, `pydicom/test_files/CT_small.dcm`; Python's own apart. */
export function filesOf({ name, root }: Folder): Map<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/\.pyc?$/.test(file) && statSync(join(root, file)).isFile())
    .sort();
  return new Map(files.map((file) => [`${name}/${file}`, join(root, file)]));
}

/** Those that hold no DICOM data set. */
export const NOT_DICOM: readonly string[] = [
  'pydicom/charset_files/FileInfo.txt',
  'pydicom/hashes.json',
  'pydicom/palettes/README.md',
  'pydicom/test_files/README.txt',
  'pydicom/test_files/dicomdirtests/README.txt',
  'pydicom/test_files/dicomdirtests/TINY_ALPHA/README',
  // A byte more stands before a data set without file meta information.
  'pydicom/test_files/no_meta.dcm',
  'pydicom/test_files/rtplan.dump',
  'pydicom/test_files/rtstruct.dump',
  'pydicom/test_files/test1.json',
  'pydicom/test_files/test_PN.json',
  'pydicom/test_files/zipMR.gz',
  'pydicom/urls.json',
  'shared/MANIFEST.json',
  'shared/licenses/dcmtk-COPYRIGHT',
  'shared/licenses/dicomParser-LICENSE',
  'shared/licenses/pydicom-LICENSE',
  'shared/licenses/pydicom-data-LICENSE',
  'shared/licenses/pydicom-test_files-README.txt',
  'shared/licenses/robyoung-LICENSE.txt',
];

/** Those that are broken, and the code of the error that says so. */
export const BROKEN: Readonly<Record<string, string>> = {
  'pydicom/test_files/MR_truncated.dcm': 'truncated',
  'pydicom/test_files/rtplan_truncated.dcm': 'truncated',
  'shared/MR_truncated.dcm': 'truncated',
};
