import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findViolations } from './violations.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const LINKS: Readonly<Record<string, string>> = { ul: 'pdu', dimse: 'ul', services: 'dimse' };

/** A workspace of the same shape whose imports all keep the rule, linked as pnpm links ours. */
const SOUND: Readonly<Record<string, string>> = {
  'packages/pdu/src/index.ts': `export const a = 1;\n`,
  'packages/ul/src/index.ts': `export { a } from '@dicomwire/pdu';\nexport * from './connect.js';\n`,
  'packages/ul/src/connect.ts': `import { connect } from 'node:net';\nexport const b = connect;\n`,
  'packages/dimse/src/index.ts': `export { a } from '@dicomwire/ul';\n`,
  'packages/dimse/src/dataset/index.ts': `export const d = 1;\n`,
  'packages/services/src/index.ts': `export { a } from '@dicomwire/dimse';\n`,
};

const VIOLATIONS: readonly [name: string, rule: string, files: Readonly<Record<string, string>>][] = [
  [
    'a layer skipped, by a specifier that pnpm does not link',
    'layer-of-services',
    { 'packages/services/src/x.ts': `import { a } from '@dicomwire/pdu';\nexport const x = a;\n` },
  ],
  [
    'a layer skipped in a type import',
    'layer-of-dimse',
    { 'packages/dimse/src/x.ts': `import type { a } from '@dicomwire/pdu';\nexport type X = typeof a;\n` },
  ],
  [
    'a layer skipped in a dynamic import',
    'layer-of-services',
    { 'packages/services/src/x.ts': `export const x = import('@dicomwire/ul/testing');\n` },
  ],
  [
    'a layer skipped by a test',
    'layer-of-services',
    { 'packages/services/src/x.test.ts': `import { a } from '@dicomwire/ul';\nvoid a;\n` },
  ],
  [
    'an import upwards',
    'layer-of-ul',
    { 'packages/ul/src/x.ts': `import { a } from '@dicomwire/dimse';\nexport const x = a;\n` },
  ],
  [
    'an app that reaches past the services',
    'layer-of-demo-scp',
    { 'apps/demo-scp/src/cli.ts': `import { a } from '@dicomwire/dimse';\nvoid a;\n` },
  ],
  [
    'a path into the package beneath',
    'packages-by-name',
    { 'packages/ul/src/x.ts': `import { a } from '../../pdu/src/index.js';\nexport const x = a;\n` },
  ],
  [
    'a circle of two files',
    'no-circles',
    {
      'packages/pdu/src/x.ts': `import { y } from './y.js';\nexport const x = () => y;\n`,
      'packages/pdu/src/y.ts': `import { x } from './x.js';\nexport const y = () => x;\n`,
    },
  ],
  [
    'a circle of types alone',
    'no-circles',
    {
      'packages/pdu/src/x.ts': `import type { Y } from './y.js';\nexport type X = Y[];\n`,
      'packages/pdu/src/y.ts': `import type { X } from './x.js';\nexport type Y = X | 1;\n`,
    },
  ],
  [
    'a module of Node in the codec',
    'browser-safe',
    { 'packages/pdu/src/x.ts': `import { Buffer } from 'node:buffer';\nexport const x = Buffer;\n` },
  ],
  [
    'a module of Node in the data set',
    'browser-safe',
    { 'packages/dimse/src/dataset/x.ts': `import { deflateSync } from 'node:zlib';\nexport const x = deflateSync;\n` },
  ],
  [
    'a dependency of the codec',
    'listed-dependencies',
    { 'packages/pdu/package.json': manifest('pdu', { 'left-pad': '1.0.0' }) },
  ],
  [
    'a package.json that lists a skipped layer',
    'listed-dependencies',
    { 'packages/dimse/package.json': manifest('dimse', { '@dicomwire/pdu': 'workspace:^' }) },
  ],
  [
    'everything of another package passed on at once',
    'exports-by-name',
    { 'packages/dimse/src/index.ts': `export * from '@dicomwire/ul';\n` },
  ],
  [
    'a test tool in what is published',
    'no-tests-in-sources',
    { 'packages/ul/src/x.ts': `import { vi } from 'vitest';\nexport const x = vi;\n` },
  ],
];

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layers-'));
  write(SOUND);
  for (const name of ['pdu', 'ul', 'dimse', 'services']) {
    const beneath = LINKS[name];
    cpSync(join(REPOSITORY, 'packages', name, 'package.json'), join(root, 'packages', name, 'package.json'));
    if (beneath === undefined) continue;
    mkdirSync(join(root, 'packages', name, 'node_modules', '@dicomwire'), { recursive: true });
    symlinkSync(join(root, 'packages', beneath), join(root, 'packages', name, 'node_modules', '@dicomwire', beneath));
  }
});

afterEach(() => rmSync(root, { recursive: true }));

describe('the layer rule', () => {
  test('is kept by a workspace of the right shape', async () => {
    expect(await findViolations(root)).toEqual([]);
  });

  test.each(VIOLATIONS)('is broken by %s', async (_name, rule, files) => {
    write(files);
    const violations = await findViolations(root);
    expect(violations.map((violation) => violation.rule)).toContain(rule);
  });
});

function manifest(name: string, dependencies: Readonly<Record<string, string>>): string {
  return JSON.stringify({ name: `@dicomwire/${name}`, dependencies });
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
