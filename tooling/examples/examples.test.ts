import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { compileExamples } from './compile.ts';
import { examplesOf, findExamples } from './examples.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const TIME_LIMIT_MS = 45_000;

const examples = compileExamples(findExamples(join(HERE, '..', '..')), join(HERE, '.examples'));
const named = examples.map((example) => [`${example.document}:${example.line}`, example] as const);

afterAll(() => rmSync(join(HERE, '.examples'), { recursive: true, force: true }));

describe('examples compile against the built packages', () => {
  test.each(named)('%s', (_name, example) => expect(example.errors).toEqual([]));
});

describe('examples run and end by themselves', () => {
  test.each(named.filter(([, { runs, errors }]) => runs && errors.length === 0))('%s', (_name, { program }) => {
    const folder = mkdtempSync(join(tmpdir(), 'example-'));
    try {
      const run = spawnSync(process.execPath, [program], { cwd: folder, encoding: 'utf8', timeout: TIME_LIMIT_MS });
      expect({ status: run.status, signal: run.signal, stderr: run.stderr }).toMatchObject({ status: 0, signal: null });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('examplesOf', () => {
  test('takes the ts fences of a document and the lines on which they stand', () => {
    const text = '# A\n\n```ts\na();\n```\n\n```sh\nnpm test\n```\n\n- b\n  ```ts no-run\n  b();\n  ```\n';
    expect(examplesOf('README.md', text)).toEqual([
      { document: 'README.md', line: 4, code: 'a();\n', runs: true },
      { document: 'README.md', line: 13, code: 'b();\n', runs: false },
    ]);
  });

  test('takes the fences of TSDoc comments, to be compiled only', () => {
    const text = '/**\n * A.\n *\n * @example\n * ```ts\n * a({\n *   b: 1,\n * });\n * ```\n */\n';
    expect(examplesOf('a.ts', text)).toEqual([{ document: 'a.ts', line: 6, code: 'a({\n  b: 1,\n});\n', runs: false }]);
  });
});
