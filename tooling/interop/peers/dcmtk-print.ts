/** DCMTK's print tools: a printer, and a spooler that prints image files. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './port.ts';
import { type ProcessEnd, run, start, untilReady } from './process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A dcmprscp that takes grayscale prints. */
export interface Dcmprscp {
  readonly aeTitle: string;
  readonly port: number;
  /** Paths of what it printed: stored prints (`SP_…`) and hardcopy images (`HG_…`). */
  printed(): Promise<readonly string[]>;
  output(): string;
  stop(): Promise<void>;
}

/** Starts dcmprscp. */
export async function startDcmprscp(): Promise<Dcmprscp> {
  const directory = await temporaryDirectory('dcmprscp');
  const port = await freePort();
  const configuration = await configure(directory.path, 'LOCALPRINTER', port);
  const server = start('dcmprscp', ['-v', '-c', configuration, '-p', 'INTEROP'], { cwd: directory.path });
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
  const database = join(directory.path, 'database');
  return {
    aeTitle: 'PRINTER',
    port,
    printed: async () =>
      (await readdir(database)).filter((name) => name.endsWith('.dcm')).map((name) => join(database, name)),
    output: () => server.output(),
    stop,
  };
}

/**
 * Renders images with dcmpsprt, two by one on a film, and has dcmprscu print them.
 *
 * @returns how dcmprscu ended.
 */
export async function printWithDcmtk(port: number, images: readonly string[], annotation: string): Promise<ProcessEnd> {
  const directory = await temporaryDirectory('dcmprscu');
  try {
    const configuration = await configure(directory.path, 'PRINTER', port);
    const common = ['-v', '-c', configuration, '-p', 'INTEROP'];
    const rendering = ['-s', '--identity', '-pd', '-pn', '-pl', '-a', annotation, '--layout', '2', '1', ...images];
    await run('dcmpsprt', [...common, ...rendering], { cwd: directory.path });
    const database = join(directory.path, 'database');
    const stored = (await readdir(database))
      .filter((name) => name.startsWith('SP_'))
      .map((name) => join(database, name));
    return await run('dcmprscu', [...common, '--copies', '2', ...stored], { cwd: directory.path });
  } finally {
    await directory.remove();
  }
}

async function configure(directory: string, type: 'PRINTER' | 'LOCALPRINTER', port: number): Promise<string> {
  for (const name of ['spool', 'database', 'lut', 'log', 'reports']) await mkdir(join(directory, name));
  const path = join(directory, 'print.cfg');
  await writeFile(
    path,
    `[[GENERAL]]
[NETWORK]
aetitle = SPOOLER
[PRINT]
Directory = spool
Sleep = 1
MinPrintResolution = 64\\64
MaxPrintResolution = 512\\512
DeletePrintJobs = true
[DATABASE]
Directory = database
[LUT]
Directory = lut
[[COMMUNICATION]]
[INTEROP]
Aetitle = PRINTER
Description = interop
Hostname = 127.0.0.1
Port = ${port}
Type = ${type}
DisplayFormat = 1,1\\1,2\\2,1\\2,2
FilmSizeID = 8INX10IN\\14INX17IN
MediumType = PAPER\\CLEAR FILM
Annotation = 2\\ANNOTATION
SupportsPresentationLUT = true
PresentationLUTinFilmSession = false
PresentationLUTMatchRequired = false
Supports12Bit = true
`,
  );
  return path;
}
