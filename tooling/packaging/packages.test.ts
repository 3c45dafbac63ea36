import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Installation, install, type Manifest, runtimes, succeed } from './installation.ts';

const TSC = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const RUNTIMES = runtimes();
const WITH_NODE = {
  types: ['node'],
  typeRoots: [fileURLToPath(new URL('../../node_modules/@types', import.meta.url))],
};
const IN_A_BROWSER = { lib: ['ES2022', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'] };
const LIBRARIES = ['@dicomwire/pdu', '@dicomwire/ul', '@dicomwire/dimse', '@dicomwire/services'];

let installation: Installation;

beforeAll(() => {
  installation = install();
});
afterAll(() => installation?.remove());

describe('the tarballs', () => {
  test('are those of every published package', () => {
    expect(installation.manifests.map(({ name }) => name)).toEqual(
      [...LIBRARIES, '@dicomwire/demo-scp', '@dicomwire/cli'].sort(),
    );
  });

  test('depend on released versions, not on the workspace', () => {
    const ranges = installation.manifests.flatMap(({ dependencies }) => Object.values(dependencies ?? {}));
    expect(ranges.filter((range) => /^(workspace|catalog|file|link):/.test(range))).toEqual([]);
  });

  test('hold what a user needs, and no test', () => {
    for (const { name } of installation.manifests) {
      const files = installation.files(name);
      expect(files, name).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
      expect(
        files.filter((file) => /[.]test[.]|(^|\/)(test|reports|coverage)\/|tsbuildinfo/.test(file)),
        name,
      ).toEqual([]);
    }
  });
});

describe.each(RUNTIMES)('on Node $major', ({ major, binary }) => {
  const run = (...args: readonly string[]) =>
    succeed(spawnSync(binary, args, { cwd: installation.folder, encoding: 'utf8', timeout: 60_000 }));

  test('runs that Node', () => {
    expect(run('-p', 'process.version')).toMatch(new RegExp(`^v${major}[.]`));
  });

  test('every entry point is there for import and for require, with the same names', () => {
    installation.write('names.mjs', NAMES);
    const names: Record<string, { imported: string[]; required: string[] }> = JSON.parse(
      run('names.mjs', ...entryPoints()),
    );
    expect(Object.keys(names)).toEqual(entryPoints());
    for (const [entry, { imported, required }] of Object.entries(names)) {
      expect(imported.length, entry).toBeGreaterThan(0);
      expect(required, entry).toEqual(imported);
    }
  });

  test('import and require give the same classes, and so do a package and the ones above that pass it on', () => {
    installation.write('classes.mjs', CLASSES);
    const { classes, twice } = JSON.parse(run('classes.mjs', ...entryPoints()));
    expect(classes).toContain('PduError');
    expect(twice).toEqual([]);
  });

  test('a provider answers an echo', () => {
    installation.write('echo.mjs', ECHO);
    expect(run('echo.mjs').trim()).toBe('released');
  });

  test('CommonJS answers an echo', () => {
    installation.write('echo.cjs', ECHO_CJS);
    expect(run('echo.cjs').trim()).toBe('released');
  });

  test('so do the CommonJS builds, where require does not load ESM', () => {
    installation.write('echo.cjs', ECHO_CJS);
    expect(run('--no-experimental-require-module', 'echo.cjs').trim()).toBe('released');
  });

  test('the programs say what they are for', () => {
    for (const [name, path] of programs()) expect(run(path, '--help'), name).toMatch(/usage/i);
  });
});

test('every Node that is promised was there to be tested', ({ skip }) => {
  skip(RUNTIMES.length === 0, `no Node binaries for ${process.platform}-${process.arch} in the workspace`);
  expect(RUNTIMES.map(({ major }) => major)).toEqual([22, 24, 26]);
});

describe('the declarations', () => {
  const whole = () =>
    entryPoints()
      .map((entry, index) => `import * as a${index} from '${entry}';\nvoid a${index};\n`)
      .join('');

  test('are whole for TypeScript, ESM', () => compile('user.mts', whole(), WITH_NODE));

  test('are whole for TypeScript, CommonJS', () => compile('user.cts', whole(), WITH_NODE));

  test('of the codec need neither Node nor a browser', () => {
    compile('codec.mts', `import { decode } from '@dicomwire/pdu';\nvoid decode;\n`, {});
  });

  test('of the data set need no Node', () => {
    compile('dataset.mts', `import * as dataset from '@dicomwire/dimse/dataset';\nvoid dataset;\n`, IN_A_BROWSER);
  });
});

/** Compiles one file of a user who checks the declarations of libraries too. */
function compile(file: string, source: string, environment: Readonly<Record<string, unknown>>): void {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    module: 'NodeNext',
    target: 'ES2022',
    lib: ['ES2022', 'ESNext.Disposable'],
    types: [],
    ...environment,
  };
  installation.write(file, source);
  installation.write(`${file}.tsconfig.json`, JSON.stringify({ compilerOptions, files: [file] }));
  const args = [TSC, '-p', `${file}.tsconfig.json`];
  succeed(spawnSync(process.execPath, args, { cwd: installation.folder, encoding: 'utf8' }));
}

function entryPoints(): readonly string[] {
  const subpaths = ({ name, exports }: Manifest) =>
    Object.keys(exports)
      .filter((subpath) => subpath !== './package.json')
      .map((subpath) => name + subpath.slice(1));
  return installation.manifests.filter(({ name }) => LIBRARIES.includes(name)).flatMap(subpaths);
}

function programs(): readonly (readonly [name: string, path: string])[] {
  return installation.manifests.flatMap(({ name, bin }) =>
    Object.entries(bin ?? {}).map(([program, path]) => [program, join('node_modules', name, path)] as const),
  );
}

const NAMES = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const names = {};
for (const entry of process.argv.slice(2)) {
  const exported = (module) => Object.keys(module).filter((name) => name !== '__esModule').sort();
  names[entry] = { imported: exported(await import(entry)), required: exported(require(entry)) };
}
console.log(JSON.stringify(names));
`;

const CLASSES = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const seen = new Map();
const twice = [];
for (const entry of process.argv.slice(2)) {
  for (const module of [await import(entry), require(entry)]) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'function' || !/^[A-Z]/.test(name)) continue;
      if (seen.has(name) && seen.get(name) !== value) twice.push(entry + ' ' + name);
      seen.set(name, value);
    }
  }
}
console.log(JSON.stringify({ classes: [...seen.keys()], twice }));
`;

const ECHO_BODY = `
  const scp = createScp({ aeTitle: 'SMOKE', services: [verification()] });
  const { port } = await scp.listen({ port: 0, host: '127.0.0.1' });
  const client = await connect({ host: '127.0.0.1', port, calledAeTitle: 'SMOKE', callingAeTitle: 'TEST' });
  await client.verify();
  await client[Symbol.asyncDispose]();
  await scp.close();
  console.log('released');
`;

const ECHO = `
import { connect, createScp, verification } from '@dicomwire/services';
${ECHO_BODY}
`;

const ECHO_CJS = `
const { connect, createScp, verification } = require('@dicomwire/services');
(async () => {${ECHO_BODY}})();
`;
