/** What a codec for compressed frames is: a plug-in. PS3.5 8.2. */
import type { ImagePixel } from './image-pixel.js';

/** A frame that a codec decompressed. */
export interface DecodedFrame {
  /**
   * All samples, pixel by pixel (planar configuration 0), each in Bits Allocated bits, little endian, without padding: as long as
   * `frameByteLength` says.
   */
  readonly bytes: Uint8Array;
  /** What the samples mean now, where that is something else than the image says: `RGB` where a codec turned colours back. */
  readonly photometricInterpretation?: string | undefined;
  /** The frame was compressed with loss; `undefined` when that can't be seen in it. */
  readonly isLossy?: boolean | undefined;
}

/** A frame that a codec compressed. */
export interface EncodedFrame {
  /** The compressed frame. */
  readonly bytes: Uint8Array;
  /** What the samples mean now, where that is something else than the image says: `YBR_RCT` where a codec turned colours. */
  readonly photometricInterpretation?: string | undefined;
  /** Something was lost. */
  readonly isLossy: boolean;
}

/**
 * Decompresses and compresses frames: a plug-in. Codecs for RLE Lossless, Deflated Image Frame Compression and frames in fragments that aren't
 * compressed are built in; those at `@dicomwire/dimse/codecs/…` are adapters to packages of their own.
 *
 * Whatever goes wrong is a `PixelDataError` (`invalid-frame`, `unsupported`); `transcode` makes one of anything else that a codec throws.
 */
export interface PixelCodec {
  /** Name, for errors. */
  readonly name: string;
  /** UIDs of the transfer syntaxes that it decompresses from. */
  readonly decodes: readonly string[];
  /** UIDs of the transfer syntaxes that it compresses into. */
  readonly encodes: readonly string[];
  /**
   * Decompresses a frame.
   *
   * @param frame - compressed; not to be changed nor kept.
   * @param image - what the data set says of it.
   */
  decode(frame: Uint8Array, image: ImagePixel, transferSyntaxUid: string): DecodedFrame | Promise<DecodedFrame>;
  /**
   * Compresses a frame.
   *
   * @param frame - as {@link DecodedFrame.bytes} has it; not to be changed nor kept.
   * @param image - what the data set says of it, planar configuration 0.
   */
  encode(frame: Uint8Array, image: ImagePixel, transferSyntaxUid: string): EncodedFrame | Promise<EncodedFrame>;
}
