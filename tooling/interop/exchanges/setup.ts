/** Before each test file: the facts of its exchanges go to a file of their own, those of an earlier run are gone. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { FACTS_DIRECTORY, FACTS_VARIABLE, RECORDER } from './fact.ts';

const { testPath } = expect.getState();
if (testPath === undefined) throw new Error('vitest knows no path of this test file');
const directory = fileURLToPath(FACTS_DIRECTORY);
const path = join(directory, `${basename(testPath, '.test.ts')}.jsonl`);
mkdirSync(directory, { recursive: true });
writeFileSync(path, '');
process.env[FACTS_VARIABLE] = path;
// Our programs record as this process does.
const recorder = `--import=${RECORDER.href}`;
const { NODE_OPTIONS = '' } = process.env;
if (!NODE_OPTIONS.includes(recorder)) process.env.NODE_OPTIONS = `${NODE_OPTIONS} ${recorder}`.trim();
await import('./record.ts');
