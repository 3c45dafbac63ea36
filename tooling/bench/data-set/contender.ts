/** What is measured of each library. */

/** What a library does with files, as far as it can. Each returns something that keeps the work from being left out. */
export interface Contender {
  /** Parses a file and reads the ten tags. */
  read(bytes: Uint8Array): number;
  /** The same, with every item of every sequence located. */
  readAll?(bytes: Uint8Array): number;
  /** Writes a file from values. */
  write?(): number;
  /** The same, without the pixels. */
  writeHeader?(): number;
  /** Reads a file, changes one element, and writes it. */
  change?(bytes: Uint8Array): number;
}

/** Name of something that a {@link Contender} does. */
export type Task = keyof Contender;

/** The libraries. */
export const CONTENDERS = ['dicomwire', 'dicom-parser', 'dcmjs'] as const;
/** Name of a library. */
export type ContenderName = (typeof CONTENDERS)[number];

/** The ten tags that are read of each file. */
export const TAGS: readonly number[] = [
  0x00080016, 0x00080018, 0x00080060, 0x00100010, 0x00100020, 0x0020000d, 0x0020000e, 0x00200013, 0x00280010,
  0x00280011,
];
