/** The command line as its users meet it: options, exit codes, one clear line for what they can put right. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from '@dicomwire/services';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeObject } from '../src/testing/objects.js';
import { temporaryDirectory } from '../src/testing/temporary-directory.js';
import { cli, listedInstances, run, runNode, Server } from './server.js';

describe('usage errors: exit code 2 and one line', () => {
  test.each([
    ['an unknown option', ['--nonsense'], /unknown option '--nonsense'/],
    ['a misspelt option, with a suggestion', ['--prot', '1'], /unknown option '--prot'.*--port/],
    ['a port that is none', ['--port', '70000'], /--port.*'70000'.*from 0 to 65535/],
    ['an option without its value', ['--port'], /--port.*argument missing/],
    ['seconds that are none', ['--acse-timeout', 'soon'], /--acse-timeout.*seconds/],
    ['an AE title that is too long', ['--ae-title', 'A'.repeat(17)], /--ae-title.*1 to 16/],
    ['a calling AE title that is none', ['--allow-calling', 'A\\B'], /--allow-calling.*1 to 16/],
    ['a durability that is none', ['--durability', 'some'], /--durability.*full, os/],
    ['a duplicate policy that is none', ['--on-duplicate', 'keep'], /--on-duplicate.*refuse, replace/],
    ['a log level that is none', ['--log-level', 'loud'], /--log-level.*silent, error, warn, info, debug/],
    ['a PDU that is too small', ['--max-pdu', '100'], /--max-pdu.*from 4096/],
    ['an unknown command', ['sevre'], /sevre|too many arguments/],
    ['a line break in an option', ['--port', '1\n2'], /'1 2'/],
    ['listing what is no archive', ['list', '--data', '/nowhere/at/all'], /there is no archive in \/nowhere\/at\/all/],
    ['an unknown option of list', ['list', '--yaml'], /unknown option '--yaml'/],
  ])('%s', (_name, args, expected) => {
    const { code, stdout, stderr } = run(...args);
    expect(stderr).toMatch(expected);
    expect(stderr).toMatch(/^demo-scp: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a Node that is too old', () => {
    const olderNode = "Object.defineProperty(process.versions, 'node', { value: '20.1.0' })";
    const { code, stdout, stderr } = runNode('--import', `data:text/javascript,${olderNode}`, cli, '--version');
    expect(stderr).toMatch(/^demo-scp: Node 22\.13 or later is needed, this is 20\.1\.0[^\n]*\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, stderr } = run('--port', port, '--data', temporaryDirectory());
    expect(stderr).toBe(`demo-scp: port ${port} on 127.0.0.1 is in use; choose another with --port\n`);
    expect(code).toBe(2);
  });

  test('an address of another machine', () => {
    const { code, stderr } = run('--port', '0', '--host', '192.0.2.1', '--data', temporaryDirectory());
    expect(stderr).toMatch(/^demo-scp: 192\.0\.2\.1 is no address of this machine[^\n]+\n$/);
    expect(code).toBe(2);
  });

  test('a directory that can not be written', () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const { code, stderr } = run('--port', '0', '--data', join(file, 'data'));
    expect(stderr).toMatch(/^demo-scp: cannot write to [^\n]+: ENOTDIR[^\n]+\n$/);
    expect(code).toBe(2);
  });

  test('listing by an index that is damaged', () => {
    const data = temporaryDirectory();
    writeFileSync(join(data, 'index.sqlite'), 'no database, only words that were written where one was'.repeat(100));
    const { code, stdout, stderr } = run('list', '--data', data);
    expect(stderr).toBe(`demo-scp: the index in ${data} is damaged; start its server once, which makes it anew\n`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a directory that another server uses', async () => {
    const data = temporaryDirectory();
    await Server.start(['--data', data]);
    const { code, stderr } = run('--port', '0', '--data', data);
    expect(stderr).toBe(`demo-scp: another demo-scp uses ${data}; give this one its own --data\n`);
    expect(code).toBe(2);
  });
});

describe('help and version', () => {
  test.each([
    ['--help', /--durability/],
    ['serve --help', /--durability/],
    ['list --help', /--json/],
    ['help', /--durability/],
    ['help list', /--json/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ])('%s', (args, expected) => {
    const { code, stdout, stderr } = run(...args.split(' '));
    expect(stdout).toMatch(expected);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('the start', () => {
  test('says where it listens, its AE title, where data goes and how to talk to it', async () => {
    const data = join(temporaryDirectory(), 'made', 'on the way');
    const server = await Server.start(['serve', '--ae-title', 'KEEPER', '--data', data, '--durability', 'os']);
    const { stdout } = await server.stop();
    expect(server.port).toBeGreaterThan(0);
    expect(stdout).toContain(`listens on 127.0.0.1:${server.port} as KEEPER`);
    expect(stdout).toContain(`Objects go to ${data} (0 there, durability os)`);
    expect(stdout).toContain(`echoscu -aec KEEPER 127.0.0.1 ${server.port}`);
    expect(stdout).toContain(`demo-scp list --data '${data}'`);
    expect(existsSync(data)).toBe(true);
  });
});

describe('who may call', () => {
  async function isAccepted(server: Server, calledAeTitle: string, callingAeTitle: string): Promise<boolean> {
    try {
      await using client = await connect({ host: '127.0.0.1', port: server.port, calledAeTitle, callingAeTitle });
      await client.verify();
      return true;
    } catch {
      return false;
    }
  }

  test('any called AE title, unless it is checked', async () => {
    const open = await Server.start(['--data', temporaryDirectory()]);
    expect(await isAccepted(open, 'WHATEVER', 'A')).toBe(true);
    const strict = await Server.start(['--data', temporaryDirectory(), '--check-called-ae']);
    expect(await isAccepted(strict, 'WHATEVER', 'A')).toBe(false);
    expect(await isAccepted(strict, 'DEMO_SCP', 'A')).toBe(true);
  });

  test('only those named, when some are', async () => {
    const server = await Server.start(['--data', temporaryDirectory(), '--allow-calling', 'CT1', 'MR 1']);
    expect(await isAccepted(server, 'DEMO_SCP', 'CT1')).toBe(true);
    expect(await isAccepted(server, 'DEMO_SCP', 'MR 1')).toBe(true);
    expect(await isAccepted(server, 'DEMO_SCP', 'CT2')).toBe(false);
  });

  test('unknown SOP classes only when promiscuous', async () => {
    const unknown = { ...makeObject({ sopInstanceUid: '1.2.3.4.5' }), sopClassUid: '1.2.3.999' };
    const dataSet = Buffer.from(unknown.dataSet instanceof Uint8Array ? unknown.dataSet : []);
    // The data set's own SOP Class UID would contradict: it gives way to a private element that says nothing.
    const object = { ...unknown, dataSet: dataSet.subarray(8 + dataSet.readUInt16LE(6)) };
    const picky = await Server.start(['--data', temporaryDirectory()]);
    expect((await picky.send(object)).counts.stored).toBe(0);
    const data = temporaryDirectory();
    const promiscuous = await Server.start(['--data', data, '--promiscuous']);
    expect((await promiscuous.send(object)).counts.stored).toBe(1);
    expect(listedInstances(data).get('1.2.3.4.5')?.sopClassUid).toBe('1.2.3.999');
  });
});

describe('list', () => {
  test('as text, with what a peer wrote made harmless', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data]);
    await server.send(makeObject({ sopInstanceUid: '1.2.3.4.5', patientName: 'DOE\u0007[2J' }), 'CT1');
    const { code, stdout } = run('list', '--data', data);
    expect(code).toBe(0);
    expect(stdout).toContain('DOE\\x07[2J  ID P1  20260102  Head  1.2.3\n');
    expect(stdout).toMatch(
      /objects\/1\.2\.3\/1\.2\.3\.4\/1\.2\.3\.4\.5\.dcm {2}\d+ bytes {2}1\.2\.840\.10008\.1\.2\.1 {2}from CT1 {2}\d{4}-/,
    );
    expect(stdout).toContain('1 study, 1 series, 1 instance\n');
  });

  test('ends quietly when nobody reads on', async () => {
    const data = temporaryDirectory();
    mkdirSync(data, { recursive: true });
    const server = await Server.start(['--data', data, '--durability', 'os']);
    await server.send(
      Array.from({ length: 1500 }, (_, n) => makeObject({ sopInstanceUid: `1.2.3.4.${n}`, pixelBytes: 2 })),
    );
    const child = spawn(process.execPath, [cli, 'list', '--data', data, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
