/**
 * A film as it is to be printed, gathered from session, film box and image boxes. PS3.3 C.13.
 */
import type { DataSet } from '@dicomwire/dimse/dataset';
import type { ImageBoxPlace } from './image-display-format.js';

/** Pixels of one image on a film. PS3.3 C.13.5.1. */
export interface FilmImage {
  /** Rows (0028,0010). */
  readonly rows: number;
  /** Columns (0028,0011). */
  readonly columns: number;
  /** `MONOCHROME1`, `MONOCHROME2` or `RGB`. */
  readonly photometricInterpretation: string;
  /** 1 or 3. */
  readonly samplesPerPixel: 1 | 3;
  /** 8 or 16. */
  readonly bitsAllocated: 8 | 16;
  /** 8 to 16. */
  readonly bitsStored: number;
  /** 0: colour by pixel; 1: colour by plane. */
  readonly planarConfiguration: 0 | 1;
  /** Height and width of a pixel, relative to each other. */
  readonly pixelAspectRatio: readonly [vertical: number, horizontal: number];
  /** Pixel Data (7FE0,0010): little endian, as long as the rest says. */
  readonly pixelData: Uint8Array;
}

/** One image box of a film. */
export interface FilmImageBox {
  /** Image Box Position (2020,0010), from 1. */
  readonly position: number;
  /** Where it lies. */
  readonly place: ImageBoxPlace;
  /** What is in it; `undefined` for an empty box. */
  readonly image: FilmImage | undefined;
  /** Polarity (2020,0020) is REVERSE. */
  readonly isReversed: boolean;
  /** Its attributes, but for the pixel data. */
  readonly attributes: DataSet;
}

/** Text on a film. PS3.3 C.13.7. */
export interface FilmAnnotation {
  /** Annotation Position (2030,0010), from 1. */
  readonly position: number;
  /** Text String (2030,0020). */
  readonly text: string;
}

/** One sheet. */
export interface Film {
  /** SOP instance of the film box. */
  readonly filmBoxUid: string;
  /** SOP instance of the print job. */
  readonly printJobUid: string;
  /** True for colour image boxes. */
  readonly isColor: boolean;
  /** Number of Copies (2000,0010). */
  readonly copies: number;
  /** Image Display Format (2010,0010). */
  readonly imageDisplayFormat: string;
  /** Film Orientation (2010,0040) is LANDSCAPE. */
  readonly isLandscape: boolean;
  /** Film Size ID (2010,0050): `8INX10IN`, `14INX17IN`, `A4`, …; `undefined` leaves it to the printer. */
  readonly filmSizeId: string | undefined;
  /** Image boxes in order of position. */
  readonly imageBoxes: readonly FilmImageBox[];
  /** Text, in order of position. */
  readonly annotations: readonly FilmAnnotation[];
  /** Attributes of the film session. */
  readonly session: DataSet;
  /** Attributes of the film box. */
  readonly filmBox: DataSet;
  /** The presentation LUT that holds for the film, if one was made. */
  readonly presentationLut: DataSet | undefined;
}
