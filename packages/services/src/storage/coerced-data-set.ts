/**
 * A data set on its way in of which elements are changed before it is kept. PS3.4 B.4.1.4.
 */
import { type DataSet, type DataSetSink, DimseError, type IncomingDataSet } from '@dicomwire/dimse';
import { encodeDataSet, parseDataSet, TransferSyntax, transferSyntaxInfo } from '@dicomwire/dimse/dataset';
import { gatherBytes } from './conversion.js';
import { type DataSetHead, HeadSplitter, readable } from './head-splitter.js';

/** Changes elements before the pixel data. */
export type Coercion = (dataSet: DataSet) => void | Promise<void>;

/**
 * Hands a coercion what comes before the pixel data, and goes on with what it made of that; the pixels pass by. A deflated data set has to be
 * gathered as a whole. One in a transfer syntax that nobody knows stays as it is.
 */
export class CoercedDataSet implements IncomingDataSet {
  readonly #dataSet: IncomingDataSet;
  readonly #coerce: Coercion;
  #changed: readonly number[] = [];

  constructor(dataSet: IncomingDataSet, coerce: Coercion) {
    this.#dataSet = dataSet;
    this.#coerce = coerce;
  }

  /** Tags of the elements that were changed, added or removed; known once everything has passed. */
  get changed(): readonly number[] {
    return this.#changed;
  }

  get transferSyntax(): string {
    return this.#dataSet.transferSyntax;
  }

  get receivedBytes(): number {
    return this.#dataSet.receivedBytes;
  }

  async pipe(sink: DataSetSink): Promise<void> {
    if (!this.#isStreamed) {
      for await (const piece of this) await sink.write(piece);
      return;
    }
    const splitter = new HeadSplitter(this.transferSyntax);
    const passHead = async ({ header, rest }: DataSetHead) => {
      await sink.write(await this.#coerced(header));
      if (rest.length > 0) await sink.write(rest);
    };
    let passing: Promise<void> | undefined;
    await this.#dataSet.pipe({
      write(data) {
        // What comes while the coercion is at work waits for it.
        if (passing !== undefined) {
          passing = passing.then(() => sink.write(data));
          return passing;
        }
        if (splitter.isDone) return sink.write(data);
        const head = splitter.write(data);
        if (head === undefined) return undefined;
        passing = passHead(head);
        void passing.then(
          () => undefined,
          () => undefined,
        );
        return passing;
      },
    });
    await passing;
    const head = splitter.end();
    if (head !== undefined) await passHead(head);
  }

  async bytes({
    maxBytes = defaultMaximumBytes,
  }: {
    readonly maxBytes?: number | undefined;
  } = {}): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let byteLength = 0;
    for await (const piece of this) {
      byteLength += piece.length;
      if (byteLength > maxBytes)
        throw new DimseError('data-set-too-large', `A data set of more than ${maxBytes} bytes`);
      pieces.push(piece);
    }
    return gatherBytes(pieces);
  }

  async parse(options?: { readonly maxBytes?: number | undefined }): Promise<DataSet> {
    return parseDataSet(await this.bytes(options), this.transferSyntax);
  }

  discard(): Promise<void> {
    return this.#dataSet.discard();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (transferSyntaxInfo(this.transferSyntax) === undefined) {
      yield* { [Symbol.asyncIterator]: () => this.#dataSet[Symbol.asyncIterator]() };
      return;
    }
    if (!this.#isStreamed) {
      const bytes = await this.#dataSet.bytes({ maxBytes: maximumWholeBytes });
      yield await this.#coerced(readable(() => parseDataSet(bytes, this.transferSyntax)));
      return;
    }
    const splitter = new HeadSplitter(this.transferSyntax);
    for await (const fragment of this.#dataSet) {
      const head = splitter.isDone ? undefined : splitter.write(fragment);
      if (head !== undefined) {
        yield await this.#coerced(head.header);
        if (head.rest.length > 0) yield head.rest;
      } else if (splitter.isDone) yield fragment;
    }
    const head = splitter.end();
    if (head !== undefined) yield await this.#coerced(head.header);
  }

  get #isStreamed(): boolean {
    const info = transferSyntaxInfo(this.transferSyntax);
    return info !== undefined && this.transferSyntax !== TransferSyntax.DeflatedExplicitVRLittleEndian;
  }

  async #coerced(dataSet: DataSet): Promise<Uint8Array> {
    const { transferSyntax } = this;
    const received = encodeDataSet(dataSet, transferSyntax);
    await this.#coerce(dataSet);
    if (!dataSet.isModified) return received;
    const kept = encodeDataSet(dataSet, transferSyntax, { invalidText: 'write' });
    this.#changed = differences(parseDataSet(received, transferSyntax), parseDataSet(kept, transferSyntax));
    return kept;
  }
}

function differences(one: DataSet, other: DataSet): readonly number[] {
  const tags = new Set([...one, ...other].map(({ tag }) => tag));
  return [...tags].filter((tag) => !haveSameBytes(one.bytes(tag), other.bytes(tag))).sort((a, b) => a - b);
}

function haveSameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

const defaultMaximumBytes = 64 * 1024 * 1024;
const maximumWholeBytes = 1024 * 1024 * 1024;
