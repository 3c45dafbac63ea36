/** What SECURITY.md says about the tests is true, and so are those of its claims that are about the sources themselves. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The rows of the review: weakness, and the files and titles that it names. */
const rows = read('SECURITY.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:Weakness|---) /.test(line))
  .map((line) => line.slice(2, -2).split(' | '))
  .map(([weakness = '', , shownBy = '']) => ({ weakness, shownBy }));

test('the review has every weakness of its list', () => expect(rows.length).toBeGreaterThanOrEqual(17));

describe('the tests that the review names are there', () => {
  test.each(rows.map(({ weakness, shownBy }) => [weakness, shownBy] as const))('%s', (_weakness, shownBy) => {
    // What is not built yet says so, and names none.
    if (shownBy === '–') return;
    for (const file of shownBy.split('<br>')) {
      const [, path = '', titles = ''] = /^`([^`]+)`: (.*)$/.exec(file) ?? [];
      const text = read(path);
      const named = [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
      expect(named).not.toEqual([]);
      for (const title of named) expect(text, `${path} has no such test`).toContain(title);
    }
  });
});

test('what is published starts no process', () => {
  const sources = globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], { cwd: ROOT }).filter(
    (path) => !/\.test\.ts$|\/testing\//.test(path),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter((path) => /child_process/.test(read(path)))).toEqual([]);
});

function read(path: string): string {
  return readFileSync(new URL(path, new URL('../../', import.meta.url)), 'utf8');
}
