import { type Deferred, deferred } from '../deferred.js';
import type { IncomingResponse } from '../message/types.js';
import type { CallListener } from './call.js';

/** What a {@link ResponseStream} does to the call beneath. */
export interface ResponseStreamCall {
  /** Makes the call; throws when it can't be made. */
  begin(listener: CallListener): void;
  /** The reader has left. */
  abandon(): void;
}

/** Responses as an iterator; those that nobody asked for yet count on the association's account. */
export class ResponseStream<R extends IncomingResponse> implements AsyncIterableIterator<R>, CallListener {
  readonly wantsPending = true;
  readonly #call: ResponseStreamCall;
  readonly #isExpected: (response: IncomingResponse) => response is R;
  readonly #queue: R[] = [];
  #hold: Deferred<void> | undefined;
  #waiting: Deferred<IteratorResult<R, undefined>> | undefined;
  #state: 'unasked' | 'running' | 'ended' | 'failed' = 'unasked';
  #error: unknown;

  constructor(call: ResponseStreamCall, isExpected: (response: IncomingResponse) => response is R) {
    this.#call = call;
    this.#isExpected = isExpected;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The first one sends the request. */
  async next(): Promise<IteratorResult<R, undefined>> {
    if (this.#state === 'unasked') {
      this.#state = 'running';
      this.#call.begin(this);
    }
    const value = this.#queue.shift();
    if (this.#queue.length === 0) this.#letGo();
    if (value !== undefined) return { done: false, value };
    if (this.#state === 'failed') {
      this.#state = 'ended';
      throw this.#error;
    }
    if (this.#state === 'ended') return END;
    this.#waiting ??= deferred();
    return this.#waiting.promise;
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    const wasRunning = this.#state === 'running';
    this.#state = 'ended';
    this.#queue.length = 0;
    this.#letGo();
    if (wasRunning) this.#call.abandon();
    this.#waiting?.resolve(END);
    this.#waiting = undefined;
    return END;
  }

  responded(response: IncomingResponse, isFinal: boolean): undefined | Promise<void> {
    if (this.#state !== 'running' || !this.#isExpected(response)) return undefined;
    if (isFinal) this.#state = 'ended';
    if (this.#waiting !== undefined) {
      this.#waiting.resolve({ done: false, value: response });
      this.#waiting = undefined;
      return undefined;
    }
    this.#queue.push(response);
    this.#hold ??= deferred();
    return this.#hold.promise;
  }

  failed(error: unknown): void {
    if (this.#state !== 'running') return;
    if (this.#waiting === undefined) {
      this.#state = 'failed';
      this.#error = error;
    } else {
      this.#state = 'ended';
      this.#waiting.reject(error);
      this.#waiting = undefined;
    }
    this.#letGo();
  }

  #letGo(): void {
    this.#hold?.resolve();
    this.#hold = undefined;
  }
}

const END: IteratorResult<never, undefined> = { done: true, value: undefined };
