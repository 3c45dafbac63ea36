import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileWriteError } from './file-errors.js';
import { type FileLayer, nodeFileLayer } from './file-layer.js';
import { InstanceFileWriter, isTemporaryInstanceFile, syncDirectory } from './instance-file-writer.js';

const header = new Uint8Array(132).fill(0x48);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'instance-file-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Pushes fragments as a network would: each is overwritten as soon as the writer no longer owns it. */
async function pipe(writer: InstanceFileWriter, data: Uint8Array, fragmentBytes: number): Promise<void> {
  const pending: Promise<void>[] = [];
  for (let at = 0; at < data.length; at += fragmentBytes) {
    const fragment = data.slice(at, at + fragmentBytes);
    const taken = writer.write(fragment);
    if (taken === undefined) fragment.fill(0xee);
    else pending.push(taken.then(() => void fragment.fill(0xee)));
  }
  await Promise.all(pending);
  await writer.flush();
}

function pattern(length: number): Uint8Array {
  const data = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) data[at] = (at * 31) >> 3;
  return data;
}

/** A layer whose calls are written down, and some of which fail or do less than asked. */
function recordingLayer(changes: Partial<FileLayer> = {}): FileLayer & { readonly calls: string[] } {
  const calls: string[] = [];
  const base = { ...nodeFileLayer, ...changes };
  return {
    calls,
    create: (path) => {
      calls.push('create');
      return base.create(path);
    },
    writevSync: (descriptor, views) => {
      calls.push('writevSync');
      return base.writevSync(descriptor, views);
    },
    writev: (descriptor, views, done) => {
      calls.push('writev');
      base.writev(descriptor, views, done);
    },
    syncData: (descriptor, done) => {
      calls.push('syncData');
      base.syncData(descriptor, done);
    },
    close: (descriptor) => {
      calls.push('close');
      base.close(descriptor);
    },
    rename: (from, to) => {
      calls.push('rename');
      base.rename(from, to);
    },
    link: (from, to) => {
      calls.push('link');
      base.link(from, to);
    },
    unlink: (path) => {
      calls.push('unlink');
      base.unlink(path);
    },
    exists: (path) => base.exists(path),
    makeDirectory: (path) => {
      calls.push('makeDirectory');
      return base.makeDirectory(path);
    },
    openDirectory: (path) => {
      calls.push('openDirectory');
      return base.openDirectory(path);
    },
    syncEntries: (descriptor, done) => {
      calls.push('syncEntries');
      base.syncEntries(descriptor, done);
    },
  };
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: made to fail`), { code });
}

describe('InstanceFileWriter', () => {
  test.each([
    [0, 1000],
    [1, 1000],
    [2400, 2400],
    [2400, 1],
    [16 * 1024, 16 * 1024],
    [16 * 1024 + 1, 16 * 1024],
    [525_000, 65_519],
    [525_001, 131_060],
    [1024 * 1024, 65_536],
    [3_000_001, 65_519],
    [3_000_000, 100],
    [3_000_000, 3_000_000],
  ])('writes %i bytes in fragments of %i as they came', async (length, fragmentBytes) => {
    const data = pattern(length);
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header });
    await pipe(writer, data, fragmentBytes);
    const path = join(directory, 'a', 'b', '1.2.3.dcm');
    const changed = writer.moveTo(path);
    await writer.discard();

    const file = readFileSync(path);
    expect(file.subarray(0, header.length).equals(header)).toBe(true);
    expect(file.subarray(writer.dataSetOffset).equals(data)).toBe(true);
    expect(writer.byteLength).toBe(file.length);
    expect(changed).toEqual([join(directory, 'a', 'b'), join(directory, 'a'), directory]);
    expect(readdirSync(directory)).toEqual(['a']);
  });

  test('takes one call each to create, write, close and replace for a small object', async () => {
    const files = recordingLayer();
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header, files });
    await pipe(writer, pattern(2400), 1000);
    writer.moveTo(join(directory, 'x.dcm'), { overwrite: true });
    expect(files.calls).toEqual(['create', 'writevSync', 'close', 'rename']);
  });

  test('goes on after a write that took only a part', async () => {
    const data = pattern(2_000_000);
    const files = recordingLayer({
      writevSync: (descriptor, views) => nodeFileLayer.writevSync(descriptor, [first(views).subarray(0, 5000)]),
      writev: (descriptor, views, done) => nodeFileLayer.writev(descriptor, [first(views).subarray(0, 70_000)], done),
    });
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header, files, synchronousBytes: 200_000 });
    await pipe(writer, data, 131_060);
    writer.moveTo(join(directory, 'x.dcm'));
    expect(readFileSync(join(directory, 'x.dcm')).subarray(header.length).equals(data)).toBe(true);
  });

  test('gathers what comes during a write and sends it with the next one', async () => {
    const files = recordingLayer();
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header, files, synchronousBytes: 0 });
    await pipe(writer, pattern(1_000_000), 20_000);
    expect(files.calls.filter((call) => call === 'writev').length).toBeLessThan(10);
    await writer.discard();
  });

  test('makes its directory when it is absent', async () => {
    const temporaryDirectory = join(directory, 'new', 'deep');
    const writer = new InstanceFileWriter({ temporaryDirectory, header });
    await pipe(writer, pattern(100), 100);
    expect(readdirSync(temporaryDirectory)).toEqual([basename(writer.temporaryPath)]);
    await writer.discard();
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });

  test('knows its temporary files by name, and no others', () => {
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header });
    expect(isTemporaryInstanceFile(basename(writer.temporaryPath))).toBe(true);
    for (const name of ['1.2.3.dcm', '.part', '.hidden.part', `${basename(writer.temporaryPath)}.dcm`]) {
      expect(isTemporaryInstanceFile(name)).toBe(false);
    }
  });

  test('leaves an existing file alone unless it may overwrite it', async () => {
    const path = join(directory, 'x.dcm');
    writeFileSync(path, 'before');
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header });
    await pipe(writer, pattern(10), 10);
    expect(() => writer.moveTo(path)).toThrow(expect.objectContaining({ code: 'exists', status: 0xa700 }));
    expect(readFileSync(path, 'utf8')).toBe('before');
    writer.moveTo(path, { overwrite: true });
    expect(readFileSync(path).length).toBe(142);
    expect(readdirSync(directory)).toEqual(['x.dcm']);
  });

  test('does without hard links where there are none', async () => {
    const path = join(directory, 'x.dcm');
    const files = recordingLayer({
      link: () => {
        throw failure('EPERM');
      },
    });
    const one = new InstanceFileWriter({ temporaryDirectory: directory, header, files });
    await pipe(one, pattern(10), 10);
    one.moveTo(path);
    const other = new InstanceFileWriter({ temporaryDirectory: directory, header, files });
    await pipe(other, pattern(20), 20);
    expect(() => other.moveTo(path)).toThrow(expect.objectContaining({ code: 'exists' }));
    await other.discard();
    expect(readFileSync(path).length).toBe(142);
    expect(readdirSync(directory)).toEqual(['x.dcm']);
  });

  test.each<[string, Partial<FileLayer>, number]>([
    ['create', { create: () => fail('ENOSPC') }, 100],
    ['small write', { writevSync: () => fail('ENOSPC') }, 100],
    ['write on the loop', { writevSync: () => fail('EDQUOT') }, 300_000],
    [
      'write off the loop',
      { writev: (_descriptor, _views, done) => queueMicrotask(() => done(failure('ENOSPC'))) },
      3_000_000,
    ],
  ])('answers A700 and leaves nothing when the disk is full: %s', async (_name, changes, length) => {
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header, files: recordingLayer(changes) });
    await expect(pipe(writer, pattern(length), 65_000)).rejects.toMatchObject({ code: 'no-space', status: 0xa700 });
    await writer.discard();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('does not tell the peer any path', () => {
    const error = new FileWriteError('write', '/srv/secret', failure('EIO'));
    expect(error.code).toBe('failed');
    expect(error.toResponse().errorComment).not.toContain('secret');
    expect(error.message).toContain('/srv/secret');
  });

  test('closes and removes the file only after the write under way, when it is discarded in the middle', async () => {
    const held: Array<() => void> = [];
    const files = recordingLayer({
      writev: (descriptor, views, done) => void held.push(() => nodeFileLayer.writev(descriptor, views, done)),
    });
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header, files, synchronousBytes: 0 });
    const taken = writer.write(pattern(20_000));
    const discarded = writer.discard();
    await Promise.resolve();
    expect(files.calls).not.toContain('close');
    for (const go of held) go();
    await discarded;
    await taken;
    expect(files.calls.slice(-2)).toEqual(['close', 'unlink']);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('syncs data before the move and the directory after it when asked in that order', async () => {
    const files = recordingLayer();
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header, files });
    await pipe(writer, pattern(10), 10);
    await writer.syncData();
    for (const changed of writer.moveTo(join(directory, 'x.dcm'), { overwrite: true }))
      await syncDirectory(changed, files);
    expect(files.calls).toEqual([
      'create',
      'writevSync',
      'syncData',
      'close',
      'rename',
      'openDirectory',
      'syncEntries',
      'close',
    ]);
  });

  test('a failed sync is an error', async () => {
    const files = recordingLayer({ syncData: (_descriptor, done) => done(failure('EIO')) });
    const writer = new InstanceFileWriter({ temporaryDirectory: directory, header, files });
    await pipe(writer, pattern(10), 10);
    await expect(writer.syncData()).rejects.toMatchObject({ code: 'failed', step: 'sync' });
    await writer.discard();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('lets file systems be that cannot sync directories', async () => {
    const files = recordingLayer({ syncEntries: (_descriptor, done) => done(failure('EINVAL')) });
    await expect(syncDirectory(directory, files)).resolves.toBeUndefined();
  });
});

function first(views: readonly Uint8Array[]): Uint8Array {
  return views[0] ?? new Uint8Array(0);
}

function fail(code: string): never {
  throw failure(code);
}
