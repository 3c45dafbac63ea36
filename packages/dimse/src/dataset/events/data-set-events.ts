/** The events of a data set that is a stream. */
import { type ChunkReader, chunkReader, type Part10Source } from '../part10-source.js';
import type { DataSetEvent } from './data-set-event.js';
import { type DataSetEventOptions, DataSetEventReader } from './data-set-event-reader.js';

/**
 * Tells a data set event by event while it streams in: from a stream, a blob, bytes, or what can be read at any place, of which long values that are
 * skipped are not read. Views in an event are good until the next one is asked for. Leaving the loop closes the source.
 *
 * @param source - the data set, without file meta information.
 * @throws DataSetError as {@link DataSetEventReader}; what the source throws.
 *
 * @example
 * ```ts
 * import { DataSet, dataSetEvents, encodeDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
 *
 * const transferSyntax = TransferSyntax.ExplicitVRLittleEndian;
 * const bytes = encodeDataSet(DataSet.from({ Modality: 'CT', PixelData: new Uint8Array(100_000) }), transferSyntax);
 * let pixelBytes = 0;
 * for await (const event of dataSetEvents([bytes], { transferSyntax })) {
 *   if (event.type === 'element') console.log(event.path, event.text); // (0008,0060) CT
 *   if (event.type === 'value-chunk') pixelBytes += event.bytes.length;
 * }
 * ```
 */
export async function* dataSetEvents(
  source: Part10Source,
  options: DataSetEventOptions,
): AsyncGenerator<DataSetEvent, void, undefined> {
  const reader = chunkReader(source instanceof Uint8Array ? [source] : source);
  try {
    yield* eventsOf(reader, new DataSetEventReader(options));
  } finally {
    await reader.close();
  }
}

async function* eventsOf(
  chunks: ChunkReader,
  reader: DataSetEventReader,
): AsyncGenerator<DataSetEvent, void, undefined> {
  while (!reader.isFinished) {
    if (reader.bytesToSkip > 0) reader.skipBytes(await chunks.skip(reader.bytesToSkip));
    const chunk = await chunks.next();
    if (chunk === undefined) reader.end();
    else reader.push(chunk);
    for (let event = reader.next(); event !== undefined; event = reader.next()) yield event;
  }
}
