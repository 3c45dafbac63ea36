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

/** Runs one of its client applications (`echoscu`, `storescu`, …) to its end. */
export function runPynetdicom(application: string, args: readonly string[], timeoutMs?: number): Promise<ProcessEnd> {
  return run(pynetdicomPython(), ['-m', 'pynetdicom', application, ...args], { timeoutMs });
}

/** `pynetdicom storescp`, PDUs of 131072 bytes. */
export async function startPynetdicomStorescp(): Promise<StoragePeer> {
  const directory = await temporaryDirectory('pynetdicom');
  const port = await freePort();
  const server = start(pynetdicomPython(), [
    ...['-m', 'pynetdicom', 'storescp', String(port)],
    ...['--bind-address', '127.0.0.1', '--max-pdu', '131072', '--output-directory', directory.path],
  ]);
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
