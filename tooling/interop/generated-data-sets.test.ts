/** Valid data sets made by chance, of every VR and nested in every way, are to us what they are to pydicom and DCMTK. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateDataSet } from '../fuzz/dataset/generate.ts';
import { encodeModel, type ModelEncoding } from '../fuzz/dataset/model.ts';
import { Random } from '../fuzz/random.ts';
import { isAskedOfDcmtk, readByDcmtk } from './oracle/dcmtk.ts';
import { readOurs } from './oracle/ours.ts';
import { readByPydicom } from './oracle/pydicom.ts';
import { compareReadings, type Difference, type ReadElement, type Reading } from './oracle/reading.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

// FUZZ_SEED makes the same data sets again.
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff);
const FILES_OF_A_KIND = 60;

/** Transfer syntaxes, their encodings. */
const KINDS: readonly (readonly [uid: string, encoding: ModelEncoding, isEncapsulated: boolean])[] = [
  ['1.2.840.10008.1.2', { isImplicitVr: true, isBigEndian: false }, false],
  ['1.2.840.10008.1.2.1', { isImplicitVr: false, isBigEndian: false }, false],
  ['1.2.840.10008.1.2.2', { isImplicitVr: false, isBigEndian: true }, false],
  ['1.2.840.10008.1.2.4.50', { isImplicitVr: false, isBigEndian: false }, true],
];

describeWith(['pydicom', 'dcm2json'], `generated data sets (FUZZ_SEED=${seed})`, () => {
  let directory: TemporaryDirectory;
  const paths: string[] = [];

  beforeAll(async () => {
    directory = await temporaryDirectory('generated');
    const random = new Random(seed);
    for (const [uid, encoding, isEncapsulated] of KINDS) {
      for (let index = 0; index < FILES_OF_A_KIND; index++) {
        const path = join(directory.path, `${uid}-${index}.dcm`);
        const dataSet = generateDataSet(random, { depth: index % 5, isEncapsulated });
        await writeFile(path, fileOf(uid, encodeModel(dataSet, encoding)));
        paths.push(path);
      }
    }
  });

  afterAll(() => directory.remove());

  test('are the same to pydicom, in little endian', () => {
    // In big endian it reads sequences in UN in that byte order, not as PS3.5 6.2.2 Note 4 has it.
    const little = paths.filter((path) => !isBigEndian(path));
    const found = differences(little, readByPydicom(little));
    expect(found.filter((difference) => !isEmptySequence(difference))).toEqual([]);
  });

  test('are the same to DCMTK', async () => {
    const some = paths.filter((path, index) => isBigEndian(path) || index % 4 === 0);
    expect(differences(some, await readByDcmtk(some), isAskedOfDcmtk)).toEqual([]);
  });
});

function differences(
  paths: readonly string[],
  theirs: ReadonlyMap<string, Reading>,
  isAsked?: (path: string, our: ReadElement | undefined) => boolean,
): Difference[] {
  return paths.flatMap((path) => {
    const their = theirs.get(path);
    if (their === undefined) throw new Error(`${path} was not read`);
    return compareReadings(path, readOurs(new Uint8Array(readFileSync(path))), their, isAsked);
  });
}

function isBigEndian(path: string): boolean {
  return path.includes('1.2.840.10008.1.2.2-');
}

/** One of undefined length without VR, or in UN, is none to pydicom unless it has an item. */
function isEmptySequence({ aspect, ours, theirs }: Difference): boolean {
  return (
    (aspect === 'vr' && ours === 'SQ' && theirs === 'UN') || (aspect === 'values' && ours === '-' && theirs === '[]')
  );
}

function fileOf(transferSyntaxUid: string, dataSet: Uint8Array): Buffer {
  const uid = Buffer.from(transferSyntaxUid.padEnd(transferSyntaxUid.length + (transferSyntaxUid.length % 2), '\0'));
  const explicit = { isImplicitVr: false, isBigEndian: false };
  const group = encodeModel([{ tag: 0x00020010, vr: 'UI', value: { bytes: uid } }], explicit);
  const length = new Uint8Array(new Uint32Array([group.length]).buffer);
  const head = encodeModel([{ tag: 0x00020000, vr: 'UL', value: { bytes: length } }], explicit);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), head, group, dataSet]);
}
