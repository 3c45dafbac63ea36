import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSet, find, get, move, type ReceivedInstance, storage, worklist } from '@dicomwire/services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closedPort, listenAsScp } from './listening.js';
import { writePart10 } from './part10-file.js';
import { jsonLines, runCli } from './run-cli.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dicomwire-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const studies = [
  DataSet.from({ StudyInstanceUID: '1.2.3', PatientName: 'DOE^JANE', PatientID: '1', StudyDate: '20260131' }),
  DataSet.from({ StudyInstanceUID: '1.2.4', PatientName: 'ROE^RICHARD', PatientID: '2', StudyDate: '20260201' }),
];

function listenForQueries(): Promise<string> {
  return listenAsScp({ services: [find({ source: { find: ({ level }) => (level === 'STUDY' ? studies : []) } })] });
}

/** An archive with two CT images; it may move to DEST. */
async function listenAsArchive(destination?: string) {
  const paths = ['2.25.1', '2.25.2'].map((sopInstanceUid) => {
    const path = join(directory, `${sopInstanceUid}.src`);
    writePart10(path, { sopInstanceUid });
    return path;
  });
  const source = {
    instances: ({ studyInstanceUids }: { readonly studyInstanceUids: readonly string[] }) =>
      studyInstanceUids.includes('1.2.3') ? paths : [],
  };
  const peers = { DEST: { host: '127.0.0.1', port: Number(destination ?? (await closedPort())) } };
  return listenAsScp({ services: [get({ source }), move({ source, peers })] });
}

