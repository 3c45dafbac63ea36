import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { DirectoryInUseError, lockDirectory } from './lock.js';

test('a second lock on the same directory is refused until the first is released', () => {
  const path = join(temporaryDirectory(), 'lock.sqlite');
  const first = lockDirectory(path);
  expect(() => lockDirectory(path)).toThrow(DirectoryInUseError);
  first.release();
  lockDirectory(path).release();
});

test('a lock does not outlive the process that held it', () => {
  const path = join(temporaryDirectory(), 'lock.sqlite');
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE');
    process.kill(process.pid, 'SIGKILL');`;
  expect(() => execFileSync(process.execPath, ['-e', script, path], { stdio: 'ignore' })).toThrow();
  lockDirectory(path).release();
});

test('a path that can not be written is no lock, and says so', () => {
  expect(() => lockDirectory(join(temporaryDirectory(), 'absent', 'lock.sqlite'))).toThrow(/unable to open/);
});
