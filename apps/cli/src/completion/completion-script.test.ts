import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../program.js';
import { commandTable } from './command-table.js';
import { completionScript } from './completion-script.js';

const program = createProgram();
const table = commandTable(program);
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'dicomwire-completion-'));
  writeFileSync(join(directory, 'image one.dcm'), '');
});

afterAll(() => rmSync(directory, { recursive: true }));

function shell(name: string, ...args: readonly string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(name, args, { cwd: directory, encoding: 'utf8' });
  if (error !== undefined) return undefined;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const hasShell = (name: string) => spawnSync(name, ['-c', 'true']).error === undefined;

/** What bash offers for the last of the words. */
function completedByBash(...words: readonly string[]): readonly string[] {
  const script = `${completionScript(program, 'bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dicomwire; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return (shell('bash', '-c', script, 'bash', 'dicomwire', ...words) ?? '').split('\n').filter((word) => word !== '');
}

describe.skipIf(!hasShell('bash'))('bash', () => {
  test.each([
    [['st'], ['store']],
    [['ups', 'un'], ['unsubscribe']],
    [['find', '--le'], ['--level']],
    [
      ['find', 'pacs', '104', '--level', 's'],
      ['study', 'series'],
    ],
    [
      ['ups', 'find', '--as', ''],
      ['pull', 'watch', 'query'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['store', 'pacs', '104', 'im'], ['image one.dcm']],
    [['store', '--called', 'PACS', 'pacs', '104', 'a.dcm', 'im'], ['image one.dcm']],
    [['get', 'pacs', '104', '-o', 'im'], ['image one.dcm']],
    [['echo', '--called', ''], []],
    [['echo', 'pacs', ''], []],
  ])('%j is completed to %j', (words, expected) => {
    expect(completedByBash(...words)).toEqual(expected);
  });

  test.each(table)('offers every command and option of "$path"', ({ path, subcommands, options }) => {
    const words = path.split(' ').filter((word) => word !== '');
    const offered = [...completedByBash(...words, ''), ...completedByBash(...words, '-')];
    expect(offered).toEqual(expect.arrayContaining(subcommands.map(({ name }) => name)));
    expect(offered).toEqual(expect.arrayContaining(options.map(({ long }) => long)));
  });
});

describe.skipIf(!hasShell('zsh'))('zsh', () => {
  test('accepts the script', () => {
    const path = join(directory, '_dicomwire');
    writeFileSync(path, completionScript(program, 'zsh'));
    expect(shell('zsh', '-n', path)).toBe('');
    const functions = shell(
      'zsh',
      '-fc',
      `compdef() { print $1 $2 }; source ${path}; print \${+functions[_dicomwire_ups_find]}`,
    );
    expect(functions).toBe('_dicomwire dicomwire\n1\n');
  });
});

describe.skipIf(!hasShell('fish'))('fish', () => {
  function completedByFish(line: string): readonly string[] {
    const path = join(directory, 'dicomwire.fish');
    writeFileSync(path, completionScript(program, 'fish'));
    const words = shell('fish', '--no-config', '-c', `source ${path}; complete -C ${JSON.stringify(line)}`) ?? '';
    return words.split('\n').flatMap((each) => each.split('\t')[0] || []);
  }

  test.each([
    ['dicomwire st', ['store']],
    ['dicomwire ups un', ['unsubscribe']],
    ['dicomwire find --level s', ['series', 'study']],
    ['dicomwire ups find --as ', ['pull', 'query', 'watch']],
    ['dicomwire store pacs 104 im', ['image one.dcm']],
  ])('%s', (line, expected) => {
    expect([...completedByFish(line)].sort()).toEqual(expected);
  });
});

test('a shell that has no script is wrong usage', () => {
  const broken = createProgram();
  for (const command of [broken, ...broken.commands]) command.configureOutput({ writeErr: () => {} });
  expect(() => broken.parse(['completion', 'csh'], { from: 'user' })).toThrow(/Allowed choices are bash, zsh, fish/);
});
