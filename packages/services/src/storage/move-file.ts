/**
 * A finished file goes to its place.
 */
import { dirname } from 'node:path';
import { FileWriteError, isMissingDirectory, systemCodeOf } from './file-errors.js';
import type { FileLayer } from './file-layer.js';

/**
 * Moves a file within its file system, making directories that are absent.
 *
 * @returns the directories whose entries changed.
 * @throws {@link FileWriteError}, with code `exists` when something is there and may not be overwritten.
 */
export function moveFile(files: FileLayer, from: string, to: string, overwrite: boolean): readonly string[] {
  const place = overwrite ? replaceFile : placeFile;
  try {
    try {
      place(files, from, to);
      return [dirname(to)];
    } catch (error) {
      if (!isMissingDirectory(error)) throw error;
      const changed = directoriesAbove(dirname(to), files.makeDirectory(dirname(to)));
      place(files, from, to);
      return changed;
    }
  } catch (error) {
    throw new FileWriteError('move', to, error);
  }
}

function replaceFile(files: FileLayer, from: string, to: string): void {
  files.rename(from, to);
}

/** A rename would replace what is there; a second name is refused then, so that two objects can't race for one place. */
function placeFile(files: FileLayer, from: string, to: string): void {
  try {
    files.link(from, to);
  } catch (error) {
    if (!cannotLink(error)) throw error;
    placeWithoutLinks(files, from, to);
    return;
  }
  try {
    files.unlink(from);
  } catch {
    // It is in place; its temporary name goes when temporary files are next cleared away.
  }
}

/** File systems without hard links (FAT, some network shares). Both calls are synchronous: no object of this process comes between. */
function placeWithoutLinks(files: FileLayer, from: string, to: string): void {
  if (files.exists(to)) throw Object.assign(new Error(`EEXIST: file already exists, ${to}`), { code: 'EEXIST' });
  files.rename(from, to);
}

function cannotLink(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS' || code === 'EMLINK';
}

/** `directory`, and each one above it up to the one in which the topmost new directory was made. */
function directoriesAbove(directory: string, topmostCreated: string | undefined): string[] {
  const changed = [directory];
  if (topmostCreated === undefined) return changed;
  const top = dirname(topmostCreated);
  for (let at = directory; at !== top && at !== dirname(at); ) {
    at = dirname(at);
    changed.push(at);
  }
  return changed;
}
