import type { Association, NegotiatedContext } from '@dicomwire/ul';
import type { RequestCommand, ResponseCommand } from '../command/types.js';
import { type OperationFacts, operationChannel } from '../diagnostics.js';

/** Announces the beginning and the end of one operation. Made by {@link watchOperation} when somebody listens. */
export class OperationWatch {
  readonly #facts: OperationFacts;
  readonly #startedAt: number;
  #pendingResponses = 0;
  #response: ResponseCommand | undefined;
  #error: unknown;
  #isOver = false;

  constructor(facts: OperationFacts) {
    this.#facts = facts;
    this.#startedAt = facts.association.clock.now();
    operationChannel.publish({ ...facts, event: 'start' });
  }

  /** A response went out or came in. */
  responded(response: ResponseCommand, isFinal: boolean): void {
    if (isFinal) this.#response = response;
    else this.#pendingResponses++;
  }

  /** The handler failed, or the call did. */
  failed(error: unknown): void {
    this.#error ??= error;
  }

  /** Nothing more will happen. */
  ended(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    operationChannel.publish({
      ...this.#facts,
      event: 'end',
      response: this.#response,
      pendingResponses: this.#pendingResponses,
      durationMs: this.#facts.association.clock.now() - this.#startedAt,
      error: this.#error,
    });
  }
}

/** @returns `undefined` when nobody listens. */
export function watchOperation(
  role: OperationFacts['role'],
  association: Association,
  context: NegotiatedContext,
  command: RequestCommand,
): OperationWatch | undefined {
  return operationChannel.hasSubscribers ? new OperationWatch({ role, association, context, command }) : undefined;
}
