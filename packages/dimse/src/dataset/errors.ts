/**
 * Why a data set can't be read or written. Stable: a program may switch over it.
 *
 * - `truncated`: the bytes end inside an element.
 * - `invalid-length`: a length field reaches beyond what holds the element, or is undefined where it must not be.
 * - `invalid-structure`: an item, fragment or delimiter stands where none may be.
 * - `nesting-too-deep`: sequences nest deeper than the limit.
 * - `too-large`: a limit on bytes (buffered, inflated) is exceeded.
 * - `inflate-failed`: a deflated data set is damaged.
 * - `invalid-meta`: file meta information is missing or damaged beyond use.
 * - `invalid-value`: a value that is to be written, or text that is to be parsed as one, doesn't fit its VR.
 * - `unknown-keyword`: no element of the dictionary has this keyword.
 * - `unsupported-character-set`: text can't be encoded in the data set's specific character set.
 * - `invalid-path`: a path into sequences can't be read, or leads through an element that has no items.
 * - `invalid-dictionary`: an entry of a private dictionary is wrong.
 * - `invalid-json`: what should be a DICOM JSON model object isn't.
 * - `missing-bulk-data`: a value that is to be written is elsewhere, and was not fetched.
 */
export type DataSetErrorCode =
  | 'truncated'
  | 'invalid-length'
  | 'invalid-structure'
  | 'nesting-too-deep'
  | 'too-large'
  | 'inflate-failed'
  | 'invalid-meta'
  | 'invalid-value'
  | 'unknown-keyword'
  | 'unsupported-character-set'
  | 'invalid-path'
  | 'invalid-dictionary'
  | 'invalid-json'
  | 'missing-bulk-data';

/** Where a data set is wrong. */
export interface DataSetErrorPlace {
  /** Offset in the (inflated) bytes that were parsed. */
  readonly offset?: number | undefined;
  /** Tags from the outside in, items by number: `(0040,A730)[2]/(0040,A160)`. Empty at the top level. */
  readonly path?: string | undefined;
  /** What went wrong beneath. */
  readonly cause?: unknown;
}

/** The one error that reading and writing data sets throws. */
export class DataSetError extends Error {
  /** Name of the class. */
  override readonly name = 'DataSetError';
  /** What is wrong. */
  readonly code: DataSetErrorCode;
  /** Offset in the (inflated) bytes that were parsed, if it came from there. */
  readonly offset: number | undefined;
  /** Tags from the outside in, items by number; empty at the top level. */
  readonly path: string;

  constructor(code: DataSetErrorCode, message: string, place: DataSetErrorPlace = {}) {
    const where = [place.path, place.offset === undefined ? '' : `offset ${place.offset}`].filter(Boolean).join(', ');
    super(
      where === '' ? message : `${message} (${where})`,
      place.cause === undefined ? undefined : { cause: place.cause },
    );
    this.code = code;
    this.offset = place.offset;
    this.path = place.path ?? '';
  }
}

/** Something odd that was read all the same. */
export interface DataSetWarning {
  /** What is odd. */
  readonly message: string;
  /** Offset in the (inflated) bytes that were parsed. */
  readonly offset: number;
}
