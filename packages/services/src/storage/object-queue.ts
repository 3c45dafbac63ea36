/**
 * Objects that wait to be sent, for as many associations as send them.
 */
import type { ObjectToSend } from './object-to-send.js';

/**
 * Objects in their order. Those that were on their way when a peer broke off, so that nobody knows which of them it was, are sent again one at
 * a time before others.
 */
export class ObjectQueue {
  readonly #objects: ObjectToSend[];
  #next = 0;
  /** Given back: to be sent before the others. */
  #again: ObjectToSend[] = [];
  #suspects: ObjectToSend[] = [];

  constructor(objects: readonly ObjectToSend[]) {
    this.#objects = [...objects];
  }

  /** How many there are. */
  get length(): number {
    return this.#suspects.length + this.#again.length + this.#objects.length - this.#next;
  }

  /** Whether there are some that are to be sent one at a time. */
  get hasSuspects(): boolean {
    return this.#suspects.length > 0;
  }

  /** The next one that may be sent beside others. */
  take(): ObjectToSend | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const object = this.#objects[this.#next];
    if (object !== undefined) this.#next += 1;
    return object;
  }

  /** The next one, if it is of a kind. */
  takeIf(isWanted: (object: ObjectToSend) => boolean): ObjectToSend | undefined {
    const next = this.#again[0] ?? this.#objects[this.#next];
    return next !== undefined && isWanted(next) ? this.take() : undefined;
  }

  /** The next one that is to be sent alone. */
  takeSuspect(): ObjectToSend | undefined {
    return this.#suspects.shift();
  }

  /** What was taken and not sent. */
  giveBack(objects: readonly ObjectToSend[]): void {
    this.#again = [...objects, ...this.#again];
  }

  /** What was taken and is to be sent again, alone. */
  suspect(objects: readonly ObjectToSend[]): void {
    this.#suspects = [...this.#suspects, ...objects];
  }

  /** Empties the queue. */
  takeAll(): readonly ObjectToSend[] {
    const all = [...this.#suspects, ...this.#again, ...this.#objects.slice(this.#next)];
    this.#suspects = [];
    this.#again = [];
    this.#next = this.#objects.length;
    return all;
  }
}
