/** Frames of encapsulated pixel data. PS3.5 A.4. */
import type { ElementMap } from '../element-map.js';
import { PixelDataError } from './errors.js';
import { groupFragments, type OffsetTable } from './fragment-groups.js';
import { PixelDataFrame } from './frame.js';
import type { ImagePixel } from './image-pixel.js';
import type { FrameLayout } from './native-frames.js';
import { extendedOffsetTableLengthsTag, extendedOffsetTableTag } from './tags.js';

/**
 * Frames of fragments.
 *
 * @param fragments - the basic offset table first.
 * @throws PixelDataError `frames-not-found`, `no-pixel-data`.
 */
export function encapsulatedFrames(
  dataSet: ElementMap,
  fragments: readonly Uint8Array[],
  image: Pick<ImagePixel, 'numberOfFrames'>,
): FrameLayout {
  const [basic = new Uint8Array(0), ...rest] = fragments;
  if (rest.length === 0) throw new PixelDataError('no-pixel-data', 'Pixel data has no fragments');
  const tables = [extendedOffsetTable(dataSet), basicOffsetTable(basic)].filter((table) => table !== undefined);
  const { starts, table, warnings } = groupFragments(rest, image.numberOfFrames, tables);
  const found = starts.length - 1;
  const count = image.numberOfFrames ?? found;
  return {
    count,
    warnings:
      image.numberOfFrames === undefined && found > 1
        ? [...warnings, `Number of Frames is missing: there are ${found} by the ${table?.name}`]
        : warnings,
    frame(index) {
      const start = starts[index];
      const end = starts[index + 1];
      if (start === undefined || end === undefined)
        throw new PixelDataError('truncated', `Frame ${index} has no fragment: there are ${found} frames of ${count}`);
      const length = table?.lengths?.[index];
      const pieces = rest.slice(start, end);
      const [only] = pieces;
      return new PixelDataFrame(
        index,
        length === undefined || only === undefined ? pieces : [only.subarray(0, length)],
      );
    },
  };
}

function basicOffsetTable(bytes: Uint8Array): OffsetTable | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = Array.from({ length: bytes.length >>> 2 }, (_, index) => view.getUint32(index * 4, true));
  return { name: 'Basic Offset Table', offsets, lengths: undefined };
}

function extendedOffsetTable(dataSet: ElementMap): OffsetTable | undefined {
  const offsets = numbers64(dataSet, extendedOffsetTableTag);
  if (offsets.length === 0) return undefined;
  const lengths = numbers64(dataSet, extendedOffsetTableLengthsTag);
  return { name: 'Extended Offset Table', offsets, lengths: lengths.length === 0 ? undefined : lengths };
}

/** Beyond what a number holds exactly no fragment can stand. */
function numbers64(dataSet: ElementMap, tag: number): number[] {
  return dataSet.has(tag) ? dataSet.values(tag, 'OV').flatMap(valuesIn) : [];
}

function valuesIn(value: unknown): number[] {
  if (typeof value === 'bigint') return [Number(value)];
  if (!(value instanceof Uint8Array)) return [];
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Array.from({ length: value.length >>> 3 }, (_, index) => Number(view.getBigUint64(index * 8, true)));
}
