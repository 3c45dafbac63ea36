/**
 * What goes wrong with files while storing.
 */
import { StatusError } from '@dicomwire/dimse';

/** The file call that failed. */
export type FileStep = 'create' | 'write' | 'sync' | 'close' | 'move';

/**
 * A file can't be written. Let through by a storage handler, it answers A700 (refused: out of resources, PS3.4 B.2.3); the peer
 * learns no path. `cause` is the error of the operating system.
 */
export class FileWriteError extends StatusError {
  /** `no-space`: disk full or over quota. `exists`: something is at the final place already. `failed`: anything else. */
  readonly code: 'no-space' | 'exists' | 'failed';
  /** The call that failed. */
  readonly step: FileStep;
  /** The file or directory; not for the peer. */
  readonly path: string;

  constructor(step: FileStep, path: string, cause: unknown) {
    const systemCode = systemCodeOf(cause);
    const isFull = systemCode === 'ENOSPC' || systemCode === 'EDQUOT';
    super(outOfResources, isFull ? 'No space left on storage' : 'Object could not be written', { cause });
    this.code = isFull ? 'no-space' : systemCode === 'EEXIST' ? 'exists' : 'failed';
    this.step = step;
    this.path = path;
    this.message = `Can't ${step} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** The operating system's name of an error (`ENOSPC`), if it is one. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a call failed because the directory is not there. */
export function isMissingDirectory(error: unknown): boolean {
  return systemCodeOf(error) === 'ENOENT';
}

/** PS3.4 B.2.3: "Refused: Out of resources". */
const outOfResources = 0xa700;
