import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBrowserProblems } from './browser-problems.ts';

const CASES: readonly [name: string, source: string, problems: readonly string[]][] = [
  ['nothing in plain code', `export const a = new DataView(new ArrayBuffer(8)); // Buffer.from, process.exit`, []],
  [
    'nothing in words',
    `export const a = 'a Buffer. Or process.exit()'; export const b = (process) => process.global;`,
    [],
  ],
  [
    'a module of Node',
    `import { connect } from 'node:net'; export const a = connect;`,
    ['Could not resolve "node:net"'],
  ],
  ['a module of Node without its prefix', `import fs from 'fs'; export const a = fs;`, ['Could not resolve "fs"']],
  ['Buffer', `export const a = Buffer.from([1]);`, ['uses `Buffer`, which browsers lack']],
  ['process', `export const a = process.env.A;`, ['uses `process`, which browsers lack']],
  ['instanceof Buffer', `export const a = (b) => (b instanceof Buffer);`, ['uses `Buffer`, which browsers lack']],
];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'browser-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each(CASES)('finds %s', async (_name, source, problems) => {
  writeFileSync(join(folder, 'entry.js'), source);
  const found = await findBrowserProblems('./entry.js', folder);
  expect(found.map((problem, index) => problem.slice(0, problems[index]?.length))).toEqual(problems);
});
