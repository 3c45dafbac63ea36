/** DICOM files: file meta information before a data set. PS3.10 7. */

import type { DataSet } from './data-set.js';
import type { ElementMap } from './element-map.js';
import { type EncodeOptions, encodeViews } from './encode.js';
import { DataSetError, type DataSetWarning } from './errors.js';
import { readFileMeta } from './file-meta.js';
import { encodeFileMeta } from './file-meta-encode.js';
import type { FileMetaInformation, FileMetaInput } from './file-meta-types.js';
import { type ParseOptions, parseDataSet } from './parse.js';

/** A file, read. */
export interface Part10File {
  /** File meta information; where the file has none, what could be guessed from its data set. */
  readonly meta: FileMetaInformation;
  /** The data set, over the file's bytes. */
  readonly dataSet: DataSet;
  /** All elements of group 0002, unknown and private ones included; none where the file has no file meta information. */
  readonly metaElements: ElementMap;
  /** Offset of the data set in the file. */
  readonly dataSetOffset: number;
  /** What was odd about the file meta information; the data set has its own warnings. */
  readonly warnings: readonly DataSetWarning[];
}

/**
 * Reads a whole file: file meta information if it has any, then the data set in its transfer syntax.
 *
 * @throws DataSetError `invalid-meta` when this is no DICOM file, and what {@link parseDataSet} throws.
 */
export function parsePart10(bytes: Uint8Array, options: ParseOptions = {}): Part10File {
  const read = readFileMeta(bytes, { isComplete: true });
  if (read === undefined) throw new DataSetError('invalid-meta', 'The file ends inside its file meta information');
  const { meta, elements: metaElements, dataSetOffset, warnings } = read;
  const dataSet = parseDataSet(bytes.subarray(dataSetOffset), meta.transferSyntaxUid, options);
  return { meta, dataSet, metaElements, dataSetOffset, warnings };
}

/**
 * Writes a whole file. SOP class and instance are those of the data set unless the meta information names them.
 *
 * @throws DataSetError `invalid-meta` when a UID is missing or no UID, and what {@link encodeDataSet} throws.
 */
export function encodePart10(dataSet: ElementMap, meta: FileMetaInput, options: EncodeOptions = {}): Uint8Array {
  // Each byte of a large value is copied once, to its place in the file.
  const parts = [encodeFileMetaFor(dataSet, meta), ...encodeViews(dataSet, meta.transferSyntaxUid, options)];
  const file = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** As `encodeFileMeta`, with the UIDs of the data set where others aren't given. */
export function encodeFileMetaFor(dataSet: ElementMap, meta: FileMetaInput): Uint8Array {
  return encodeFileMeta({
    ...meta,
    mediaStorageSopClassUid: meta.mediaStorageSopClassUid ?? dataSet.text(0x00080016),
    mediaStorageSopInstanceUid: meta.mediaStorageSopInstanceUid ?? dataSet.text(0x00080018),
  });
}
