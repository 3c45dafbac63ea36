/** Limits at the door: how many associations and connections there may be, and who holds them. */

/** Limits of a server. Each counts what is there now. */
export interface AdmissionLimits {
  /** Transport connections; what comes over it is closed at once. Default 1024. */
  readonly maxConnections?: number | undefined;
  /** Associations in all; what comes over it is answered RJ(2,3,2). Default 200. */
  readonly maxAssociations?: number | undefined;
  /** Associations per calling AE title. Default: no limit of its own. */
  readonly maxAssociationsPerAeTitle?: number | undefined;
  /** Associations per address of the peer. Default: no limit of its own. */
  readonly maxAssociationsPerHost?: number | undefined;
}

/** Counts associations. */
export class Admission {
  #total = 0;
  readonly #perAeTitle = new Map<string, number>();
  readonly #perHost = new Map<string, number>();
  readonly #limits: AdmissionLimits;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Takes a place, or says with `undefined` that there is none. The place is given back by calling what is returned, once. */
  take(callingAeTitle: string, host: string): (() => void) | undefined {
    const { maxAssociations = 200, maxAssociationsPerAeTitle, maxAssociationsPerHost } = this.#limits;
    if (this.#total >= maxAssociations) return undefined;
    if (isFull(this.#perAeTitle, callingAeTitle, maxAssociationsPerAeTitle)) return undefined;
    if (isFull(this.#perHost, host, maxAssociationsPerHost)) return undefined;
    const count = (difference: 1 | -1) => {
      this.#total += difference;
      if (maxAssociationsPerAeTitle !== undefined) add(this.#perAeTitle, callingAeTitle, difference);
      if (maxAssociationsPerHost !== undefined) add(this.#perHost, host, difference);
    };
    count(1);
    return () => count(-1);
  }
}

function isFull(counts: ReadonlyMap<string, number>, key: string, limit: number | undefined): boolean {
  return limit !== undefined && (counts.get(key) ?? 0) >= limit;
}

/** Keys with a count of 0 go, so that nothing grows with the number of peers ever seen. */
function add(counts: Map<string, number>, key: string, difference: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + difference;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
