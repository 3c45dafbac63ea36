/** The demo SCP over a planned archive. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, startDemoScp, temporaryDirectory } from '@dicomwire/interop/peers';
import { build } from 'esbuild';

/** A planned archive, served. */
export interface ServedArchive {
  readonly port: number;
  readonly pid: number;
  /** Seconds from its start to its listening. */
  readonly startUpSeconds: number;
  /** Seconds that making it took. */
  readonly makingSeconds: number;
  stop(): Promise<void>;
}

const GENERATOR = fileURLToPath(new URL('generate-archive.ts', import.meta.url));
const MAKING_TIMEOUT_MS = 1_800_000;

/** Makes an archive of so many instances and starts the demo SCP on it. */
export async function startPlannedArchive(instances: number): Promise<ServedArchive> {
  const directory = await temporaryDirectory('bench-query');
  try {
    const dataDirectory = join(directory.path, 'data');
    mkdirSync(dataDirectory);
    const program = join(directory.path, 'generate-archive.mjs');
    await build({
      entryPoints: [GENERATOR],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    const makingAt = performance.now();
    const made = await run(process.execPath, ['--no-warnings', program, dataDirectory, String(instances)], {
      timeoutMs: MAKING_TIMEOUT_MS,
    });
    if (made.exitCode !== 0) throw new Error(`the archive could not be made: ${made.stderr}`);
    const startedAt = performance.now();
    const server = await startDemoScp({ dataDirectory, readyTimeoutMs: 300_000 });
    return {
      port: server.port,
      pid: server.pid,
      makingSeconds: (startedAt - makingAt) / 1000,
      startUpSeconds: (performance.now() - startedAt) / 1000,
      async stop() {
        await server.stop();
        await directory.remove();
      },
    };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}
