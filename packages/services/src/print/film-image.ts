/**
 * The image of an image box: read and checked, or made from a data set. PS3.3 C.13.5.1, C.13.5.2.
 */
import { StatusError } from '@dicomwire/dimse';
import { DataSet } from '@dicomwire/dimse/dataset';
import type { FilmImage } from './film.js';

/**
 * Reads the item of a Basic Grayscale Image Sequence or Basic Color Image Sequence.
 *
 * @throws StatusError 0120 for what is missing, 0106 for what makes no image, pixel data of another length included
 */
export function readFilmImage(item: DataSet): FilmImage {
  const samplesPerPixel = oneOf(item, 'SamplesPerPixel', [1, 3]);
  const bitsAllocated = oneOf(item, 'BitsAllocated', [8, 16]);
  const planarConfiguration = samplesPerPixel === 1 ? 0 : oneOf(item, 'PlanarConfiguration', [0, 1]);
  const rows = needed(item, 'Rows');
  const columns = needed(item, 'Columns');
  const bitsStored = needed(item, 'BitsStored');
  if (bitsStored < 1 || bitsStored > bitsAllocated) throw invalid('BitsStored');
  const photometricInterpretation = item.get('PhotometricInterpretation');
  if (photometricInterpretation === undefined) throw missing(0x00280004);
  const known = samplesPerPixel === 1 ? ['MONOCHROME1', 'MONOCHROME2'] : ['RGB'];
  if (!known.includes(photometricInterpretation)) throw invalid('PhotometricInterpretation');
  const pixelData = item.bytes('PixelData');
  if (pixelData === undefined) throw missing(0x7fe00010);
  const byteLength = (rows * columns * samplesPerPixel * bitsAllocated) / 8;
  if (byteLength === 0 || pixelData.length < byteLength || pixelData.length > byteLength + 1)
    throw invalid('PixelData');
  const [vertical = 1, horizontal = 1] = item.get('PixelAspectRatio');
  const isRatio = vertical > 0 && horizontal > 0;
  return {
    rows,
    columns,
    photometricInterpretation,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    planarConfiguration,
    pixelAspectRatio: isRatio ? [vertical, horizontal] : [1, 1],
    pixelData: pixelData.subarray(0, byteLength),
  };
}

/** The item that says the same. */
export function filmImageItem(image: FilmImage): DataSet {
  const { samplesPerPixel, bitsAllocated, bitsStored } = image;
  const item = DataSet.from({
    SamplesPerPixel: samplesPerPixel,
    PhotometricInterpretation: image.photometricInterpretation,
    PlanarConfiguration: samplesPerPixel === 1 ? undefined : image.planarConfiguration,
    Rows: image.rows,
    Columns: image.columns,
    PixelAspectRatio: image.pixelAspectRatio,
    BitsAllocated: bitsAllocated,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: 0,
  });
  return item.set(0x7fe00010, bitsAllocated === 16 ? 'OW' : 'OB', image.pixelData);
}

type ImageNumber = 'SamplesPerPixel' | 'BitsAllocated' | 'PlanarConfiguration' | 'Rows' | 'Columns' | 'BitsStored';

const tags: Readonly<Record<ImageNumber | 'PhotometricInterpretation' | 'PixelData', number>> = {
  SamplesPerPixel: 0x00280002,
  PhotometricInterpretation: 0x00280004,
  PlanarConfiguration: 0x00280006,
  Rows: 0x00280010,
  Columns: 0x00280011,
  BitsAllocated: 0x00280100,
  BitsStored: 0x00280101,
  PixelData: 0x7fe00010,
};

function needed(item: DataSet, keyword: ImageNumber): number {
  const value = item.get(keyword);
  if (value === undefined) throw missing(tags[keyword]);
  return value;
}

function oneOf<const T extends number>(item: DataSet, keyword: ImageNumber, allowed: readonly T[]): T {
  const value = needed(item, keyword);
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw invalid(keyword);
  return found;
}

function missing(tag: number): StatusError {
  return new StatusError(0x0120, undefined, { offendingElements: [tag] });
}

function invalid(keyword: keyof typeof tags): StatusError {
  return new StatusError(0x0106, `${keyword} makes no image`, { offendingElements: [tags[keyword]] });
}
