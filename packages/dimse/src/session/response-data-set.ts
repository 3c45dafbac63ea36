import type { DataSet } from '../dataset/index.js';
import type { DimseError } from '../errors.js';
import type { DataSetReceiver } from '../message/assembler.js';
import { parseReceived } from '../message/encoded-data-set.js';
import { Gatherer } from '../message/gatherer.js';

/** Gathers the data set of a response, then hands it over parsed. */
export class ResponseDataSet implements DataSetReceiver {
  readonly isHeld = false;
  readonly #transferSyntax: string;
  readonly #arrived: (dataSet: DataSet | undefined, error: unknown) => undefined | Promise<void>;
  readonly #gatherer: Gatherer;
  #error: unknown;

  /** @param arrived - Called once, with the data set or with what is wrong with it; not when the association ends before. */
  constructor(
    transferSyntax: string,
    maximumBytes: number,
    arrived: (dataSet: DataSet | undefined, error: unknown) => undefined | Promise<void>,
  ) {
    this.#transferSyntax = transferSyntax;
    this.#arrived = arrived;
    this.#gatherer = new Gatherer(maximumBytes);
  }

  fragment(data: Uint8Array, isLast: boolean): undefined | Promise<void> {
    if (this.#error === undefined) {
      try {
        this.#gatherer.write(data);
      } catch (error) {
        this.#error = error;
      }
    }
    return isLast ? this.#complete() : undefined;
  }

  fail(_error: DimseError): void {
    // Its call is told by whoever ends the association.
  }

  #complete(): undefined | Promise<void> {
    if (this.#error !== undefined) return this.#arrived(undefined, this.#error);
    let dataSet: DataSet;
    try {
      dataSet = parseReceived(this.#gatherer.take(), this.#transferSyntax);
    } catch (error) {
      return this.#arrived(undefined, error);
    }
    return this.#arrived(dataSet, undefined);
  }
}

/** Reads a data set that nobody wants, then says so. */
export class DroppedDataSet implements DataSetReceiver {
  readonly isHeld = false;
  readonly #passed: () => undefined | Promise<void>;

  constructor(passed: () => undefined | Promise<void> = () => undefined) {
    this.#passed = passed;
  }

  fragment(_data: Uint8Array, isLast: boolean): undefined | Promise<void> {
    return isLast ? this.#passed() : undefined;
  }

  fail(): void {
    // Nobody waits for it.
  }
}
