import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { runCli, startCli } from './run-cli.js';

describe('dicomwire', () => {
  test('--version prints the version', async () => {
    expect(await runCli('--version')).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test.each([
    [['--help'], ['echo', 'store', 'Examples:', 'Exit codes:', '130']],
    [
      ['help', 'echo'],
      ['--repeat', '--called', 'Examples:'],
    ],
    [
      ['echo', '--help'],
      ['--repeat', '--timeout', '--max-pdu', 'Examples:'],
    ],
    [
      ['store', '--help'],
      ['<path...>', '--calling', '--json', 'Examples:'],
    ],
  ])('%j explains itself with examples', async (args, words) => {
    const end = await runCli(...args);
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    for (const word of words) expect(end.stdout).toContain(word);
  });

  test.each([
    [[], 'Usage: dicomwire'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['echo'], "missing required argument 'host'"],
    [['echo', 'localhost'], "missing required argument 'port'"],
    [['echo', 'localhost', '0'], 'whole number from 1 to 65535'],
    [['echo', 'localhost', '104x'], 'whole number from 1 to 65535'],
    [['echo', 'localhost', '104', 'more'], 'too many arguments'],
    [['echo', 'localhost', '104', '--frobnicate'], "unknown option '--frobnicate'"],
    [['echo', 'localhost', '104', '--repeat', '0'], 'whole number from 1'],
    [['echo', 'localhost', '104', '--timeout', '-1'], '0 to 86400'],
    [['echo', 'localhost', '104', '--max-pdu', '100'], 'from 4096'],
    [['echo', 'localhost', '104', '--called', 'SEVENTEEN_LETTERS'], '1 to 16 ASCII characters'],
    [['echo', 'localhost', '104', '--calling', ' '], '1 to 16 ASCII characters'],
    [['store', 'localhost', '104'], "missing required argument 'path'"],
  ])('%j is wrong usage: said on standard error, exit code 2', async (args, message) => {
    const end = await runCli(...args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toContain(message);
  });

  test('a Node that is too old is told of in one line, exit code 2', async () => {
    const olderNode = "Object.defineProperty(process.versions, 'node', { value: '20.1.0' })";
    const end = await startCli(['--version'], ['--import', `data:text/javascript,${olderNode}`]).ended;
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/^dicomwire: Node 22\.13 or later is needed, this is 20\.1\.0[^\n]*\n$/);
  });
});
