import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('corpus', import.meta.url));

/**
 * What mutation begins with: one side of connections of DCMTK, pynetdicom and Orthanc as they stood on the wire, and PDUs
 * made by hand. In each file a line that begins with `#` names the entry whose hex digits follow.
 */
export function readCorpus(): readonly Uint8Array[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.hex'))
    .sort()
    .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split(/^#.*$/m).slice(1))
    .map((digits) => Buffer.from(digits.replace(/\s/g, ''), 'hex'))
    .map((bytes) => new Uint8Array(bytes));
}
