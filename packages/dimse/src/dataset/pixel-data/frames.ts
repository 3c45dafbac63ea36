/** Pixel data frame by frame. PS3.5 8 and A.4. */
import type { ElementMap } from '../element-map.js';
import { formatTag } from '../tag.js';
import { vrTraits } from '../vr.js';
import { encapsulatedFrames } from './encapsulated-frames.js';
import { PixelDataError } from './errors.js';
import type { PixelDataFrame } from './frame.js';
import { type ImagePixel, imagePixelOf, pixelElementOf } from './image-pixel.js';
import { nativeFrames } from './native-frames.js';

/** The frames of a data set's pixel data. Nothing is copied; a frame costs something only when it is asked for. */
export interface PixelDataFrames extends Iterable<PixelDataFrame> {
  /** What the data set says of its pixels. */
  readonly image: ImagePixel;
  /** Frames are compressed (or at least made of fragments). */
  readonly isEncapsulated: boolean;
  /** How many frames there are, or should be. */
  readonly count: number;
  /** What is odd and was read all the same: offset tables that are wrong, bytes that are too many or missing. */
  readonly warnings: readonly string[];
  /**
   * A frame.
   *
   * @param index - from 0.
   * @throws PixelDataError `no-such-frame`, `truncated`.
   */
  frame(index: number): PixelDataFrame;
}

/**
 * Finds the frames of a data set, or of an item with an icon: Pixel Data, native or encapsulated, Float Pixel Data and Double Float Pixel
 * Data. Native frames are in little endian order: views, or of a copy where the data set is big endian.
 *
 * Which fragments make a frame is told by the Extended Offset Table, else the Basic Offset Table. Where both are missing or wrong, all make the
 * only frame, each makes one when there are as many, and else they are told apart by the ends and beginnings of JPEG, JPEG-LS and JPEG 2000
 * images.
 *
 * @throws PixelDataError `no-pixel-data`, `not-in-memory`, `invalid-attribute`, `frames-not-found`; DataSetError when fragments are damaged.
 *
 * @example
 * ```ts
 * import { DataSet, pixelDataFrames } from '@dicomwire/dimse/dataset';
 *
 * const image = DataSet.from({ Rows: 1, Columns: 2, BitsAllocated: 8, NumberOfFrames: 2 });
 * image.set('PixelData', Uint8Array.of(1, 2, 3, 4));
 * for (const frame of pixelDataFrames(image)) console.log(frame.index, frame.bytes);
 * ```
 */
export function pixelDataFrames(dataSet: ElementMap): PixelDataFrames {
  const tag = pixelElementOf(dataSet);
  if (tag === undefined) throw new PixelDataError('no-pixel-data', 'The data set has no pixel data');
  if (dataSet.bulkData(tag) !== undefined)
    throw new PixelDataError('not-in-memory', `${formatTag(tag)} is elsewhere (bulk data) and has to be fetched first`);
  const image = imagePixelOf(dataSet);
  const fragments = dataSet.fragments(tag);
  const layout =
    fragments === undefined
      ? nativeFrames(nativeBytes(dataSet, tag), image)
      : encapsulatedFrames(dataSet, fragments, image);
  const { count, warnings } = layout;
  const frame = (index: number) => {
    if (Number.isInteger(index) && index >= 0 && index < count) return layout.frame(index);
    throw new PixelDataError('no-such-frame', `There is no frame ${index}: there are ${count}, from 0`);
  };
  return {
    image,
    isEncapsulated: fragments !== undefined,
    count,
    warnings,
    frame,
    *[Symbol.iterator]() {
      for (let index = 0; index < count; index++) yield frame(index);
    },
  };
}

/** In little endian order. */
function nativeBytes(dataSet: ElementMap, tag: number): Uint8Array {
  const isBinary = vrTraits[dataSet.vr(tag) ?? 'UN'].kind === 'binary';
  const [value] = isBinary ? dataSet.values(tag) : dataSet.values(tag, 'OW');
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}
