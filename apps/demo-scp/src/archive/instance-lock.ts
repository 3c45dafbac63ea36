/**
 * One at a time for each instance: two associations may send the same one at once, and the second has to see what became of
 * the first.
 */
export class InstanceLock {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` once everything that was asked for before under the same UID is over. */
  async run<T>(sopInstanceUid: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(sopInstanceUid);
    const { promise: mine, resolve: done } = deferred();
    this.#last.set(sopInstanceUid, mine);
    try {
      if (before !== undefined) await before;
      return await work();
    } finally {
      done();
      if (this.#last.get(sopInstanceUid) === mine) this.#last.delete(sopInstanceUid);
    }
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}
