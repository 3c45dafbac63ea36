/** Images of a file as a printer takes them: 8 bits, grayscale ones windowed. PS3.3 C.7.6.3, C.11.2. */
import type { DataSet } from '@dicomwire/dimse';
import type { ImageToPrint } from '@dicomwire/services';

/**
 * Every frame of an image; grayscale by the first window of the image, or from its least value to its greatest.
 *
 * @throws Error for what can't be printed
 */
export function imagesToPrint(dataSet: DataSet, path: string): ImageToPrint[] {
  const rows = dataSet.get('Rows') ?? 0;
  const columns = dataSet.get('Columns') ?? 0;
  const pixelData = dataSet.bytes('PixelData');
  if (pixelData === undefined || rows === 0 || columns === 0) throw new Error(`${path} has no image`);
  const photometricInterpretation = dataSet.get('PhotometricInterpretation');
  const frames = Math.max(1, Number(dataSet.get('NumberOfFrames') ?? 1));
  const bitsAllocated = dataSet.get('BitsAllocated') ?? 0;
  const isGray = photometricInterpretation === 'MONOCHROME1' || photometricInterpretation === 'MONOCHROME2';
  const isFit = isGray ? bitsAllocated === 8 || bitsAllocated === 16 : bitsAllocated === 8;
  if (!(isGray || photometricInterpretation === 'RGB') || !isFit) {
    throw new Error(
      `${path} is ${photometricInterpretation ?? 'an unknown kind of image'} with ${bitsAllocated} bits: only MONOCHROME1 and MONOCHROME2 of 8 or 16 and RGB of 8 bits are printed`,
    );
  }
  const frameBytes = (rows * columns * (isGray ? 1 : 3) * bitsAllocated) / 8;
  if (frames * frameBytes > pixelData.length) throw new Error(`${path} has less pixel data than it says`);
  const planarConfiguration = dataSet.get('PlanarConfiguration') === 1 ? 1 : 0;
  return Array.from({ length: frames }, (_, index) => {
    const frame = pixelData.subarray(index * frameBytes, (index + 1) * frameBytes);
    const shape = { rows, columns, photometricInterpretation, bitsAllocated: 8 } as const;
    return isGray
      ? { ...shape, pixelData: windowed(frame, bitsAllocated, dataSet) }
      : { ...shape, planarConfiguration, pixelData: frame };
  });
}

/** Which values are shown, from black to white. PS3.3 C.11.2.1.2. */
interface Window {
  readonly center: number;
  readonly width: number;
}

/** Stored values, rescaled, then windowed to 0…255. */
function windowed(frame: Uint8Array, bitsAllocated: number, dataSet: DataSet): Uint8Array {
  const slope = Number(dataSet.get('RescaleSlope') ?? 1);
  const intercept = Number(dataSet.get('RescaleIntercept') ?? 0);
  const values = storedValues(frame, bitsAllocated, dataSet).map((value) => value * slope + intercept);
  const { center, width } = windowOf(dataSet) ?? wholeRange(values);
  const shown = new Uint8Array(values.length);
  for (const [index, value] of values.entries()) {
    // PS3.3 C.11.2.1.2.1, LINEAR; a width of 1 is a threshold.
    const part = width <= 1 ? (value > center - 0.5 ? 1 : 0) : (value - (center - 0.5)) / (width - 1) + 0.5;
    shown[index] = Math.round(Math.min(1, Math.max(0, part)) * 255);
  }
  return shown;
}

function storedValues(frame: Uint8Array, bitsAllocated: number, dataSet: DataSet): Float64Array {
  const bitsStored = dataSet.get('BitsStored') ?? bitsAllocated;
  const highBit = dataSet.get('HighBit') ?? bitsStored - 1;
  const isSigned = dataSet.get('PixelRepresentation') === 1;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const values = new Float64Array(frame.length / (bitsAllocated / 8));
  const up = 31 - highBit;
  for (let index = 0; index < values.length; index++) {
    const cell = bitsAllocated === 16 ? view.getUint16(index * 2, true) : view.getUint8(index);
    // Whatever lies beside the bits stored (overlays, in old files) is shifted out.
    values[index] = isSigned ? (cell << up) >> (32 - bitsStored) : (cell << up) >>> (32 - bitsStored);
  }
  return values;
}

function windowOf(dataSet: DataSet): Window | undefined {
  const center = Number(dataSet.texts('WindowCenter')[0] || Number.NaN);
  const width = Number(dataSet.texts('WindowWidth')[0] || Number.NaN);
  return Number.isFinite(center) && width >= 1 ? { center, width } : undefined;
}

/** A window from the least value to the greatest. */
function wholeRange(values: Float64Array): Window {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const width = greatest - least + 1;
  return { center: least + width / 2, width };
}
