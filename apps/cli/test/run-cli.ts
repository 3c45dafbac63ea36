/** Runs the built command as a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** How it ended. */
export interface CliEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface RunningCli {
  readonly ended: Promise<CliEnd>;
  signal(name: NodeJS.Signals): void;
}

/** Starts it. */
export function startCli(args: readonly string[], nodeOptions: readonly string[] = []): RunningCli {
  const child = spawn(process.execPath, [...nodeOptions, PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { ended, signal: (name) => void child.kill(name) };
}

/** Runs it to its end. */
export function runCli(...args: readonly string[]): Promise<CliEnd> {
  return startCli(args).ended;
}

/** The objects that it printed, one a line. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
