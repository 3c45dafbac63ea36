/** Real files to send: those of pydicom and those beside the repository, sorted into what can be stored and what can't. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Identity, identityOf, isCut, isStorageSopClass } from './identity.ts';

/** The folder of files beside the repository, which may not be there. */
export const SHARED_FILES = fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** A file that can be stored. */
export interface CorpusFile extends Identity {
  /** Relative to its root. */
  readonly name: string;
  readonly path: string;
}

/** A directory of files, sorted. */
export interface Corpus {
  readonly root: string;
  readonly storable: readonly CorpusFile[];
  /** The rest, by name relative to the root, with the reason; Python's own files apart. */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** Reads every file below a directory. */
export function readCorpus(root: string): Corpus {
  const storable: CorpusFile[] = [];
  const leftOut: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(root, name);
    if (/\.pyc?$/.test(name) || !statSync(path).isFile()) continue;
    const identity = identityOf(readFileSync(path));
    const reason = whyNotStorable(identity);
    if (identity !== undefined && reason === undefined)
      storable.push({ ...identity, name: relative(root, path), path });
    else leftOut[name] = reason ?? 'no DICOM data set';
  }
  return { root, storable, leftOut };
}

/**
 * Deals files out into rounds in which no SOP instance UID comes twice with different content, so that each round can be
 * sent and compared before the next replaces it.
 */
export function dealIntoRounds(files: readonly CorpusFile[]): CorpusFile[][] {
  const rounds: { readonly files: CorpusFile[]; readonly byUid: Map<string, CorpusFile> }[] = [];
  for (const file of files) {
    let round = rounds.find(({ byUid }) => isSameOrNew(byUid.get(file.sopInstanceUid), file));
    if (round === undefined) {
      round = { files: [], byUid: new Map() };
      rounds.push(round);
    }
    round.files.push(file);
    round.byUid.set(file.sopInstanceUid, file);
  }
  return rounds.map((round) => round.files);
}

function isSameOrNew(other: CorpusFile | undefined, file: CorpusFile): boolean {
  if (other === undefined) return true;
  return other.transferSyntax === file.transferSyntax && other.dataSet.equals(file.dataSet);
}

function whyNotStorable(identity: Identity | undefined): string | undefined {
  if (identity === undefined) return 'no DICOM data set';
  if (identity.sopClassUid === '') return 'no SOP class';
  if (!isStorageSopClass(identity.sopClassUid)) return `no storage SOP class: ${identity.sopClassUid}`;
  if (identity.sopInstanceUid === '') return 'no SOP instance UID';
  if (identity.transferSyntax === '') return 'no transfer syntax';
  if (isCut(identity)) return 'cut inside a value';
  return undefined;
}
