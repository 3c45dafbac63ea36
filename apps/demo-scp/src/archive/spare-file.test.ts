import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

test('the file made in advance is taken once, and the next one is another', async () => {
  const directory = temporaryDirectory();
  const spare = spareIn(directory);
  const paths: string[] = [];
  for (const content of ['first', 'second']) {
    spare.prepare();
    await settled();
    const file = spare.take();
    expect(spare.take()).toBeUndefined();
    if (file === undefined) continue;
    writeFileSync(file.descriptor, content);
    nodeFileLayer.close(file.descriptor);
    paths.push(file.path);
  }
  expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['first', 'second']);
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

test('where none can be made there is none, and the object itself meets what is wrong', async () => {
  const spare = spareIn(join(temporaryDirectory(), 'absent'));
  spare.prepare();
  await settled();
  expect(spare.take()).toBeUndefined();
});
