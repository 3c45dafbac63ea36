import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileLayer } from '@dicomwire/services';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { SpareFile } from './spare-file.js';

/** Two turns of the event loop: when a file that was asked for is there. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function spareIn(directory: string, keepMs?: number): SpareFile {
  const spare = new SpareFile(nodeFileLayer, directory, keepMs);
  onTestFinished(() => spare.discard());
  return spare;
}

test('the file made in advance is the next one created, once', async () => {
  const directory = temporaryDirectory();
  const spare = spareIn(directory);
  spare.prepare();
  await settled();
  expect(readdirSync(directory)).toEqual(['.spare']);
  for (const name of ['first', 'second']) {
    const descriptor = spare.files.create(join(directory, name));
    writeFileSync(descriptor, name);
    spare.files.close(descriptor);
  }
  expect(readdirSync(directory)).toEqual(['first', 'second']);
});

test('a file that nobody uses is removed after a while, and on discard', async () => {
  const directory = temporaryDirectory();
  const spare = spareIn(directory, 1);
  spare.prepare();
  await settled();
  await expect.poll(() => readdirSync(directory)).toEqual([]);
  const other = spareIn(directory);
  other.prepare();
  await settled();
  other.discard();
  expect(readdirSync(directory)).toEqual([]);
});

test('one that somebody cleared away is not missed', async () => {
  const directory = temporaryDirectory();
  const spare = spareIn(directory);
  spare.prepare();
  await settled();
  rmSync(join(directory, '.spare'));
  spare.files.close(spare.files.create(join(directory, 'first')));
  expect(readdirSync(directory)).toEqual(['first']);
});

test('files elsewhere are created as ever, and a failure waits for the object itself', async () => {
  const directory = temporaryDirectory();
  const spare = spareIn(join(directory, 'absent'));
  spare.prepare();
  await settled();
  spare.files.close(spare.files.create(join(directory, 'elsewhere')));
  expect(readdirSync(directory)).toEqual(['elsewhere']);
  expect(() => spare.files.create(join(directory, 'absent', 'one'))).toThrow(/ENOENT/);
});
