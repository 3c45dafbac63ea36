/** Films as PNG files: what the demo prints on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Film, rasterizeFilm } from '@dicomwire/services';
import { encode } from 'fast-png';

/** Made with the first film. Writes each copy of a film once, whatever number of copies was asked for; the name has nothing of the peer's in it. */
export class PrintDirectory {
  readonly #directory: string;
  readonly #startedAt = new Date().toISOString().replace(/[-:]|\.\d+Z/g, '');
  #count = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Resolves to the path of the file. */
  async print(film: Film): Promise<string> {
    const { width, height, channels, pixels } = rasterizeFilm(film);
    this.#count += 1;
    const number = String(this.#count).padStart(4, '0');
    const path = join(this.#directory, `film-${this.#startedAt}-${number}.png`);
    await mkdir(this.#directory).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    await writeFile(path, encode({ width, height, channels, depth: 8, data: pixels }), { flag: 'wx' });
    return path;
  }
}
