import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dicomFiles } from './dicom-files.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dicomwire-files-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

test('directories are walked in the order of names, files that are named come as named', async () => {
  mkdirSync(join(directory, 'b'));
  for (const name of ['c', join('b', 'x'), 'a']) writeFileSync(join(directory, name), '');
  const named = join(directory, 'c');
  const found = [];
  for await (const file of dicomFiles([named, directory])) found.push(file);
  expect(found).toEqual([
    { path: named, origin: 'named' },
    ...['a', join('b', 'x'), 'c'].map((name) => ({ path: join(directory, name), origin: 'found' })),
  ]);
});

test('a path that is not there is told', async () => {
  await expect(dicomFiles([join(directory, 'nothing')]).next()).rejects.toThrow(/ENOENT/);
});
