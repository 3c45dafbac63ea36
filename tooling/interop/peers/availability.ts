/** Which real peers this machine has, and how to get those that it lacks. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ORTHANC_PROGRAMS } from './orthanc.ts';
import { pynetdicomPython } from './pynetdicom.ts';

/** The peers that tests and measurements run against. */
export type PeerName =
  | 'DCMTK'
  | 'dcm2json'
  | 'Orthanc'
  | 'pydicom'
  | 'pydicom files'
  | 'pynetdicom'
  | 'qrscp of pynetdicom'
  | 'tshark';

/** Where Debian's python3-pydicom puts its test files. */
export const PYDICOM_FILES = '/usr/lib/python3/dist-packages/pydicom/data';

/** The Python of Debian's python3-pydicom, whatever `python3` is in the path. */
export const PYDICOM_PYTHON = '/usr/bin/python3';

/** What is missing of a peer, in words that say how to get it; `undefined` when it is here. */
export function whatIsMissing(peer: PeerName): string | undefined {
  const known = answers.get(peer);
  if (known !== undefined) return known.missing;
  const missing = isHere[peer]() ? undefined : HOW_TO_GET[peer];
  answers.set(peer, { missing });
  return missing;
}

/** The Orthanc program of this machine. @throws when there is none. */
export function orthancProgram(): string {
  const program = ORTHANC_PROGRAMS.find((name) => runs(name, ['--version']));
  if (program === undefined) throw new Error(HOW_TO_GET.Orthanc);
  return program;
}

const answers = new Map<PeerName, { readonly missing: string | undefined }>();

const HOW_TO_GET: Readonly<Record<PeerName, string>> = {
  DCMTK: 'DCMTK is not installed (Debian: apt-get install dcmtk)',
  // Where these two and we differ is listed, for just these versions.
  dcm2json: 'dcm2json of DCMTK 3.6.7 is not installed (Debian 12: apt-get install dcmtk)',
  pydicom: 'pydicom 2.3 is not installed (Debian 12: apt-get install python3-pydicom)',
  Orthanc: 'Orthanc is not installed (Debian: apt-get install orthanc)',
  pynetdicom:
    'no Python with pynetdicom 3 (python3 -m venv .peers/pynetdicom && .peers/pynetdicom/bin/pip install pynetdicom, ' +
    'or name one in DICOMWIRE_PYNETDICOM_PYTHON)',
  'qrscp of pynetdicom':
    'no Python with pynetdicom 3 and sqlalchemy, which its qrscp needs (pip install pynetdicom sqlalchemy)',
  tshark: 'tshark is not installed (Debian: apt-get install tshark)',
  'pydicom files': "pydicom's test files are not installed (Debian: apt-get install python3-pydicom)",
};

const DCMTK_PROGRAMS = [
  'storescp',
  'storescu',
  'echoscu',
  'findscu',
  'getscu',
  'dcmsend',
  'dcmrecv',
  'dcmqrscp',
] as const;

const isHere: Readonly<Record<PeerName, () => boolean>> = {
  DCMTK: () => DCMTK_PROGRAMS.every((program) => runs(program, ['--version'])),
  dcm2json: () => runs('dcmodify', ['--version']) && outputOf('dcm2json', ['--version']).includes('v3.6.7'),
  pydicom: () => runs(PYDICOM_PYTHON, ['-c', 'import pydicom; assert pydicom.__version__.startswith("2.3.")']),
  Orthanc: () => ORTHANC_PROGRAMS.some((name) => runs(name, ['--version'])),
  pynetdicom: () => runs(pynetdicomPython(), ['-c', 'import pynetdicom; assert pynetdicom.__version__ >= "3"']),
  'qrscp of pynetdicom': () =>
    runs(pynetdicomPython(), ['-c', 'import pynetdicom, sqlalchemy; assert pynetdicom.__version__ >= "3"']),
  tshark: () => runs('tshark', ['--version']),
  'pydicom files': () => existsSync(PYDICOM_FILES),
};

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function outputOf(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}
