import { type Deferred, deferred } from '../deferred.js';
import type { DataSetSink, IncomingDataSet } from './types.js';

/** Fragments of a data set as an iterator: copies that may be kept; what nobody asked for yet counts on the association's account. */
export class FragmentIterator implements AsyncIterator<Uint8Array>, DataSetSink {
  readonly #done: Promise<void>;
  readonly #queue: Uint8Array[] = [];
  #hold: Deferred<void> | undefined;
  #waiting: Deferred<IteratorResult<Uint8Array>> | undefined;
  #isEnded = false;
  #isClosed = false;

  /** @param dataSet - Consumed from now on. */
  constructor(dataSet: IncomingDataSet) {
    this.#done = dataSet.pipe(this);
    const ended = () => {
      this.#isEnded = true;
      if (this.#waiting !== undefined) this.#waiting.resolve(this.#end());
      this.#waiting = undefined;
    };
    this.#done.then(ended, ended);
  }

  write(data: Uint8Array): undefined | Promise<void> {
    if (this.#isClosed) return undefined;
    if (this.#waiting !== undefined) {
      this.#waiting.resolve({ done: false, value: new Uint8Array(data) });
      this.#waiting = undefined;
      return undefined;
    }
    this.#queue.push(new Uint8Array(data));
    this.#hold ??= deferred();
    return this.#hold.promise;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#queue.shift();
    if (this.#queue.length === 0) this.#letGo();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#isClosed) return Promise.resolve({ done: true, value: undefined });
    if (this.#isEnded) return this.#end();
    this.#waiting = deferred();
    return this.#waiting.promise;
  }

  /** Leaving early discards the rest. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#letGo();
    return Promise.resolve({ done: true, value: undefined });
  }

  #letGo(): void {
    this.#hold?.resolve();
    this.#hold = undefined;
  }

  async #end(): Promise<IteratorResult<Uint8Array>> {
    await this.#done;
    return { done: true, value: undefined };
  }
}
