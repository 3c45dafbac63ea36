import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScp, type ReceivedInstance, type Service, storage } from '@dicomwire/services';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { closedPort, listenAsScp, listenAsTcp } from './listening.js';
import { CT_IMAGE_STORAGE, EXPLICIT_LITTLE_ENDIAN, JPEG_2000, writePart10 } from './part10-file.js';
import { jsonLines, runCli, startCli } from './run-cli.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dicomwire-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Writes `number` CT images. */
function writeFiles(number: number): string[] {
  return Array.from({ length: number }, (_, index) => {
    const path = join(directory, `${index + 1}.dcm`);
    writePart10(path, { sopInstanceUid: `2.25.${index + 1}` });
    return path;
  });
}

/** An archive that keeps data sets in memory, and may refuse. */
async function listenAsArchive(statusOf: (instance: ReceivedInstance) => number = () => 0) {
  const kept = new Map<string, Uint8Array>();
  const service = storage({
    transferSyntaxes: ['1.2.840.10008.1.2', EXPLICIT_LITTLE_ENDIAN],
    async store(instance) {
      const bytes = await instance.dataSet.bytes();
      const status = statusOf(instance);
      if (status === 0) kept.set(instance.sopInstanceUid, bytes);
      return status;
    },
  });
  return { kept, port: await listenAsScp({ services: [service] }) };
}

describe('dicomwire store', () => {
  test('sends files as they stand', async () => {
    const { kept, port } = await listenAsArchive();
    const paths = writeFiles(3);
    const end = await runCli('store', '127.0.0.1', port, ...paths);
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toMatch(/^Stored 3 of 3 objects, .* in .*, 1 association\.\n$/);
    const file = readFileSync(paths[0] ?? '');
    expect(file.subarray(-(kept.get('2.25.1')?.length ?? 0))).toEqual(Buffer.from(kept.get('2.25.1') ?? []));
  });

  test('converts where the peer takes no other transfer syntax, says so, and does not when that is forbidden', async () => {
    const service = storage({
      transferSyntaxes: ['1.2.840.10008.1.2'],
      store: async (instance) => void (await instance.dataSet.bytes()),
    });
    const port = await listenAsScp({ services: [service] });
    const paths = writeFiles(2);
    const converted = await runCli('store', '127.0.0.1', port, ...paths);
    expect(converted.exitCode).toBe(0);
    expect(converted.stdout).toContain('Sent 2 objects in another transfer syntax');
    const refused = await runCli('store', '127.0.0.1', port, '--no-convert', '--json', ...paths);
    expect(refused.exitCode).toBe(1);
    expect(jsonLines(refused.stdout)).toMatchObject([
      { outcome: 'not-sent', reason: 'no-accepted-context' },
      { outcome: 'not-sent', reason: 'no-accepted-context' },
      { type: 'summary', converted: 0, exitCode: 1 },
    ]);
  });

  test('searches directories and skips what is no DICOM file', async () => {
    const { kept, port } = await listenAsArchive();
    writeFiles(2);
    mkdirSync(join(directory, 'below'));
    writePart10(join(directory, 'below', 'x'), { sopInstanceUid: '2.25.77' });
    writeFileSync(join(directory, 'notes.txt'), 'no DICOM');
    const end = await runCli('store', '127.0.0.1', port, directory);
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toContain('Stored 3 of 3 objects');
    expect(end.stdout).toContain('Skipped 1 file that is no DICOM object.\n');
    expect([...kept.keys()].sort()).toEqual(['2.25.1', '2.25.2', '2.25.77']);
  });

  test('--json prints an object for each file and a summary', async () => {
    const { port } = await listenAsArchive();
    const [path] = writeFiles(1);
    const end = await runCli('store', '127.0.0.1', port, '--json', path ?? '');
    expect(jsonLines(end.stdout)).toMatchObject([
      {
        type: 'object',
        source: path,
        outcome: 'stored',
        sopClassUid: CT_IMAGE_STORAGE,
        sopInstanceUid: '2.25.1',
        transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN,
        status: 0,
        sentBytes: expect.any(Number),
      },
      { type: 'summary', counts: { stored: 1, refused: 0 }, associations: 1, exitCode: 0 },
    ]);
  });

  test('--verbose tells of each object', async () => {
    const { port } = await listenAsArchive();
    const [path] = writeFiles(1);
    const end = await runCli('store', '127.0.0.1', port, '--verbose', path ?? '');
    expect(end.stdout).toContain(`stored  ${path}  0000`);
  });
});

