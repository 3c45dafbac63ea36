/** What goes wrong with pixel data. */

/**
 * Why pixel data can't be read, decoded or encoded. Stable: a program may switch over it.
 *
 * - `no-pixel-data`: the data set has none.
 * - `not-in-memory`: the pixel data was left in the file (bulk data), and has to be fetched first.
 * - `invalid-attribute`: an attribute that describes the image is missing or makes no sense.
 * - `no-such-frame`: there is no frame of that number.
 * - `truncated`: the frame is not there as a whole.
 * - `frames-not-found`: the fragments can't be told apart into frames.
 * - `no-codec`: no codec decodes from, or encodes into, the transfer syntax.
 * - `invalid-frame`: a compressed frame is damaged, or holds another image than the attributes say.
 * - `unsupported`: a codec doesn't do this kind of image.
 * - `too-large`: the result would be longer than is allowed.
 */
export type PixelDataErrorCode =
  | 'no-pixel-data'
  | 'not-in-memory'
  | 'invalid-attribute'
  | 'no-such-frame'
  | 'truncated'
  | 'frames-not-found'
  | 'no-codec'
  | 'invalid-frame'
  | 'unsupported'
  | 'too-large';

/** Pixel data can't be read, decoded or encoded. What is wrong with the data set around it is a `DataSetError`. */
export class PixelDataError extends Error {
  /** Name of the class. */
  override readonly name = 'PixelDataError';
  /** What is wrong. */
  readonly code: PixelDataErrorCode;

  constructor(code: PixelDataErrorCode, message: string, options?: { readonly cause?: unknown } | undefined) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
