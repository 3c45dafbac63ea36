/**
 * Messages as they pass between a session and those who use it: the data set to send, the data set that arrives,
 * and the responses in either direction. PS3.7 6.3.
 */
import type { NegotiatedContext } from '@dicomwire/ul';
import type { CommandFields } from '../command/fields.js';
import type { MESSAGES } from '../command/messages.js';
import type { ResponseCommand, ResponseType } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import type { ResponseStatus } from '../response-status.js';

/**
 * A data set to send, already encoded in the transfer syntax of its presentation context.
 *
 * Bytes, a list of views sent one after the other, or a stream. Total lengths that are odd gain one trailing zero byte.
 */
export type DataSetSource = Uint8Array | readonly Uint8Array[] | DataSetStream;

/** An encoded data set as a stream of chunks. */
export interface DataSetStream {
  /** Total length in bytes, if known. When unknown, one chunk is held back, since the last fragment has to be marked. */
  readonly byteLength?: number | undefined;
  /** True when a chunk's memory is used again after the next one was asked for; then each is flushed first. Default: false. */
  readonly reusesBuffers?: boolean | undefined;
  /** Called once when the message's turn has come. Chunks of any length; multiples of 16 kB or more are best. */
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Takes a data set's bytes as they arrive. */
export interface DataSetSink {
  /**
   * One fragment, a view that belongs to the sink until `write` returns or the promise it returned settles. Returning a promise
   * holds the bytes on the association's account (backpressure); the next fragments may come before it settles. Throwing or
   * rejecting stops the data set (its remaining fragments are discarded) and rejects {@link IncomingDataSet.pipe}.
   */
  write(data: Uint8Array): undefined | Promise<void>;
}

/** How a data set on its way in is read. */
export interface ReadOptions {
  /** Bytes that have passed so far, after each fragment; how many there will be nobody knows. What it throws stops the data set as a sink's error does. */
  readonly onProgress?: ((receivedBytes: number) => void) | undefined;
}

/** How a data set on its way in is gathered. */
export interface GatherOptions extends ReadOptions {
  /** Longest data set that is gathered, bytes. Default: 67108864. */
  readonly maxBytes?: number | undefined;
}

/** A data set on its way in; to be consumed once, in one of the four ways. What nobody consumes is discarded. */
export interface IncomingDataSet {
  readonly transferSyntax: string;
  /** Bytes received so far. */
  readonly receivedBytes: number;
  /**
   * Hands each fragment to the sink synchronously as it arrives: nothing is gathered, nothing copied.
   *
   * @returns a promise that resolves after the last fragment was taken and the sink's promises settled; rejects with the sink's
   * error, or with a {@link DimseError} when the association ends or the message stalls before.
   */
  pipe(sink: DataSetSink, options?: ReadOptions): Promise<void>;
  /** All bytes in one array. @throws DimseError `data-set-too-large` above `maxBytes`. */
  bytes(options?: GatherOptions): Promise<Uint8Array>;
  /** All of it, parsed in its transfer syntax. Same limit as {@link bytes}. */
  parse(options?: GatherOptions): Promise<DataSet>;
  /** Lets it pass unread. */
  discard(options?: ReadOptions): Promise<void>;
  /** Fragments as copies that may be kept; arrival waits for the reader. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
}

/**
 * The fields that a response of type `T` can have beside its status and what goes with it. UIDs, event and action type are those of the request
 * unless they are given.
 */
export type ResponseFields<T extends ResponseType = ResponseType> = {
  readonly [K in Exclude<(typeof MESSAGES)[T]['optional'][number], 'errorComment' | 'offendingElements' | 'errorId'>]?:
    | CommandFields[K]
    | undefined;
};

/** What a handler answers: status and response fields; message ID, context and UIDs are filled in by the session. */
export interface OutgoingResponse<T extends ResponseType = ResponseType> {
  readonly status: number;
  /** Cut to 64 characters on the wire. */
  readonly errorComment?: string | undefined;
  /** Tags, as numbers (0xGGGGEEEE). */
  readonly offendingElements?: readonly number[] | undefined;
  readonly errorId?: number | undefined;
  /** Other fields of the response's command set (sub-operation counters, event type ID, affected SOP instance UID, …). */
  readonly fields?: ResponseFields<T> | undefined;
  /** A data set, encoded for the request's context, or one to be encoded; never where the response has none. */
  readonly dataSet?: ((typeof MESSAGES)[T]['dataSet'] extends 'none' ? undefined : DataSetSource | DataSet) | undefined;
}

/** A response to a request of ours. */
export interface IncomingResponse<C extends ResponseCommand = ResponseCommand> {
  readonly command: C;
  readonly context: NegotiatedContext;
  /** The status of the command, with what it means to the service and the details that the peer gave. Worked out when asked for. */
  readonly status: ResponseStatus;
  /** Parsed if the command announced one; `undefined` otherwise. Responses' data sets are read whole (limit: `maxResponseDataSetBytes`). */
  readonly dataSet: DataSet | undefined;
}
