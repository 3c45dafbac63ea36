/** The built program as a process, for black-box tests. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type StoreInput, type StoreSummary } from '@dicomwire/services';
import { onTestFinished } from 'vitest';
import type { ArchiveListing, ListedInstance } from '../src/archive/listing.js';

/** The built program. */
export const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
if (!existsSync(cli)) throw new Error('dist/cli.js is not there: build the package before its black-box tests');

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end. */
export function run(...args: string[]): Ended {
  return runNode(cli, ...args);
}

/** Runs node with these arguments to its end. */
export function runNode(...args: string[]): Ended {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: status, signal, stdout, stderr };
}

/** What `list --json` says. */
export function listing(data: string): ArchiveListing {
  const { code, stdout, stderr } = run('list', '--data', data, '--json');
  if (code !== 0) throw new Error(`list ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Every instance that is listed, by SOP Instance UID. */
export function listedInstances(data: string): Map<string, ListedInstance> {
  const { studies, unfiled } = listing(data);
  const instances = studies.flatMap(({ series }) => series.flatMap((one) => one.instances));
  return new Map([...instances, ...unfiled].map((instance) => [instance.sopInstanceUid, instance]));
}

/** A data set as the archive has it on disk. */
export function storedDataSet(data: string, { path }: ListedInstance): Uint8Array {
  const bytes = readFileSync(join(data, path));
  // Preamble, prefix, then the group length element, whose value counts from its end. PS3.10 7.1.
  return bytes.subarray(144 + bytes.readUInt32LE(140));
}

/** A running server. */
export class Server {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  port = 0;
  stdout = '';
  stderr = '';

  private constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.process = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.process, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** Starts the program on a free port and waits until it listens. `wrapper` is a command to run it under. */
  static async start(args: readonly string[], options: ServerOptions = {}): Promise<Server> {
    const [command = '', ...rest] = [...(options.wrapper ?? []), process.execPath, cli, '--port', '0', ...args];
    const server = new Server(command, rest, options.env ?? {});
    onTestFinished(() => server.kill());
    await server.#listening();
    return server;
  }

  /** Sends objects on an association of its own; never rejects for what happens to them. */
  async send(inputs: StoreInput, callingAeTitle = 'MODALITY', onStored: () => void = () => {}): Promise<StoreSummary> {
    await using client = await connect({ host: '127.0.0.1', port: this.port, callingAeTitle, services: [] });
    return await client.store(inputs, {
      onProgress: ({ result }) => {
        if (result?.outcome === 'stored') onStored();
      },
    });
  }

  /** Ends it as if the power of its process were cut. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to stop and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.process.kill(signal);
    return await this.ended;
  }

  async #listening(): Promise<void> {
    let early: Ended | undefined;
    void this.ended.then((ended) => {
      early = ended;
    });
    while (early === undefined) {
      const port = /listens on \S+:(\d+) as/.exec(this.stdout)?.[1];
      if (port !== undefined) {
        this.port = Number(port);
        return;
      }
      await Promise.race([this.ended, once(this.process.stdout ?? this.process, 'data')]);
    }
    throw new Error(`the server ended with ${early.code ?? early.signal}: ${early.stderr}`);
  }
}

/** How a server is started. */
export interface ServerOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly wrapper?: readonly string[];
}
