/** C-GET and C-MOVE of one study of 200 CT images: archives side by side, asked by the same clients, sending to the same destination. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parsePart10 } from '@dicomwire/dimse/dataset';
import { splitPart10 } from '@dicomwire/interop/corpus';
import {
  DICOMWIRE_PROGRAM,
  orthancProgram,
  type PeerName,
  part10FilesBelow,
  run,
  type StoragePeer,
  startDcmqrscp,
  startDemoScp,
  startOrthanc,
  startStorescp,
  temporaryDirectory,
  whatIsMissing,
} from '@dicomwire/interop/peers';
import type { Command, Target } from './contenders.ts';
import { measuredLine, verdict } from './lines.ts';
import { measure, median, type Outcome } from './measurement.ts';
import { type FileSet, writeExplicitFileSet } from './workload.ts';

const DESTINATION = 'DESTINATION';

/** An archive to be measured. */
interface ArchiveContender {
  readonly name: string;
  readonly needs: readonly PeerName[];
  /** Ours takes so much of its time, at most. */
  readonly oursAtMost?: number | undefined;
  start(destinationPort: number): Promise<Pick<StoragePeer, 'aeTitle' | 'port' | 'stop'>>;
}

const OURS = 'demo-scp';

const ARCHIVES: readonly ArchiveContender[] = [
  {
    name: OURS,
    needs: [],
    start: (port) => startDemoScp({ args: ['--peer', `${DESTINATION}=127.0.0.1:${port}`] }),
  },
  {
    name: 'DCMTK dcmqrscp',
    needs: ['DCMTK'],
    oursAtMost: 1,
    start: (port) => startDcmqrscp([{ aeTitle: DESTINATION, port }]),
  },
  {
    name: 'Orthanc',
    needs: ['Orthanc'],
    oursAtMost: 0.5,
    start: (port) => startOrthanc(orthancProgram(), { destination: { aeTitle: DESTINATION, port } }),
  },
];

/** A way to have a study. */
interface Retrieval {
  readonly title: string;
  /** @param output - An empty directory, for what is kept. */
  command(archive: Target, studyInstanceUid: string, output: string): Command;
}

const RETRIEVALS: readonly Retrieval[] = [
  {
    title: 'C-GET by getscu --ignore',
    command: (archive, uid) => ['getscu', ['--ignore', ...dcmtkArguments(archive, uid)]],
  },
  {
    title: 'C-GET by dicomwire, into files',
    command: ({ aeTitle, port }, uid, output) => [
      process.execPath,
      [DICOMWIRE_PROGRAM, 'get', '127.0.0.1', String(port), '--called', aeTitle, '--study', uid, '-o', output],
    ],
  },
  {
    title: 'C-MOVE by movescu, to storescp --ignore',
    command: (archive, uid) => ['movescu', ['-aem', DESTINATION, ...dcmtkArguments(archive, uid)]],
  },
];

function dcmtkArguments({ aeTitle, port }: Target, uid: string): string[] {
  const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${uid}`];
  return ['-S', '--max-pdu', '131072', '--call', aeTitle, ...keys, '127.0.0.1', String(port)];
}

/** Measures and prints. */
export async function benchRetrieve(rounds: number): Promise<void> {
  console.log(`\nRetrieval of 200 CT of 525 kB: median of ${rounds}, each round with all in turn\n`);
  const here = ARCHIVES.filter(({ name, needs }) => {
    const missing = needs.map(whatIsMissing).find((reason) => reason !== undefined);
    if (missing !== undefined) console.log(`${name} is left out: ${missing}`);
    return missing === undefined;
  });
  const directory = await temporaryDirectory('bench-retrieve');
  const destination = await startStorescp({ ignores: true });
  const running: { readonly contender: ArchiveContender; readonly archive: Awaited<ReturnType<typeof startOne>> }[] =
    [];
  try {
    const files = writeExplicitFileSet(directory.path);
    files.refresh();
    const uid = studyOf(files);
    for (const contender of here) {
      running.push({ contender, archive: await startOne(contender, destination.port, files) });
    }
    const output = join(directory.path, 'output');
    for (const { title, command } of RETRIEVALS) {
      const trials = running.map(({ contender, archive }) => ({
        name: contender.name,
        command: command(archive, uid, join(output, contender.name)),
      }));
      const emptied = () => {
        for (const { contender } of running) {
          rmSync(join(output, contender.name), { recursive: true, force: true });
          mkdirSync(join(output, contender.name), { recursive: true });
        }
      };
      print(title, await measure(trials, rounds, emptied));
    }
    for (const { contender, archive } of running) await checkWhole(contender.name, archive, uid, files, output);
  } finally {
    for (const { archive } of running) await archive.stop();
    await destination.stop();
    await directory.remove();
  }
}

function studyOf({ paths }: FileSet): string {
  const { dataSet } = parsePart10(readFileSync(paths[0] ?? ''));
  return dataSet.get('StudyInstanceUID') ?? '';
}

/** Starts an archive and stores the files in it. */
async function startOne(contender: ArchiveContender, destinationPort: number, files: FileSet) {
  const archive = await contender.start(destinationPort);
  const { aeTitle, port } = archive;
  const called = ['--call', aeTitle, '127.0.0.1', String(port)];
  const end = await run('storescu', ['-xe', '--required', '--max-pdu', '131072', ...called, ...files.paths], {
    timeoutMs: 180_000,
  });
  if (end.exitCode !== 0) throw new Error(`${contender.name} does not take the files: ${end.stderr}`);
  return archive;
}

function print(title: string, outcomes: ReadonlyMap<string, Outcome>): void {
  console.log(title);
  const ours = median(outcomes.get(OURS)?.seconds ?? []);
  for (const { name, oursAtMost } of ARCHIVES) {
    const outcome = outcomes.get(name);
    if (outcome === undefined) {
      measuredLine(`  ${name}`, 'left out');
      continue;
    }
    const seconds = median(outcome.seconds);
    if (seconds === undefined || outcome.failure !== undefined) {
      measuredLine(`  ${name}`, 'failed', outcome.failure ?? '');
      continue;
    }
    const ratio = ours === undefined ? Number.NaN : ours / seconds;
    const remark =
      oursAtMost === undefined
        ? ''
        : `${verdict(ratio <= oursAtMost, `at most ${oursAtMost} of it`)}, ours takes ${ratio.toFixed(2)}`;
    measuredLine(`  ${name}`, `${seconds.toFixed(3)} s`, remark);
  }
}

/** Once, not measured: everything comes, as it was stored. */
async function checkWhole(name: string, archive: Target, uid: string, files: FileSet, output: string): Promise<void> {
  const directory = join(output, `whole ${name}`);
  mkdirSync(directory, { recursive: true });
  const end = await run('getscu', ['+B', '-od', directory, ...dcmtkArguments(archive, uid)], {
    timeoutMs: 180_000,
  });
  const kept = await part10FilesBelow(directory);
  const wrong = files.paths.filter((path) => {
    const sent = splitPart10(readFileSync(path));
    return sent === undefined || kept.get(sent.sopInstanceUid)?.dataSet.equals(sent.dataSet) !== true;
  });
  const isWhole = end.exitCode === 0 && wrong.length === 0;
  console.log(
    `${name}: ${isWhole ? 'all 200 come as they were stored' : `WRONG: ${wrong.length} do not come as they were stored ${end.stderr.trim()}`}`,
  );
}
