/** Processes of real peers: started, watched until they answer, stopped; none outlives the process that started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { noteFact } from '../exchanges/fact.ts';
import { isConnectable } from './port.ts';
import { programOfPeer } from './program-of-peer.ts';

/** How a process ended. */
export interface ProcessEnd {
  /** Exit code, or `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a process runs. */
export interface ProcessOptions {
  readonly cwd?: string | undefined;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A process under way. */
export interface RunningProcess {
  readonly pid: number;
  /** Settles (never rejects) when the process is gone and its output is read. */
  readonly ended: Promise<ProcessEnd>;
  /** What it has printed so far, both streams in order of arrival. */
  output(): string;
  /** Sends a signal. */
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after `graceMs` (default 5000). */
  stop(graceMs?: number): Promise<ProcessEnd>;
}

/** Nagle's algorithm off in DCMTK and Orthanc: without it each of their messages takes 45 ms. */
const TUNED = { TCP_NODELAY: '1' } as const;

/** How often a server is asked whether it answers. */
const POLL_MS = 20;

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a program. A program that can't be started ends with exit code 127 and the reason in `stderr`. */
export function start(command: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...TUNED, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    output += text;
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) => {
      children.delete(child);
      resolve({ exitCode: 127, signal: null, stdout, stderr: `${stderr}${error.message}\n` });
    });
    child.once('close', (exitCode, signal) => {
      children.delete(child);
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    signal: (name) => void child.kill(name),
    async stop(graceMs = 5000) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const end = await ended;
      clearTimeout(timer);
      return end;
    },
  };
}

/** Runs a program to its end; SIGKILL after `timeoutMs` (default 60000). */
export async function run(
  command: string,
  args: readonly string[],
  options: ProcessOptions & { readonly timeoutMs?: number | undefined } = {},
): Promise<ProcessEnd> {
  const running = start(command, args, options);
  const timer = setTimeout(() => running.signal('SIGKILL'), options.timeoutMs ?? 60_000);
  const end = await running.ended;
  clearTimeout(timer);
  const program = programOfPeer(command, args);
  if (program !== undefined) noteFact({ kind: 'end', ...program, exitCode: end.exitCode });
  return end;
}

/**
 * Waits until a server answers: by default, until it accepts connections on `port`.
 *
 * @throws an error with all it has printed, when it ends before or does not answer within `timeoutMs` (default 30000).
 */
export async function untilReady(
  server: RunningProcess,
  port: number,
  answers: () => Promise<boolean> = () => isConnectable(port),
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let hasEnded = false;
  void server.ended.then(() => {
    hasEnded = true;
  });
  while (!(await answers())) {
    if (hasEnded) throw new Error(`the peer ended before it listened on port ${port}:\n${server.output()}`);
    if (deadline.aborted) throw new Error(`the peer does not answer on port ${port}:\n${server.output()}`);
    await Promise.race([server.ended, setTimeoutPromise(POLL_MS)]);
  }
}
