/** Data sets from one transfer syntax to another, compressed ones included. PS3.5 8.2 and 10, PS3.3 C.7.6.1.1.5. */
import type { DataSet } from '../data-set.js';
import type { ElementMap } from '../element-map.js';
import { pixelDataTag } from '../tag.js';
import { transferSyntaxInfo, transferSyntaxName } from '../transfer-syntax.js';
import { builtInCodecs } from './built-in-codecs.js';
import { type DecodingRun, decodedPixels, frameDecoder } from './decode-frames.js';
import { deleteOffsetTables, type EncapsulateOptions, setEncapsulatedFrames } from './encapsulate.js';
import { encodedFrames, frameEncoder } from './encode-frames.js';
import { PixelDataError } from './errors.js';
import { type PixelDataFrames, pixelDataFrames } from './frames.js';
import { markLossy } from './lossy.js';
import type { PixelCodec } from './pixel-codec.js';
import { numberOfFramesTag, photometricInterpretationTag, planarConfigurationTag } from './tags.js';

/** How a data set is brought into another transfer syntax. */
export interface TranscodeOptions extends EncapsulateOptions {
  /** Codecs, the preferred first; the built-in ones (RLE Lossless, Deflated Image Frame, Encapsulated Uncompressed) follow. Default: those alone. */
  readonly codecs?: readonly PixelCodec[] | undefined;
  /** Longest pixel data that may come out, bytes. Default: 1 GiB. */
  readonly maxPixelBytes?: number | undefined;
  /** SOP Instance UID for an image that is compressed with loss, which makes it another one. Default: a new one. */
  readonly sopInstanceUid?: string | undefined;
  /** Gives up between two frames. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a data set for another transfer syntax: decompresses or compresses its pixel data, and changes what tells about them. The data set
 * that is given stays as it is; what isn't changed is shared. `encodeDataSet`, `encodePart10` and their like then write it in `to`.
 *
 * - Decompressed: Photometric Interpretation is what the codec gives (`RGB` for most colour), Planar Configuration is 0, offset tables are gone.
 *   The SOP Instance UID stays. Where a frame was compressed with loss, Lossy Image Compression is 01 afterwards as well.
 * - Compressed: Planar Configuration is 1 for RLE Lossless, else 0. When something is lost, it is another image: it gets a new SOP Instance UID,
 *   Image Type DERIVED, Lossy Image Compression with Ratio and Method, and the image that it came from as Source Image. PS3.3 C.7.6.1.1.5.
 * - Icons and other images within sequences: compressed ones are decompressed, others left as they are.
 *
 * Between uncompressed transfer syntaxes nothing has to be done: the result is a copy.
 *
 * @param from - UID of the transfer syntax that the data set came in.
 * @param to - UID of the transfer syntax that it is to be written in.
 * @throws PixelDataError `no-codec`, `invalid-frame`, `unsupported`, `too-large` and what {@link pixelDataFrames} throws; DataSetError; the
 * reason of the signal.
 *
 * @example
 * ```ts
 * import { DataSet, encodePart10, TransferSyntax, transcode } from '@dicomwire/dimse/dataset';
 *
 * const { ExplicitVRLittleEndian, RLELossless } = TransferSyntax;
 * const image = DataSet.from({ Rows: 2, Columns: 2, BitsAllocated: 8, SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', SOPInstanceUID: '2.25.1' });
 * image.set('PixelData', new Uint8Array(4));
 * const compressed = await transcode(image, ExplicitVRLittleEndian, RLELossless);
 * const file = encodePart10(compressed, { transferSyntaxUid: RLELossless });
 * ```
 */
export async function transcode(
  dataSet: DataSet,
  from: string,
  to: string,
  options: TranscodeOptions = {},
): Promise<DataSet> {
  const result = dataSet.clone();
  if (from === to) return result;
  if (result.has(pixelDataProviderUrlTag))
    throw new PixelDataError('unsupported', 'The pixel data is at a JPIP server, not in the data set');
  const codecs = [...(options.codecs ?? []), ...builtInCodecs];
  const decoding: DecodingRun = {
    decoder: () => frameDecoder(codecs, from),
    maxPixelBytes: options.maxPixelBytes ?? defaultMaxPixelBytes,
    signal: options.signal,
  };
  await decompressWithin(result, decoding);
  if (!result.has(pixelDataTag)) return result;
  const isCompressedTarget =
    transferSyntaxInfo(to)?.isEncapsulated ?? codecs.some(({ encodes }) => encodes.includes(to));
  if (!isCompressedTarget) {
    if (transferSyntaxInfo(to) === undefined) throw noCodec(to);
    await decompress(result, decoding);
    return result;
  }
  const encode = frameEncoder(codecs, to);
  const frames = pixelDataFrames(result);
  const encoded = await encodedFrames(frames, frames.isEncapsulated ? decoding.decoder() : undefined, encode, decoding);
  setEncapsulatedFrames(result, encoded.frames, options);
  describe(result, frames, encoded.photometricInterpretation, to === rleLosslessUid ? 1 : 0);
  if (encoded.isLossy) markLossy(result, { ...encoded, to, sopInstanceUid: options.sopInstanceUid });
  else if (encoded.wasLossy) result.set('LossyImageCompression', '01');
  return result;
}

const defaultMaxPixelBytes = 1024 * 1024 * 1024;
const rleLosslessUid = '1.2.840.10008.1.2.5';
/** Pixel Data Provider URL (0028,7FE0). PS3.5 A.6. */
const pixelDataProviderUrlTag = 0x00287fe0;

/** Compressed icons and the like: what is around them says which codec they need, so that they can't go on. */
async function decompressWithin(map: ElementMap, run: DecodingRun): Promise<void> {
  for (const { tag, vr } of map) {
    if (vr !== 'SQ') continue;
    for (const item of map.items(tag)) {
      await decompressWithin(item, run);
      if (item.fragments(pixelDataTag) !== undefined) await decompress(item, run);
    }
  }
}

/** Fragments become a native value; what is native already stays. */
async function decompress(map: ElementMap, run: DecodingRun): Promise<void> {
  if (map.fragments(pixelDataTag) === undefined && map.bulkData(pixelDataTag) === undefined) return;
  const frames = pixelDataFrames(map);
  const { bytes, photometricInterpretation, isLossy } = await decodedPixels(frames, run);
  deleteOffsetTables(map);
  map.setValues(pixelDataTag, frames.image.bitsAllocated > 8 ? 'OW' : 'OB', [bytes]);
  describe(map, frames, photometricInterpretation, 0);
  if (isLossy) map.setValues(lossyImageCompressionTag, 'CS', ['01']);
}

/** Lossy Image Compression (0028,2110). */
const lossyImageCompressionTag = 0x00282110;

function describe(
  map: ElementMap,
  { image, count }: PixelDataFrames,
  photometricInterpretation: string,
  planarConfiguration: 0 | 1,
): void {
  if (photometricInterpretation !== image.photometricInterpretation)
    map.setValues(photometricInterpretationTag, 'CS', [photometricInterpretation]);
  if (image.samplesPerPixel > 1) map.setValues(planarConfigurationTag, 'US', [planarConfiguration]);
  if (image.numberOfFrames === undefined && count > 1) map.setValues(numberOfFramesTag, 'IS', [String(count)]);
}

function noCodec(to: string): PixelDataError {
  return new PixelDataError('no-codec', `No codec compresses into ${transferSyntaxName(to)}`);
}
