/**
 * A data set on its way in that is to come as a whole.
 */
import {
  type DataSet,
  type DataSetSink,
  type GatherOptions,
  type IncomingDataSet,
  type ReadOptions,
  StatusError,
} from '@dicomwire/dimse';
import { DataSetStreamParser, transferSyntaxInfo } from '@dicomwire/dimse/dataset';

/**
 * An {@link IncomingDataSet} that fails with C000 when it ends inside a value whose length was said: something cut it. Nothing is kept of it, and long
 * values pass at no cost.
 *
 * What can't be told, or may be mere carelessness of who wrote it, is let pass: a delimiter that is missing at the end, a few bytes behind the last element,
 * elements out of order, what is deflated, and what the reader does not understand.
 */
export class WholeDataSet implements IncomingDataSet {
  readonly #dataSet: IncomingDataSet;

  constructor(dataSet: IncomingDataSet) {
    this.#dataSet = dataSet;
  }

  get transferSyntax(): string {
    return this.#dataSet.transferSyntax;
  }

  get receivedBytes(): number {
    return this.#dataSet.receivedBytes;
  }

  async pipe(sink: DataSetSink, options?: ReadOptions): Promise<void> {
    const end = new EndWatch(this.transferSyntax);
    const write = (data: Uint8Array) => {
      end.write(data);
      return sink.write(data);
    };
    await this.#dataSet.pipe({ write }, options);
    end.check();
  }

  async bytes(options?: GatherOptions): Promise<Uint8Array> {
    const bytes = await this.#dataSet.bytes(options);
    const end = new EndWatch(this.transferSyntax);
    end.write(bytes);
    end.check();
    return bytes;
  }

  parse(options?: GatherOptions): Promise<DataSet> {
    return this.#dataSet.parse(options);
  }

  discard(options?: ReadOptions): Promise<void> {
    return this.#dataSet.discard(options);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const end = new EndWatch(this.transferSyntax);
    for await (const fragment of this.#dataSet) {
      end.write(fragment);
      yield fragment;
    }
    end.check();
  }
}

/** Knows how much of the value is still to come. */
class EndWatch {
  #parser: DataSetStreamParser | undefined;

  constructor(transferSyntax: string) {
    const info = transferSyntaxInfo(transferSyntax);
    // How a private transfer syntax encodes is not known; inflating everything to see its end is not worth it.
    const isReadable = info !== undefined && !info.isDeflated;
    if (isReadable)
      this.#parser = new DataSetStreamParser({ transferSyntax, maxValueBytes: 0, stopBefore: isOutOfOrder() });
  }

  write(data: Uint8Array): void {
    const parser = this.#parser;
    if (parser === undefined) return;
    const passed = Math.min(parser.bytesToSkip, data.length);
    if (passed > 0) parser.skip(passed);
    if (passed === data.length) return;
    try {
      parser.write(passed === 0 ? data : data.subarray(passed));
    } catch {
      // It is kept as it came all the same.
      this.#parser = undefined;
    }
  }

  /** @throws StatusError C000 */
  check(): void {
    const missing = this.#parser?.bytesToSkip ?? 0;
    if (missing > 0)
      throw new StatusError(cannotUnderstand, `The data set is cut: ${missing} bytes of a value are missing`);
  }
}

/** Where tags do not ascend, what is taken for one may be anything. PS3.5 7.1. */
function isOutOfOrder(): (tag: number) => boolean {
  let last = -1;
  return (tag) => {
    const isOdd = tag <= last;
    last = tag;
    return isOdd;
  };
}

/** PS3.4 B.2.3: "Error: Cannot understand". */
const cannotUnderstand = 0xc000;
