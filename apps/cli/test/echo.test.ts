import { connect, storage } from '@dicomwire/services';
import { describe, expect, test } from 'vitest';
import { closedPort, listenAsScp, listenAsTcp } from './listening.js';
import { jsonLines, runCli, startCli } from './run-cli.js';

describe('dicomwire echo', () => {
  test('says that the peer answers', async () => {
    const port = await listenAsScp();
    const end = await runCli('echo', '127.0.0.1', port);
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toMatch(/^ANY-SCP at 127\.0\.0\.1:\d+ answers: Success, [\d.]+ m?s\n$/);
  });

  test('--repeat echoes on one association', async () => {
    let associations = 0;
    const port = await listenAsScp({ onAssociation: () => associations++ });
    const end = await runCli('echo', '127.0.0.1', port, '--repeat', '25');
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toContain('25 echoes');
    expect(associations).toBe(1);
  });

  test('--called and --calling are the AE titles of the association', async () => {
    const titles: string[][] = [];
    const port = await listenAsScp({
      onAssociation: (facts) => titles.push([facts.calledAeTitle, facts.callingAeTitle]),
    });
    await runCli('echo', '127.0.0.1', port, '--called', 'PACS', '--calling', 'ME');
    expect(titles).toEqual([['PACS', 'ME']]);
  });

  test('--verbose tells of each echo', async () => {
    const port = await listenAsScp();
    const end = await runCli('echo', '127.0.0.1', port, '--repeat', '2', '--verbose');
    expect(end.stdout).toMatch(/echo 1: Success.*\necho 2: Success/);
  });

  test('--json prints an object for each echo and a summary', async () => {
    const port = await listenAsScp();
    const end = await runCli('echo', '127.0.0.1', port, '--repeat', '2', '--json');
    const milliseconds = expect.any(Number);
    expect(jsonLines(end.stdout)).toEqual([
      { type: 'echo', sequence: 1, status: 0, milliseconds },
      { type: 'echo', sequence: 2, status: 0, milliseconds },
      {
        type: 'summary',
        answered: 2,
        connectMilliseconds: milliseconds,
        milliseconds,
        meanMilliseconds: milliseconds,
        minimumMilliseconds: milliseconds,
        maximumMilliseconds: milliseconds,
        exitCode: 0,
      },
    ]);
  });

  test('--json reports a failure as an object, too', async () => {
    const end = await runCli('echo', '127.0.0.1', await closedPort(), '--json');
    expect(end.exitCode).toBe(1);
    expect(jsonLines(end.stdout)).toMatchObject([
      { type: 'error', code: 'connect-failed', message: expect.any(String), advice: expect.any(String) },
      { type: 'summary', answered: 0, exitCode: 1 },
    ]);
  });
});

describe('dicomwire echo that fails says what to do about it', () => {
  test('nobody listens', async () => {
    const end = await runCli('echo', '127.0.0.1', await closedPort());
    expect(end).toMatchObject({ exitCode: 1, stdout: '' });
    expect(end.stderr).toContain('Start the peer');
  });

  test('no such host', async () => {
    const end = await runCli('echo', 'no-such-host.invalid', '104');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('give an IP address');
  });

  test('the peer does not know its own AE title', async () => {
    const port = await listenAsScp({ checkCalledAeTitle: true });
    const end = await runCli('echo', '127.0.0.1', port, '--called', 'WRONG');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('called AE title not recognized');
    expect(end.stderr).toContain('--called');
  });

  test('the peer does not know us', async () => {
    const port = await listenAsScp({ allowedCallingAeTitles: ['SOMEBODY'] });
    const end = await runCli('echo', '127.0.0.1', port);
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('--calling');
  });

  test('the peer takes no more associations', async () => {
    const port = await listenAsScp({ maximumAssociations: 1 });
    await using first = await connect({
      host: '127.0.0.1',
      port: Number(port),
      calledAeTitle: 'TEST_SCP',
      callingAeTitle: 'FIRST',
    });
    await first.verify();
    const end = await runCli('echo', '127.0.0.1', port);
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('try again later');
  });

  test('the peer does not offer verification', async () => {
    const port = await listenAsScp({ services: [storage({ store: async () => {} })] });
    const end = await runCli('echo', '127.0.0.1', port);
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('does not offer this service');
  });

  test('something listens that never answers', async () => {
    const port = await listenAsTcp(() => {});
    const end = await runCli('echo', '127.0.0.1', port, '--timeout', '0.2');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('200 ms');
    expect(end.stderr).toContain('does not speak DICOM');
  });

  test('something listens that hangs up', async () => {
    const port = await listenAsTcp((socket) => socket.end());
    const end = await runCli('echo', '127.0.0.1', port);
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('is it a DICOM port');
  });

  test('something listens that speaks HTTP', async () => {
    const port = await listenAsTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const end = await runCli('echo', '127.0.0.1', port);
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('check the port');
  });
});

describe('dicomwire echo that is interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s aborts and ends with %i', async (signal, exitCode) => {
    let requested = () => {};
    const request = new Promise<void>((resolve) => {
      requested = resolve;
    });
    const received: Buffer[] = [];
    const port = await listenAsTcp((socket) => {
      socket.on('data', (bytes) => {
        received.push(bytes);
        requested();
      });
    });
    const cli = startCli(['echo', '127.0.0.1', port]);
    await request;
    cli.signal(signal);
    const end = await cli.ended;
    expect(
      received.map((bytes) => bytes[0]),
      'A-ASSOCIATE-RQ, A-ABORT',
    ).toEqual([0x01, 0x07]);
    expect(end.exitCode).toBe(exitCode);
    expect(end.stderr).toBe('dicomwire: interrupted\n');
  });
});
