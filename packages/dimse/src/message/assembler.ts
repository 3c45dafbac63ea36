/**
 * Fragments into messages: gathers the command set, passes the data set on as it comes. PS3.7 6.3.1, PS3.8 Annex E.
 */
import { decodeCommandSet } from '../command/decode.js';
import type { CommandSet } from '../command/types.js';
import { DimseError } from '../errors.js';

/** Takes the fragments of one data set. */
export interface DataSetReceiver {
  /** True while fragments wait for someone to take them; then the peer is not to blame for silence. */
  readonly isHeld: boolean;
  /** A fragment; the promise keeps its bytes on the association's account. Never throws, never rejects. */
  fragment(data: Uint8Array, isLast: boolean): undefined | Promise<void>;
  /** The rest will not come. */
  fail(error: Error): void;
}

/** Takes assembled messages. */
export interface MessageReceiver {
  /** A command set, and who takes the data set if it announces one (`undefined`: nobody, it is discarded). */
  command(contextId: number, command: CommandSet): DataSetReceiver | undefined;
  /** A command set without what its message requires; `received` of the error says what is there. */
  unreadable(contextId: number, error: DimseError): DataSetReceiver | undefined;
  /** Fragments in an order that makes no message; nothing is read any more. */
  violated(error: DimseError): void;
}

const INITIAL_BYTES = 512;
const NO_BYTES = new Uint8Array(0);

/** Assembles the messages of one association. */
export class MessageAssembler {
  readonly #receiver: MessageReceiver;
  readonly #maximumCommandBytes: number;
  #expects: 'command' | 'rest of command' | 'data set' | 'nothing' = 'command';
  #contextId = 0;
  #gathered: Uint8Array = NO_BYTES;
  #gatheredBytes = 0;
  #dataSet: DataSetReceiver | undefined;
  #dataSetBytes = 0;

  constructor(receiver: MessageReceiver, maximumCommandBytes: number) {
    this.#receiver = receiver;
    this.#maximumCommandBytes = maximumCommandBytes;
  }

  /** True when part of a message is here and part is not. */
  get isMidMessage(): boolean {
    return this.#expects === 'rest of command' || this.#expects === 'data set';
  }

  /** Length of the data set of the last message, as far as it is here, bytes. */
  get dataSetBytes(): number {
    return this.#dataSetBytes;
  }

  /** True while the data set on its way waits for someone to take it. */
  get isHeld(): boolean {
    return this.#dataSet?.isHeld === true;
  }

  /** True when the data set on its way is that one. */
  isReceiving(dataSet: DataSetReceiver | undefined): boolean {
    return dataSet !== undefined && this.#dataSet === dataSet;
  }

  /** One fragment. `data` is not kept. */
  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): undefined | Promise<void> {
    if (this.#expects === 'nothing') return undefined;
    if (this.isMidMessage && contextId !== this.#contextId) {
      return this.#violated(`presentation context ${contextId} inside a message on context ${this.#contextId}`);
    }
    if (isCommand) {
      if (this.#expects === 'data set') return this.#violated('a command where a data set has to follow');
      this.#contextId = contextId;
      return this.#commandFragment(isLast, data);
    }
    if (this.#expects !== 'data set') return this.#violated('a data set without a command');
    this.#dataSetBytes += data.byteLength;
    const dataSet = this.#dataSet;
    if (isLast) {
      this.#expects = 'command';
      this.#dataSet = undefined;
    }
    return dataSet?.fragment(data, isLast);
  }

  /** No more fragments: the association is over, or the message stalled. */
  end(error: Error): void {
    this.#expects = 'nothing';
    this.#gathered = NO_BYTES;
    const dataSet = this.#dataSet;
    this.#dataSet = undefined;
    dataSet?.fail(error);
  }

  #commandFragment(isLast: boolean, data: Uint8Array): undefined {
    if (this.#gatheredBytes + data.byteLength > this.#maximumCommandBytes) {
      const message = `Command set of more than ${this.#maximumCommandBytes} bytes`;
      this.#stop(new DimseError('command-too-large', message));
      return;
    }
    if (!isLast) {
      this.#expects = 'rest of command';
      this.#gather(data);
      return;
    }
    if (this.#gatheredBytes === 0) {
      this.#complete(data);
      return;
    }
    this.#gather(data);
    const bytes = this.#gathered.subarray(0, this.#gatheredBytes);
    this.#gathered = NO_BYTES;
    this.#gatheredBytes = 0;
    this.#complete(bytes);
  }

  #gather(data: Uint8Array): void {
    const needed = this.#gatheredBytes + data.byteLength;
    if (needed > this.#gathered.byteLength) {
      const larger = new Uint8Array(Math.max(needed, INITIAL_BYTES, 2 * this.#gathered.byteLength));
      larger.set(this.#gathered.subarray(0, this.#gatheredBytes));
      this.#gathered = larger;
    }
    this.#gathered.set(data, this.#gatheredBytes);
    this.#gatheredBytes = needed;
  }

  /** The state stands before anyone is called: the receiver may end the association in the call. */
  #complete(bytes: Uint8Array): void {
    this.#expects = 'command';
    this.#dataSetBytes = 0;
    let command: CommandSet;
    try {
      command = decodeCommandSet(bytes);
    } catch (error) {
      if (!(error instanceof DimseError)) throw error;
      if (error.received === undefined) {
        this.#stop(error);
        return;
      }
      const dataSet = this.#receiver.unreadable(this.#contextId, error);
      this.#expectDataSet(error.received.hasDataSet, dataSet);
      return;
    }
    this.#expectDataSet(command.hasDataSet, this.#receiver.command(this.#contextId, command));
  }

  #expectDataSet(hasDataSet: boolean, dataSet: DataSetReceiver | undefined): void {
    if (!hasDataSet || this.#expects === 'nothing') return;
    this.#expects = 'data set';
    this.#dataSet = dataSet;
  }

  #violated(what: string): undefined {
    this.#stop(new DimseError('message-sequence', `Fragments out of sequence: ${what}`));
  }

  #stop(error: DimseError): void {
    this.end(error);
    this.#receiver.violated(error);
  }
}
