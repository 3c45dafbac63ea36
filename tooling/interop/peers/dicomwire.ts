/** Our own programs, as they are built: the command line tool and the demo SCP. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Part10, splitPart10 } from '../corpus/part10.ts';
import { type ProcessEnd, type ProcessOptions, run, start, untilReady } from './process.ts';
import type { StoragePeer } from './storage-peer.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The built command `dicomwire`. */
export const DICOMWIRE_PROGRAM = programOf('cli');
/** The built command `demo-scp`. */
export const DEMO_SCP_PROGRAM = programOf('demo-scp');

/** How the demo SCP is started. */
export interface DemoScpOptions {
  /** More arguments. */
  readonly args?: readonly string[] | undefined;
  /** Arguments for Node before the program. */
  readonly nodeArgs?: readonly string[] | undefined;
  /** Its data directory. Default: a temporary one. */
  readonly dataDirectory?: string | undefined;
  /** How long it may take until it listens. Default: 30000. */
  readonly readyTimeoutMs?: number | undefined;
}

/** A running demo SCP. */
export interface DemoScp extends StoragePeer {
  readonly dataDirectory: string;
  /** What `demo-scp list --json` says. */
  list(): Promise<ListedInstance[]>;
}

/** What is used of an instance in the listing. */
export interface ListedInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntax: string;
  readonly callingAeTitle: string;
  /** Relative to the data directory. */
  readonly path: string;
}

/** Runs `dicomwire` to its end. */
export function runDicomwire(
  args: readonly string[],
  options?: ProcessOptions & { timeoutMs?: number },
): Promise<ProcessEnd> {
  return run(process.execPath, [DICOMWIRE_PROGRAM, ...args], options);
}

/** Starts `demo-scp` on a free port; durability `os` unless told otherwise. */
export async function startDemoScp(options: DemoScpOptions = {}): Promise<DemoScp> {
  const directory = await temporaryDirectory('demo-scp');
  const dataDirectory = options.dataDirectory ?? join(directory.path, 'data');
  const server = start(process.execPath, [
    ...(options.nodeArgs ?? []),
    ...[DEMO_SCP_PROGRAM, 'serve', '--port', '0', '--data', dataDirectory, '--durability', 'os', '--log-level', 'warn'],
    ...(options.args ?? []),
  ]);
  const stop = async () => {
    await server.stop();
    await directory.remove();
  };
  let port: number | undefined;
  try {
    const listens = async () => {
      port = listeningPort(server.output());
      return port !== undefined;
    };
    await untilReady(server, 0, listens, options.readyTimeoutMs);
  } catch (error) {
    await stop();
    throw error;
  }
  if (port === undefined) throw new Error('ready means that the port is known');
  const list = () => listInstances(dataDirectory);
  return {
    name: 'demo-scp',
    aeTitle: 'DEMO_SCP',
    port,
    pid: server.pid,
    dataDirectory,
    list,
    async received() {
      const kept = new Map<string, Part10>();
      for (const { sopInstanceUid, path } of await list()) {
        const part10 = splitPart10(await readFile(join(dataDirectory, path)));
        if (part10 !== undefined) kept.set(sopInstanceUid, part10);
      }
      return kept;
    },
    output: () => server.output(),
    stop,
  };
}

function programOf(app: string): string {
  return fileURLToPath(new URL(`../../../apps/${app}/dist/cli.js`, import.meta.url));
}

/** From the banner: `… listens on 127.0.0.1:41234 as …`. */
function listeningPort(output: string): number | undefined {
  const port = /listens on \S+:(\d+) /.exec(output)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function listInstances(dataDirectory: string): Promise<ListedInstance[]> {
  const end = await run(process.execPath, [DEMO_SCP_PROGRAM, 'list', '--data', dataDirectory, '--json']);
  if (end.exitCode !== 0) throw new Error(`demo-scp list failed: ${end.stderr}`);
  return instancesIn(JSON.parse(end.stdout));
}

/** Every instance of a listing, wherever in it. */
function instancesIn(node: unknown): ListedInstance[] {
  if (Array.isArray(node)) return node.flatMap(instancesIn);
  if (typeof node !== 'object' || node === null) return [];
  return isInstance(node) ? [node] : Object.values(node).flatMap(instancesIn);
}

function isInstance(node: object): node is ListedInstance {
  const keys = ['sopInstanceUid', 'sopClassUid', 'transferSyntax', 'callingAeTitle', 'path'] as const;
  return keys.every((key) => key in node);
}