describe('dicomwire find', () => {
  test('prints a table of what matches', async () => {
    const end = await runCli('find', '127.0.0.1', await listenForQueries(), '-k', 'PatientName=DOE*');
    expect(end).toMatchObject({ exitCode: 0, stderr: '1 match\n' });
    const [titles, row, ...rest] = end.stdout.trimEnd().split('\n');
    expect(titles).toMatch(/^StudyDate +StudyTime +PatientName +PatientID/);
    expect(row).toMatch(/^20260131 +DOE\^JANE +1 .* 1\.2\.3$/);
    expect(rest).toEqual([]);
  });

  test('--json prints DICOM JSON, one match a line, and nothing else', async () => {
    const end = await runCli('find', '127.0.0.1', await listenForQueries(), '--json', '--only-keys', '-k', '0010,0020');
    expect(jsonLines(end.stdout)).toMatchObject([
      { '00100020': { vr: 'LO', Value: ['1'] }, '0020000D': { vr: 'UI', Value: ['1.2.3'] } },
      { '00100020': { vr: 'LO', Value: ['2'] } },
    ]);
    expect(end.stdout).not.toContain('00100010');
  });

  test('--limit stops there and says so', async () => {
    const end = await runCli('find', '127.0.0.1', await listenForQueries(), '--limit', '1');
    expect(end).toMatchObject({ exitCode: 0, stderr: '1 match; there may be more (--limit)\n' });
    expect(end.stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  test('a peer that does not offer queries: why, with advice', async () => {
    const end = await runCli('find', '127.0.0.1', await listenAsScp());
    expect(end).toMatchObject({ exitCode: 1, stdout: '' });
    expect(end.stderr).toMatch(/does not accept Study Root .*\n {2}→ The peer does not offer this service/);
  });

  test('a peer that is not there', async () => {
    const end = await runCli('find', '127.0.0.1', await closedPort(), '--json');
    expect(end.exitCode).toBe(1);
    expect(jsonLines(end.stdout)).toMatchObject([{ type: 'error', advice: expect.stringContaining('Start the peer') }]);
  });

  test.each([
    [['-k', 'Nothing=1'], 'No element is called "Nothing"'],
    [['-k', 'PatientsName=1'], 'did you mean PatientName?'],
    [['-k', 'patientid=1'], 'did you mean PatientID?'],
    [['-k', 'PatientID.PatientName=1'], 'PatientID is no sequence'],
    [['-k', 'Rows=many'], 'Rows takes numbers'],
    [['-k', 'PixelData=x'], 'binary'],
    [['--level', 'room'], 'Give one of patient, study, series, image'],
    [['--level', 'patient', '--model', 'study-root'], 'no level PATIENT'],
  ])('%j is wrong usage', async (args, message) => {
    const end = await runCli('find', '127.0.0.1', '1', ...args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toContain(message);
  });
});

describe('dicomwire worklist', () => {
  const item = DataSet.from({
    PatientName: 'DOE^JANE',
    StudyInstanceUID: '1.2.3',
    ScheduledProcedureStepSequence: [{ Modality: 'CT', ScheduledProcedureStepStartDate: '20260131' }],
  });

  test.each([
    [['--modality', 'CT', '--date', '20260101-20260131'], 1],
    [['-k', 'ScheduledProcedureStepSequence.Modality=CT'], 1],
    [['--modality', 'MR'], 0],
  ])('%j finds %i', async (args, number) => {
    const port = await listenAsScp({ services: [worklist({ source: { find: () => [item] } })] });
    const end = await runCli('worklist', '127.0.0.1', port, ...args);
    expect(end).toMatchObject({ exitCode: 0, stderr: number === 1 ? '1 match\n' : '0 matches\n' });
    if (number === 1) expect(end.stdout).toMatch(/\n20260131 +CT +DOE\^JANE +1\.2\.3\n$/);
  });
});

describe('dicomwire get', () => {
  test('saves what comes and prints the counters', async () => {
    const output = join(directory, 'out', 'below');
    const end = await runCli('get', '127.0.0.1', await listenAsArchive(), '--study', '1.2.3', '-o', output);
    expect(end).toEqual({
      exitCode: 0,
      stdout: '2 completed, 0 failed, 0 with warnings: 0000 Success\n',
      stderr: '',
    });
    expect(readdirSync(output).sort()).toEqual(['2.25.1.dcm', '2.25.2.dcm']);
  });

  test('--json tells of each object and ends with the counters', async () => {
    const args = ['--json', '-k', 'StudyInstanceUID=1.2.3', '-o', directory];
    const end = await runCli('get', '127.0.0.1', await listenAsArchive(), ...args);
    const lines = jsonLines(end.stdout);
    expect(lines.filter(({ type }) => type === 'object')).toMatchObject([
      { sopInstanceUid: '2.25.1', path: join(directory, '2.25.1.dcm') },
      { sopInstanceUid: '2.25.2' },
    ]);
    expect(lines.at(-1)).toMatchObject({
      type: 'summary',
      status: 0,
      completed: 2,
      failed: 0,
      warning: 0,
      exitCode: 0,
    });
  });

  test.each([
    [[], 'Say what is wanted'],
    [['-k', 'PatientName=DOE*'], 'look the UIDs up with find'],
  ])('%j is wrong usage', async (args, message) => {
    const end = await runCli('get', '127.0.0.1', '1', ...args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toContain(message);
  });
});

describe('dicomwire move', () => {
  test('has them sent to the destination', async () => {
    const received: ReceivedInstance[] = [];
    const store = async (instance: ReceivedInstance) => void received.push(instance);
    const port = await listenAsArchive(await listenAsScp({ services: [storage({ store })] }));
    const end = await runCli('move', '127.0.0.1', port, '--destination', 'DEST', '--study', '1.2.3');
    expect(end).toMatchObject({ exitCode: 0, stdout: '2 completed, 0 failed, 0 with warnings: 0000 Success\n' });
    expect(received.map(({ sopInstanceUid }) => sopInstanceUid).sort()).toEqual(['2.25.1', '2.25.2']);
  });

  test('a destination that the peer does not know: what to do', async () => {
    const end = await runCli('move', '127.0.0.1', await listenAsArchive(), '-d', 'NOBODY', '--study', '1.2.3');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toMatch(/Move destination unknown[^\n]*\n {2}→ .*register its AE title/);
  });

  test('names what failed when the destination is not there', async () => {
    const end = await runCli('move', '127.0.0.1', await listenAsArchive(), '-d', 'DEST', '--study', '1.2.3');
    expect(end.exitCode).toBe(1);
    expect(end.stdout).toContain('0 completed, 2 failed, 0 with warnings');
    expect(end.stdout).toContain('failed 2.25.1');
  });

  test('needs a destination', async () => {
    const end = await runCli('move', '127.0.0.1', '1', '--study', '1.2.3');
    expect(end).toMatchObject({ exitCode: 2 });
    expect(end.stderr).toContain("required option '-d, --destination <title>' not specified");
  });
});
