/** A file layer that writes down the order of calls, and fails where it is told to. */
import { basename, relative } from 'node:path';
import { type FileLayer, nodeFileLayer } from '@dicomwire/services';

/** The real file system, watched. */
export interface RecordingFiles extends FileLayer {
  /** Calls in their order, `sync objects/1.2`: paths relative to the directory, temporary names as `incoming/*`. */
  readonly calls: string[];
  /** Calls of this name on this path fail from now on, with the error. Paths as in {@link RecordingFiles.calls}. */
  failOn(call: string, code: string): void;
  /** Nothing fails any more. */
  heal(): void;
}

/** Watches what happens below a directory. */
export function recordingFiles(directory: string): RecordingFiles {
  const calls: string[] = [];
  const failures = new Map<string, string>();
  const paths = new Map<number, string>();

  const name = (path: string) => {
    const inside = relative(directory, path) || '.';
    return inside.startsWith('incoming/') ? `incoming/*${basename(path).endsWith('.old') ? '.old' : ''}` : inside;
  };
  const record = (call: string): Error | undefined => {
    const code = failures.get(call);
    calls.push(code === undefined ? call : `${call}: ${code}`);
    return code === undefined ? undefined : Object.assign(new Error(`${code}: made to fail`), { code });
  };
  const demand = (call: string) => {
    const failure = record(call);
    if (failure !== undefined) throw failure;
  };
  const pathOf = (descriptor: number) => name(paths.get(descriptor) ?? '?');

  return {
    ...nodeFileLayer,
    calls,
    failOn: (call, code) => failures.set(call, code),
    heal: () => failures.clear(),
    create(path) {
      demand(`create ${name(path)}`);
      const descriptor = nodeFileLayer.create(path);
      paths.set(descriptor, path);
      return descriptor;
    },
    writevSync(descriptor, views) {
      demand(`write ${pathOf(descriptor)}`);
      return nodeFileLayer.writevSync(descriptor, views);
    },
    writev(descriptor, views, done) {
      const failure = record(`write ${pathOf(descriptor)}`);
      if (failure === undefined) nodeFileLayer.writev(descriptor, views, done);
      else setImmediate(done, failure);
    },
    syncData(descriptor, done) {
      const failure = record(`sync ${pathOf(descriptor)}`);
      if (failure === undefined) nodeFileLayer.syncData(descriptor, done);
      else setImmediate(done, failure);
    },
    rename(from, to) {
      demand(`rename ${name(from)} ${name(to)}`);
      nodeFileLayer.rename(from, to);
    },
    link(from, to) {
      demand(`link ${name(from)} ${name(to)}`);
      nodeFileLayer.link(from, to);
    },
    unlink(path) {
      demand(`unlink ${name(path)}`);
      nodeFileLayer.unlink(path);
    },
    openDirectory(path) {
      const descriptor = nodeFileLayer.openDirectory(path);
      paths.set(descriptor, path);
      return descriptor;
    },
    syncEntries(descriptor, done) {
      const failure = record(`sync ${pathOf(descriptor)}`);
      if (failure === undefined) nodeFileLayer.syncEntries(descriptor, done);
      else setImmediate(done, failure);
    },
  };
}
