/**
 * A data set on its way in: fragments go straight to a sink if there is one, and wait under the association's budget until then.
 */
import type { DataSet } from '../dataset/index.js';
import { type Deferred, deferred } from '../deferred.js';
import { DimseError } from '../errors.js';
import type { DataSetReceiver } from './assembler.js';
import { parseReceived } from './encoded-data-set.js';
import { FragmentIterator } from './fragment-iterator.js';
import { DEFAULT_MAXIMUM_BYTES, Gatherer } from './gatherer.js';
import type { DataSetSink, GatherOptions, IncomingDataSet, ReadOptions } from './types.js';

/** The session's side of an {@link IncomingDataSet}. */
export class ArrivingDataSet implements IncomingDataSet, DataSetReceiver {
  readonly transferSyntax: string;
  #receivedBytes = 0;
  #isConsumed = false;
  #sink: DataSetSink | undefined;
  /** Settles with the consumption: {@link pipe}'s promise. */
  #consumed: Deferred<void> | undefined;
  #queue: Uint8Array[] = [];
  /** Keeps what is queued on the association's account; one for the whole queue. */
  #hold: Deferred<void> | undefined;
  /** Writes of the sink that have not settled. */
  #unsettledWrites = 0;
  #isComplete = false;
  #error: Error | undefined;
  #arrived: Deferred<void> | undefined;
  readonly #released: () => void;

  /**
   * @param transferSyntax - Of its presentation context.
   * @param released - Called when fragments that were held are held no longer.
   */
  constructor(transferSyntax: string, released: () => void) {
    this.transferSyntax = transferSyntax;
    this.#released = released;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get isHeld(): boolean {
    return this.#hold !== undefined || this.#unsettledWrites > 0;
  }

  /** Resolves once nothing more of it will come, whole or not. */
  get arrived(): Promise<void> | undefined {
    if (this.#isComplete || this.#error !== undefined) return undefined;
    this.#arrived ??= deferred();
    return this.#arrived.promise;
  }

  fragment(data: Uint8Array, isLast: boolean): undefined | Promise<void> {
    this.#receivedBytes += data.byteLength;
    this.#isComplete = isLast;
    let held: undefined | Promise<void>;
    if (data.byteLength > 0) {
      if (this.#sink !== undefined) held = this.#write(this.#sink, data);
      else if (!this.#isConsumed) held = this.#enqueue(data);
    }
    if (isLast) {
      this.#arrived?.resolve();
      this.#settle();
    }
    return held;
  }

  fail(error: Error): void {
    if (this.#isComplete || this.#error !== undefined) return;
    this.#error = error;
    this.#stop(error);
    this.#dropQueue();
    this.#arrived?.resolve();
  }

  pipe(sink: DataSetSink, { onProgress }: ReadOptions = {}): Promise<void> {
    if (this.#isConsumed) {
      return Promise.reject(new DimseError('data-set-consumed', 'The data set was consumed or discarded before'));
    }
    this.#isConsumed = true;
    this.#consumed = deferred();
    if (this.#error !== undefined) {
      this.#consumed.reject(this.#error);
      return this.#consumed.promise;
    }
    this.#sink = onProgress === undefined ? sink : new CountingSink(sink, onProgress);
    this.#passQueueOn();
    this.#settle();
    return this.#consumed.promise;
  }

  async bytes(options: GatherOptions = {}): Promise<Uint8Array> {
    const gatherer = new Gatherer(options.maxBytes ?? DEFAULT_MAXIMUM_BYTES);
    await this.pipe(gatherer, options);
    return gatherer.take();
  }

  async parse(options: GatherOptions = {}): Promise<DataSet> {
    return parseReceived(await this.bytes(options), this.transferSyntax);
  }

  discard(options?: ReadOptions): Promise<void> {
    return this.pipe(NOWHERE, options);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return new FragmentIterator(this);
  }

  /** The handler is done: what it did not consume is discarded. */
  release(): void {
    if (this.#isConsumed) return;
    this.#isConsumed = true;
    this.#dropQueue();
  }

  #write(sink: DataSetSink, data: Uint8Array): undefined | Promise<void> {
    let written: undefined | Promise<void>;
    try {
      written = sink.write(data);
    } catch (error) {
      this.#stop(error);
      return undefined;
    }
    if (written === undefined) return undefined;
    this.#unsettledWrites++;
    return written.then(this.#writeSettled, this.#writeFailed);
  }

  readonly #writeSettled = (): void => {
    this.#unsettledWrites--;
    if (this.#unsettledWrites === 0) this.#released();
    this.#settle();
  };

  readonly #writeFailed = (error: unknown): void => {
    this.#stop(error);
    this.#writeSettled();
  };

  /** A view keeps its whole chunk alive, so small ones are copied. (`slice` of a Buffer does not copy.) */
  #enqueue(data: Uint8Array): Promise<void> {
    this.#queue.push(data.byteLength * 2 < data.buffer.byteLength ? new Uint8Array(data) : data);
    this.#hold ??= deferred();
    return this.#hold.promise;
  }

  #passQueueOn(): void {
    const writes: Promise<void>[] = [];
    for (const data of this.#queue) {
      const written = this.#sink === undefined ? undefined : this.#write(this.#sink, data);
      if (written !== undefined) writes.push(written);
    }
    this.#queue = [];
    const hold = this.#hold;
    if (hold === undefined) return;
    this.#hold = undefined;
    if (writes.length === 0) {
      hold.resolve();
      this.#released();
    } else {
      void Promise.all(writes).then(() => hold.resolve());
    }
  }

  #dropQueue(): void {
    this.#queue = [];
    if (this.#hold === undefined) return;
    this.#hold.resolve();
    this.#hold = undefined;
    this.#released();
  }

  #stop(error: unknown): void {
    this.#sink = undefined;
    this.#consumed?.reject(error);
  }

  #settle(): void {
    if (!this.#isComplete || this.#unsettledWrites > 0 || this.#sink === undefined) return;
    this.#sink = undefined;
    this.#consumed?.resolve();
  }
}

const NOWHERE: DataSetSink = { write: () => undefined };

/** Tells how much has passed. */
class CountingSink implements DataSetSink {
  readonly #sink: DataSetSink;
  readonly #onProgress: (receivedBytes: number) => void;
  #passedBytes = 0;

  constructor(sink: DataSetSink, onProgress: (receivedBytes: number) => void) {
    this.#sink = sink;
    this.#onProgress = onProgress;
  }

  write(data: Uint8Array): undefined | Promise<void> {
    const written = this.#sink.write(data);
    this.#passedBytes += data.byteLength;
    this.#onProgress(this.#passedBytes);
    return written;
  }
}
