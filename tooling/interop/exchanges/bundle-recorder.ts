/** Before all tests: the recorder as one file of plain JavaScript, so that the programs that load it have no types to strip, and are as quick and small as ever. */
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { RECORDER } from './fact.ts';

/** Called by vitest. */
export function setup(): void {
  buildSync({
    entryPoints: [fileURLToPath(new URL('./record.ts', import.meta.url))],
    outfile: fileURLToPath(RECORDER),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
}
