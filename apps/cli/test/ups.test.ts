import { ups } from '@dicomwire/services';
import { describe, expect, test } from 'vitest';
import { closedPort, listenAsScp } from './listening.js';
import { jsonLines, runCli, startCli } from './run-cli.js';

type UpsOptions = Parameters<typeof ups>[0];

function listenAsManager(options: Partial<UpsOptions> = {}): Promise<string> {
  return listenAsScp({ services: [ups({ aeTitle: 'TEST_SCP', checksFinalState: false, ...options })] });
}

function stepOn(port: string, uid = '2.25.7') {
  return (action: string, ...args: string[]) => runCli('ups', action, '127.0.0.1', port, uid, ...args);
}

describe('dicomwire ups', () => {
  test('orders a step, claims it, changes it, completes it and shows it', async () => {
    const port = await listenAsManager();
    const step = stepOn(port);
    const created = await step('create', '-a', 'PatientID=4711', '-a', 'ProcedureStepLabel=Report');
    expect(created).toMatchObject({ exitCode: 0, stderr: '' });
    expect(created.stdout).toMatch(/^2\.25\.7 /);
    const found = await runCli('ups', 'find', '127.0.0.1', port, '-k', 'ProcedureStepState=SCHEDULED');
    expect(found).toMatchObject({ exitCode: 0, stderr: '1 match\n' });
    expect(found.stdout).toMatch(/\nSCHEDULED .* 4711 +2\.25\.7\n$/);
    const [claim] = jsonLines((await step('claim', '--transaction', '2.25.8', '--json')).stdout);
    expect(claim).toMatchObject({ type: 'ups', action: 'claim', sopInstanceUid: '2.25.7', transactionUid: '2.25.8' });
    const stranger = await step('set', '--transaction', '2.25.9', '-a', 'ProcedureStepLabel=Mine');
    expect(stranger.exitCode).toBe(1);
    expect(stranger.stderr).toMatch(/Transaction UID was not provided[^\n]*\(status C301\)\n {2}→ .*--transaction/);
    const second = await step('claim', '--transaction', '2.25.8');
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(/C302[^\n]*\n {2}→ .*ups find/);
    expect(await step('set', '--transaction', '2.25.8', '-a', 'ProcedureStepLabel=Done')).toMatchObject({
      exitCode: 0,
    });
    expect(await step('complete')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await step('complete', '--transaction', '2.25.8')).toMatchObject({ exitCode: 0 });
    expect(jsonLines((await step('get', '--json')).stdout)).toMatchObject([
      { '00741000': { Value: ['COMPLETED'] }, '00741204': { Value: ['Done'] } },
    ]);
  });

  test('cancels a step that was claimed, and one that nobody claimed on request', async () => {
    const port = await listenAsManager();
    const claimed = stepOn(port);
    await claimed('create', '-a', 'PatientID=1');
    await claimed('claim', '--transaction', '2.25.8');
    expect(await claimed('cancel', '--transaction', '2.25.8')).toMatchObject({ exitCode: 0 });
    expect((await claimed('get')).stdout).toContain('[CANCELED]');
    const waiting = stepOn(port, '2.25.17');
    await waiting('create', '-a', 'PatientID=1');
    expect(await waiting('request-cancel', '--reason', 'Patient left')).toMatchObject({ exitCode: 0 });
    expect((await waiting('get')).stdout).toContain('[CANCELED]');
  });

  test('watch prints the events of a subscription, which can be ended', async () => {
    const watchPort = await closedPort();
    const port = await listenAsManager({
      peers: () => ({ host: '127.0.0.1', port: Number(watchPort), calledAeTitle: 'W', callingAeTitle: 'TEST_SCP' }),
      retryDelaysMs: Array(600).fill(50),
    });
    const step = stepOn(port);
    const watch = startCli(['ups', 'watch', '--host', '127.0.0.1', '--port', watchPort, '--count', '1', '--json']);
    await step('create', '-a', 'PatientID=1');
    expect(await step('subscribe', '--receiver', 'W')).toMatchObject({ exitCode: 0, stderr: '' });
    const { exitCode, stdout } = await watch.ended;
    expect(exitCode).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      type: 'event',
      event: 'stateReport',
      sopInstanceUid: '2.25.7',
      callingAeTitle: 'TEST_SCP',
      information: { '00741000': { Value: ['SCHEDULED'] } },
    });
    expect(await step('unsubscribe', '--receiver', 'W')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test.each([
    [['watch', '--tls-key', 'key.pem'], '--tls-cert'],
    [['get', 'localhost', '104', 'no-uid'], 'A UID has digits'],
  ])('%j is wrong usage', async (args, message) => {
    const end = await runCli('ups', ...args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toContain(message);
  });

  test('keys that filter a subscription to one step are wrong usage', async () => {
    const end = await runCli('ups', 'subscribe', '127.0.0.1', '1', '2.25.7', '-k', 'PatientID=1');
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
