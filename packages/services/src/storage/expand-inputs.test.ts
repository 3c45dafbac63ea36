import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ExpandedInput, walkDirectory } from './expand-inputs.js';

test('a directory that can not be read is told of, and those beside it are walked', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'walk-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const name of ['a', 'b', 'c']) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'file'), '');
  }
  const found: ExpandedInput[] = [];
  for await (const input of walkDirectory(directory)) {
    found.push(input);
    // Permissions stop nobody who is root; what has gone meanwhile stops everybody.
    rmSync(join(directory, 'b'), { recursive: true, force: true });
  }
  expect(found).toEqual([
    { kind: 'path', path: join(directory, 'a', 'file'), origin: 'found' },
    { kind: 'unreadable', path: join(directory, 'b'), error: expect.objectContaining({ code: 'ENOENT' }) },
    { kind: 'path', path: join(directory, 'c', 'file'), origin: 'found' },
  ]);
});
