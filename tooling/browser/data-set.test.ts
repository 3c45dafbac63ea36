import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeFileMeta, readFileMeta, TransferSyntax } from '@dicomwire/dimse/dataset';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './chromium.ts';
import type { Rewritten } from './data-set-page.ts';
import { openPage } from './open-page.ts';

const program = findChromium();
if (program === undefined)
  console.warn('NOT TESTED in a browser: there is no Chromium (Debian: apt install chromium).');

/** Names as PS3.5 Annexes H, I and J and the README of pydicom's files have them. */
const NAMES: readonly (readonly [file: string, name: string])[] = [
  ['chrH31', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
  ['chrH32', 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'],
  ['chrI2', 'Hong^Gildong=洪^吉洞=홍^길동'],
  ['chrX1', 'Wang^XiaoDong=王^小東='],
  ['chrX2', 'Wang^XiaoDong=王^小东='],
  ['chrGreek', 'Διονυσιος'],
];
const CHANGE = {
  keyword: 'PatientID',
  text: 'CHANGED',
  transferSyntaxUid: TransferSyntax.DeflatedExplicitVRLittleEndian,
} as const;
/** Header and value of the Patient ID that {@link CHANGE} makes, explicit VR little endian. PS3.5 7.1.2. */
const CHANGED_ELEMENT = Buffer.from('\x10\x00\x20\x00LO\x08\x00CHANGED ', 'latin1');

/** The one file that comes along, and the same and others where the shared files are. */
function fileOf(name: string): Uint8Array | undefined {
  const paths = [`./files/${name}.dcm`, `../../../shared/data/${name}.dcm`];
  const path = paths.map((relative) => fileURLToPath(new URL(relative, import.meta.url))).find(existsSync);
  return path === undefined ? undefined : readFileSync(path);
}

describe.skipIf(program === undefined)('data sets on a page in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  const rewrite = (bytes: Uint8Array): Promise<Rewritten> =>
    page.evaluate(([octets, change]) => window.rewrite(octets, change), [[...bytes], CHANGE] as const);

  beforeAll(async () => {
    ({ browser, page, complaints } = await openPage('data-set-page.ts', '<!doctype html><title>Data sets</title>'));
  });

  afterAll(() => browser?.close());

  const files = NAMES.flatMap(([file, name]) => {
    const bytes = fileOf(file);
    return bytes === undefined ? [] : [{ file, name, bytes }];
  });

  test.each(files)('the name in $file is $name, also through DICOM JSON and a stream', async ({ name, bytes }) => {
    const { patientName, nameFromJson, nameFromStream, json } = await rewrite(bytes);
    // JSON has no empty groups at the end.
    expect([patientName, nameFromJson, nameFromStream]).toEqual([name, name.replace(/=$/, ''), name]);
    const [alphabetic, ideographic, phonetic] = name.split('=');
    const groups = { Alphabetic: alphabetic, Ideographic: ideographic, Phonetic: phonetic || undefined };
    expect(JSON.parse(json)['00100010']).toEqual({ vr: 'PN', Value: [JSON.parse(JSON.stringify(groups))] });
  });

  test.each(files)('$file is written back byte for byte, and changed where it was changed', async ({ bytes }) => {
    const { transferSyntaxUid, same, changed, rows, pixelBytes } = await rewrite(bytes);
    expect([transferSyntaxUid, rows, pixelBytes]).toEqual([TransferSyntax.ExplicitVRLittleEndian, 32, 1024]);
    const dataSet = dataSetOf(bytes);
    expect(Buffer.compare(dataSetOf(same), dataSet)).toBe(0);
    const at = dataSet.indexOf(Buffer.from('\x10\x00\x20\x00LO', 'latin1'));
    const after = at + 8 + dataSet.readUInt16LE(at + 6);
    const expected = Buffer.concat([dataSet.subarray(0, at), CHANGED_ELEMENT, dataSet.subarray(after)]);
    expect(Buffer.compare(dataSetOf(changed), expected)).toBe(0);
  });

  test.each(files)('what is deflated from $file is inflated by zlib', async ({ bytes }) => {
    const { converted } = await rewrite(bytes);
    expect(Buffer.compare(inflateRawSync(dataSetOf(converted)), dataSetOf(bytes))).toBe(0);
  });

  test.each(files)('what zlib deflated from $file is inflated', async ({ name, bytes }) => {
    const meta = readFileMeta(bytes)?.meta;
    const head = encodeFileMeta({ ...meta, transferSyntaxUid: CHANGE.transferSyntaxUid });
    const { transferSyntaxUid, patientName } = await rewrite(Buffer.concat([head, deflateRawSync(dataSetOf(bytes))]));
    expect([transferSyntaxUid, patientName]).toEqual([CHANGE.transferSyntaxUid, name]);
  });

  test('no error is left unsaid', () => expect(complaints).toEqual([]));
});

/** What stands behind the file meta information. */
function dataSetOf(file: Iterable<number>): Buffer {
  const bytes = Uint8Array.from(file);
  return Buffer.from(bytes.subarray(readFileMeta(bytes)?.dataSetOffset));
}
