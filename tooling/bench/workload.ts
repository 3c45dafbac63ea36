/** What is sent: 200 CT images of 525 kB and 500 small objects, with UIDs that no server has seen yet. */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { freshUid, generateObject, SHARED_FILES, splitPart10 } from '@dicomwire/interop/corpus';

/** The workloads, in the order of the table. */
export const WORKLOADS = ['ct', 'small', 'echo'] as const;

/** Name of a workload. */
export type Workload = (typeof WORKLOADS)[number];

/** What the table calls them. */
export const WORKLOAD_TITLES: Readonly<Record<Workload, string>> = {
  ct: '200 CT of 525 kB',
  small: '500 small of 2.4 kB',
  echo: '1000 C-ECHO',
};

/** C-ECHO requests of the workload `echo`. */
export const ECHO_COUNT = 1000;

/** Files that can be given new identities without being written anew. */
export interface FileSet {
  readonly paths: readonly string[];
  /** Gives every file a new SOP instance UID, in its file meta information and its data set. */
  refresh(): void;
}

/** Writes the files of a workload, implicit VR little endian: what every peer takes without converting. */
export function writeFileSet(
  workload: 'ct' | 'small',
  directory: string,
  count = workload === 'ct' ? 200 : 500,
): FileSet {
  return writeCopies(workload === 'ct' ? ctImage() : generateSmall(), workload, directory, count);
}

/** Writes 200 CT in explicit VR little endian: what getscu wants, whatever it is told. */
export function writeExplicitFileSet(directory: string): FileSet {
  return writeCopies(generate('1.2.840.10008.1.2.1', 524_288), 'ct', directory, 200);
}

function writeCopies(original: Buffer, workload: Workload, directory: string, count: number): FileSet {
  const uid = splitPart10(original)?.sopInstanceUid ?? '';
  const offsets = occurrences(original, uid);
  const paths = Array.from({ length: count }, (_, n) => join(directory, `${workload}-${n}.dcm`));
  for (const path of paths) writeFileSync(path, original);
  return {
    paths,
    refresh() {
      for (const path of paths) overwrite(path, offsets, freshUidOfLength(uid.length));
    },
  };
}

function ctImage(): Buffer {
  const real = join(SHARED_FILES, 'CT1_UNC.implicit_little_endian.dcm');
  if (existsSync(real)) return readFileSync(real);
  return generateImplicit(524_288);
}

function generateSmall(): Buffer {
  return generateImplicit(2400);
}

function generateImplicit(pixelBytes: number): Buffer {
  return generate('1.2.840.10008.1.2', pixelBytes);
}

function generate(transferSyntax: string, pixelBytes: number): Buffer {
  const sopInstanceUid = freshUidOfLength(44);
  return generateObject({ transferSyntax, pixelBytes, sopInstanceUid }).file;
}

function occurrences(bytes: Buffer, text: string): number[] {
  const offsets: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) offsets.push(at);
  return offsets;
}

function overwrite(path: string, offsets: readonly number[], uid: string): void {
  const file = openSync(path, 'r+');
  for (const offset of offsets) writeSync(file, uid, offset, 'latin1');
  closeSync(file);
}

/** `2.25.` and random digits, cut or filled to the length of the UID that it replaces. */
function freshUidOfLength(length: number): string {
  return freshUid().padEnd(length, '7').slice(0, length);
}
