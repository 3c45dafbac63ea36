/** Hands what arrives to the receiver and keeps account of what it has not finished with. */
import type { AssociationEnd, FragmentReceiver } from './types.js';
import { tell, toError } from './user-code.js';

/** What an {@link Inbox} asks of the connection. */
export interface InboxFlow {
  /** Over the budget: read no more. */
  pause(): void;
  /** Something was finished with while paused. */
  progressed(): void;
  /** Below half of the budget again. */
  resume(): void;
  /** The receiver threw, or its promise was rejected. */
  receiverFailed(error: Error): void;
}

/** One per association. */
export class Inbox {
  #receiver: FragmentReceiver | undefined;
  #waiting: Fragment[] = [];
  #end: AssociationEnd | undefined;
  #heldBytes = 0;
  #isPaused = false;
  readonly #budgetBytes: number;
  readonly #flow: InboxFlow;

  constructor(budgetBytes: number, flow: InboxFlow) {
    this.#budgetBytes = budgetBytes;
    this.#flow = flow;
  }

  /** A fragment arrived. No promise, no closure unless the receiver returns one. */
  deliver(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void {
    if (this.#receiver === undefined) {
      this.#waiting.push({ contextId, isCommand, isLast, data });
      this.#hold(data.length + overheadBytes);
    } else this.#hand(this.#receiver, contextId, isCommand, isLast, data);
  }

  /** Sets the receiver, which gets what has waited for it. */
  setReceiver(receiver: FragmentReceiver): boolean {
    if (this.#receiver !== undefined) return false;
    this.#receiver = receiver;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { contextId, isCommand, isLast, data } of waiting) {
      this.#hand(receiver, contextId, isCommand, isLast, data);
      this.#free(data.length + overheadBytes);
    }
    const end = this.#end;
    if (end !== undefined) tell(() => receiver.ended(end));
    return true;
  }

  /** Whether the receiver wants to know that the peer asked for release. */
  releaseRequested(): void {
    try {
      this.#receiver?.releaseRequested?.();
    } catch (error) {
      this.#flow.receiverFailed(toError(error));
    }
  }

  /** Nothing follows. What is still held no longer keeps the connection from reading: that finds the peer's close. */
  ended(end: AssociationEnd): void {
    this.#end = end;
    this.#isPaused = false;
    tell(() => this.#receiver?.ended(end));
  }

  #hand(receiver: FragmentReceiver, contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void {
    let pending: undefined | Promise<void>;
    try {
      pending = receiver.fragment(contextId, isCommand, isLast, data);
    } catch (error) {
      this.#flow.receiverFailed(toError(error));
      return;
    }
    if (pending !== undefined) this.#await(pending, data.length + overheadBytes);
  }

  #await(pending: Promise<void>, bytes: number): void {
    this.#hold(bytes);
    pending.then(
      () => this.#free(bytes),
      (error: unknown) => {
        this.#free(bytes);
        this.#flow.receiverFailed(toError(error));
      },
    );
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#isPaused || this.#end !== undefined || this.#heldBytes <= this.#budgetBytes) return;
    this.#isPaused = true;
    this.#flow.pause();
  }

  #free(bytes: number): void {
    this.#heldBytes -= bytes;
    if (!this.#isPaused) return;
    if (this.#heldBytes > this.#budgetBytes / 2) {
      this.#flow.progressed();
    } else {
      this.#isPaused = false;
      this.#flow.resume();
    }
  }
}

interface Fragment {
  readonly contextId: number;
  readonly isCommand: boolean;
  readonly isLast: boolean;
  readonly data: Uint8Array;
}

/** What keeping a fragment costs beside its bytes, so that a flood of empty ones is bounded too. */
const overheadBytes = 64;
