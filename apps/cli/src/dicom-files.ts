/** Files that are named, found in directories, or listed in a DICOMDIR. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { dicomdirFiles } from '@dicomwire/dimse';

/** Where a path comes from: one that is found may rightly be no DICOM file. */
export type FileOrigin = 'named' | 'found' | 'listed';

/** SOP class of a DICOMDIR. */
export const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/** Every file behind the paths, in the order of names within a directory; links to directories are not followed. */
export async function* dicomFiles(
  paths: readonly string[],
): AsyncGenerator<{ readonly path: string; readonly origin: FileOrigin }, void> {
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) yield* filesIn(path);
    else if (basename(path).toUpperCase() === 'DICOMDIR') yield* listedIn(path);
    else yield { path, origin: 'named' };
  }
}

async function* filesIn(directory: string): ReturnType<typeof dicomFiles> {
  const entries = await readdir(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield { path, origin: 'found' };
  }
}

async function* listedIn(dicomdir: string): ReturnType<typeof dicomFiles> {
  for await (const file of dicomdirFiles(dicomdir)) {
    if (file.kind === 'missing') throw new Error(`${dicomdir}: ${file.problem}`);
    yield { path: file.path, origin: 'listed' };
  }
}
