/**
 * Draws a film into pixels: what a printer without paper does.
 */
import type { Film, FilmImage, FilmImageBox } from './film.js';

/** A film as pixels. */
export interface FilmRaster {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 1 for gray, 3 for red, green, blue. */
  readonly channels: 1 | 3;
  /** A byte a sample, row by row from the top: 0 is black. */
  readonly pixels: Uint8Array;
}

/** Options of {@link rasterizeFilm}. */
export interface RasterizeOptions {
  /** Pixels in an inch of film. Default: 100. */
  readonly dotsPerInch?: number | undefined;
  /** Most pixels of a film; the resolution is lowered to keep to it. Default: 40 million. */
  readonly maximumPixels?: number | undefined;
}

/**
 * Draws the images of a film into their boxes, each as large as its box lets it be, its proportions kept, by the nearest pixel (Magnification
 * Type REPLICATE or NONE) or between pixels (all others). Empty boxes and borders are black or white as the film box says. Text is not drawn.
 */
export function rasterizeFilm(film: Film, options: RasterizeOptions = {}): FilmRaster {
  const { width, height } = rasterSize(film, options);
  const channels = film.isColor ? 3 : 1;
  const pixels = new Uint8Array(width * height * channels).fill(density(film.filmBox.get('BorderDensity')));
  const raster = { width, height, channels, pixels } as const;
  const isNearest = ['REPLICATE', 'NONE'].includes(film.filmBox.get('MagnificationType') ?? '');
  for (const box of film.imageBoxes) drawBox(raster, box, isNearest, density(film.filmBox.get('EmptyImageDensity')));
  return raster;
}

/** Size of a film in inches, portrait. PS3.3 C.13.3, Film Size ID. */
export function filmSizeInches(filmSizeId: string | undefined): readonly [width: number, height: number] {
  if (filmSizeId === 'A4') return [210 / 25.4, 297 / 25.4];
  if (filmSizeId === 'A3') return [297 / 25.4, 420 / 25.4];
  const [, width, unit, height] = /^(\d+(?:_\d+)?)(IN|CM)X(\d+(?:_\d+)?)(?:IN|CM)$/.exec(filmSizeId ?? '') ?? [];
  if (width === undefined || height === undefined) return [14, 17];
  const scale = unit === 'CM' ? 1 / 2.54 : 1;
  const [a, b] = [width, height].map((text) => Number(text.replace('_', '.')) * scale);
  const isUsable = a !== undefined && b !== undefined && a > 0 && b > 0 && a <= 100 && b <= 100;
  return isUsable ? [Math.min(a, b), Math.max(a, b)] : [14, 17];
}

interface Raster extends FilmRaster {}

function rasterSize(film: Film, options: RasterizeOptions): { readonly width: number; readonly height: number } {
  const { dotsPerInch = 100, maximumPixels = 40_000_000 } = options;
  const [short, long] = filmSizeInches(film.filmSizeId);
  const [inchesWide, inchesHigh] = film.isLandscape ? [long, short] : [short, long];
  const dots = Math.min(dotsPerInch, Math.sqrt(maximumPixels / (inchesWide * inchesHigh)));
  return { width: Math.max(1, Math.floor(inchesWide * dots)), height: Math.max(1, Math.floor(inchesHigh * dots)) };
}

/** `BLACK` and what is not known is black; `WHITE` is white; a number is hundredths of optical density. */
function density(value: string | undefined): number {
  if (value === 'WHITE') return 255;
  const hundredths = value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  return hundredths === undefined ? 0 : Math.round(255 * 10 ** (-hundredths / 100));
}

function drawBox(raster: Raster, box: FilmImageBox, isNearest: boolean, empty: number): void {
  const { place, image } = box;
  const gap = Math.min(2, Math.floor(Math.min(raster.width * place.width, raster.height * place.height) / 8));
  const left = Math.round(place.left * raster.width) + gap;
  const top = Math.round(place.top * raster.height) + gap;
  const width = Math.round((place.left + place.width) * raster.width) - gap - left;
  const height = Math.round((place.top + place.height) * raster.height) - gap - top;
  if (width < 1 || height < 1) return;
  fill(raster, left, top, width, height, empty);
  if (image === undefined) return;
  const [vertical, horizontal] = image.pixelAspectRatio;
  const wide = image.columns * horizontal;
  const high = image.rows * vertical;
  const scale = Math.min(width / wide, height / high);
  const drawnWidth = Math.max(1, Math.min(width, Math.round(wide * scale)));
  const drawnHeight = Math.max(1, Math.min(height, Math.round(high * scale)));
  const x = left + Math.floor((width - drawnWidth) / 2);
  const y = top + Math.floor((height - drawnHeight) / 2);
  drawImage(raster, image, { x, y, width: drawnWidth, height: drawnHeight }, isNearest, box.isReversed);
}

function fill(
  { width: rowPixels, channels, pixels }: Raster,
  left: number,
  top: number,
  width: number,
  height: number,
  value: number,
): void {
  for (let row = top; row < top + height; row += 1) {
    const start = (row * rowPixels + left) * channels;
    pixels.fill(value, start, start + width * channels);
  }
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawImage(raster: Raster, image: FilmImage, area: Area, isNearest: boolean, isReversed: boolean): void {
  const { channels, pixels } = raster;
  const sample = sampler(image, isReversed);
  for (let row = 0; row < area.height; row += 1) {
    const v = ((row + 0.5) * image.rows) / area.height - 0.5;
    for (let column = 0; column < area.width; column += 1) {
      const u = ((column + 0.5) * image.columns) / area.width - 0.5;
      const at = ((area.y + row) * raster.width + area.x + column) * channels;
      for (let channel = 0; channel < channels; channel += 1) {
        pixels[at + channel] = isNearest
          ? sample(Math.round(u), Math.round(v), channel)
          : between(sample, u, v, channel);
      }
    }
  }
}

type Sample = (column: number, row: number, channel: number) => number;

function between(sample: Sample, u: number, v: number, channel: number): number {
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [right, bottom] = [u - left, v - top];
  const upper = sample(left, top, channel) * (1 - right) + sample(left + 1, top, channel) * right;
  const lower = sample(left, top + 1, channel) * (1 - right) + sample(left + 1, top + 1, channel) * right;
  return Math.round(upper * (1 - bottom) + lower * bottom);
}

/** Reads a sample as a byte, 0 black; what lies outside is as the nearest inside. */
function sampler(image: FilmImage, isReversed: boolean): Sample {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, planarConfiguration, pixelData } = image;
  const maximum = 2 ** bitsStored - 1;
  const isInverted = (image.photometricInterpretation === 'MONOCHROME1') !== isReversed;
  const plane = planarConfiguration === 1 ? rows * columns : 1;
  const step = planarConfiguration === 1 ? 1 : samplesPerPixel;
  return (column, row, channel) => {
    const x = Math.max(0, Math.min(columns - 1, column));
    const y = Math.max(0, Math.min(rows - 1, row));
    const at = (y * columns + x) * step + (samplesPerPixel === 1 ? 0 : channel * plane);
    const raw = bitsAllocated === 8 ? pixelData[at]! : pixelData[2 * at]! | (pixelData[2 * at + 1]! << 8);
    const value = Math.round(((raw & maximum) * 255) / maximum);
    return isInverted ? 255 - value : value;
  };
}
