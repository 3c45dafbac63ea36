/**
 * Objects in another transfer syntax than that in which they stand, for peers that take nothing else. PS3.5 10.
 */
import { type DataSetSource, type DataSetStream, readBulkData, readPart10File } from '@dicomwire/dimse';
import {
  builtInCodecs,
  dataSetChunks,
  type PixelCodec,
  parseDataSet,
  TransferSyntax,
  transcode,
} from '@dicomwire/dimse/dataset';
import type { ObjectToSend } from './object-to-send.js';

/** Changes the transfer syntax of a data set. */
export interface Conversion {
  /** Transfer syntaxes that a data set in `from` can be brought into, the best first. */
  targets(from: string): readonly string[];
  /**
   * A data set in another transfer syntax. It is whole before the first of it is given: what can't be converted is not begun.
   *
   * @throws what makes it impossible.
   */
  convert(bytes: Uint8Array, from: string, to: string): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>>;
}

/**
 * Between the uncompressed transfer syntaxes, where nothing is lost but the form, and from compressed ones that a codec decompresses: into
 * uncompressed ones alone, which every peer takes, and with the same samples.
 *
 * @param codecs - beside those that are built in.
 */
export function codecConversion(codecs: readonly PixelCodec[] = []): Conversion {
  const decompressed = new Set([...codecs, ...builtInCodecs].flatMap(({ decodes }) => decodes));
  return {
    targets: (from) => uncompressedTargets[from] ?? (decompressed.has(from) ? littleEndianTargets : []),
    async convert(bytes, from, to) {
      const dataSet = parseDataSet(bytes, from);
      return dataSetChunks(decompressed.has(from) ? await transcode(dataSet, from, to, { codecs }) : dataSet, to);
    },
  };
}

/** Objects stay as they are. */
export const noConversion: Conversion = {
  targets: () => [],
  convert: () => Promise.reject(new Error('Nothing is converted')),
};

/**
 * An object's data set in another transfer syntax. Large values of a file are passed on from there, where nothing in them has to change.
 *
 * @param ready the data set as it stands, to be read once
 * @throws what makes it impossible
 */
export async function convertObject(
  object: ObjectToSend,
  ready: DataSetSource,
  to: string,
  conversion: Conversion,
): Promise<DataSetSource> {
  const { transferSyntaxUid: from, content } = object;
  const isOnDisk = content.kind === 'file' || content.kind === 'unread-file';
  if (isOnDisk && littleEndian.includes(from) && littleEndian.includes(to)) {
    if ('chunks' in ready && (ready.byteLength ?? Number.POSITIVE_INFINITY) <= shortDataSetBytes) {
      const { byteLength = 0, reusesBuffers } = ready;
      return { reusesBuffers, chunks: () => convertedInPlace(ready.chunks(), byteLength, { from, to, conversion }) };
    }
    const path = content.kind === 'file' ? content.range.path : content.path;
    const { dataSet } = await readPart10File(path, { maxValueBytes: longValueBytes });
    return { chunks: () => dataSetChunks(dataSet, to, { bulkData: (range) => readBulkData(path, range) }) };
  }
  const bytes = await gatherBytes(ready);
  const chunks = await conversion.convert(bytes, from, to);
  return { chunks: () => chunks };
}

/** Views of what was read, as they come: where that is one piece, nothing is copied. */
async function* convertedInPlace(
  pieces: ReturnType<DataSetStream['chunks']>,
  byteLength: number,
  { from, to, conversion }: { readonly from: string; readonly to: string; readonly conversion: Conversion },
): AsyncGenerator<Uint8Array, void, undefined> {
  let gathered: Uint8Array | undefined;
  let at = 0;
  for await (const piece of pieces) {
    if (piece.length === byteLength) {
      yield* await conversion.convert(piece, from, to);
    } else {
      gathered ??= new Uint8Array(byteLength);
      gathered.set(piece, at);
    }
    at += piece.length;
  }
  if (at !== byteLength) throw new Error(`The data set has ${at} bytes in place of ${byteLength}`);
  if (gathered !== undefined) yield* await conversion.convert(gathered, from, to);
}

const { ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian } =
  TransferSyntax;

/** What every application takes comes last: it does not say the VRs. PS3.5 10.1. */
const uncompressedTargets: Readonly<Record<string, readonly string[]>> = {
  [ExplicitVRLittleEndian]: [ImplicitVRLittleEndian],
  [ImplicitVRLittleEndian]: [ExplicitVRLittleEndian],
  [ExplicitVRBigEndian]: [ExplicitVRLittleEndian, ImplicitVRLittleEndian],
  [DeflatedExplicitVRLittleEndian]: [ExplicitVRLittleEndian, ImplicitVRLittleEndian],
};

/** What the elements of compressed data sets are encoded in comes first. PS3.5 A.4. */
const littleEndianTargets: readonly string[] = [ExplicitVRLittleEndian, ImplicitVRLittleEndian];

/** Values stand in the same bytes in both. */
const littleEndian: readonly string[] = [ImplicitVRLittleEndian, ExplicitVRLittleEndian];

const longValueBytes = 64 * 1024;
/** It is read in one piece, mostly: going through its file again would take several times as long. */
const shortDataSetBytes = 4 * 1024 * 1024;
/** What has to be in memory as a whole. */
const maximumGatheredBytes = 1024 * 1024 * 1024;

/** All bytes of a data set. @throws when there are more of them than should be in memory at once. */
export async function gatherBytes(source: DataSetSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const pieces: Uint8Array[] = [];
  let byteLength = 0;
  for await (const piece of 'chunks' in source ? source.chunks() : source) {
    byteLength += piece.length;
    if (byteLength > maximumGatheredBytes) throw new Error('The object is too long to be converted');
    // A chunk's memory may be used again for the next one.
    pieces.push('chunks' in source && source.reusesBuffers === true ? piece.slice() : piece);
  }
  return Buffer.concat(pieces, byteLength);
}
