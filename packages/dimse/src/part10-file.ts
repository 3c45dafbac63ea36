/** Part 10 files on disk. PS3.10 7. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type BulkDataRange,
  DataSetError,
  type ElementMap,
  type FileMetaInput,
  type Part10File,
  parsePart10,
  part10Chunks,
  type RandomAccessSource,
  type ReadPart10Options,
  readPart10,
  type WritePart10Options,
} from './dataset/index.js';

/**
 * Reads a file. With `stopBefore` or `maxValueBytes` only what is asked for is read: the header of a file of gigabytes takes a few kilobytes.
 * Values that were left in the file are references (`bulkData`), which {@link readBulkData} reads.
 *
 * @throws DataSetError `invalid-meta` when this is no DICOM file, and what `parseDataSet` throws; the operating system's error.
 *
 * @example
 * ```ts no-run
 * import { readPart10File } from '@dicomwire/dimse';
 *
 * const { dataSet } = await readPart10File('ct.dcm', { maxValueBytes: 65536 });
 * console.log(dataSet.get('Rows'), dataSet.bulkData('PixelData')); // 512 { kind: 'range', offset: 1478, byteLength: 524288, … }
 * ```
 */
export async function readPart10File(path: string, options: ReadPart10Options = {}): Promise<Part10File> {
  if (options.maxValueBytes === undefined && options.stopBefore === undefined) {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return parsePart10(new Uint8Array(buffer, byteOffset, byteLength), options);
  }
  const file = await open(path, 'r');
  try {
    return await readPart10(await fileSource(file, path), options);
  } finally {
    await file.close();
  }
}

/**
 * Reads a value that was left in a file, in chunks of 256 KiB. Each is a buffer of its own.
 *
 * @throws DataSetError `truncated` when the file is shorter than it was; the operating system's error.
 */
export async function* readBulkData(path: string, range: BulkDataRange): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, 'r');
  try {
    const end = range.offset + range.byteLength;
    for (let at = range.offset; at < end; ) {
      const wanted = Math.min(bulkChunkBytes, end - at);
      const { buffer, bytesRead } = await file.read(new Uint8Array(wanted), 0, wanted, at);
      if (bytesRead === 0) throw new DataSetError('truncated', 'The file ends inside the value', { offset: at });
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/**
 * Writes a file: under another name in the same directory first, then renamed, so that nobody sees half of it and an older file stays until the new
 * one is complete. Large values pass through; they are not gathered. The values of a data set that was read with `maxValueBytes` are given by
 * `bulkData: (range) => readBulkData(path, range)`.
 *
 * @throws DataSetError as `encodePart10`; the operating system's error. Nothing is left behind then.
 */
export async function writePart10File(
  path: string,
  dataSet: ElementMap,
  meta: FileMetaInput,
  options: WritePart10Options = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.part`);
  const file = await open(temporary, 'wx');
  try {
    try {
      await file.writeFile(part10Chunks(dataSet, meta, options));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const bulkChunkBytes = 0x4_0000;

async function fileSource(file: FileHandle, path: string): Promise<RandomAccessSource> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new DataSetError('invalid-meta', `${path} is no file`);
  // What is read is copied before more is asked for.
  let buffer = new Uint8Array(0);
  return {
    byteLength: stats.size,
    async read(offset, byteLength) {
      if (buffer.length < byteLength) buffer = new Uint8Array(byteLength);
      const { bytesRead } = await file.read(buffer, 0, byteLength, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}
