/** Frames through a codec, into native pixel data. */
import { transferSyntaxName } from '../transfer-syntax.js';
import { builtInCodecs } from './built-in-codecs.js';
import { PixelDataError } from './errors.js';
import type { PixelDataFrame } from './frame.js';
import type { PixelDataFrames } from './frames.js';
import { frameByteLength, type ImagePixel } from './image-pixel.js';
import type { DecodedFrame, PixelCodec } from './pixel-codec.js';
import { placeFrame } from './sample-order.js';

/** Decompresses a frame, and checks what came out. */
export type FrameDecoder = (frame: Uint8Array, image: ImagePixel, index: number) => Promise<DecodedFrame>;

/** What decompressing needs. */
export interface DecodingRun {
  /** @throws PixelDataError `no-codec`. */
  decoder(): FrameDecoder;
  readonly maxPixelBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** What came out. */
export interface DecodedPixels {
  /** All frames. */
  readonly bytes: Uint8Array;
  readonly photometricInterpretation: string;
  /** At least one frame was compressed with loss. */
  readonly isLossy: boolean;
}

/**
 * Decompresses one frame, for who doesn't want the whole: `transcode` decompresses a data set. `pixelSamples` makes numbers of it.
 *
 * @param codecs - the preferred first; the built-in ones follow.
 * @throws PixelDataError `no-codec`, `invalid-frame`, `unsupported`, `too-large` for more than 1 GiB.
 *
 * @example
 * ```ts
 * import { type DataSet, decodeFrame, pixelDataFrames, pixelSamples } from '@dicomwire/dimse/dataset';
 *
 * async function firstFrame(dataSet: DataSet, transferSyntaxUid: string) {
 *   const { image, frame, isEncapsulated } = pixelDataFrames(dataSet);
 *   if (!isEncapsulated) return pixelSamples(frame(0), image);
 *   return pixelSamples((await decodeFrame(frame(0), image, transferSyntaxUid)).bytes, image);
 * }
 * ```
 */
export async function decodeFrame(
  frame: PixelDataFrame,
  image: ImagePixel,
  transferSyntaxUid: string,
  codecs: readonly PixelCodec[] = [],
): Promise<DecodedFrame> {
  const decode = frameDecoder([...codecs, ...builtInCodecs], transferSyntaxUid);
  if (frameByteLength(image) > maxFrameBytes)
    throw new PixelDataError('too-large', `A frame of ${frameByteLength(image)} bytes is longer than ${maxFrameBytes}`);
  return decode(frame.bytes, image, frame.index);
}

const maxFrameBytes = 1024 * 1024 * 1024;

/** The decoder for a transfer syntax. @throws PixelDataError `no-codec`. */
export function frameDecoder(codecs: readonly PixelCodec[], from: string): FrameDecoder {
  const codec = codecs.find(({ decodes }) => decodes.includes(from));
  if (codec === undefined) throw new PixelDataError('no-codec', `No codec decompresses ${transferSyntaxName(from)}`);
  return async (frame, image, index) => {
    const decoded = await attempt(codec, index, () => codec.decode(frame, image, from));
    const expected = frameByteLength(image);
    const { length } = decoded.bytes;
    // One byte may have made the length even.
    if (length === expected + 1 && expected % 2 === 1)
      return { ...decoded, bytes: decoded.bytes.subarray(0, expected) };
    if (length === expected) return decoded;
    throw new PixelDataError(
      'invalid-frame',
      `${codec.name}: frame ${index} has ${length} bytes in place of ${expected}`,
    );
  };
}

/**
 * Decompresses all frames, one after the other.
 *
 * @throws PixelDataError; the reason of the signal.
 */
export async function decodedPixels(frames: PixelDataFrames, run: DecodingRun): Promise<DecodedPixels> {
  const { image, count } = frames;
  const decode = run.decoder();
  const frameBits = image.rows * image.columns * image.samplesPerPixel * image.bitsAllocated;
  const byteLength = Math.ceil((frameBits * count) / 8);
  if (byteLength > run.maxPixelBytes)
    throw new PixelDataError('too-large', `Pixel data of ${byteLength} bytes is longer than ${run.maxPixelBytes}`);
  // A frame that is missing is known before memory is spent on the others.
  frames.frame(count - 1);
  let bytes: Uint8Array | undefined;
  let photometricInterpretation: string | undefined;
  let isLossy = false;
  for (const frame of frames) {
    run.signal?.throwIfAborted();
    const decoded = await decode(frame.bytes, image, frame.index);
    const meaning = decoded.photometricInterpretation ?? image.photometricInterpretation;
    photometricInterpretation ??= meaning;
    if (meaning !== photometricInterpretation) throw differing(frame.index, meaning, photometricInterpretation);
    if (decoded.isLossy === true) isLossy = true;
    bytes ??= new Uint8Array(byteLength);
    placeFrame(bytes, decoded.bytes, frame.index * frameBits, frameBits);
  }
  return {
    bytes: bytes ?? new Uint8Array(0),
    photometricInterpretation: photometricInterpretation ?? image.photometricInterpretation,
    isLossy,
  };
}

/** Frames of one image share its attributes. */
export function differing(index: number, meaning: string, others: string): PixelDataError {
  return new PixelDataError('invalid-frame', `Frame ${index} is ${meaning}, those before are ${others}`);
}

/** Whatever a codec throws is an error about pixel data that says which frame. */
export async function attempt<Result>(
  codec: PixelCodec,
  index: number,
  call: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const code = error instanceof PixelDataError ? error.code : 'invalid-frame';
    const what = error instanceof Error ? error.message : 'it can not be processed';
    throw new PixelDataError(code, `${codec.name}: frame ${index}: ${what}`, { cause: error });
  }
}
