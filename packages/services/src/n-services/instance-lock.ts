/**
 * One at a time for each instance: two peers may change the same one at once, and the second has to see what the first did.
 */
export class InstanceLock {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` once everything that was asked for before under the same UID is over. */
  async run<T>(sopInstanceUid: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(sopInstanceUid) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(sopInstanceUid, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(sopInstanceUid) === mine) this.#last.delete(sopInstanceUid);
    }
  }
}
