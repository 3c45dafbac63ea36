/** Directories that go when their user is done. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of its own below the system's temporary one. */
export interface TemporaryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes a directory whose name starts with `dicomwire-` and the given word. */
export async function temporaryDirectory(word: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), `dicomwire-${word}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
