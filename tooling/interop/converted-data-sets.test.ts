/** What we write in another transfer syntax is read by pydicom and DCMTK as they read the original, odd lengths made even. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  encodeDataSet,
  encodeFileMeta,
  isPrivateTag,
  parsePart10,
  TransferSyntax,
  transferSyntaxInfo,
} from '@dicomwire/dimse/dataset';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAskedOfDcmtk, readByDcmtk } from './oracle/dcmtk.ts';
import { BROKEN, filesOf, foldersHere, NOT_DICOM } from './oracle/files.ts';
import { readByPydicom } from './oracle/pydicom.ts';
import { compareReadings, type Difference, type ReadElement, type Reading } from './oracle/reading.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

/** A file of ours, and that which it was made from. */
interface Converted {
  readonly name: string;
  readonly from: string;
  readonly path: string;
  readonly isFromBigEndian: boolean;
}

describeWith(['pydicom', 'dcm2json'], 'real files, converted', () => {
  let directory: TemporaryDirectory;
  let sources: ReadonlyMap<string, string>;

  beforeAll(async () => {
    directory = await temporaryDirectory('converted');
    const all = foldersHere().flatMap((folder) => [...filesOf(folder)]);
    sources = new Map(all.filter(([name]) => !NOT_DICOM.includes(name) && !Object.hasOwn(BROKEN, name)));
  });

  afterAll(() => directory.remove());

  test('to explicit VR little endian and deflated are the same to pydicom', async () => {
    const converted = [
      ...(await convertAll('ExplicitVRLittleEndian')),
      ...(await convertAll('DeflatedExplicitVRLittleEndian')),
    ];
    const found = differences(converted, readByPydicom(pathsOf(converted)), readByPydicom(originalsOf(converted)));
    expect(found.filter((difference) => !isPaddedToEven(difference))).toEqual([]);
  });

  test('to implicit VR are the same to pydicom, but for the VRs that no dictionary has', async () => {
    const converted = await convertAll('ImplicitVRLittleEndian');
    const read = readByPydicom(pathsOf(converted));
    const found = differences(converted, read, readByPydicom(originalsOf(converted)));
    const lostVr = found.filter(({ aspect }) => aspect === 'vr');
    // Pixel data is OW in implicit VR, PS3.5 A.1; file offset in container is younger than pydicom 2.3.
    const isUnknown = ({ path, ours }: Difference) => ours === 'UN' && (isPrivate(path) || path === '(0008,040C)');
    expect(lostVr.filter((difference) => !isUnknown(difference) && !isPixelData(difference.path))).toEqual([]);
    const paths = new Set(lostVr.map(({ file, path }) => `${file} ${path}`));
    const isToCompare = ({ file, path, aspect }: Difference) => aspect === 'field' || !paths.has(`${file} ${path}`);
    const rest = found.filter((difference) => isToCompare(difference) && !isPaddedToEven(difference));
    expect(rest).toEqual([]);
  });

  test('to explicit VR big endian are the same to DCMTK', async () => {
    const converted = await convertAll('ExplicitVRBigEndian');
    const [read, originals] = [await readByDcmtk(pathsOf(converted)), await readByDcmtk(originalsOf(converted))];
    expect(differences(converted, read, originals)).toEqual([]);
  });

  /** Everything uncompressed that isn't in the transfer syntax yet. */
  async function convertAll(to: keyof typeof TransferSyntax): Promise<Converted[]> {
    const transferSyntaxUid = TransferSyntax[to];
    const converted: Converted[] = [];
    for (const [from, source] of sources) {
      const { meta, dataSet } = parsePart10(new Uint8Array(readFileSync(source)));
      const syntax = transferSyntaxInfo(meta.transferSyntaxUid);
      if (syntax === undefined || syntax.isEncapsulated || syntax.uid === transferSyntaxUid) continue;
      const uids = { mediaStorageSopClassUid: '1.2', mediaStorageSopInstanceUid: '1.3' };
      const path = join(directory.path, `${to}-${converted.length}.dcm`);
      await writeFile(
        path,
        Buffer.concat([encodeFileMeta({ ...uids, transferSyntaxUid }), encodeDataSet(dataSet, transferSyntaxUid)]),
      );
      converted.push({ name: `${from} as ${to}`, from: source, path, isFromBigEndian: syntax.isBigEndian });
    }
    expect(converted.length).toBeGreaterThan(20);
    return converted;
  }
});

function pathsOf(converted: readonly Converted[]): string[] {
  return converted.map(({ path }) => path);
}

function originalsOf(converted: readonly Converted[]): string[] {
  return [...new Set(converted.map(({ from }) => from))];
}

/** As `ours` the reading of the converted file, as `theirs` that of the original. */
function differences(
  converted: readonly Converted[],
  read: ReadonlyMap<string, Reading>,
  originals: ReadonlyMap<string, Reading>,
): Difference[] {
  return converted.flatMap(({ name, from, path, isFromBigEndian }) => {
    const [ours, theirs] = [read.get(path), originals.get(from)];
    if (ours === undefined || theirs === undefined) throw new Error(`${name} was not read`);
    const isSkipped = ({ aspect, ours }: Difference) => aspect === 'field' && (isFromBigEndian || ours === '-');
    return compareReadings(name, ours, theirs, isOfDataSet).filter((difference) => !isSkipped(difference));
  });
}

/** Group lengths are left out of what is written anew. */
function isOfDataSet(path: string, our: ReadElement | undefined): boolean {
  return !path.startsWith('(0002,') && isAskedOfDcmtk(path, our);
}

function isPrivate(path: string): boolean {
  const [, tag = ''] = /\((....,....)\)$/.exec(path) ?? [];
  return isPrivateTag(Number.parseInt(tag.replace(',', ''), 16));
}

/** The digests begin with the lengths. */
function isPaddedToEven({ aspect, ours, theirs }: Difference): boolean {
  const [length, original] = [Number.parseInt(ours, 10), Number.parseInt(theirs, 10)];
  return aspect === 'field' && original % 2 === 1 && length === original + 1;
}

function isPixelData(path: string): boolean {
  return path.endsWith('(7FE0,0010)');
}
