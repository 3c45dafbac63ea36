/**
 * What leaves: messages one after another, never interleaved, each as a command followed by its data set. PS3.7 6.3.1, PS3.8 Annex E.
 */
import type { Association } from '@dicomwire/ul';
import type { CommandSet } from '../command/types.js';
import { type Deferred, deferred } from '../deferred.js';
import { DimseError } from '../errors.js';
import { ChunkSource } from './chunk-source.js';
import { Fragmenter } from './fragmenter.js';
import type { DataSetSource, DataSetStream } from './types.js';

/** A message to send, and who wants to know how it goes. */
export interface OutgoingMessage {
  readonly contextId: number;
  readonly command: CommandSet;
  /** `command`, encoded. */
  readonly commandBytes: Uint8Array;
  /** Present exactly when the command announces a data set. */
  readonly dataSet: DataSetSource | undefined;
  /** True when more of its kind follow: it need not leave before the end of the turn, and may leave with them. Default: false. */
  readonly isFollowed?: boolean | undefined;
  /** Bytes of the data set handed over so far. */
  progressed(sentBytes: number): void;
  /** The last fragment was handed to the association: from now on the peer may answer. */
  handedOver(): void;
  /** The association is ready for the next message. */
  finished(): void;
  /** It was not, or not wholly, sent. */
  failed(error: unknown): void;
}

/** Is told what leaves; never throws. */
export interface OutboxWatch {
  /** The command of a message was handed to the association. */
  commandSent(message: OutgoingMessage): void;
  /** A message whose command was is over; `isWhole` is false when the rest of it will never be sent. */
  messageEnded(message: OutgoingMessage, dataSetBytes: number, isWhole: boolean): void;
}

/** Sends messages over one association. */
export class Outbox {
  readonly #association: Association;
  readonly #watch: OutboxWatch;
  readonly #queue: OutgoingMessage[] = [];
  #current: OutgoingMessage | undefined;
  #ended: Error | undefined;
  #congestion: Deferred<void> | undefined;
  /** Whether any part of the current message was sent. */
  #isBegun = false;
  /** Bytes of its data set that were. */
  #dataSetBytes = 0;
  #closeSource: (() => void) | undefined;

  constructor(association: Association, watch: OutboxWatch) {
    this.#association = association;
    this.#watch = watch;
  }

  /** Sends a message once those before it are out; at once, in the same turn, when there are none. */
  send(message: OutgoingMessage): void {
    this.#queue.push(message);
    this.#advance();
  }

  /** The same, ahead of what waits. */
  sendFirst(message: OutgoingMessage): void {
    this.#queue.unshift(message);
    this.#advance();
  }

  /** While many messages wait, a promise that resolves when none does: what makes more of them should not be read meanwhile. */
  get congestion(): Promise<void> | undefined {
    if (this.#queue.length > CONGESTED_MESSAGES) this.#congestion ??= deferred();
    return this.#congestion?.promise;
  }

  /** Takes back a message that still waits. @returns false when it is on its way. */
  remove(message: OutgoingMessage): boolean {
    const index = this.#queue.indexOf(message);
    if (index !== -1) this.#queue.splice(index, 1);
    return index !== -1;
  }

  /** The association is over: nothing will be sent any more. */
  end(error: Error): void {
    this.#ended ??= error;
    const current = this.#current;
    this.#current = undefined;
    this.#closeSource?.();
    this.#closeSource = undefined;
    if (current !== undefined && this.#isBegun) this.#watch.messageEnded(current, this.#dataSetBytes, false);
    current?.failed(error);
    for (const message of this.#queue.splice(0)) message.failed(error);
    this.#relax();
  }

  #relax(): void {
    this.#congestion?.resolve();
    this.#congestion = undefined;
  }

  /** Command and data set leave with one write, which need not wait for the end of the turn unless more of their kind follow. */
  #advance(): void {
    if (this.#current !== undefined) return;
    if (this.#queue[0]?.isFollowed === true) {
      this.#sendWaiting();
      return;
    }
    this.#association.cork();
    try {
      this.#sendWaiting();
    } finally {
      this.#association.uncork();
    }
  }

  #sendWaiting(): void {
    while (this.#current === undefined) {
      const message = this.#queue.shift();
      if (message === undefined) {
        this.#relax();
        return;
      }
      if (this.#ended !== undefined) {
        message.failed(this.#ended);
        continue;
      }
      this.#current = message;
      const rest = this.#transmit(message);
      if (rest !== undefined) {
        void rest.then((isSent) => this.#conclude(message, isSent));
        return;
      }
      this.#current = undefined;
      // What follows is done while the peer reads.
      if (this.#queue.length === 0 && message.isFollowed !== true) void this.#association.flushed();
      this.#finish(message);
    }
  }

  #conclude(message: OutgoingMessage, isSent: boolean): void {
    if (this.#current !== message) return;
    this.#current = undefined;
    if (isSent) this.#finish(message);
    this.#advance();
  }

  #finish(message: OutgoingMessage): void {
    this.#watch.messageEnded(message, this.#dataSetBytes, true);
    message.finished();
  }

  /** Sends as much as possible in this turn. @returns a promise when there is more to do: true when all was sent; never rejects. */
  #transmit(message: OutgoingMessage): undefined | Promise<boolean> {
    const { dataSet } = message;
    if (dataSet !== undefined && isStream(dataSet)) return this.#transmitStream(message, dataSet);
    let wait: undefined | Promise<void>;
    try {
      wait = this.#sendCommand(message);
      if (dataSet === undefined) {
        message.handedOver();
      } else {
        const views = dataSet instanceof Uint8Array ? [dataSet] : dataSet;
        wait = this.#sendViews(message, views, wait);
      }
    } catch (error) {
      this.#fail(message, error);
      return NOT_SENT;
    }
    return wait?.then(sent, (error: unknown) => this.#fail(message, error));
  }

  #sendCommand(message: OutgoingMessage): undefined | Promise<void> {
    this.#isBegun = false;
    this.#dataSetBytes = 0;
    const { commandBytes, contextId } = message;
    const limit = this.#association.maximumFragmentLength;
    let wait: undefined | Promise<void>;
    for (let at = 0; at < commandBytes.byteLength; at += limit) {
      const isLast = at + limit >= commandBytes.byteLength;
      const fragment = isLast && at === 0 ? commandBytes : commandBytes.subarray(at, at + limit);
      // A command is a few fragments even with the smallest peer; only what follows it waits.
      wait = this.#association.send(contextId, true, isLast, fragment) ?? wait;
      this.#isBegun = true;
    }
    this.#watch.commandSent(message);
    return wait;
  }

  #sendViews(
    message: OutgoingMessage,
    views: readonly Uint8Array[],
    before: undefined | Promise<void>,
  ): undefined | Promise<void> {
    const fragmenter = new Fragmenter(this.#association.maximumFragmentLength, totalLength(views));
    if (before !== undefined) return this.#sendViewsAfter(before, message, views, 0, fragmenter);
    for (let index = 0; index < views.length; index++) {
      fragmenter.add(views[index] ?? new Uint8Array(0));
      const wait = this.#drain(message, fragmenter);
      if (wait !== undefined) return this.#sendViewsAfter(wait, message, views, index + 1, fragmenter);
    }
    return this.#drain(message, fragmenter);
  }

  async #sendViewsAfter(
    wait: Promise<void>,
    message: OutgoingMessage,
    views: readonly Uint8Array[],
    from: number,
    fragmenter: Fragmenter,
  ): Promise<void> {
    await wait;
    await this.#drain(message, fragmenter);
    for (let index = from; index < views.length; index++) {
      fragmenter.add(views[index] ?? new Uint8Array(0));
      const next = this.#drain(message, fragmenter);
      if (next !== undefined) await next;
    }
    await this.#drain(message, fragmenter);
  }

  /** Sends the fragments that are ready; a promise only when the association asks to wait. */
  #drain(message: OutgoingMessage, fragmenter: Fragmenter): undefined | Promise<void> {
    for (let fragment = fragmenter.take(); fragment !== undefined; fragment = fragmenter.take()) {
      const wait = this.#sendFragment(message, fragmenter, fragment);
      if (wait !== undefined) return this.#drainAfter(wait, message, fragmenter);
    }
    return undefined;
  }

