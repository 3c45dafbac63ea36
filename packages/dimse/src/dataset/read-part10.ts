/** Reading of files that are not in memory. PS3.10 7. */
import { DataSetError } from './errors.js';
import { type FileMetaRead, maxMetaBytes, readFileMeta } from './file-meta.js';
import { GrowingBytes } from './growing-bytes.js';
import { type ParseOptions, parseDataSet } from './parse.js';
import { type Part10File, parsePart10 } from './part10.js';
import { type ChunkReader, chunkReader, type Part10Source } from './part10-source.js';
import { DataSetStreamParser } from './stream-parser.js';

/** How a file is read. */
export interface ReadPart10Options extends ParseOptions {
  /**
   * Values at the top level that are longer stay in the file: their elements have a reference to the place (`bulkData`, kind `range`) and no
   * value. Sequences are read whatever their length, and so is a deflated data set. Of bytes in memory everything is at hand. Default: all
   * values are read.
   */
  readonly maxValueBytes?: number | undefined;
  /** Bound on the bytes that are kept; beyond it reading fails with `too-large`. Default: 2 GiB. */
  readonly maxBytes?: number | undefined;
}

/**
 * Reads a file from a stream, a blob or wherever bytes come from. With `stopBefore` or `maxValueBytes` no more is read than is asked for:
 * where the source can be read at any place, the values that are left in it are not touched.
 *
 * @throws DataSetError `invalid-meta` when this is no DICOM file, and what `parseDataSet` throws; what the source throws.
 *
 * @example
 * ```ts no-run
 * import { readPart10 } from '@dicomwire/dimse/dataset';
 *
 * const response = await fetch('https://archive.example/ct.dcm');
 * const { meta, dataSet } = await readPart10(response.body ?? [], { stopBefore: 0x7fe00010 });
 * console.log(meta.transferSyntaxUid, dataSet.get('Rows'));
 * ```
 */
export async function readPart10(source: Part10Source, options: ReadPart10Options = {}): Promise<Part10File> {
  if (source instanceof Uint8Array) return parsePart10(source, options);
  const reader = chunkReader(source);
  try {
    return await readFrom(reader, options);
  } finally {
    await reader.close();
  }
}

const defaultMaxBytes = 0x8000_0000;
/** So much of the data set tells whether the transfer syntax is right. */
const tellingBytes = 4096;

async function readFrom(reader: ChunkReader, options: ReadPart10Options): Promise<Part10File> {
  const { maxBytes = defaultMaxBytes, maxValueBytes, stopBefore } = options;
  const beginning = new GrowingBytes();
  const read = await readBeginning(reader, beginning);
  const { meta, elements: metaElements, dataSetOffset, warnings } = read;
  const first = beginning.bytes().subarray(dataSetOffset);
  if (maxValueBytes === undefined && stopBefore === undefined) {
    const bytes = await readRest(reader, first, maxBytes);
    const dataSet = parseDataSet(bytes, meta.transferSyntaxUid, options);
    return { meta, dataSet, metaElements, dataSetOffset, warnings };
  }
  const parser = new DataSetStreamParser({
    transferSyntax: meta.transferSyntaxUid,
    stopBefore,
    maxValueBytes: maxValueBytes ?? maxBytes,
    longValues: 'refer',
    dataSetOffset,
    maxBytes,
    keepTruncated: options.keepTruncated,
    limits: options.limits,
  });
  await feed(parser, reader, first);
  return { meta, dataSet: parser.dataSet, metaElements, dataSetOffset, warnings };
}

async function readBeginning(reader: ChunkReader, beginning: GrowingBytes): Promise<FileMetaRead> {
  let wanted = tellingBytes;
  for (;;) {
    const chunk = await reader.next();
    if (chunk !== undefined) beginning.append(chunk);
    const bytes = beginning.bytes();
    const isComplete = chunk === undefined;
    if (!isComplete && bytes.length < wanted) continue;
    const read = readFileMeta(bytes, { isComplete });
    if (read !== undefined && (isComplete || bytes.length >= read.dataSetOffset + tellingBytes)) return read;
    if (isComplete) throw new DataSetError('invalid-meta', 'The file ends inside its file meta information');
    if (bytes.length > maxMetaBytes + tellingBytes) throw new DataSetError('invalid-meta', 'This is no DICOM file');
    // Each time as much again, so that what grows in small chunks is not read anew for each of them.
    wanted = read === undefined ? bytes.length * 2 : read.dataSetOffset + tellingBytes;
  }
}

async function feed(parser: DataSetStreamParser, reader: ChunkReader, first: Uint8Array): Promise<void> {
  let chunk: Uint8Array | undefined = first;
  while (chunk !== undefined) {
    if (parser.write(chunk)) return;
    if (parser.bytesToSkip > 0) parser.skip(await reader.skip(parser.bytesToSkip));
    chunk = await reader.next();
  }
  parser.end();
}

async function readRest(reader: ChunkReader, first: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const chunks = [first];
  let byteLength = first.length;
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
    byteLength += chunk.length;
    if (byteLength > maxBytes) throw new DataSetError('too-large', `The data set is larger than ${maxBytes} bytes`);
    // A chunk's memory may be used again for the next one.
    chunks.push(chunk.slice());
  }
  const bytes = new Uint8Array(byteLength);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
