import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ElementMap } from './element-map.js';
import { encodeDataSet } from './encode.js';
import { encodingOf } from './encoding.js';
import { DataSetError } from './errors.js';
import { parseDataSet } from './parse.js';
import { parsePart10 } from './part10.js';
import { DataSetStreamParser } from './stream-parser.js';
import { told, walked } from './testing/event-lines.js';
import { TransferSyntax } from './transfer-syntax.js';

const directories = [
  fileURLToPath(new URL('../../../../../shared/data', import.meta.url)),
  '/usr/lib/python3/dist-packages/pydicom/data/test_files',
  '/usr/lib/python3/dist-packages/pydicom/data/charset_files',
];

/** Files that are broken, and how: everything else has to be read. */
const broken = new Map([
  ['MR_truncated.dcm', 'truncated'],
  ['rtplan_truncated.dcm', 'truncated'],
  ['no_meta.dcm', 'invalid-meta'],
]);

const files = directories.flatMap((directory) =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/README|licen[cs]e|\.(json|txt|md|dump|gz|py|pyc)$/i.test(entry.name))
        .filter((entry) => !entry.parentPath.endsWith('licenses'))
        .map((entry): [string, string] => [entry.name, join(entry.parentPath, entry.name)])
    : [],
);

function visit(map: ElementMap): number {
  let count = 0;
  for (const element of map) {
    count += 1 + element.values.length;
    for (const item of element.items) count += visit(item);
  }
  return count;
}

if (files.length === 0)
  console.log('corpus.test.ts: no test data beside the repository and no python3-pydicom, skipped');

describe.skipIf(files.length === 0)('real files', () => {
  test.each(files)('%s', (name, path) => {
    const bytes = new Uint8Array(readFileSync(path));
    const code = broken.get(name);
    if (code !== undefined) {
      const read = () => visit(parsePart10(bytes).dataSet);
      expect(read).toThrow(DataSetError);
      expect(read).toThrow(expect.objectContaining({ code }));
      if (code !== 'invalid-meta')
        expect(visit(parsePart10(bytes, { keepTruncated: true }).dataSet)).toBeGreaterThan(0);
      return;
    }
    const { meta, dataSet, dataSetOffset } = parsePart10(bytes);
    expect(visit(dataSet)).toBeGreaterThan(0);
    const body = bytes.subarray(dataSetOffset);
    expect(Buffer.compare(encodeDataSet(dataSet, meta.transferSyntaxUid), body)).toBe(0);
    expectSameWhenRewritten(body, meta.transferSyntaxUid);
    expectSameHead(body, meta.transferSyntaxUid);
    expectSameEvents(body, meta.transferSyntaxUid);
  });
});

/** A change that is taken back makes the writer go through every element: all else must come out as it was. */
function expectSameWhenRewritten(body: Uint8Array, uid: string): void {
  if (encodingOf(uid).isDeflated) return;
  const dataSet = parseDataSet(body, uid);
  if (dataSet.warnings.length > 0) return;
  dataSet.set(0xfff10010, 'LO', 'dicomwire').delete(0xfff10010);
  expect(Buffer.compare(encodeDataSet(dataSet, uid), body)).toBe(0);
}

/** What a storage SCP sees of it in fragments of 1000 bytes. */
function expectSameHead(body: Uint8Array, uid: string): void {
  const parser = new DataSetStreamParser({ transferSyntax: uid, stopBefore: 0x00280000 });
  for (let at = 0; at < body.length; at += 1000) parser.write(body.subarray(at, at + 1000));
  parser.end();
  const explicit = TransferSyntax.ExplicitVRLittleEndian;
  const head = parseDataSet(body, uid, { stopBefore: 0x00280000 });
  expect(Buffer.compare(encodeDataSet(parser.dataSet, explicit), encodeDataSet(head, explicit))).toBe(0);
}

/** The same elements, told one by one while they stream by in chunks of 1000 bytes. */
function expectSameEvents(body: Uint8Array, uid: string): void {
  const dataSet = parseDataSet(body, uid);
  // Of elements that stand twice the data set shows the first only.
  if (new Set(dataSet.tags()).size < dataSet.size) return;
  const pieces = new Array<number>(Math.ceil(body.length / 1000)).fill(1000);
  const { lines } = told(body, pieces, { transferSyntax: uid, maxValueBytes: Number.POSITIVE_INFINITY });
  const expected = walked(dataSet);
  expect(lines.find((line, index) => line !== expected[index])?.slice(0, 200)).toBeUndefined();
  expect(lines.length).toBe(expected.length);
}
