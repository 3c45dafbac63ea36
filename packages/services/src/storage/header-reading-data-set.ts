/**
 * A data set on its way in whose beginning is read along.
 */
import type { DataSet, DataSetSink, IncomingDataSet } from '@dicomwire/dimse';
import { DataSetStreamParser, transferSyntaxInfo } from '@dicomwire/dimse/dataset';

/** Passes everything on, and keeps what comes before a tag. */
export class HeaderReadingDataSet implements IncomingDataSet {
  readonly #dataSet: IncomingDataSet;
  readonly #stopBefore: number;
  #header: DataSet | undefined;

  /** @param stopBefore - The first tag that is not wanted. */
  constructor(dataSet: IncomingDataSet, stopBefore: number) {
    this.#dataSet = dataSet;
    this.#stopBefore = stopBefore;
  }

  /** What was wanted, once it has passed; `undefined` as long as it has not, and when it can't be read. */
  get header(): DataSet | undefined {
    return this.#header;
  }

  get transferSyntax(): string {
    return this.#dataSet.transferSyntax;
  }

  get receivedBytes(): number {
    return this.#dataSet.receivedBytes;
  }

  async pipe(sink: DataSetSink): Promise<void> {
    const reader = this.#makeReader();
    await this.#dataSet.pipe({
      write: (data) => {
        reader.write(data);
        return sink.write(data);
      },
    });
    reader.end();
  }

  async bytes(options?: { readonly maxBytes?: number | undefined }): Promise<Uint8Array> {
    const bytes = await this.#dataSet.bytes(options);
    const reader = this.#makeReader();
    reader.write(bytes);
    reader.end();
    return bytes;
  }

  async parse(options?: { readonly maxBytes?: number | undefined }): Promise<DataSet> {
    const dataSet = await this.#dataSet.parse(options);
    this.#header = dataSet;
    return dataSet;
  }

  discard(): Promise<void> {
    return this.pipe({ write: () => undefined });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = this.#makeReader();
    for await (const fragment of this.#dataSet) {
      reader.write(fragment);
      yield fragment;
    }
    reader.end();
  }

  #makeReader(): HeaderReader {
    return new HeaderReader(this.#dataSet.transferSyntax, this.#stopBefore, (header) => {
      this.#header = header;
    });
  }
}

/** A parser that gives up quietly: whoever wants the header has to do without it then. */
class HeaderReader {
  #parser: DataSetStreamParser | undefined;
  readonly #done: (header: DataSet) => void;

  constructor(transferSyntax: string, stopBefore: number, done: (header: DataSet) => void) {
    // How a private transfer syntax encodes is not known.
    const isKnown = transferSyntaxInfo(transferSyntax) !== undefined;
    this.#parser = isKnown ? new DataSetStreamParser({ transferSyntax, stopBefore }) : undefined;
    this.#done = done;
  }

  write(data: Uint8Array): void {
    this.#try((parser) => parser.write(data));
  }

  end(): void {
    this.#try((parser) => {
      parser.end();
      return true;
    });
  }

  #try(read: (parser: DataSetStreamParser) => boolean): void {
    const parser = this.#parser;
    if (parser === undefined) return;
    try {
      if (!read(parser)) return;
      this.#done(parser.dataSet);
    } catch {
      // It is stored as it came all the same.
    }
    this.#parser = undefined;
  }
}
