/**
 * Where in a data set the pixel data begins, while it streams by.
 */
import { type DataSet, StatusError } from '@dicomwire/dimse';
import { DataSetStreamParser, encodeDataSet } from '@dicomwire/dimse/dataset';

/** What comes before the pixel data, and what is known of the rest so far. */
export interface DataSetHead {
  readonly header: DataSet;
  /** Bytes behind the header that came in the same fragment: a view of it. */
  readonly rest: Uint8Array;
}

/** Takes fragments until the header is there. Not for deflated data sets. */
export class HeadSplitter {
  readonly #transferSyntax: string;
  readonly #parser: DataSetStreamParser;
  #seenBytes = 0;
  #isDone = false;

  constructor(transferSyntax: string) {
    this.#transferSyntax = transferSyntax;
    this.#parser = new DataSetStreamParser({
      transferSyntax,
      stopBefore: pixelDataGroup,
      // Nothing is left out, so that the header is as long as it was on the line.
      maxValueBytes: maximumHeaderBytes,
      maxBytes: maximumHeaderBytes,
    });
  }

  /** True once the header was given. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** @returns the header with the fragment that completes it. @throws StatusError C000 when it can't be read. */
  write(fragment: Uint8Array): DataSetHead | undefined {
    const before = this.#seenBytes;
    this.#seenBytes += fragment.length;
    if (!readable(() => this.#parser.write(fragment))) return undefined;
    this.#isDone = true;
    const header = this.#parser.dataSet;
    const length = encodeDataSet(header, this.#transferSyntax).length;
    return { header, rest: fragment.subarray(Math.max(0, length - before)) };
  }

  /** No more comes. @returns all of a data set that has no pixel data. @throws StatusError C000 when it can't be read. */
  end(): DataSetHead | undefined {
    if (this.#isDone) return undefined;
    this.#isDone = true;
    readable(() => this.#parser.end());
    return { header: this.#parser.dataSet, rest: new Uint8Array(0) };
  }
}

/** @throws StatusError C000 for what a damaged data set throws. */
export function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StatusError(cannotUnderstand, 'The data set can not be parsed', { cause: error });
  }
}

/** Float, double float, pixel data: (7FE0,0001) and up. */
const pixelDataGroup = 0x7fe00000;
const maximumHeaderBytes = 64 * 1024 * 1024;

/** PS3.4 B.2.3: "Error: Cannot understand". */
const cannotUnderstand = 0xc000;