  async #drainAfter(wait: Promise<void>, message: OutgoingMessage, fragmenter: Fragmenter): Promise<void> {
    await wait;
    for (let fragment = fragmenter.take(); fragment !== undefined; fragment = fragmenter.take()) {
      const next = this.#sendFragment(message, fragmenter, fragment);
      if (next !== undefined) await next;
    }
  }

  #sendFragment(message: OutgoingMessage, fragmenter: Fragmenter, fragment: Uint8Array): undefined | Promise<void> {
    const { isLast } = fragmenter;
    const wait = this.#association.send(message.contextId, false, isLast, fragment);
    this.#dataSetBytes += fragment.byteLength;
    message.progressed(this.#dataSetBytes);
    if (isLast) message.handedOver();
    return wait;
  }

  /** The first chunk is asked for before anything is sent: a source that can't be opened does no harm to the association. */
  async #transmitStream(message: OutgoingMessage, stream: DataSetStream): Promise<boolean> {
    this.#isBegun = false;
    const source = new ChunkSource(stream);
    this.#closeSource = () => source.close();
    try {
      const fragmenter = new Fragmenter(
        this.#association.maximumFragmentLength,
        stream.byteLength,
        stream.reusesBuffers === true,
      );
      let chunk = await source.next();
      if (this.#current !== message) return false;
      await this.#sendCommand(message);
      while (chunk !== undefined) {
        fragmenter.add(chunk);
        const wait = this.#drain(message, fragmenter);
        if (wait !== undefined) await wait;
        if (stream.reusesBuffers === true) await this.#association.flushed();
        chunk = await source.next();
        if (this.#current !== message) return false;
      }
      fragmenter.finish();
      await this.#drain(message, fragmenter);
      return true;
    } catch (error) {
      source.close();
      return this.#fail(message, error);
    } finally {
      if (this.#current === message) this.#closeSource = undefined;
    }
  }

  /** Half a message can't be taken back: the association ends with it. */
  #fail(message: OutgoingMessage, reason: unknown): false {
    if (this.#current !== message) return false;
    const error = reason instanceof DimseError ? reason : notSendable(reason);
    this.#current = undefined;
    if (!this.#isBegun) {
      message.failed(error);
      this.#advance();
      return false;
    }
    this.#ended ??= new DimseError('association-ended', 'Association aborted: half a message was sent', {
      cause: error,
    });
    this.#watch.messageEnded(message, this.#dataSetBytes, false);
    message.failed(error);
    this.#association.abort(0, 0, error);
    this.end(this.#ended);
    return false;
  }
}

const CONGESTED_MESSAGES = 64;
const NOT_SENT = Promise.resolve(false);
const sent = () => true;

function isStream(source: DataSetSource): source is DataSetStream {
  return 'chunks' in source;
}

function totalLength(views: readonly Uint8Array[]): number {
  let total = 0;
  for (const view of views) total += view.byteLength;
  return total;
}

/** The association takes nothing any more. */
function notSendable(reason: unknown): DimseError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return new DimseError('association-ended', `Message not sent: ${message}`, { cause: reason });
}
