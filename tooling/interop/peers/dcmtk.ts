/** DCMTK's programs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './port.ts';
import { type RunningProcess, start, untilReady } from './process.ts';
import { part10FilesBelow, type StoragePeer } from './storage-peer.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** How a storage SCP of DCMTK is started. */
export interface DcmtkServerOptions {
  /** Takes objects in and throws them away: for measuring clients. Default: false. */
  readonly ignores?: boolean | undefined;
  /** Option that says which transfer syntaxes are taken, `--implicit` for one. Default: `--accept-all`. */
  readonly accepts?: string | undefined;
  /** More arguments, e.g. of TLS. */
  readonly args?: readonly string[] | undefined;
}

/** `storescp`: keeps data sets bit by bit, any SOP class, any transfer syntax that DCMTK knows. */
export async function startStorescp(options: DcmtkServerOptions = {}): Promise<StoragePeer> {
  return startServer('storescp', 'STORESCP', async (directory, port) => [
    ...[options.accepts ?? '--accept-all', '--promiscuous', '--max-pdu', '131072', '--disable-host-lookup'],
    ...(options.ignores ? ['--ignore'] : ['--bit-preserving', '--output-directory', directory]),
    ...(options.args ?? []),
    String(port),
  ]);
}

/** `dcmrecv` with a profile that takes every transfer syntax for the SOP classes of DCMTK's own example configuration. */
export async function startDcmrecv(
  sopClassUids: readonly string[],
  args: readonly string[] = [],
): Promise<StoragePeer> {
  return startServer('dcmrecv', 'DCMRECV', async (directory, port) => {
    const files = join(directory, 'received');
    await mkdir(files);
    const profile = join(directory, 'dcmrecv.cfg');
    await writeFile(profile, dcmrecvProfile(sopClassUids));
    return [
      ...['--config-file', profile, 'Everything', '--max-pdu', '131072', '--disable-host-lookup'],
      ...['--bit-preserving', '--output-directory', files, ...args, String(port)],
    ];
  });
}

/** Where `dcmqrscp` may send objects. */
export interface MoveDestination {
  readonly aeTitle: string;
  /** On 127.0.0.1. */
  readonly port: number;
}

/** `dcmqrscp`: the archive with an index, one storage area, uncompressed transfer syntaxes. */
export async function startDcmqrscp(destinations: readonly MoveDestination[] = []): Promise<StoragePeer> {
  return startServer('dcmqrscp', 'QRSCP', async (directory, port) => {
    const area = join(directory, 'area');
    await mkdir(area);
    const configuration = join(directory, 'dcmqrscp.cfg');
    await writeFile(configuration, dcmqrscpConfiguration(area, port, destinations));
    return ['--bit-preserving', '--config', configuration];
  });
}

/**
 * `wlmscpfs`: serves worklist files, in the character sets that they have.
 *
 * @param files - Part 10 files by name, without their extension.
 */
export async function startWlmscpfs(files: ReadonlyMap<string, Uint8Array>): Promise<StoragePeer> {
  return startServer('wlmscpfs', 'WLMSCPFS', async (directory, port) => {
    const area = join(directory, 'WLMSCPFS');
    await mkdir(area);
    await writeFile(join(area, 'lockfile'), '');
    for (const [name, bytes] of files) await writeFile(join(area, `${name}.wl`), bytes);
    return ['--data-files-path', directory, '--keep-char-set', String(port)];
  });
}

async function startServer(
  program: string,
  aeTitle: string,
  makeArguments: (directory: string, port: number) => Promise<string[]>,
): Promise<StoragePeer> {
  const directory = await temporaryDirectory(program);
  const port = await freePort();
  const server: RunningProcess = start(program, await makeArguments(directory.path, port));
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
  return {
    name: `DCMTK ${program}`,
    aeTitle,
    port,
    pid: server.pid,
    received: () => part10FilesBelow(directory.path),
    output: () => server.output(),
    stop,
  };
}

function dcmqrscpConfiguration(area: string, port: number, destinations: readonly MoveDestination[]): string {
  const hosts = destinations.map((host, index) => `host${index} = (${host.aeTitle}, 127.0.0.1, ${host.port})\n`);
  return `NetworkTCPPort  = ${port}
MaxPDUSize      = 131072
MaxAssociations = 16
HostTable BEGIN
${hosts.join('')}HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
QRSCP ${area} RW (500, 1024mb) ANY
AETable END
`;
}

function dcmrecvProfile(sopClassUids: readonly string[]): string {
  const contexts = ['1.2.840.10008.1.1', ...sopClassUids].map(
    (uid, index) => `PresentationContext${index + 1} = ${uid}\\Any`,
  );
  const syntaxes = TRANSFER_SYNTAXES.map((uid, index) => `TransferSyntax${index + 1} = ${uid}`);
  return [
    '[[TransferSyntaxes]]',
    '[Any]',
    ...syntaxes,
    '[[PresentationContexts]]',
    '[All]',
    ...contexts,
    '[[Profiles]]',
    '[Everything]',
    'PresentationContexts = All',
    '',
  ].join('\n');
}

/** Compressed ones first: the SCP of DCMTK prefers in this order. */
const TRANSFER_SYNTAXES = [
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2',
] as const;
