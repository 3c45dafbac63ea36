/** Frames through a codec, into compressed ones. */
import { transferSyntaxName } from '../transfer-syntax.js';
import { attempt, type DecodingRun, differing, type FrameDecoder } from './decode-frames.js';
import { PixelDataError } from './errors.js';
import type { PixelDataFrames } from './frames.js';
import { frameByteLength, type ImagePixel } from './image-pixel.js';
import type { EncodedFrame, PixelCodec } from './pixel-codec.js';
import { orderedFrame } from './sample-order.js';

/** Compresses a frame. */
export type FrameEncoder = (frame: Uint8Array, image: ImagePixel, index: number) => Promise<EncodedFrame>;

/** What came out. */
export interface EncodedFrames {
  readonly frames: readonly Uint8Array[];
  readonly photometricInterpretation: string;
  /** Something was lost now. */
  readonly isLossy: boolean;
  /** Something had been lost before. */
  readonly wasLossy: boolean;
  /** How many times smaller they are than native ones. */
  readonly ratio: number;
}

/** The encoder for a transfer syntax. @throws PixelDataError `no-codec`. */
export function frameEncoder(codecs: readonly PixelCodec[], to: string): FrameEncoder {
  const codec = codecs.find(({ encodes }) => encodes.includes(to));
  if (codec === undefined) throw new PixelDataError('no-codec', `No codec compresses into ${transferSyntaxName(to)}`);
  return (frame, image, index) => attempt(codec, index, () => codec.encode(frame, image, to));
}

/**
 * Compresses all frames, one after the other.
 *
 * @param decode - for frames that are compressed already.
 * @throws PixelDataError; the reason of the signal.
 */
export async function encodedFrames(
  frames: PixelDataFrames,
  decode: FrameDecoder | undefined,
  encode: FrameEncoder,
  run: DecodingRun,
): Promise<EncodedFrames> {
  const { image } = frames;
  const done: Uint8Array[] = [];
  let photometricInterpretation: string | undefined;
  let isLossy = false;
  let wasLossy = false;
  let byteLength = 0;
  for (const frame of frames) {
    run.signal?.throwIfAborted();
    const decoded = await decode?.(frame.bytes, image, frame.index);
    const bytes = decoded?.bytes ?? orderedFrame(frame, image);
    const meaning = decoded?.photometricInterpretation ?? image.photometricInterpretation;
    const encoded = await encode(
      bytes,
      { ...image, photometricInterpretation: meaning, planarConfiguration: 0 },
      frame.index,
    );
    const result = encoded.photometricInterpretation ?? meaning;
    photometricInterpretation ??= result;
    if (result !== photometricInterpretation) throw differing(frame.index, result, photometricInterpretation);
    if (encoded.isLossy) isLossy = true;
    if (decoded?.isLossy === true) wasLossy = true;
    byteLength += encoded.bytes.length;
    if (byteLength > run.maxPixelBytes)
      throw new PixelDataError('too-large', `Compressed pixel data is longer than ${run.maxPixelBytes} bytes`);
    done.push(encoded.bytes);
  }
  return {
    frames: done,
    photometricInterpretation: photometricInterpretation ?? image.photometricInterpretation,
    isLossy,
    wasLossy,
    ratio: (frameByteLength(image) * done.length) / Math.max(byteLength, 1),
  };
}
