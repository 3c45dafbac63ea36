/** `dicomwire print`: images on film or paper. PS3.4 Annex H. */
import { readPart10File } from '@dicomwire/dimse';
import { transferSyntaxInfo } from '@dicomwire/dimse/dataset';
import type { FilmToPrint, ImageToPrint } from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';
import { EXIT_OK } from './exit-code.js';
import { say, sayJson } from './output.js';
import { imagesToPrint } from './print-image.js';
import { count, printable, statusInHex } from './quantities.js';
import { runWithClient } from './run-command.js';
import { UsageError } from './usage-error.js';

/** Options of the command. */
export interface PrintOptions extends ConnectionOptions {
  /** Image Display Format. */
  readonly format: string;
  readonly copies: number;
  readonly filmSize?: string | undefined;
  readonly landscape?: true | undefined;
}

/** Runs the command: as many films as the images need. Resolves to its exit code. */
export function print(host: string, port: number, paths: readonly string[], options: PrintOptions): Promise<number> {
  return runWithClient(host, port, options, async (client, signal) => {
    const boxes = boxesOf(options.format);
    const images: ImageToPrint[] = [];
    for (const path of paths) images.push(...(await readImages(path)));
    if (images.some(isColor) && !images.every(isColor)) {
      throw new UsageError('Grayscale and colour go on films of different kinds: print them one after the other');
    }
    const films: FilmToPrint[] = [];
    for (let first = 0; first < images.length; first += boxes) {
      films.push({
        imageDisplayFormat: options.format,
        images: images.slice(first, first + boxes),
        filmBox: { FilmSizeID: options.filmSize, FilmOrientation: options.landscape ? 'LANDSCAPE' : 'PORTRAIT' },
      });
    }
    const printed = await client.print.films({ films, copies: options.copies }, { signal });
    for (const { status, meaning, printJobUid } of printed) {
      if (options.json) sayJson({ type: 'film', status, meaning, printJobUid });
      else say(printable([statusInHex(status), meaning, ...(printJobUid ? [`job ${printJobUid}`] : [])].join(' ')));
    }
    if (options.json) sayJson({ type: 'summary', films: films.length, images: images.length, exitCode: EXIT_OK });
    else say(`The printer took ${count(films.length, 'film')} with ${count(images.length, 'image')}.`);
    return EXIT_OK;
  });
}

async function readImages(path: string): Promise<ImageToPrint[]> {
  const { dataSet, meta } = await readPart10File(path).catch((error: unknown) => {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  const syntax = transferSyntaxInfo(meta.transferSyntaxUid);
  if (syntax === undefined || syntax.isEncapsulated || syntax.isBigEndian) {
    const name = syntax?.name ?? meta.transferSyntaxUid;
    throw new Error(`${path} is in ${name}: only uncompressed little endian images are printed`);
  }
  return imagesToPrint(dataSet, path);
}

function isColor({ photometricInterpretation }: ImageToPrint): boolean {
  return photometricInterpretation === 'RGB';
}

/** How many images a format has room for. PS3.3 C.13.3. */
function boxesOf(format: string): number {
  const [kind = '', words = ''] = format.split('\\');
  const numbers = /^\d{1,2}(,\d{1,2})*$/.test(words) ? words.split(',').map(Number) : [];
  const [columns = 0, rows = 0] = numbers;
  const isGrid = kind === 'STANDARD' && numbers.length === 2;
  const boxes = isGrid ? columns * rows : numbers.reduce((sum, each) => sum + each, 0);
  if (boxes === 0 || !(isGrid || kind === 'ROW' || kind === 'COL')) {
    throw new UsageError('Give the format as STANDARD\\COLUMNS,ROWS, ROW\\R1,R2 or COL\\C1,C2');
  }
  return boxes;
}
