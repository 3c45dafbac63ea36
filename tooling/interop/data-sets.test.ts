/** What we make of every file at hand, broken ones included, is what pydicom and DCMTK make of it, element for element. */
import { readFileSync } from 'node:fs';
import { encodeDataSet, parsePart10, stringifyDicomJson, toDicomJson } from '@dicomwire/dimse/dataset';
import { beforeAll, describe, expect, test } from 'vitest';
import { elementsOfJson, isAskedOfDcmtk, readByDcmtk } from './oracle/dcmtk.ts';
import { DCMTK_DIFFERENCES } from './oracle/dcmtk-differences.ts';
import { BROKEN, type Folder, filesOf, foldersHere, NOT_DICOM } from './oracle/files.ts';
import { holdAgainst, type ListedDifference } from './oracle/listed.ts';
import { readOurs } from './oracle/ours.ts';
import { readByPydicom } from './oracle/pydicom.ts';
import { PYDICOM_DIFFERENCES } from './oracle/pydicom-differences.ts';
import { compareReadings, type ReadElement, type Reading } from './oracle/reading.ts';
import { describeWith } from './with-peers.ts';

const folders = foldersHere();
if (!folders.some(({ name }) => name === 'shared')) console.warn('SKIPPED the files beside the repository: not there');

describeWith(['pydicom', 'dcm2json'], 'real files', () => {
  let paths: ReadonlyMap<string, string>;
  let ours: ReadonlyMap<string, Reading>;

  beforeAll(() => {
    paths = new Map(folders.flatMap((folder: Folder) => [...filesOf(folder)]));
    ours = new Map([...paths].map(([name, path]) => [name, readOurs(new Uint8Array(readFileSync(path)))]));
  });

  test('are there', () => {
    expect(paths.size).toBeGreaterThan(150);
  });

  test('that hold no data set are refused as such, and no others', () => {
    const refused = [...ours].filter(([, { error }]) => error === 'invalid-meta').map(([name]) => name);
    expect(refused).toEqual(NOT_DICOM.filter((name) => paths.has(name)));
  });

  test('that are broken are refused for what is wrong with them, and read as far as they go', () => {
    const broken = [...ours].filter(([, { error }]) => error !== undefined && error !== 'invalid-meta');
    const expected = Object.entries(BROKEN).filter(([name]) => paths.has(name));
    expect(broken.map(([name, { error }]) => [name, error]).sort()).toEqual(expected.sort());
    expect(broken.filter(([, { elements }]) => elements.size === 0)).toEqual([]);
  });

  test('come out byte for byte when nothing was changed, the broken ones as well', () => {
    const differing = [...dataSets()].filter(([name, path]) => {
      const bytes = new Uint8Array(readFileSync(path));
      const file = parsePart10(bytes, { keepTruncated: Object.hasOwn(BROKEN, name) });
      const written = encodeDataSet(file.dataSet, file.meta.transferSyntaxUid);
      return Buffer.compare(written, bytes.subarray(file.dataSetOffset)) !== 0;
    });
    expect(differing).toEqual([]);
  });

  test('every element is what pydicom has, but for what is listed', () => {
    expectListed(readByPydicom([...dataSets().values()]), PYDICOM_DIFFERENCES);
  });

  describe('to DCMTK', () => {
    let theirs: ReadonlyMap<string, Reading>;

    beforeAll(async () => {
      theirs = await readByDcmtk([...dataSets().values()]);
    });

    test('every element is what it has, but for what is listed', () => {
      expectListed(theirs, DCMTK_DIFFERENCES, isAskedOfDcmtk);
    });

    test('our DICOM JSON says what its own says, but for what is listed', () => {
      const whole = [...dataSets()].filter(([name]) => !Object.hasOwn(BROKEN, name));
      const found = whole.flatMap(([name, path]) => {
        const { dataSet } = parsePart10(new Uint8Array(readFileSync(path)));
        const elements = elementsOfJson(stringifyDicomJson(toDicomJson(dataSet)));
        const their = readingOf(theirs, path);
        // Of what it has as UN it tells the bytes, which our JSON doesn't.
        const isAsked = (at: string) => !at.startsWith('(0002,') && their.elements.get(at)?.vr !== 'UN';
        const our = readingOf(ours, name).elements;
        return compareReadings(name, { elements }, their, (at) => isAsked(at) && isAskedOfDcmtk(at, our.get(at)));
      });
      expect(holdAgainst(DCMTK_DIFFERENCES, found, new Set(whole.map(([name]) => name))).unlisted).toEqual([]);
    });
  });

  function dataSets(): Map<string, string> {
    return new Map([...paths].filter(([name]) => !NOT_DICOM.includes(name)));
  }

  function expectListed(
    theirs: ReadonlyMap<string, Reading>,
    listed: readonly ListedDifference[],
    isAsked?: (path: string, our: ReadElement | undefined) => boolean,
  ): void {
    const files = dataSets();
    const found = [...files].flatMap(([name, path]) =>
      compareReadings(name, readingOf(ours, name), readingOf(theirs, path), isAsked),
    );
    expect(holdAgainst(listed, found, new Set(files.keys()))).toEqual({ unlisted: [], gone: [] });
    // Readings that are empty have no differences.
    const compared = [...files].filter(([, path]) => readingOf(theirs, path).elements.size > 0);
    expect(compared.length).toBeGreaterThan(files.size * 0.9);
  }
});

function readingOf(readings: ReadonlyMap<string, Reading>, file: string): Reading {
  const reading = readings.get(file);
  if (reading === undefined) throw new Error(`${file} was not read`);
  return reading;
}
