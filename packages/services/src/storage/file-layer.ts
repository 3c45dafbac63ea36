/**
 * The file calls that storing makes, in one interface: tests put in a layer that fails or records the order.
 */
import {
  closeSync,
  existsSync,
  fdatasync,
  fsync,
  linkSync,
  openSync,
  renameSync,
  unlinkSync,
  writev,
  writevSync,
} from 'node:fs';
import { makeDirectory } from './make-directory.js';

/** What storing asks of a file system. Synchronous where a call is cheaper than a thread's hand-over; the long waits are not. */
export interface FileLayer {
  /** Creates a file that must not exist, for writing; gives its descriptor. */
  create(path: string): number;
  /** Writes views at the descriptor's position; gives the bytes written, which may be fewer than asked for. */
  writevSync(descriptor: number, views: readonly Uint8Array[]): number;
  /** The same, off the event loop. */
  writev(descriptor: number, views: readonly Uint8Array[], done: FileCallback<number>): void;
  /** Waits until a file's data are on stable storage, off the event loop. */
  syncData(descriptor: number, done: FileCallback<void>): void;
  /** Closes a file or directory. */
  close(descriptor: number): void;
  /** Moves a file, replacing what is at `to` atomically. */
  rename(from: string, to: string): void;
  /** Gives a file a second name; fails with `EEXIST` when something is there. */
  link(from: string, to: string): void;
  /** Removes a file's name. */
  unlink(path: string): void;
  /** Whether something has that name. */
  exists(path: string): boolean;
  /** Creates a directory and those above it; gives the topmost one created, `undefined` if it was there. */
  makeDirectory(path: string): string | undefined;
  /** Opens a directory, to be synced. */
  openDirectory(path: string): number;
  /** Waits until a directory's entries are on stable storage, off the event loop. */
  syncEntries(descriptor: number, done: FileCallback<void>): void;
}

/** Node's way of saying that a file call is done. */
export type FileCallback<T> = (error: Error | null, value?: T) => void;

/** The file system of this machine. */
export const nodeFileLayer: FileLayer = {
  create: (path) => openSync(path, 'wx', 0o666),
  writevSync: (descriptor, views) => writevSync(descriptor, views),
  writev: (descriptor, views, done) => writev(descriptor, views, done),
  syncData: (descriptor, done) => fdatasync(descriptor, done),
  close: (descriptor) => closeSync(descriptor),
  rename: (from, to) => renameSync(from, to),
  link: (from, to) => linkSync(from, to),
  unlink: (path) => unlinkSync(path),
  exists: (path) => existsSync(path),
  makeDirectory,
  openDirectory: (path) => openSync(path, 'r'),
  syncEntries: (descriptor, done) => fsync(descriptor, done),
};
