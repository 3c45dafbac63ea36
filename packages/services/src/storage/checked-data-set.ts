/**
 * A data set on its way in whose beginning is compared with the command.
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
import { checkIdentity, type Identity } from './identity-check.js';

/**
 * An {@link IncomingDataSet} that fails with A900 when it is another instance than announced, and with C000 when it can't be
 * read as far as its SOP instance UID or names neither SOP class nor instance. Reading stops there: what follows passes at no cost.
 */
export class CheckedDataSet implements IncomingDataSet {
  readonly #dataSet: IncomingDataSet;
  readonly #announced: Required<Identity>;

  constructor(dataSet: IncomingDataSet, announced: Required<Identity>) {
    this.#dataSet = dataSet;
    this.#announced = announced;
  }

  get transferSyntax(): string {
    return this.#dataSet.transferSyntax;
  }

  get receivedBytes(): number {
    return this.#dataSet.receivedBytes;
  }

  async pipe(sink: DataSetSink, options?: ReadOptions): Promise<void> {
    const checking = new CheckingSink(this.#makeCheck(), sink);
    await this.#dataSet.pipe(checking, options);
    checking.check.end();
  }

  async bytes(options?: GatherOptions): Promise<Uint8Array> {
    const bytes = await this.#dataSet.bytes(options);
    const check = this.#makeCheck();
    if (!check.write(bytes)) check.end();
    return bytes;
  }

  async parse(options?: GatherOptions): Promise<DataSet> {
    const dataSet = await this.#dataSet.parse(options);
    compare(this.#announced, dataSet);
    return dataSet;
  }

  discard(options?: ReadOptions): Promise<void> {
    return this.#dataSet.discard(options);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const check = this.#makeCheck();
    for await (const fragment of this.#dataSet) {
      check.write(fragment);
      yield fragment;
    }
    check.end();
  }

  #makeCheck(): IdentityReader {
    return new IdentityReader(this.#dataSet.transferSyntax, this.#announced);
  }
}

class CheckingSink implements DataSetSink {
  readonly check: IdentityReader;
  readonly #sink: DataSetSink;
  #isChecked = false;

  constructor(check: IdentityReader, sink: DataSetSink) {
    this.check = check;
    this.#sink = sink;
  }

  write(data: Uint8Array): undefined | Promise<void> {
    if (!this.#isChecked) this.#isChecked = this.check.write(data);
    return this.#sink.write(data);
  }
}

/** Reads a data set up to its SOP instance UID, and compares. */
class IdentityReader {
  readonly #announced: Required<Identity>;
  readonly #parser: DataSetStreamParser | undefined;

  constructor(transferSyntax: string, announced: Required<Identity>) {
    this.#announced = announced;
    // How a private transfer syntax encodes is not known: nothing is compared.
    const isKnown = transferSyntaxInfo(transferSyntax) !== undefined;
    this.#parser = isKnown ? new DataSetStreamParser({ transferSyntax, stopBefore: afterSopInstanceUid }) : undefined;
  }

  /** @returns true when everything is compared. @throws StatusError A900, C000. */
  write(data: Uint8Array): boolean {
    const parser = this.#parser;
    if (parser === undefined || parser.isComplete) return true;
    try {
      if (!parser.write(data)) return false;
    } catch (error) {
      throw unreadable(error);
    }
    compare(this.#announced, parser.dataSet);
    return true;
  }

  /** The data set has ended. @throws StatusError A900, C000. */
  end(): void {
    const parser = this.#parser;
    if (parser === undefined || parser.isComplete) return;
    try {
      parser.end();
    } catch (error) {
      throw unreadable(error);
    }
    compare(this.#announced, parser.dataSet);
  }
}

/** Bytes that are no data set at all may well look like one without these two, which every instance has. */
function compare(announced: Required<Identity>, dataSet: DataSet): void {
  const identity = { sopClassUid: dataSet.text(sopClassUidTag), sopInstanceUid: dataSet.text(sopInstanceUidTag) };
  if (identity.sopClassUid === undefined && identity.sopInstanceUid === undefined) {
    throw new StatusError(cannotUnderstand, 'The data set names neither SOP class nor SOP instance');
  }
  checkIdentity(announced, identity);
}

function unreadable(error: unknown): StatusError {
  return new StatusError(cannotUnderstand, 'The data set can not be parsed', { cause: error });
}

const sopClassUidTag = 0x00080016;
const sopInstanceUidTag = 0x00080018;
const afterSopInstanceUid = 0x00080019;

/** PS3.4 B.2.3: "Error: Cannot understand". */
const cannotUnderstand = 0xc000;
