/**
 * Short file calls, made where they cost least.
 */
import { closeSync, constants, fstat, fstatSync, open, openSync, read, readSync, type Stats } from 'node:fs';

/** An open file. */
export interface OpenFile {
  readonly descriptor: number;
  /** Length, bytes. */
  readonly size: number;
}

/**
 * Opens files and reads a few bytes of them: on the event loop while the storage answers at once, which takes a tenth of the time
 * that the thread pool does, and in the thread pool once several calls in a row made the loop wait (a network share, a disk at rest).
 */
export class FileAccess {
  /** How many of the latest calls, without one between them that was quick, were slow. */
  #slowCalls = 0;
  #lastPause = performance.now();

  /** @throws the operating system's error. */
  open(path: string): OpenFile | Promise<OpenFile> {
    if (this.#slowCalls >= enoughSlowCalls) return openElsewhere(path);
    const start = performance.now();
    const descriptor = openSync(path, openFlags);
    const stats = fstatSync(descriptor);
    this.#judge(start);
    return checkOpen(path, descriptor, stats);
  }

  /** Reads up to `into.length` bytes; gives how many there were. @throws the operating system's error. */
  read(descriptor: number, into: Uint8Array, position: number): number | Promise<number> {
    if (this.#slowCalls >= enoughSlowCalls) return readFully(descriptor, into, into.length, position);
    const start = performance.now();
    const got = readFullyNow(descriptor, into, position);
    this.#judge(start);
    return got;
  }

  close(descriptor: number): void {
    closeSync(descriptor);
  }

  /** To be awaited between files: lets the event loop turn when it was kept busy for long. */
  pause(): Promise<void> | undefined {
    const now = performance.now();
    if (now - this.#lastPause < pauseEveryMs) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#lastPause = performance.now();
        resolve();
      });
    });
  }

  #judge(start: number): void {
    this.#slowCalls = performance.now() - start > slowMs ? this.#slowCalls + 1 : 0;
  }
}

/** Reads in the thread pool until `wanted` bytes are there or the file ends; gives how many there are. */
export async function readFully(
  descriptor: number,
  into: Uint8Array,
  wanted: number,
  position: number,
): Promise<number> {
  let got = await readOnce(descriptor, into, 0, wanted, position);
  while (got > 0 && got < wanted) {
    const more = await readOnce(descriptor, into, got, wanted - got, position + got);
    if (more === 0) break;
    got += more;
  }
  return got;
}

/** A call that takes longer kept others waiting. */
const slowMs = 5;
/** One alone may be a process that was not given the processor. */
const enoughSlowCalls = 3;
const pauseEveryMs = 10;

function readFullyNow(descriptor: number, into: Uint8Array, position: number): number {
  let got = 0;
  while (got < into.length) {
    const more = readSync(descriptor, into, got, into.length - got, position + got);
    if (more === 0) break;
    got += more;
  }
  return got;
}

function openElsewhere(path: string): Promise<OpenFile> {
  return new Promise((resolve, reject) => {
    open(path, openFlags, (openError, descriptor) => {
      if (openError !== null) return reject(openError);
      fstat(descriptor, (error, stats) => {
        if (error === null) return resolve(checkLater(path, descriptor, stats));
        closeSync(descriptor);
        reject(error);
      });
    });
  });
}

async function checkLater(path: string, descriptor: number, stats: Stats): Promise<OpenFile> {
  return checkOpen(path, descriptor, stats);
}

/** Without waiting: a pipe would keep us until someone writes to it. Windows knows no such flag. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A directory is let pass: reading it says so. */
function checkOpen(path: string, descriptor: number, stats: Stats): OpenFile {
  if (stats.isFile() || stats.isDirectory()) return { descriptor, size: stats.size };
  closeSync(descriptor);
  throw new Error(`${path} is neither a file nor a directory`);
}

/** The callback API: a file handle's promises cost twice as much per call. */
function readOnce(descriptor: number, into: Uint8Array, at: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, at, length, position, (error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
