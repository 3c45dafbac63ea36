/** pynetdicom's applications, run by the Python that has it. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './port.ts';
import { type ProcessEnd, run, start, untilReady } from './process.ts';
import { part10FilesBelow, type StoragePeer } from './storage-peer.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/**
 * The Python with pynetdicom: `DICOMWIRE_PYNETDICOM_PYTHON`, else the one of the virtual environment in `.peers/pynetdicom` of the
 * repository, else `python3`.
 */
export function pynetdicomPython(): string {
  const named = process.env.DICOMWIRE_PYNETDICOM_PYTHON;
  if (named !== undefined && named !== '') return named;
  const own = fileURLToPath(new URL('../../../.peers/pynetdicom/bin/python', import.meta.url));
  return existsSync(own) ? own : 'python3';
}

/**
 * Arguments for that Python to run one of pynetdicom's applications without Nagle's algorithm, which it has no option for: with
 * it, each small object or echo waits 40 ms for the peer's delayed acknowledgement.
 */
export function pynetdicomArguments(application: string, args: readonly string[]): string[] {
  return ['-c', WITHOUT_NAGLE, application, ...args];
}

/** Runs one of its client applications (`echoscu`, `storescu`, …) to its end. */
export function runPynetdicom(
  application: string,
  args: readonly string[],
  timeoutMs?: number,
  cwd?: string,
): Promise<ProcessEnd> {
  return run(pynetdicomPython(), pynetdicomArguments(application, args), { timeoutMs, cwd });
}

/** `pynetdicom storescp`, PDUs of 131072 bytes. */
export async function startPynetdicomStorescp(): Promise<StoragePeer> {
  const directory = await temporaryDirectory('pynetdicom');
  const port = await freePort();
  const options = ['--bind-address', '127.0.0.1', '--max-pdu', '131072', '--output-directory', directory.path];
  const server = start(pynetdicomPython(), pynetdicomArguments('storescp', [String(port), ...options]));
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
    name: 'pynetdicom storescp',
    aeTitle: 'STORESCP',
    port,
    pid: server.pid,
    received: () => part10FilesBelow(directory.path),
    output: () => server.output(),
    stop,
  };
}

/** `pynetdicom qrscp`: the archive with an index, which may send to these destinations on 127.0.0.1. */
export async function startPynetdicomQrscp(
  destinations: readonly { readonly aeTitle: string; readonly port: number }[] = [],
): Promise<StoragePeer> {
  const directory = await temporaryDirectory('pynetdicom-qrscp');
  const port = await freePort();
  const configuration = join(directory.path, 'qrscp.ini');
  await writeFile(configuration, qrscpConfiguration(directory.path, port, destinations));
  const server = start(pynetdicomPython(), pynetdicomArguments('qrscp', ['--config', configuration]));
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
    name: 'pynetdicom qrscp',
    aeTitle: 'QRSCP',
    port,
    pid: server.pid,
    received: () => part10FilesBelow(join(directory.path, 'instances')),
    output: () => server.output(),
    stop,
  };
}

function qrscpConfiguration(
  directory: string,
  port: number,
  destinations: readonly { readonly aeTitle: string; readonly port: number }[],
): string {
  const sections = destinations.map((host) => `[${host.aeTitle}]\naddress: 127.0.0.1\nport: ${host.port}\n`);
  return `[DEFAULT]
ae_title: QRSCP
port: ${port}
max_pdu: 131072
acse_timeout: 30
dimse_timeout: 30
network_timeout: 30
bind_address: 127.0.0.1
instance_location: ${join(directory, 'instances')}
database_location: ${join(directory, 'instances.sqlite')}
log_identifier: False
${sections.join('')}`;
}

const WITHOUT_NAGLE = `
import runpy, socket
class Socket(socket.socket):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.type == socket.SOCK_STREAM:
            self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
socket.socket = Socket
runpy.run_module('pynetdicom', run_name='__main__')
`;
