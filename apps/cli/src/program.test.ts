import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from './program.js';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

interface Leaf {
  readonly path: string;
  readonly command: Command;
}

/** Commands that do something. */
function leavesOf(command: Command, path = ''): readonly Leaf[] {
  if (command.commands.length === 0) return [{ path: path.trim(), command }];
  return command.commands.flatMap((each) => leavesOf(each, `${path} ${each.name()}`));
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more) }).outputHelp();
  return text;
}

/** What a shell makes of a line: the words after `dicomwire`. Globs stay as they are. */
function wordsOf(line: string): readonly string[] {
  const script = `set -f\ndicomwire() { printf '%s\\0' "$@" >&3; }\nnpm() { shift 3; dicomwire "$@"; }\nPATH=\n${line.replace(/[<>] *\S+$/, '')}`;
  const { output } = spawnSync('/bin/bash', ['-c', script], {
    cwd: tmpdir(),
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return (output[3] ?? '').split('\0').slice(0, -1);
}

/** Parses it as the program would; nothing is done. */
async function parse(words: readonly string[]): Promise<string> {
  const program = createProgram();
  let reached = '';
  let said = '';
  const output = { writeOut: () => {}, writeErr: (text: string) => (said += text) };
  for (const { path, command } of leavesOf(program)) {
    command.configureOutput(output).action(() => {
      reached = path;
    });
  }
  try {
    await program.configureOutput(output).parseAsync(words, { from: 'user' });
  } catch (error) {
    return said || String(error);
  }
  return reached;
}

const leaves = leavesOf(createProgram());

describe('every command', () => {
  test.each(leaves)('$path explains itself with examples of its own, which parse', async ({ path, command }) => {
    const examples = helpOf(command).matchAll(/^ {2}(dicomwire .*)$/gm);
    const parsed = await Promise.all([...examples].map(([, line = '']) => parse(wordsOf(line))));
    expect(parsed.length).toBeGreaterThan(0);
    expect(new Set(parsed)).toEqual(new Set([path]));
  });

  test.each(leaves.filter(({ command }) => command.registeredArguments[0]?.name() === 'host'))(
    '$path has the options of a connection, with the same words and defaults',
    ({ command }) => {
      const shared = [
        '--called',
        '--calling',
        '--max-pdu',
        '--timeout',
        '--tls',
        '--tls-ca',
        '--tls-cert',
        '--tls-key',
      ];
      const flags = (each: Command) =>
        each.options
          .filter(({ long }) => [...shared, '--tls-insecure', '--user', '--json', '--verbose'].includes(long ?? ''))
          .map(({ flags: names, description, defaultValue }) => ({ names, description, defaultValue }));
      const [echo] = leaves;
      if (echo === undefined) throw new Error('echo is the first command');
      expect(flags(command)).toHaveLength(12);
      expect(flags(command)).toEqual(flags(echo.command));
    },
  );

  test.each(leaves.filter(({ path }) => path !== 'completion'))('$path has --json', ({ command }) => {
    expect(command.options.map(({ long }) => long)).toContain('--json');
  });

  test.each(leaves)('$path has an option letter or name only once, and describes each', ({ command }) => {
    const names = command.options.flatMap(({ short, long }) => [short, long]).filter(Boolean);
    expect(new Set(names).size).toBe(names.length);
    expect(command.options.every(({ description }) => description !== '')).toBe(true);
  });
});

describe('commands in documents', () => {
  const documents = globSync(['*.md', 'apps/*/*.md', 'packages/*/*.md', 'docs/**/*.md'], { cwd: repository }).filter(
    (path) => !path.includes('node_modules') && !path.endsWith('CHANGELOG.md') && !path.startsWith('docs/api'),
  );
  const lines = documents.flatMap((path) => {
    const blocks = readFileSync(`${repository}/${path}`, 'utf8').matchAll(/^```(?:sh|console|bash|text)\n(.*?)^```/gms);
    const shown = [...blocks].flatMap(([, block = '']) => block.split('\n'));
    return shown.flatMap((line) => {
      const found = /^\s*(?:\$ )?((?:dicomwire|npm run dicomwire) .*)$/.exec(line);
      // PATH… and FILE… are for the reader to fill in.
      return found?.[1] === undefined ? [] : [{ path, line: found[1].replaceAll('…', '') }];
    });
  });

  test('there are some', () => {
    expect(lines.length).toBeGreaterThan(10);
  });

  test.each(lines)('$path: $line', async ({ line }) => {
    const paths = leaves.map(({ path }) => path);
    expect(paths).toContain(await parse(wordsOf(line)));
  });
});
