/** The services of `@dicomwire/services` with their defaults, as values: what they say of themselves is what a conformance statement says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

/** What a service says of itself. */
export interface ServiceValue {
  readonly name: string;
  readonly requests: readonly string[];
  readonly sopClasses: readonly string[];
  readonly invokes: readonly string[];
  readonly role: string;
}

const libraryProgram = `
import * as s from './packages/services/src/index.ts';
const source = { instances: () => [] };
const services = [
  s.verification(),
  s.storage({ store: async () => {} }),
  s.find({ source: () => [] }),
  s.get({ source }),
  s.move({ source, peers: { ANY: { host: 'localhost', port: 104 } } }),
  s.worklist({ source: () => [] }),
  s.mpps(),
  s.storageCommitment({ check: async (instances) => instances.map(() => undefined) }),
  s.ups({ aeTitle: 'ANY' }),
  s.print({ printFilm: async () => {} }),
  s.commitmentResults().service,
  s.mppsListener(() => {}),
  s.upsListener(() => {}),
];
export const values = services.map(({ name, requests, sopClasses, invokes = [], role = 'scp' }) => ({ name, requests, sopClasses, invokes, role }));
`;

/** Each service, made with its defaults. */
export async function serviceValues(): Promise<readonly ServiceValue[]> {
  const { values } = await bundledValues<{ readonly values: readonly ServiceValue[] }>(libraryProgram);
  return values;
}

/** What a program exports that imports the repository's sources, from its root; it is bundled, since Node can't run them as they are. */
export async function bundledValues<Values>(program: string): Promise<Values> {
  const folder = mkdtempSync(join(tmpdir(), 'service-values-'));
  try {
    const outfile = join(folder, 'values.mjs');
    buildSync({
      stdin: { contents: program, resolveDir: fileURLToPath(new URL('../../', import.meta.url)), loader: 'ts' },
      bundle: true,
      outfile,
      platform: 'node',
      format: 'esm',
      conditions: ['@dicomwire/source'],
      banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
