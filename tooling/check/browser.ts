// What promises to run in browsers is bundled for one.

import { fileURLToPath } from 'node:url';
import { findBrowserProblems } from './browser-problems.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

for (const entry of ['@dicomwire/pdu', '@dicomwire/dimse/dataset']) {
  for (const problem of await findBrowserProblems(entry, here)) {
    console.error(`${entry} does not run in browsers: ${problem}`);
    process.exitCode = 1;
  }
}
