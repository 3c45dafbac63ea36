/** Writing of files in chunks. PS3.10 7. */
import type { BulkDataRange } from './bulk-data.js';
import type { ElementMap } from './element-map.js';
import { deflatedOriginal, type EncodeOptions, encodeParts } from './encode.js';
import { encodingOf } from './encoding.js';
import { DataSetError } from './errors.js';
import type { FileMetaInput } from './file-meta-types.js';
import { StreamDeflate } from './inflate.js';
import { encodeFileMetaFor } from './part10.js';
import type { WrittenPart } from './parts-writer.js';

/** How a file is written. */
export interface WritePart10Options extends EncodeOptions {
  /**
   * Gives the bytes of values that were left in the file that the data set was read from, in chunks: all of them, in order. Default: such
   * values are an error.
   */
  readonly bulkData?: ((range: BulkDataRange) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>) | undefined;
}

/**
 * Writes a file in chunks: large values are passed on as the views that they are, and what is elsewhere is fetched when its turn comes.
 * `encodePart10` gives the whole at once.
 *
 * @throws DataSetError as `encodePart10`, before the first chunk; `missing-bulk-data` when a value is not there, or isn't as long as it should be.
 *
 * @example
 * ```ts
 * import { DataSet, part10Chunks, TransferSyntax } from '@dicomwire/dimse/dataset';
 *
 * const image = DataSet.from({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', SOPInstanceUID: '2.25.1', Rows: 1 });
 * let byteLength = 0;
 * for await (const chunk of part10Chunks(image, { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian })) {
 *   byteLength += chunk.length;
 * }
 * ```
 */
export async function* part10Chunks(
  dataSet: ElementMap,
  meta: FileMetaInput,
  options: WritePart10Options = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const head = encodeFileMetaFor(dataSet, meta);
  const chunks = dataSetChunks(dataSet, meta.transferSyntaxUid, options);
  const first = await chunks.next();
  yield head;
  if (first.done === true) return;
  yield first.value;
  yield* chunks;
}

/**
 * As {@link part10Chunks}, without file meta information: what goes over the line. `encodeDataSet` gives the whole at once.
 *
 * @throws DataSetError as `encodeDataSet`, before the first chunk; `missing-bulk-data` when a value is not there, or isn't as long as it should be.
 */
export async function* dataSetChunks(
  dataSet: ElementMap,
  transferSyntaxUid: string,
  options: WritePart10Options = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const parts = encodeParts(dataSet, transferSyntaxUid, options);
  const missing = parts.find((part) => !(part instanceof Uint8Array));
  if (missing !== undefined && options.bulkData === undefined) throw new DataSetError('missing-bulk-data', needed);
  const { isDeflated } = encodingOf(transferSyntaxUid);
  const original = isDeflated ? deflatedOriginal(dataSet) : undefined;
  if (original !== undefined) {
    yield original;
    return;
  }
  const deflate = isDeflated ? new StreamDeflate() : undefined;
  for (const part of parts) {
    for await (const chunk of bytesOf(part, options)) {
      if (deflate === undefined) yield chunk;
      else yield* deflate.push(chunk);
    }
  }
  if (deflate !== undefined) yield* deflate.end();
}

const needed =
  'Values that were left in a file (bulk data) are needed to write the data set: give them by the option bulkData';

async function* bytesOf(
  part: WrittenPart,
  { bulkData }: WritePart10Options,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (part instanceof Uint8Array) {
    yield part;
    return;
  }
  let byteLength = 0;
  for await (const chunk of bulkData?.(part) ?? []) {
    byteLength += chunk.length;
    if (byteLength > part.byteLength) break;
    yield chunk;
  }
  if (byteLength === part.byteLength) return;
  const message = `A value of ${part.byteLength} bytes was announced, and ${byteLength} came`;
  throw new DataSetError('missing-bulk-data', message, { offset: part.offset });
}
