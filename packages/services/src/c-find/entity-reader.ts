/**
 * Takes entities from a source one at a time, and lets go of it when nobody wants them any more.
 */

/** What was taken: `over` when there is no more, or no more is wanted. */
export type Taken<Entity> = { readonly isOver: false; readonly entity: Entity } | { readonly isOver: true };

/** Reads an iterable until its end, or until the signal fires: then also in the middle of waiting for it. */
export class EntityReader<Entity> {
  readonly #iterator: Iterator<Entity> | AsyncIterator<Entity>;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  #wake: () => void = () => undefined;
  #isOver = false;

  /** @throws what the iterable throws when it is begun. */
  constructor(entities: Iterable<Entity> | AsyncIterable<Entity>, signal: AbortSignal) {
    this.#iterator = Symbol.asyncIterator in entities ? entities[Symbol.asyncIterator]() : entities[Symbol.iterator]();
    this.#signal = signal;
    // One listener for the whole of it: what waits on a signal that lives long would pile up.
    this.#onAbort = () => this.#wake();
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The next one. @throws what the source throws. */
  async next(): Promise<Taken<Entity>> {
    if (this.#isOver || this.#signal.aborted) return this.#over();
    const asked = this.#iterator.next();
    const result = 'then' in asked ? await this.#orAbort(asked) : asked;
    if (result === undefined) return this.#over();
    if (result.done === true) {
      this.#isOver = true;
      return this.#over();
    }
    return { isOver: false, entity: result.value };
  }

  /** Nothing more is wanted. A source that is at work, or hangs, is not waited for. */
  leave(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      const left = this.#iterator.return?.();
      if (left !== undefined && 'then' in left) void left.then(undefined, () => undefined);
    } catch {
      // It was left: whatever it has to say, nobody listens any more.
    }
  }

  #over(): Taken<Entity> {
    this.leave();
    return { isOver: true };
  }

  #orAbort(asked: PromiseLike<IteratorResult<Entity>>): Promise<IteratorResult<Entity> | undefined> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(undefined);
      asked.then(resolve, reject);
    });
  }
}
