/** Every real file, dumped by us and by `dcmdump`: the same elements at the same depths, with the same VRs, lengths, multiplicities and names. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataSetError, dumpPart10, parsePart10 } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { SHARED_FILES } from './corpus/corpus.ts';
import { PYDICOM_FILES } from './peers/availability.ts';
import { run } from './peers/process.ts';
import { describeWith } from './with-peers.ts';

/** Without DCMTK's own dictionary of private elements, which is not part of the standard. */
const STANDARD_DICTIONARY = { DCMDICTPATH: '/usr/share/libdcmtk17/dicom.dic' } as const;

/** Files of which DCMTK 3.6.7 says something else, by the end of their paths, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'test_files/SC_rgb_jpeg.dcm': 'dcmdump refuses it',
  'synthetic/all-vr-explicit-be-defined.dcm': 'its dictionary does not have (0008,040C) yet',
  'synthetic/all-vr-explicit-le-undefined.dcm': 'the same',
  'test_files/J2K_pixelrep_mismatch.dcm': 'UN in the file, where the dictionary knows more (PS3.5 6.2.2 Note 2)',
  'test_files/rtdose_rle.dcm': 'the same',
  'test_files/rtdose_rle_1frame.dcm': 'the same',
  'dicomdirtests/DICOMDIR-nooffset': 'an item whose length is wrong: we show how long it is',
};

const files = [SHARED_FILES, PYDICOM_FILES]
  .filter(existsSync)
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)))
  .filter((path) => !/\.pyc?$/.test(path) && statSync(path).isFile());

describeWith(['DCMTK'], 'dcmdump', () => {
  test('says the same of every file that both read', async () => {
    const differences: string[] = [];
    let compared = 0;
    for (const path of files) {
      const ours = ourLines(path);
      if (ours === undefined) continue;
      const { exitCode, stdout } = await run('dcmdump', ['-q', '+Qn', path], { env: STANDARD_DICTIONARY });
      if (exitCode !== 0) {
        differences.push(`${path}: dcmdump refuses it`);
        continue;
      }
      const theirs = stdout.split('\n').filter((line) => !line.includes('for re-encod'));
      const [a, b] = [linesOf(ours), linesOf(theirs)];
      compared += a.length;
      const at = a.findIndex((line, index) => line !== b[index]);
      if (at >= 0 || b.length !== a.length) differences.push(`${path}: ours ${a[at]}, theirs ${b[at]}`);
    }
    const here = Object.keys(DIFFERENT).filter((name) => files.some((path) => path.endsWith(name)));
    const unexplained = differences.filter((line) => !here.some((name) => line.includes(`${name}: `)));
    expect(unexplained).toEqual([]);
    expect(differences.length).toBe(here.length);
    if (files.length > 0) expect(compared).toBeGreaterThan(10_000);
  });
});

function ourLines(path: string): readonly string[] | undefined {
  try {
    return [...dumpPart10(parsePart10(readFileSync(path)))];
  } catch (error) {
    if (error instanceof DataSetError) return undefined;
    throw error;
  }
}

const LINE = /^( *)\(([0-9a-f]{4},[0-9a-f]{4})\) (\S\S) (.*?) *# *(\d+|u\/l), *(\d+) (.*)$/i;

/** What both say, in the same words. */
function linesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, indent = '', tag = '', vr = '', value = '', length = '', multiplicity = '', name = ''] =
      LINE.exec(line) ?? [];
    if (tag === '') return [];
    // DCMTK counts one value of an empty OB or UN, makes an odd length even, and takes all encapsulated pixel data for OB.
    const count = value.startsWith('(no value') ? '0' : multiplicity;
    const even = length === 'u/l' ? length : Number(length) + (Number(length) % 2);
    const what = /^Private|^Unknown|^GenericGroupLength/.test(name)
      ? 'Unknown'
      : name.replace('RETIRED_', '').replace('BasicOffsetTable', 'Item');
    const shownVr = tag.toLowerCase() === '7fe0,0010' ? '' : vr.replace('??', 'UN').replace('up', 'UL');
    return [`${indent}${tag.toLowerCase()} ${shownVr} ${even} ${count} ${what}`];
  });
}
