/**
 * The way out: whole PDUs are queued and leave together, in one `writev` where the stream has one.
 *
 * P-DATA headers, and data so short that a view costs more than a copy, are laid one after the other in a slab; longer data stays where
 * it is. Only one batch is with the stream at a time, so that what is not yet with it can still be dropped by an abort.
 */
import type { Duplex } from 'node:stream';
import { encodePDataHeader, P_DATA_HEADER_BYTES } from '@dicomwire/pdu';

/** What an {@link Outbox} tells the connection. */
export interface OutboxFlow {
  /** A batch is with the stream, and the peer has not taken it at once. */
  writeBegan(): void;
  /** The last batch was handed to the operating system. */
  writeDone(): void;
}

/** One per connection. */
export class Outbox {
  readonly #stream: Duplex;
  readonly #flow: OutboxFlow;
  #parts: Uint8Array[] = [];
  #slab: Uint8Array = emptySlab;
  /** What lies in the slab and is not yet among the parts. */
  #slabStart = 0;
  #slabEnd = 0;

  /** Bytes since the beginning: queued, given to the stream, known to be with the operating system. */
  #queued = 0;
  #given = 0;
  #done = 0;
  #batches = 0;
  #batchesDone = 0;
  #isScheduled = false;
  #corks = 0;
  #failure: (() => Error) | undefined;
  #drain: Deferred | undefined;
  #waiters: { readonly until: number; readonly deferred: Deferred }[] = [];

  constructor(stream: Duplex, flow: OutboxFlow) {
    this.#stream = stream;
    this.#flow = flow;
  }

  /** Bytes queued and not yet handed to the operating system. */
  get queuedBytes(): number {
    return this.#queued - this.#done;
  }

  /** Bytes handed to the operating system since the beginning. */
  get sentBytes(): number {
    return this.#done;
  }

  /** Queues a P-DATA-TF with one presentation data value. `undefined`: go on; else wait. */
  pushData(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): undefined | Promise<void> {
    const length = data.length;
    const isCopied = length <= copiedBytes;
    const needed = isCopied ? P_DATA_HEADER_BYTES + length : P_DATA_HEADER_BYTES;
    if (this.#slabEnd + needed > this.#slab.length) this.#renewSlab();
    encodePDataHeader(contextId, isCommand, isLast, length, this.#slab, this.#slabEnd);
    if (isCopied) this.#slab.set(data, this.#slabEnd + P_DATA_HEADER_BYTES);
    this.#slabEnd += needed;
    if (!isCopied) {
      this.#cutSlab();
      this.#parts.push(data);
    }
    this.#queued += P_DATA_HEADER_BYTES + length;
    return this.#pushed();
  }

  /** Queues a whole PDU. */
  push(pdu: Uint8Array): void {
    this.#cutSlab();
    this.#parts.push(pdu);
    this.#queued += pdu.length;
    this.#pushed();
  }

  /** Drops what is not yet with the stream: whole PDUs, so that the next one still begins where the peer expects it. */
  discardUnsent(): void {
    this.#parts = [];
    this.#slabStart = this.#slabEnd;
    this.#queued = this.#given;
  }

  /** Resolves once everything queued so far is with the operating system. */
  flushed(): Promise<void> {
    this.flush();
    if (this.#failure === undefined && this.#done >= this.#queued) return resolved;
    const deferred = defer();
    if (this.#failure === undefined) this.#waiters.push({ until: this.#queued, deferred });
    else deferred.reject(this.#failure());
    return deferred.promise;
  }

  /** Nobody will take anything any more: whoever waits is told. */
  fail(error: () => Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#drain?.reject(error());
    this.#drain = undefined;
    for (const { deferred } of this.#waiters) deferred.reject(error());
    this.#waiters = [];
  }

  /** What is queued until {@link uncork} leaves then: nobody needs to see to it at the end of the turn. May be nested. */
  cork(): void {
    this.#corks++;
  }

  /** The end of {@link cork}. */
  uncork(): void {
    if (--this.#corks === 0 && this.#queued > this.#given) this.flush();
  }

  /** Hands what is ready to the stream, unless it still has a batch. */
  flush(): void {
    if (this.#queued === this.#given || this.#batches > this.#batchesDone || this.#stream.destroyed) return;
    this.#cutSlab();
    const parts = this.#parts;
    this.#parts = [];
    this.#given = this.#queued;
    const batch = ++this.#batches;
    const stream = this.#stream;
    const last = parts.length - 1;
    if (last > 0) stream.cork();
    for (let index = 0; index < last; index++) stream.write(parts[index]);
    stream.write(parts[last], (error) => {
      if (error === null || error === undefined) this.#batchDone(batch);
    });
    if (last > 0) stream.uncork();
    // The operating system mostly takes all of it at once; then there's no need to wait for the callback.
    if (stream.writableLength === 0) this.#batchDone(batch);
    else this.#flow.writeBegan();
  }

  #pushed(): undefined | Promise<void> {
    if (this.#queued - this.#given >= batchBytes) this.flush();
    else if (this.#corks === 0 && !this.#isScheduled) {
      this.#isScheduled = true;
      process.nextTick(flushScheduled, this);
    }
    if (this.#queued - this.#done <= sendBudgetBytes) return undefined;
    this.#drain ??= defer();
    return this.#drain.promise;
  }

  /** End of the turn. */
  flushAtEndOfTurn(): void {
    this.#isScheduled = false;
    this.flush();
  }

  #batchDone(batch: number): void {
    if (batch <= this.#batchesDone) return;
    this.#batchesDone = batch;
    this.#done = this.#given;
    this.#flow.writeDone();
    while (this.#waiters.length > 0 && (this.#waiters[0]?.until ?? 0) <= this.#done) {
      this.#waiters.shift()?.deferred.resolve();
    }
    if (this.#queued > this.#given) this.flush();
    if (this.#drain !== undefined && this.#queued - this.#done <= sendBudgetBytes / 2) {
      this.#drain.resolve();
      this.#drain = undefined;
    }
  }

  #cutSlab(): void {
    if (this.#slabStart === this.#slabEnd) return;
    this.#parts.push(this.#slab.subarray(this.#slabStart, this.#slabEnd));
    this.#slabStart = this.#slabEnd;
  }

  #renewSlab(): void {
    this.#cutSlab();
    this.#slab = Buffer.allocUnsafeSlow(slabBytes);
    this.#slabStart = 0;
    this.#slabEnd = 0;
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

/** Its rejection is for whoever looks; it's no accident when nobody does. */
function defer(): Deferred {
  let resolve: () => void = ignore;
  let reject: (error: Error) => void = ignore;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(ignore);
  return { promise, resolve, reject };
}

function ignore(): void {}

function flushScheduled(outbox: Outbox): void {
  outbox.flushAtEndOfTurn();
}

const resolved = Promise.resolve();

/** What is ready leaves when it reaches this, else at the end of the turn. */
const batchBytes = 0x40000;

/** Over this, `send` asks to be waited for: one batch with the stream and one ready. */
const sendBudgetBytes = 2 * batchBytes;

/** Data up to this length is copied behind its header: one part to write in place of two. */
const copiedBytes = 512;

/** Room for the headers and short data of many PDUs; a slab lives as long as the longest of them. */
const slabBytes = 0x4000;

const emptySlab = new Uint8Array(0);
