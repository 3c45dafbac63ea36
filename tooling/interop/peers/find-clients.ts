/** Real users of C-FIND: DCMTK's findscu and pynetdicom's, and what they are answered. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataSet, parsePart10 } from '@dicomwire/dimse/dataset';
import { type ProcessEnd, run } from './process.ts';
import { runPynetdicom } from './pynetdicom.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** What is asked, and how. */
export interface FindArguments {
  readonly port: number;
  /** `-P`, `-S`, `-O` or `-W`. */
  readonly model: '-P' | '-S' | '-O' | '-W';
  /** As they stand behind `-k`: `PatientName=DOE*`. */
  readonly keys: readonly string[];
  /** Files with queries, for DCMTK's. */
  readonly files?: readonly string[] | undefined;
  /** More arguments. */
  readonly args?: readonly string[] | undefined;
}

/** What a client was answered. */
export interface FoundByPeer {
  /** Identifiers of the matches, in order of arrival. */
  readonly identifiers: readonly DataSet[];
  readonly end: ProcessEnd;
}

/** `findscu` of DCMTK. */
export function runFindscu(asked: FindArguments): Promise<FoundByPeer> {
  return inDirectory((directory) => {
    const output = ['--extract', '--output-directory', directory, '--verbose', '--call', 'OURS'];
    const { files = [] } = asked;
    return run('findscu', [asked.model, ...output, ...rest(asked), '127.0.0.1', String(asked.port), ...files]);
  });
}

/** `findscu` of pynetdicom, which knows extended negotiation. */
export function runPynetdicomFindscu(asked: FindArguments): Promise<FoundByPeer> {
  return inDirectory((directory) =>
    runPynetdicom(
      'findscu',
      ['127.0.0.1', String(asked.port), asked.model, '--write', '--verbose', '-aec', 'OURS', ...rest(asked)],
      undefined,
      directory,
    ),
  );
}

function rest({ keys, args = [] }: FindArguments): string[] {
  return [...args, ...keys.flatMap((key) => ['-k', key])];
}

async function inDirectory(find: (directory: string) => Promise<ProcessEnd>): Promise<FoundByPeer> {
  const directory = await temporaryDirectory('find');
  try {
    const end = await find(directory.path);
    const names = (await readdir(directory.path)).filter((name) => name.endsWith('.dcm')).sort();
    const files = await Promise.all(names.map((name) => readFile(join(directory.path, name))));
    return { end, identifiers: files.map((file) => parsePart10(file).dataSet) };
  } finally {
    await directory.remove();
  }
}
