/** Names inside a data directory. */
import { join } from 'node:path';

/** Where an archive keeps what. All on one file system, so that a rename moves a file in one step. */
export interface Layout {
  readonly directory: string;
  /** Finished files, `STUDY/SERIES/INSTANCE.dcm`. */
  readonly objects: string;
  /** Files that are being written; emptied at start-up. */
  readonly incoming: string;
  readonly index: string;
  /** Steps, subscriptions and commitments. */
  readonly states: string;
  /** Printed films. */
  readonly prints: string;
  /** Held locked by the running server. */
  readonly lock: string;
}

/** The names below a data directory. */
export function layoutOf(directory: string): Layout {
  return {
    directory,
    objects: join(directory, objectsFolder),
    incoming: join(directory, 'incoming'),
    index: join(directory, 'index.sqlite'),
    states: join(directory, 'states.sqlite'),
    prints: join(directory, 'prints'),
    lock: join(directory, 'lock.sqlite'),
  };
}

/** Folder of finished files, relative to the data directory. */
export const objectsFolder = 'objects';

/** Folder below {@link objectsFolder} for what belongs to no study. No UID has that name. */
export const unfiledFolder = 'unfiled';

/** How names of files in `incoming` begin that were made for the next object. */
export const spareFilePrefix = '.spare-';
