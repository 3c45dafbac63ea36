import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommitmentFailure, mpps, storageCommitment } from '@dicomwire/services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closedPort, listenAsScp } from './listening.js';
import { CT_IMAGE_STORAGE, writePart10 } from './part10-file.js';
import { jsonLines, runCli } from './run-cli.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dicomwire-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('dicomwire mpps', () => {
  test('begins a step, changes it, completes it and shows it', async () => {
    const port = await listenAsScp({ services: [mpps()] });
    const file = join(directory, 'step.json');
    writeFileSync(file, JSON.stringify({ '00080060': { vr: 'CS', Value: ['CT'] } }));
    const step = (action: string, ...args: string[]) => runCli('mpps', action, '127.0.0.1', port, '2.25.7', ...args);
    expect(await step('create', '-f', file, '-a', 'PatientID=4711')).toEqual({
      exitCode: 0,
      stdout: '2.25.7 0000 Success\n',
      stderr: '',
    });
    const item = 'PerformedSeriesSequence.SeriesInstanceUID=1.2.3';
    expect(await step('set', '-a', item)).toMatchObject({ exitCode: 0 });
    const { stdout } = await step('complete', '-a', 'PerformedProcedureStepEndDate=20260131', '--json');
    expect(jsonLines(stdout)).toMatchObject([
      { type: 'mpps', action: 'complete', sopInstanceUid: '2.25.7', status: 0 },
    ]);
    expect(jsonLines((await step('get', '--json')).stdout)).toMatchObject([
      {
        '00080060': { Value: ['CT'] },
        '00100020': { Value: ['4711'] },
        '00400250': { Value: ['20260131'] },
        '00400252': { Value: ['COMPLETED'] },
        '00400340': { Value: [{ '0020000E': { Value: ['1.2.3'] } }] },
      },
    ]);
    expect((await step('discontinue')).exitCode).toBe(1);
  });

  test('a step that is not there: why, with advice', async () => {
    const port = await listenAsScp({ services: [mpps()] });
    const end = await runCli('mpps', 'get', '127.0.0.1', port, '2.25.8');
    expect(end).toMatchObject({ exitCode: 1, stdout: '' });
    expect(end.stderr).toMatch(/No Such SOP Instance \(status 0112\)\n {2}→ The peer knows no such instance/);
  });

  test('a file that is no JSON is wrong usage', async () => {
    const file = join(directory, 'step.json');
    writeFileSync(file, 'PatientID');
    const end = await runCli('mpps', 'create', '127.0.0.1', '1', '-f', file);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toContain('is no JSON');
  });
});

describe('dicomwire commit', () => {
  const check = async (instances: readonly { readonly sopInstanceUid: string }[]) =>
    instances.map(({ sopInstanceUid }) =>
      sopInstanceUid === '2.25.1' ? undefined : CommitmentFailure.noSuchObjectInstance,
    );
  const write = (sopInstanceUid: string) => {
    const path = join(directory, sopInstanceUid);
    writePart10(path, { sopInstanceUid });
    return path;
  };

  test('tells what is committed and what is not', async () => {
    const port = await listenAsScp({ services: [storageCommitment({ check })] });
    const [kept, lost] = [write('2.25.1'), write('2.25.2')];
    expect(await runCli('commit', '127.0.0.1', port, kept)).toMatchObject({ exitCode: 0, stderr: '' });
    const end = await runCli('commit', '127.0.0.1', port, kept, lost);
    expect(end).toMatchObject({ exitCode: 1, stderr: '' });
    expect(end.stdout).toMatch(/^Committed 1 of 2 objects/);
    expect(end.stdout).toContain(`failed ${lost}: 0112 no such object instance\n`);
    const { stdout } = await runCli('commit', '127.0.0.1', port, kept, '--json');
    expect(jsonLines(stdout)).toMatchObject([
      {
        type: 'commitment',
        committed: [{ sopClassUid: CT_IMAGE_STORAGE, sopInstanceUid: '2.25.1', source: kept }],
        failed: [],
        exitCode: 0,
      },
    ]);
  });

  test('--wait 0 asks and does not wait', async () => {
    const port = await listenAsScp({ services: [storageCommitment({ check: () => new Promise(() => undefined) })] });
    const end = await runCli('commit', '127.0.0.1', port, '--wait', '0', write('2.25.1'));
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toMatch(/^Asked for commitment, transaction 2\.25\.\d+/);
  });

  test('a file that is none is said to be none', async () => {
    const path = join(directory, 'text');
    writeFileSync(path, 'no DICOM');
    const end = await runCli('commit', '127.0.0.1', await closedPort(), path);
    expect(end).toMatchObject({ exitCode: 1, stdout: '' });
    expect(end.stderr).toMatch(/text: .*\n {2}→ This is no DICOM file/);
  });
});