describe('dicomwire store that fails', () => {
  test('groups what the peer refused by status, with the advice once', async () => {
    const { port } = await listenAsArchive(({ sopInstanceUid }) => (sopInstanceUid === '2.25.2' ? 0 : 0xa700));
    const end = await runCli('store', '127.0.0.1', port, ...writeFiles(9));
    expect(end).toMatchObject({ exitCode: 1, stderr: '' });
    expect(end.stdout).toContain('Stored 1 of 9 objects');
    expect(end.stdout.match(/8 objects refused A700/g)).toHaveLength(1);
    expect(end.stdout).toContain('and 3 more (--verbose names all)');
    expect(end.stdout.match(/make room there/g)).toHaveLength(1);
  });

  test('says which objects no presentation context takes, and stores the others', async () => {
    const { kept, port } = await listenAsArchive();
    const [path] = writeFiles(1);
    const compressed = join(directory, 'compressed.dcm');
    writePart10(compressed, { sopInstanceUid: '2.25.9', transferSyntax: JPEG_2000 });
    const end = await runCli('store', '127.0.0.1', port, path ?? '', compressed);
    expect(end.exitCode).toBe(1);
    expect([...kept.keys()]).toEqual(['2.25.1']);
    expect(end.stdout).toMatch(/1 object not sent: .*\n {4}.*compressed\.dcm\n {2}→ .*convert/);
  });

  test('a file that is not there is named', async () => {
    const { port } = await listenAsArchive();
    const end = await runCli('store', '127.0.0.1', port, join(directory, 'nothing.dcm'));
    expect(end.exitCode).toBe(1);
    expect(end.stdout).toContain('nothing.dcm');
  });

  test('a directory without DICOM files is nothing to send', async () => {
    const { port } = await listenAsArchive();
    const end = await runCli('store', '127.0.0.1', port, directory);
    expect(end).toMatchObject({ exitCode: 1, stdout: 'Nothing to send: no files were found.\n' });
  });

  test('a peer that is not there is said once, with advice', async () => {
    const end = await runCli('store', '127.0.0.1', await closedPort(), ...writeFiles(3));
    expect(end.exitCode).toBe(1);
    expect(end.stdout.match(/Start the peer/g)).toHaveLength(1);
    expect(end.stdout).toContain('Stored 0 of 3 objects');
  });

  test('a peer that breaks off in the middle: what became of the rest, and where to look', async () => {
    const service: Service = {
      ...storage({ store: async () => 0 }),
      async perform({ association }) {
        association.abort(0, 0);
        return { status: 0 };
      },
    };
    const scp = createScp({ aeTitle: 'TEST_SCP', services: [service] });
    onTestFinished(() => scp.close());
    const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
    const end = await runCli('store', '127.0.0.1', String(port), ...writeFiles(3));
    expect(end.exitCode).toBe(1);
    expect(end.stdout).toContain('The association ended before the operation did: aborted by the peer');
    expect(end.stdout).toContain('→ The peer broke off: its log says why');
  });

  test('a connection that is lost in the middle is no question of the port', async () => {
    const { port } = await listenAsArchive();
    const relay = await listenAsTcp((socket) => {
      const archive = createConnection({ host: '127.0.0.1', port: Number(port) }, () => socket.pipe(archive));
      archive.on('error', () => {});
      // The first thing that the archive says accepts the association; the line is cut at the second.
      archive.once('data', (acceptance) => {
        socket.write(acceptance);
        archive.once('data', () => {
          socket.destroy();
          archive.destroy();
        });
      });
    });
    const end = await runCli('store', '127.0.0.1', relay, ...writeFiles(3));
    expect(end.exitCode).toBe(1);
    expect(end.stdout).toContain('→ The peer or the network broke the connection off');
    expect(end.stdout).not.toContain('is it a DICOM port');
  });

  test('--json gives reason, message and advice of each object', async () => {
    const [path] = writeFiles(1);
    const end = await runCli('store', '127.0.0.1', await closedPort(), '--json', path ?? '');
    expect(jsonLines(end.stdout)).toMatchObject([
      {
        type: 'object',
        source: path,
        outcome: 'not-sent',
        reason: 'association-failed',
        message: expect.any(String),
        advice: expect.stringContaining('Start the peer'),
      },
      { type: 'summary', counts: { stored: 0, 'not-sent': 1 }, exitCode: 1 },
    ]);
  });
});

test('dicomwire store that is interrupted aborts, reports, and ends with 130', async () => {
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const service = storage({
    async store(instance) {
      arrived();
      // Never answered: the association ends first.
      await new Promise((resolve) => instance.signal.addEventListener('abort', resolve, { once: true }));
    },
  });
  const port = await listenAsScp({ services: [service] });
  const cli = startCli(['store', '127.0.0.1', port, ...writeFiles(2)]);
  await arrival;
  cli.signal('SIGINT');
  const end = await cli.ended;
  expect(end.exitCode).toBe(130);
  expect(end.stdout).toContain('Stored 0 of 2 objects');
});
