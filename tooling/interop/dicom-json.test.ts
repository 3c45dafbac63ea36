/** The DICOM JSON model of every real file, beside pydicom's and DCMTK's: what we write, what we read of theirs, what they read of ours. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DataSetError,
  type DicomJsonObject,
  fromDicomJson,
  type Part10File,
  parsePart10,
  stringifyDicomJson,
  toDicomJson,
} from '@dicomwire/dimse/dataset';
import { describe, expect, test } from 'vitest';
import { SHARED_FILES } from './corpus/corpus.ts';
import { type NormalElement, normalElements } from './json/normal-elements.ts';
import { PYDICOM_FILES, PYDICOM_PYTHON } from './peers/availability.ts';
import { run } from './peers/process.ts';
import { describeWith } from './with-peers.ts';

interface CorpusEntry {
  readonly path: string;
  readonly file: Part10File;
  readonly json: DicomJsonObject;
}

/** Files of which the others say something else, by the end of their paths, and why. */
const DIFFERENT_IN_PYDICOM: Readonly<Record<string, string>> = {
  'test_files/badVR.dcm': 'an IS that is no number: pydicom refuses it, we give the text',
};
const DIFFERENT_IN_DCMTK: Readonly<Record<string, string>> = {
  'test_files/rtdose_rle.dcm': 'UN in the file, where the dictionary knows more (PS3.5 6.2.2 Note 2)',
  'test_files/rtdose_rle_1frame.dcm': 'the same',
  'test_files/J2K_pixelrep_mismatch.dcm': 'the same',
  'chrSQEncoding.dcm': 'an item with a character set of its own, in a data set without: DCMTK does not convert it',
};

const corpus = readCorpus();

describeWith(['pydicom'], 'pydicom', () => {
  const answers = askPydicom();

  test('writes the same, but for the byte order that it leaves big', () => {
    const differences = answers.flatMap(({ entry, written }) =>
      written === undefined ? [`${entry.path}: refused`] : differing(entry, written, isBigEndian(entry.file)),
    );
    expect(unexplained(differences, DIFFERENT_IN_PYDICOM)).toEqual([]);
  });

  test('writes what we read', () => {
    const differences = answers.flatMap(({ entry, written }) =>
      written === undefined ? [] : differing(entry, toDicomJson(fromDicomJson(written)), isBigEndian(entry.file)),
    );
    expect(unexplained(differences, DIFFERENT_IN_PYDICOM)).toEqual([]);
  });

  test('reads what we write, and finds the data set of the file in it', () => {
    const differences = answers.flatMap(({ entry, differences: found }) => {
      // Binary values of big endian files are the only ones that it does not turn.
      const kept = isBigEndian(entry.file) ? found.filter((line) => !isBinary(entry.json, line)) : found;
      return kept.map((line) => `${entry.path}: ${line}`);
    });
    expect(unexplained(differences, DIFFERENT_IN_PYDICOM)).toEqual([]);
  });
});

describeWith(['DCMTK'], 'DCMTK', () => {
  test('writes the same, which we read', async () => {
    const differences: string[] = [];
    let compared = 0;
    for (const entry of corpus) {
      const { exitCode, stdout } = await run('dcm2json', ['-q', entry.path], {
        env: { DCMDICTPATH: '/usr/share/libdcmtk17/dicom.dic' },
      });
      // It does not write encapsulated pixel data, nor character sets that the system can't convert.
      if (exitCode !== 0) continue;
      compared++;
      const theirs: DicomJsonObject = JSON.parse(stdout);
      // It converts all text to UTF-8 and says so, where the standard wants the character set of the source (PS3.18 F.2.2).
      const ours = { ...entry, json: withoutCharacterSet(entry.json) };
      differences.push(...differing(ours, withoutCharacterSet(theirs), false));
      differences.push(...differing(ours, withoutCharacterSet(toDicomJson(fromDicomJson(theirs))), false));
    }
    expect(unexplained(differences, DIFFERENT_IN_DCMTK)).toEqual([]);
    if (corpus.length > 0) expect(compared).toBeGreaterThan(50);
  });
});

describe('our own', () => {
  test('is read as it was written, in the order of tags', () => {
    for (const { path, json } of corpus) {
      const text = stringifyDicomJson(json);
      expect(JSON.parse(text), path).toEqual(json);
      expect(toDicomJson(fromDicomJson(JSON.parse(text))), path).toEqual(json);
    }
  });
});

function readCorpus(): CorpusEntry[] {
  const paths = [SHARED_FILES, PYDICOM_FILES]
    .filter(existsSync)
    .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)))
    .filter((path) => !/\.pyc?$/.test(path) && statSync(path).isFile());
  return paths.flatMap((path) => {
    try {
      const file = parsePart10(readFileSync(path));
      return [{ path, file, json: toDicomJson(file.dataSet) }];
    } catch (error) {
      if (error instanceof DataSetError) return [];
      throw error;
    }
  });
}

interface PydicomAnswer {
  readonly entry: CorpusEntry;
  readonly written: DicomJsonObject | undefined;
  readonly differences: readonly string[];
}

/** One process for all files. */
function askPydicom(): PydicomAnswer[] {
  const script = fileURLToPath(new URL('json/pydicom-json.py', import.meta.url));
  const input = corpus.flatMap(({ path, json }) => [
    JSON.stringify({ path }),
    JSON.stringify({ path, json: stringifyDicomJson(json) }),
  ]);
  const { stdout, stderr, status } = spawnSync(PYDICOM_PYTHON, [script], {
    input: `${input.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 0x4000_0000,
  });
  if (status !== 0) throw new Error(`pydicom ended with ${status}: ${stderr}`);
  const lines = stdout.trimEnd().split('\n');
  return corpus.map((entry, index) => {
    const written = JSON.parse(lines[2 * index] ?? '{}');
    const read = JSON.parse(lines[2 * index + 1] ?? '{}');
    return { entry, written: written.json, differences: read.differences ?? [`refused: ${read.error}`] };
  });
}

function differing({ path, json }: CorpusEntry, theirs: DicomJsonObject, isTurned: boolean): string[] {
  const [a, b] = [normalElements(json), normalElements(theirs)];
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names]
    .filter((name) => !isSame(a.get(name), b.get(name), isTurned))
    .map((name) => `${path}: ${name} ours ${show(a.get(name))} theirs ${show(b.get(name))}`);
}

function isSame(ours: NormalElement | undefined, theirs: NormalElement | undefined, isTurned: boolean): boolean {
  if (ours === undefined || theirs === undefined || ours.vr !== theirs.vr) return false;
  if (isTurned && ours.binary !== undefined) return ours.binary.length === theirs.binary?.length;
  return JSON.stringify(ours) === JSON.stringify(theirs);
}

function withoutCharacterSet(json: DicomJsonObject): DicomJsonObject {
  return Object.fromEntries(Object.entries(json).filter(([tag]) => tag !== '00080005'));
}

function show(element: NormalElement | undefined): string {
  return JSON.stringify(element)?.slice(0, 80) ?? 'nothing';
}

function unexplained(differences: readonly string[], explained: Readonly<Record<string, string>>): string[] {
  return differences.filter((line) => !Object.keys(explained).some((name) => line.includes(`${name}: `)));
}

function isBigEndian(file: Part10File): boolean {
  return file.meta.transferSyntaxUid === '1.2.840.10008.1.2.2';
}

function isBinary(json: DicomJsonObject, line: string): boolean {
  const tag = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)/.exec(line);
  return tag !== null && json[`${tag[1]}${tag[2]}`]?.InlineBinary !== undefined;
}
