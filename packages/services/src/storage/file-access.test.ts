import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFileMeta } from '@dicomwire/dimse/dataset';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BufferPool } from './buffer-pool.js';
import { FileAccess } from './file-access.js';
import { FileSource } from './file-source.js';
import { FileScanner } from './scan-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'file-access-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

function makeFile(index: number, byteLength: number): string {
  const path = join(directory, `${index}.dcm`);
  const header = encodeFileMeta({
    mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.7',
    mediaStorageSopInstanceUid: `1.2.${index}`,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
  });
  // (0020,0013) Instance Number: past what is looked for, so that the head is all that is read of it.
  const element = Uint8Array.of(0x20, 0, 0x13, 0, 0x49, 0x53, 2, 0, 0x31, 0x20);
  writeFileSync(path, Buffer.concat([header, element, new Uint8Array(byteLength).fill(index)]));
  return path;
}

/** A storage whose every call takes 10 ms. */
function slowDown(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 10;
    return now;
  });
}

async function makeSlowAccess(): Promise<FileAccess> {
  slowDown();
  const access = new FileAccess();
  const path = makeFile(0, 0);
  for (let call = 0; call < 3; call += 1) access.close((await access.open(path)).descriptor);
  return access;
}

describe('FileAccess', () => {
  test('opens at once while the storage is quick', () => {
    const access = new FileAccess();
    for (let call = 0; call < 10; call += 1) {
      const opened = access.open(makeFile(1, call));
      expect(opened).not.toBeInstanceOf(Promise);
      if (!(opened instanceof Promise)) access.close(opened.descriptor);
    }
  });

  test('leaves it to the thread pool once several calls in a row were slow', async () => {
    const access = await makeSlowAccess();
    const opened = access.open(makeFile(1, 100));
    expect(opened).toBeInstanceOf(Promise);
    const { descriptor, size } = await opened;
    const read = access.read(descriptor, new Uint8Array(size), 0);
    expect(read).toBeInstanceOf(Promise);
    expect(await read).toBe(size);
    access.close(descriptor);
  });

  test('lets the event loop turn after a while', async () => {
    slowDown();
    await expect(new FileAccess().pause()).resolves.toBeUndefined();
  });

  test.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(() => new FileAccess().open(path)).toThrow('neither a file nor a directory');
    const slow = await makeSlowAccess();
    await expect(slow.open(path)).rejects.toThrow('neither a file nor a directory');
  });

  test('reports what is not there either way', async () => {
    const path = join(directory, 'absent');
    expect(() => new FileAccess().open(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    const slow = await makeSlowAccess();
    await expect(slow.open(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe.each(['quick', 'slow'])('on %s storage', (speed) => {
  async function makeAccess(): Promise<FileAccess> {
    return speed === 'slow' ? makeSlowAccess() : new FileAccess();
  }

  test('scans files side by side without mixing them up', async () => {
    const scanner = new FileScanner(await makeAccess());
    const sizes = [0, 100, 10_000, 20_000, 100_000];
    const paths = sizes.map((size, index) => makeFile(index, size));
    const scans = await Promise.all(paths.map((path) => scanner.scan(path)));
    for (const [index, scan] of scans.entries()) {
      expect(scan).toMatchObject({ kind: 'instance', head: { sopInstanceUid: `1.2.${index}` } });
      if (scan.kind !== 'instance') continue;
      expect(scan.byteLength).toBe((sizes[index] ?? 0) + 10);
      expect(scan.content.kind).toBe((sizes[index] ?? 0) < 16_000 ? 'bytes' : 'file');
      if (scan.content.kind === 'bytes')
        expect(scan.content.data.subarray(10).every((byte) => byte === index)).toBe(true);
    }
    expect(await scanner.scan(directory)).toEqual({ kind: 'directory' });
  });

  test('reads a file piece by piece into buffers that it uses again', async () => {
    const path = makeFile(3, 100_000);
    const pool = new BufferPool(4096);
    const buffers = new Set<ArrayBufferLike>();
    const source = new FileSource({ path, offset: 0, byteLength: 100_000 }, await makeAccess(), pool);
    // It is longer than it was said to be.
    await expect(source.open()).rejects.toThrow('changed its length');
    await source.release();
    const { size } = await new FileAccess().open(path);
    const whole = new FileSource({ path, offset: 0, byteLength: size }, await makeAccess(), pool);
    await whole.open();
    let got = 0;
    for await (const chunk of whole.chunks()) {
      buffers.add(chunk.buffer);
      got += chunk.length;
    }
    expect(got).toBe(size);
    expect(buffers.size).toBeLessThanOrEqual(2);
  });
});
