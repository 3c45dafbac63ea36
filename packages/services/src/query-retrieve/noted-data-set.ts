/**
 * A data set on its way in of which it is known whether it was read.
 */
import type { DataSet, DataSetSink, IncomingDataSet } from '@dicomwire/dimse';

/** Passes everything on, and notes that somebody read it to its end. */
export class NotedDataSet implements IncomingDataSet {
  readonly #dataSet: IncomingDataSet;
  #wasRead = false;

  constructor(dataSet: IncomingDataSet) {
    this.#dataSet = dataSet;
  }

  /** Whether it was read, or passed over on purpose, to its end. */
  get wasRead(): boolean {
    return this.#wasRead;
  }

  get transferSyntax(): string {
    return this.#dataSet.transferSyntax;
  }

  get receivedBytes(): number {
    return this.#dataSet.receivedBytes;
  }

  pipe(sink: DataSetSink): Promise<void> {
    return this.#noted(this.#dataSet.pipe(sink));
  }

  bytes(options?: { readonly maxBytes?: number | undefined }): Promise<Uint8Array> {
    return this.#noted(this.#dataSet.bytes(options));
  }

  parse(options?: { readonly maxBytes?: number | undefined }): Promise<DataSet> {
    return this.#noted(this.#dataSet.parse(options));
  }

  discard(): Promise<void> {
    return this.#noted(this.#dataSet.discard());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    yield* { [Symbol.asyncIterator]: () => this.#dataSet[Symbol.asyncIterator]() };
    this.#wasRead = true;
  }

  async #noted<T>(reading: Promise<T>): Promise<T> {
    const read = await reading;
    this.#wasRead = true;
    return read;
  }
}
