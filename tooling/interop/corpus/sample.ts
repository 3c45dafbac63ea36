/** The objects that every peer is given: one of each kind of transfer syntax, and real ones where they are at hand. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SHARED_FILES } from './corpus.ts';
import { generateObject } from './generated.ts';

/** Transfer syntaxes by the name that the sample's files have. */
export const SYNTAXES = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  rle: '1.2.840.10008.1.2.5',
} as const;

/** Name of a kind of file. */
export type SyntaxName = keyof typeof SYNTAXES;

/** The kinds that every DICOM application takes. */
export const UNCOMPRESSED: readonly SyntaxName[] = ['implicit', 'explicit', 'bigEndian'];
/** All kinds. */
export const EVERY_SYNTAX: readonly SyntaxName[] = [
  ...UNCOMPRESSED,
  'deflated',
  'jpegBaseline',
  'jpegLossless',
  'jpegLs',
  'jpeg2000',
  'rle',
];

/** SOP classes of the sample, real files included. */
export const SAMPLE_SOP_CLASSES = [
  '1.2.840.10008.5.1.4.1.1.2',
  '1.2.840.10008.5.1.4.1.1.4',
  '1.2.840.10008.5.1.4.1.1.7',
  '1.2.840.10008.5.1.4.1.1.66.4',
  '1.2.840.10008.5.1.4.1.1.88.11',
  '1.2.840.10008.5.1.4.1.1.481.5',
] as const;

/** Writes one generated file of each kind into a directory; 200 kB each, so that every one takes several PDUs. */
export async function writeSample(directory: string, kinds: readonly SyntaxName[]): Promise<string[]> {
  return Promise.all(
    kinds.map(async (kind) => {
      const path = join(directory, `${kind}.dcm`);
      await writeFile(path, generateObject({ transferSyntax: SYNTAXES[kind], pixelBytes: 200_000 }).file);
      return path;
    }),
  );
}

/** Real files of different kinds from the folder beside the repository; none where that is absent. */
export function realSample(names: readonly string[] = REAL_FILES): string[] {
  return names.map((name) => join(SHARED_FILES, name)).filter((path) => existsSync(path));
}

const REAL_FILES = [
  'CT_small.dcm',
  'CT1_UNC.implicit_little_endian.dcm',
  'JPEG2000.dcm',
  'MR_small_RLE.dcm',
  'SC_rgb_jpeg_dcmtk.dcm',
  'SC_rgb_small_odd.dcm',
  'liver_1frame.dcm',
  'reportsi.dcm',
  'rtplan.dcm',
] as const;
