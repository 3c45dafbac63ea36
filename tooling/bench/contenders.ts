/** Who is measured: servers and clients, ours and the peers', each tuned as it should be. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DICOMWIRE_PROGRAM,
  freePort,
  orthancProgram,
  type PeerName,
  pynetdicomArguments,
  pynetdicomPython,
  type StoragePeer,
  start,
  startDemoScp,
  startOrthanc,
  startPynetdicomStorescp,
  startStorescp,
  temporaryDirectory,
  untilReady,
} from '@dicomwire/interop/peers';
import { ECHO_COUNT } from './workload.ts';

/** A server to be measured. */
export interface ServerContender {
  readonly name: string;
  /** What it needs on this machine. */
  readonly needs: readonly PeerName[];
  start(): Promise<Pick<StoragePeer, 'aeTitle' | 'port' | 'stop'>>;
}

/** Whom a client calls. */
export interface Target {
  readonly aeTitle: string;
  readonly port: number;
}

/** A program and its arguments. */
export type Command = readonly [program: string, args: readonly string[]];

/** A client to be measured. */
export interface ClientContender {
  readonly name: string;
  readonly needs: readonly PeerName[];
  store(target: Target, paths: readonly string[]): Command;
  echo(target: Target, count: number): Command;
}

/** Names of ours, and of the peer that the targets are set against. */
export const OUR_SERVER = 'demo-scp';
export const OUR_CLIENT = 'dicomwire';
export const DCMTK_SERVER = 'DCMTK storescp';
export const DCMTK_CLIENT = 'DCMTK storescu, echoscu';

/** A client that does nothing but what Node's sockets take: no contender, but the ground on which ours stands. */
export const BARE_NODE = 'bare Node sockets';

/** The servers, the one to compare with first. */
export const SERVERS: readonly ServerContender[] = [
  { name: DCMTK_SERVER, needs: ['DCMTK'], start: startStorescp },
  { name: OUR_SERVER, needs: [], start: startDemoScp },
  { name: 'Orthanc', needs: ['Orthanc'], start: () => startOrthanc(orthancProgram()) },
  { name: 'pynetdicom storescp', needs: ['pynetdicom'], start: startPynetdicomStorescp },
  { name: 'dcmjs-dimse, streaming', needs: [], start: startDcmjsDimse },
];

/** DCMTK's clients: the ones that servers are measured with, too. */
export const DCMTK_CLIENTS: ClientContender = {
  name: DCMTK_CLIENT,
  needs: ['DCMTK'],
  store: ({ aeTitle, port }, paths) => [
    'storescu',
    ['-xi', '--required', '--max-pdu', '131072', '--call', aeTitle, '127.0.0.1', String(port), ...paths],
  ],
  echo: ({ aeTitle, port }, count) => [
    'echoscu',
    ['--repeat', String(count), '--max-pdu', '131072', '--call', aeTitle, '127.0.0.1', String(port)],
  ],
};

/** The clients, the one to compare with first. */
export const CLIENTS: readonly ClientContender[] = [
  DCMTK_CLIENTS,
  {
    name: OUR_CLIENT,
    needs: [],
    store: (target, paths) => [process.execPath, [DICOMWIRE_PROGRAM, 'store', ...called(target), ...paths]],
    echo: (target, count) => [
      process.execPath,
      [DICOMWIRE_PROGRAM, 'echo', ...called(target), '--repeat', String(count)],
    ],
  },
  {
    name: BARE_NODE,
    needs: [],
    store: ({ aeTitle, port }, paths) => [
      process.execPath,
      [BARE_NODE_CLIENT, String(port), aeTitle, 'store', ...paths],
    ],
    echo: ({ aeTitle, port }, count) => [
      process.execPath,
      [BARE_NODE_CLIENT, String(port), aeTitle, 'echo', String(count)],
    ],
  },
  {
    name: 'pynetdicom storescu, echoscu',
    needs: ['pynetdicom'],
    store: ({ aeTitle, port }, paths) => [
      pynetdicomPython(),
      pynetdicomArguments('storescu', [
        ...['-cx', '-pdu', '131072', '-aec', aeTitle, '127.0.0.1', String(port), ...paths],
      ]),
    ],
    echo: ({ aeTitle, port }, count) => [
      pynetdicomPython(),
      pynetdicomArguments('echoscu', ['--repeat', String(count), '-aec', aeTitle, '127.0.0.1', String(port)]),
    ],
  },
  {
    name: 'dcmjs-dimse client',
    needs: [],
    store: ({ aeTitle, port }, paths) => [
      process.execPath,
      [DCMJS_DIMSE_SCU, '127.0.0.1', String(port), aeTitle, 'store', ...paths],
    ],
    echo: ({ aeTitle, port }, count) => [
      process.execPath,
      [DCMJS_DIMSE_SCU, '127.0.0.1', String(port), aeTitle, 'echo', String(count)],
    ],
  },
];

/** The command of a client for a workload; `paths` is empty for echoes. */
export function commandOf(
  client: ClientContender,
  target: Target,
  paths: readonly string[],
  echoes = ECHO_COUNT,
): Command {
  return paths.length > 0 ? client.store(target, paths) : client.echo(target, echoes);
}

const BARE_NODE_CLIENT = fileURLToPath(new URL('bare-node.ts', import.meta.url));
const DCMJS_DIMSE_SCP = fileURLToPath(new URL('dcmjs-dimse/storage-scp.ts', import.meta.url));
const DCMJS_DIMSE_SCU = fileURLToPath(new URL('dcmjs-dimse/scu.ts', import.meta.url));

function called({ aeTitle, port }: Target): string[] {
  return ['127.0.0.1', String(port), '--called', aeTitle];
}

async function startDcmjsDimse(): ReturnType<ServerContender['start']> {
  const directory = await temporaryDirectory('dcmjs-dimse');
  const files = join(directory.path, 'files');
  mkdirSync(files);
  const port = await freePort();
  const server = start(process.execPath, [DCMJS_DIMSE_SCP, String(port), files]);
  const stop = async () => {
    await server.stop();
    await directory.remove();
  };
  try {
    await untilReady(server, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { aeTitle: 'DCMJS', port, stop };
}
