/** `docs/interoperability.md` says what the tests of this run exchanged with peers: no more, no less. It runs last. */
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type PeerName, whatIsMissing } from '../peers/availability.ts';
import { FACTS_DIRECTORY } from './fact.ts';
import { readRun } from './observed.ts';
import { page } from './page.ts';
import { peerVersions } from './versions.ts';

const directory = fileURLToPath(FACTS_DIRECTORY);
const NEEDED = ['DCMTK', 'Orthanc', 'pynetdicom', 'qrscp of pynetdicom'] as const satisfies readonly PeerName[];

/** Why this run can't be compared: peers that are missing, test files that have not run. */
function whatLacks(): readonly string[] {
  const missing = NEEDED.map(whatIsMissing).filter((reason) => reason !== undefined);
  const names = globSync('*.test.ts', { cwd: fileURLToPath(new URL('..', import.meta.url)) });
  const unrun = names.filter((name) => !existsSync(join(directory, `${basename(name, '.test.ts')}.jsonl`)));
  return [...missing, ...unrun.map((name) => `${name} has not run`)];
}

const lacks = whatLacks();
const isComparable = lacks.length === 0 || process.env.CI === 'true';
if (!isComparable) console.warn(`SKIPPED docs/interoperability.md: ${lacks.join('; ')}`);

test.skipIf(!isComparable)('docs/interoperability.md says what was exchanged', async () => {
  expect(lacks).toEqual([]);
  const run = readRun(directory);
  expect(run.unknownImplementations).toEqual([]);
  // When it differs because tests have changed: `pnpm --filter @dicomwire/interop matrix` after a whole run writes it anew.
  await expect(page(run, peerVersions())).toMatchFileSnapshot('../../../docs/interoperability.md');
});
