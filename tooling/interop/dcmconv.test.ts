/**
 * What we write in another uncompressed transfer syntax is what DCMTK's `dcmconv` writes, byte for byte; where it isn't, the reason is listed.
 * Private elements get their VRs from the same dictionary on both sides, DCMTK's own.
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import {
  encodeDataSet,
  formatTag,
  PrivateDictionary,
  parseElements,
  parsePart10,
  TransferSyntax,
  transferSyntaxInfo,
} from '@dicomwire/dimse/dataset';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BROKEN, filesOf, foldersHere, NOT_DICOM } from './oracle/files.ts';
import { run } from './peers/process.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const dictionaries = '/usr/share/libdcmtk17';

/** Options of `dcmconv` for transfer syntaxes and for lengths of sequences. */
const syntaxes = {
  ImplicitVRLittleEndian: '+ti',
  ExplicitVRLittleEndian: '+te',
  ExplicitVRBigEndian: '+tb',
  DeflatedExplicitVRLittleEndian: '+td',
} as const;
const lengths = { defined: '+e', undefined: '-e' } as const;

type SyntaxName = keyof typeof syntaxes;
type Lengths = keyof typeof lengths;

const syntaxNames = Object.keys(syntaxes).filter((name): name is SyntaxName => Object.hasOwn(syntaxes, name));
const kinds = ['defined', 'undefined'] as const;

/** Both kinds of lengths, each in two transfer syntaxes. */
const CORPUS_LENGTHS: Readonly<Record<SyntaxName, Lengths>> = {
  ImplicitVRLittleEndian: 'undefined',
  ExplicitVRLittleEndian: 'defined',
  ExplicitVRBigEndian: 'undefined',
  DeflatedExplicitVRLittleEndian: 'defined',
};

/** Processes at a time. */
const AT_A_TIME = 4;

/** Files that differ, with the transfer syntaxes in which they do, and why. */
const DIFFERENT: readonly { readonly file: RegExp; readonly to: readonly SyntaxName[]; readonly why: string }[] = [
  {
    file: /\/palettes\/winter\.dcm$/,
    to: syntaxNames,
    why: '(0008,0018) stands in it twice: DCMTK drops the second, we write both, as they came',
  },
  {
    file: /\/(nested_priv_SQ|meta_missing_tsyntax)\.dcm$/,
    to: ['ImplicitVRLittleEndian'],
    why: 'a value of nine bytes that nobody touched goes back as it came; DCMTK makes its length even',
  },
];

/** Elements of the synthetic files whose VR differs when they come without one, ours and theirs: DCMTK 3.6.7 is older than the element. */
const OTHER_VR: Readonly<Record<string, string>> = { '(0008,040C)': 'UV UN' };

