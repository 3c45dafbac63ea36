import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDirectory } from './make-directory.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'make-directory-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('makeDirectory', () => {
  test('makes what is absent and gives the topmost one made', () => {
    expect(makeDirectory(join(directory, 'a/b/c'))).toBe(join(directory, 'a'));
    expect(statSync(join(directory, 'a/b/c')).isDirectory()).toBe(true);
    expect(makeDirectory(join(directory, 'a/b/d'))).toBe(join(directory, 'a/b/d'));
  });

  test('gives nothing for one that is there, by a link too', () => {
    symlinkSync(directory, join(directory, 'link'));
    expect(makeDirectory(directory)).toBeUndefined();
    expect(makeDirectory(join(directory, 'link'))).toBeUndefined();
  });

  test.each([
    ['a file stands there', 'file', 'EEXIST'],
    ['a file stands on the way', 'file/a/b', 'ENOTDIR'],
  ])('%s: the error of the system', (_name, path, code) => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => makeDirectory(join(directory, path))).toThrow(expect.objectContaining({ code }));
  });

  test('comes back from a place that takes no directories', (context) => {
    if (!existsSync('/proc/self')) context.skip('no /proc on this system');
    expect(() => makeDirectory('/proc/nothing/a/b')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
