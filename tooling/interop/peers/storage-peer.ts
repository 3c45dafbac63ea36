/** What every storage SCP of the harness offers, whoever made it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Part10, splitPart10 } from '../corpus/part10.ts';

/** A real storage SCP, listening on 127.0.0.1. */
export interface StoragePeer {
  readonly name: string;
  readonly aeTitle: string;
  readonly port: number;
  readonly pid: number;
  /** What it has kept so far, by SOP instance UID. */
  received(): Promise<ReadonlyMap<string, Part10>>;
  /** What it has printed so far. */
  output(): string;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Every Part 10 file below a directory, by the SOP instance UID in its file meta information. */
export async function part10FilesBelow(directory: string): Promise<ReadonlyMap<string, Part10>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = new Map<string, Part10>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const part10 = splitPart10(await readFile(join(entry.parentPath, entry.name)));
    if (part10 !== undefined) files.set(part10.sopInstanceUid, part10);
  }
  return files;
}