describeWith(['dcm2json'], 'conversion beside dcmconv', () => {
  let directory: TemporaryDirectory;
  let privateDictionary: PrivateDictionary;
  let count = 0;

  beforeAll(async () => {
    directory = await temporaryDirectory('dcmconv');
    privateDictionary = PrivateDictionary.parse(readFileSync(join(dictionaries, 'private.dic'), 'latin1'));
  });

  afterAll(() => directory.remove());

  test.each(syntaxNames)('of every uncompressed file to %s', async (to) => {
    const all = uncompressedFiles();
    const different = new Set<string>();
    const left = [...all];
    const work = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const { ours, theirs } = await converted(next[1], to, CORPUS_LENGTHS[to]);
        if (Buffer.compare(ours, theirs) !== 0) different.add(next[0]);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    const expected = DIFFERENT.filter((row) => row.to.includes(to));
    expect([...different].filter((name) => !expected.some(({ file }) => file.test(name)))).toEqual([]);
    const gone = all.filter(([name]) => !different.has(name) && expected.some(({ file }) => file.test(name)));
    expect(gone).toEqual([]);
  });

  test.each(syntaxNames)('of all VRs in eight encodings to %s', async (to) => {
    for (const [name, path] of filesOfSynthetic()) {
      for (const from of syntaxNames) {
        for (const kind of kinds) {
          const source = join(directory.path, 'source.dcm');
          await dcmconv(path, source, from, kind);
          const { ours, theirs } = await converted(source, to, kind);
          const label = `${basename(name)} in ${from}, ${kind}`;
          const others = from === 'ImplicitVRLittleEndian' && to !== from ? OTHER_VR : {};
          expect({ label, vrs: otherVrs(to, ours, theirs) }).toEqual({ label, vrs: others });
          if (Object.keys(others).length === 0) expect(Buffer.compare(ours, theirs)).toBe(0);
        }
      }
    }
  });

  /** The data set in both versions, inflated. */
  async function converted(path: string, to: SyntaxName, kind: Lengths) {
    const output = join(directory.path, `converted-${count++}.dcm`);
    await dcmconv(path, output, to, kind);
    const file = new Uint8Array(readFileSync(output));
    rmSync(output);
    const theirs = plain(to, file.subarray(parsePart10(file).dataSetOffset));
    const { dataSet } = parsePart10(new Uint8Array(readFileSync(path)), { privateDictionary });
    const options = { sequenceLengths: kind, groupLengths: 'drop' } as const;
    return { theirs, ours: plain(to, encodeDataSet(dataSet, TransferSyntax[to], options)) };
  }
});

/** By tag: our VR and theirs, where these differ; `bytes` where it is the bytes. */
function otherVrs(to: SyntaxName, ours: Uint8Array, theirs: Uint8Array): Record<string, string> {
  const syntax = to === 'DeflatedExplicitVRLittleEndian' ? 'ExplicitVRLittleEndian' : to;
  const [left, right] = [parseElements(ours, TransferSyntax[syntax]), parseElements(theirs, TransferSyntax[syntax])];
  expect(left.tags()).toEqual(right.tags());
  const entries = left.tags().map((tag) => {
    const hasOtherVr = left.vr(tag) !== right.vr(tag);
    const isSame = Buffer.compare(left.bytes(tag) ?? new Uint8Array(0), right.bytes(tag) ?? new Uint8Array(0)) === 0;
    return [formatTag(tag), hasOtherVr ? `${left.vr(tag)} ${right.vr(tag)}` : isSame ? 'same' : 'bytes'] as const;
  });
  return Object.fromEntries(entries.filter(([, difference]) => difference !== 'same'));
}

/** Without group lengths, which we drop and DCMTK would calculate. */
async function dcmconv(from: string, path: string, to: SyntaxName, kind: Lengths): Promise<void> {
  const { exitCode, stderr } = await run('dcmconv', [syntaxes[to], lengths[kind], '-g', from, path], {
    env: { DCMDICTPATH: `${dictionaries}/dicom.dic:${dictionaries}/private.dic` },
  });
  if (exitCode !== 0) throw new Error(`dcmconv can't convert ${from}: ${stderr}`);
}

/** Deflated bytes differ with the program that deflates. */
function plain(syntax: SyntaxName, bytes: Uint8Array): Uint8Array {
  return syntax === 'DeflatedExplicitVRLittleEndian' ? inflateRawSync(bytes) : bytes;
}

/** Each once, though both folders have many of them. */
function uncompressedFiles(): [name: string, path: string][] {
  const seen = new Set<string>();
  return foldersHere()
    .flatMap((folder) => [...filesOf(folder)])
    .filter(([, path]) => {
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      return !seen.has(digest) && seen.add(digest);
    })
    .filter(([name]) => !NOT_DICOM.includes(name) && !Object.hasOwn(BROKEN, name))
    .filter(([, path]) => {
      const { meta } = parsePart10(new Uint8Array(readFileSync(path)));
      return transferSyntaxInfo(meta.transferSyntaxUid)?.isEncapsulated === false;
    });
}

function filesOfSynthetic(): [name: string, path: string][] {
  return uncompressedFiles().filter(([name]) => name.startsWith('shared/synthetic/'));
}
