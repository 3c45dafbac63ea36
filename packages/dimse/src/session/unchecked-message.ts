import type { Association } from '@dicomwire/ul';
import { decodeCommandSet } from '../command/decode.js';
import { writeCommandSet } from '../command/encode.js';
import type { CommandSet } from '../command/types.js';
import { DimseError } from '../errors.js';
import { encodedSource } from '../message/encoded-data-set.js';
import type { OutgoingMessage } from '../message/outbox.js';
import type { DataSetSource } from '../message/types.js';
import type { RawMessage } from './raw-message.js';

/** A message of the user's making on its way out. */
export class UncheckedMessage implements OutgoingMessage {
  readonly contextId: number;
  readonly commandBytes: Uint8Array;
  readonly dataSet: DataSetSource | undefined;
  readonly #finished: () => void;
  readonly #failed: (error: unknown) => void;
  #command: CommandSet | undefined;

  /** @throws DimseError when it can't be sent. */
  constructor(
    { negotiated, calledAeTitle }: Association,
    { contextId, command, dataSet }: RawMessage,
    finished: () => void,
    failed: (error: unknown) => void,
  ) {
    const context = negotiated.contexts.get(contextId);
    if (context?.result !== 0) {
      throw new DimseError('no-context', `${calledAeTitle} accepted no presentation context ${contextId}`);
    }
    this.contextId = contextId;
    this.dataSet = dataSet === undefined ? undefined : encodedSource(dataSet, context.transferSyntax ?? '', 'write');
    this.#finished = finished;
    this.#failed = failed;
    if (command instanceof Uint8Array) {
      if (command.byteLength === 0 || command.byteLength % 2 === 1) {
        throw new DimseError('invalid-command', `A command set can't have ${command.byteLength} bytes`);
      }
      this.commandBytes = command;
    } else {
      this.#command = { ...command, hasDataSet: dataSet !== undefined };
      this.commandBytes = writeCommandSet(this.#command);
    }
  }

  /** For those who watch; bytes that make no command set are of a command field that does not exist. */
  get command(): CommandSet {
    this.#command ??= readable(this.commandBytes);
    return this.#command;
  }

  progressed(): void {
    // The sender is told when all of it was sent.
  }

  handedOver(): void {
    // No response is waited for.
  }

  finished(): void {
    this.#finished();
  }

  failed(error: unknown): void {
    this.#failed(error);
  }
}

function readable(bytes: Uint8Array): CommandSet {
  try {
    return decodeCommandSet(bytes);
  } catch (error) {
    const received = error instanceof DimseError ? error.received : undefined;
    return received ?? { type: 'unknown', commandField: 0, hasDataSet: false };
  }
}
