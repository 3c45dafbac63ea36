/** Frames to encapsulated pixel data, with an offset table. PS3.5 A.4. */
import type { ElementMap } from '../element-map.js';
import { pixelDataTag } from '../tag.js';
import { PixelDataError } from './errors.js';
import { storedLength } from './fragment-groups.js';
import {
  encapsulatedTotalLengthTag,
  extendedOffsetTableLengthsTag,
  extendedOffsetTableTag,
  numberOfFramesTag,
} from './tags.js';

/** How frames become fragments. */
export interface EncapsulateOptions {
  /**
   * Which table says where frames begin: `basic` has 32 bits for each, `extended` 64, and says how long each frame is. Default: `basic`, and
   * `extended` where 32 bits don't do.
   */
  readonly offsetTable?: 'basic' | 'extended' | 'none' | undefined;
  /** Longest fragment in bytes, an even number. Default: each frame is one fragment, as most applications expect. */
  readonly maxFragmentBytes?: number | undefined;
}

/** Frames as fragments. */
export interface EncapsulatedFrames {
  /** The Basic Offset Table, which may be empty, then the fragments: what `setFragments` takes, which makes their lengths even. */
  readonly fragments: readonly Uint8Array[];
  /** The Extended Offset Table (7FE0,0001), where there is one. */
  readonly extendedOffsets: Uint8Array | undefined;
  /** The Extended Offset Table Lengths (7FE0,0002), where there is such a table. */
  readonly extendedLengths: Uint8Array | undefined;
}

/**
 * Makes fragments of compressed frames. They are views of the frames.
 *
 * @throws PixelDataError `too-large` where an offset or a frame doesn't fit its field; `unsupported` for an Extended Offset Table with frames of
 * several fragments, which the standard doesn't allow; RangeError for a maximum that is odd or less than 2.
 */
export function encapsulateFrames(frames: Iterable<Uint8Array>, options: EncapsulateOptions = {}): EncapsulatedFrames {
  const { maxFragmentBytes = longestFragmentBytes, offsetTable } = options;
  if (!(maxFragmentBytes >= 2 && maxFragmentBytes % 2 === 0 && maxFragmentBytes <= longestFragmentBytes))
    throw new RangeError(
      `maxFragmentBytes is ${maxFragmentBytes}: an even number from 2 to ${longestFragmentBytes} is needed`,
    );
  const fragments: Uint8Array[] = [];
  const offsets: number[] = [];
  const lengths: number[] = [];
  let position = 0;
  for (const frame of frames) {
    offsets.push(position);
    lengths.push(frame.length);
    // Even an empty frame has a fragment: else it would have no place.
    for (let at = 0; at === 0 || at < frame.length; at += maxFragmentBytes) {
      const fragment = frame.subarray(at, at + maxFragmentBytes);
      fragments.push(fragment);
      position += storedLength(fragment);
    }
  }
  const isSplit = fragments.length > offsets.length;
  const fitsBasic = (offsets[offsets.length - 1] ?? 0) <= 0xffffffff;
  const table = offsetTable ?? (fitsBasic ? 'basic' : 'extended');
  if (table === 'basic' && !fitsBasic)
    throw new PixelDataError('too-large', 'Offsets of frames do not fit the 32 bits of a Basic Offset Table');
  if (table === 'extended' && isSplit)
    throw new PixelDataError('unsupported', 'With an Extended Offset Table a frame may not have several fragments');
  return {
    fragments: [table === 'basic' ? numbers32(offsets) : new Uint8Array(0), ...fragments],
    extendedOffsets: table === 'extended' ? numbers64(offsets) : undefined,
    extendedLengths: table === 'extended' ? numbers64(lengths) : undefined,
  };
}

/**
 * Sets the pixel data of a data set to compressed frames, and what tells about them: the offset tables and, where there are several or it is
 * there already, Number of Frames. What the image is like, and the transfer syntax, is up to the caller; `transcode` sees to all of it.
 *
 * @throws as {@link encapsulateFrames}.
 *
 * @example
 * ```ts
 * import { DataSet, pixelDataFrames, setEncapsulatedFrames } from '@dicomwire/dimse/dataset';
 *
 * const image = DataSet.from({ Rows: 512, Columns: 512, BitsAllocated: 8 });
 * setEncapsulatedFrames(image, [Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)]);
 * const { count } = pixelDataFrames(image); // 2
 * ```
 */
export function setEncapsulatedFrames(
  dataSet: ElementMap,
  frames: readonly Uint8Array[],
  options: EncapsulateOptions = {},
): void {
  const { fragments, extendedOffsets, extendedLengths } = encapsulateFrames(frames, options);
  deleteOffsetTables(dataSet);
  if (extendedOffsets !== undefined) dataSet.setValues(extendedOffsetTableTag, 'OV', [extendedOffsets]);
  if (extendedLengths !== undefined) dataSet.setValues(extendedOffsetTableLengthsTag, 'OV', [extendedLengths]);
  if (frames.length > 1 || dataSet.has(numberOfFramesTag))
    dataSet.setValues(numberOfFramesTag, 'IS', [String(frames.length)]);
  dataSet.setFragments(pixelDataTag, 'OB', fragments);
}

/** Takes away what tells of fragments that are no longer there. */
export function deleteOffsetTables(dataSet: ElementMap): void {
  for (const tag of [extendedOffsetTableTag, extendedOffsetTableLengthsTag, encapsulatedTotalLengthTag])
    dataSet.delete(tag);
}

/** What the 32 bits of an item's length can tell, even, and not the value that says "undefined". */
const longestFragmentBytes = 0xfffffffe;

function numbers32(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [index, number] of numbers.entries()) view.setUint32(4 * index, number, true);
  return new Uint8Array(view.buffer);
}

function numbers64(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  for (const [index, number] of numbers.entries()) view.setBigUint64(8 * index, BigInt(number), true);
  return new Uint8Array(view.buffer);
}
