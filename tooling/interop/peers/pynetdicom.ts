/** pynetdicom's applications, run by the Python that has it. */
import { existsSync } from 'node:fs';
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
export function runPynetdicom(application: string, args: readonly string[], timeoutMs?: number): Promise<ProcessEnd> {
  return run(pynetdicomPython(), pynetdicomArguments(application, args), { timeoutMs });
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
