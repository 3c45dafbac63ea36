/**
 * Directories, made with those above them.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMissingDirectory } from './file-errors.js';

/**
 * Creates a directory and those above it; gives the topmost one created, `undefined` if it was there.
 *
 * Not by Node's recursive `mkdir`: that never returns where the system answers "no such file" for good (in `/proc`), and
 * says so itself of a file system that is read-only.
 *
 * @throws the operating system's error.
 */
export function makeDirectory(path: string): string | undefined {
  try {
    return makeOne(path);
  } catch (error) {
    const above = dirname(path);
    if (!isMissingDirectory(error) || above === path) throw error;
    const topmost = makeDirectory(above);
    const made = makeOne(path);
    return topmost ?? made;
  }
}

function makeOne(path: string): string | undefined {
  try {
    mkdirSync(path);
    return path;
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
    throw error;
  }
}
