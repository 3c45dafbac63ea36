/** What a data set says of its pixels: how many there are, and how their samples stand in bits. PS3.3 C.7.6.3, PS3.5 8.1. */
import type { ElementMap } from '../element-map.js';
import { formatTag, pixelDataTag } from '../tag.js';
import type { Vr } from '../vr.js';
import { PixelDataError } from './errors.js';
import {
  bitsAllocatedTag,
  bitsStoredTag,
  columnsTag,
  doubleFloatPixelDataTag,
  floatPixelDataTag,
  highBitTag,
  numberOfFramesTag,
  photometricInterpretationTag,
  pixelRepresentationTag,
  planarConfigurationTag,
  rowsTag,
  samplesPerPixelTag,
} from './tags.js';

/** The image pixel module as far as it tells how pixels stand in bytes. */
export interface ImagePixel {
  /** Rows (0028,0010). */
  readonly rows: number;
  /** Columns (0028,0011). */
  readonly columns: number;
  /** Samples per Pixel (0028,0002): 1 for gray, 3 for colour. */
  readonly samplesPerPixel: number;
  /** Bits Allocated (0028,0100) for a sample: 1 or a multiple of 8, 64 at most. */
  readonly bitsAllocated: number;
  /** Bits Stored (0028,0101): those that count. */
  readonly bitsStored: number;
  /** High Bit (0028,0102): number of the highest bit that counts. */
  readonly highBit: number;
  /** Pixel Representation (0028,0103) is 1: samples are in two's complement. */
  readonly isSigned: boolean;
  /** Samples are floating-point numbers: Float Pixel Data or Double Float Pixel Data. */
  readonly isFloat: boolean;
  /** Photometric Interpretation (0028,0004), as `MONOCHROME2`; empty when it isn't there. */
  readonly photometricInterpretation: string;
  /** Planar Configuration (0028,0006): 0 pixel by pixel, 1 plane by plane. 0 for one sample per pixel. */
  readonly planarConfiguration: 0 | 1;
  /** Number of Frames (0028,0008); `undefined` when it isn't there, which means one. */
  readonly numberOfFrames: number | undefined;
}

/** The element that holds the pixels; `undefined` when there is none. */
export function pixelElementOf(dataSet: ElementMap): number | undefined {
  return [pixelDataTag, floatPixelDataTag, doubleFloatPixelDataTag].find((tag) => dataSet.has(tag));
}

/**
 * Reads what a data set, or an item with an icon, says of its pixels.
 *
 * @throws PixelDataError `invalid-attribute` for what is missing or makes no sense.
 */
export function imagePixelOf(dataSet: ElementMap): ImagePixel {
  const element = pixelElementOf(dataSet);
  const isFloat = element === floatPixelDataTag || element === doubleFloatPixelDataTag;
  const bitsAllocated = floatBits(element) ?? required(dataSet, bitsAllocatedTag, 'Bits Allocated', 64);
  if (bitsAllocated !== 1 && bitsAllocated % 8 !== 0) throw invalid(bitsAllocatedTag, 'Bits Allocated', bitsAllocated);
  const stored = numberOf(dataSet, bitsStoredTag);
  const bitsStored = stored === undefined || stored < 1 || stored > bitsAllocated ? bitsAllocated : stored;
  const highest = numberOf(dataSet, highBitTag);
  const highBit =
    highest === undefined || highest < bitsStored - 1 || highest >= bitsAllocated ? bitsStored - 1 : highest;
  const samplesPerPixel = numberOf(dataSet, samplesPerPixelTag) ?? 1;
  if (samplesPerPixel < 1 || samplesPerPixel > 255)
    throw invalid(samplesPerPixelTag, 'Samples per Pixel', samplesPerPixel);
  return {
    rows: required(dataSet, rowsTag, 'Rows', 0xffff),
    columns: required(dataSet, columnsTag, 'Columns', 0xffff),
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit,
    isSigned: numberOf(dataSet, pixelRepresentationTag) === 1,
    isFloat,
    photometricInterpretation: dataSet.text(photometricInterpretationTag)?.trim() ?? '',
    planarConfiguration: samplesPerPixel > 1 && numberOf(dataSet, planarConfigurationTag) === 1 ? 1 : 0,
    numberOfFrames: frameNumberOf(dataSet),
  };
}

/** Bytes of a frame that is not compressed and has all its samples; for 1 bit a sample the last byte may be part of the next frame. */
export function frameByteLength(image: ImagePixel): number {
  return Math.ceil((image.rows * image.columns * image.samplesPerPixel * image.bitsAllocated) / 8);
}

/** Bits of a frame as it stands when it is native: two colour channels may have fewer samples than there are pixels. PS3.3 C.7.6.3.1.2. */
export function storedFrameBits(image: ImagePixel): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = image;
  return (
    rows * columns * (samplesPerPixel === 3 ? samplesIn(photometricInterpretation) : samplesPerPixel) * bitsAllocated
  );
}

/** Samples for a pixel, on average. */
function samplesIn(photometricInterpretation: string): number {
  if (isSubsampledBy2(photometricInterpretation)) return 2;
  return photometricInterpretation === 'YBR_PARTIAL_420' ? 1.5 : 3;
}

/** True when each colour channel has half as many samples in a row as there are pixels. */
export function isSubsampledBy2(photometricInterpretation: string): boolean {
  return photometricInterpretation === 'YBR_FULL_422' || photometricInterpretation === 'YBR_PARTIAL_422';
}

function floatBits(element: number | undefined): number | undefined {
  if (element === floatPixelDataTag) return 32;
  return element === doubleFloatPixelDataTag ? 64 : undefined;
}

function frameNumberOf(dataSet: ElementMap): number | undefined {
  const text = dataSet.text(numberOfFramesTag);
  if (text === undefined) return undefined;
  const frames = Number(text);
  if (!Number.isInteger(frames) || frames < 1) throw invalid(numberOfFramesTag, 'Number of Frames', text);
  return frames;
}

function required(dataSet: ElementMap, tag: number, name: string, maximum: number): number {
  const value = numberOf(dataSet, tag);
  if (value === undefined || value < 1 || value > maximum) throw invalid(tag, name, value);
  return value;
}

/** A number of 16 bits, also where the element has another VR or none. */
function numberOf(dataSet: ElementMap, tag: number): number | undefined {
  const vr = dataSet.vr(tag);
  if (vr === undefined) return undefined;
  const [value] = vr === 'IS' || vr === 'DS' ? dataSet.texts(tag) : dataSet.values(tag, numeric(vr));
  const number = value === undefined ? Number.NaN : Number(value);
  return Number.isInteger(number) ? number : undefined;
}

function numeric(vr: Vr): Vr {
  return vr === 'SS' || vr === 'UL' || vr === 'SL' ? vr : 'US';
}

function invalid(tag: number, name: string, value: number | string | undefined): PixelDataError {
  return new PixelDataError('invalid-attribute', `${name} ${formatTag(tag)} is ${value ?? 'missing'}`);
}
