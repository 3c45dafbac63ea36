/**
 * Everything that is waited for on one association, in one table. No clock here: times are numbers that come in.
 */

/** The deadlines of an association. */
export const deadlineNames = ['artim', 'association', 'connect', 'pdu', 'release', 'idle', 'write', 'stall'] as const;

/** A deadline of the table. */
export type DeadlineName = (typeof deadlineNames)[number];

/** Absolute times by name; `Infinity` where nothing is waited for. Setting one is a store, so that hot paths may. */
export class Deadlines implements Record<DeadlineName, number> {
  artim = Number.POSITIVE_INFINITY;
  association = Number.POSITIVE_INFINITY;
  connect = Number.POSITIVE_INFINITY;
  pdu = Number.POSITIVE_INFINITY;
  release = Number.POSITIVE_INFINITY;
  idle = Number.POSITIVE_INFINITY;
  write = Number.POSITIVE_INFINITY;
  stall = Number.POSITIVE_INFINITY;

  /** The earliest of them. */
  next(): number {
    return Math.min(
      this.artim,
      this.association,
      this.connect,
      this.pdu,
      this.release,
      this.idle,
      this.write,
      this.stall,
    );
  }

  /** Takes one that has passed off the table. */
  takeExpired(now: number): DeadlineName | undefined {
    const name = deadlineNames.find((candidate) => this[candidate] <= now);
    if (name !== undefined) this[name] = Number.POSITIVE_INFINITY;
    return name;
  }

  /** Nothing is waited for any more but that the peer takes what was written. */
  clearButWrite(): void {
    const { write } = this;
    this.clear();
    this.write = write;
  }

  /** Nothing is waited for any more. */
  clear(): void {
    for (const name of deadlineNames) this[name] = Number.POSITIVE_INFINITY;
  }
}

/** The time `ms` from `now`; `Infinity` when there is no limit (0). */
export function deadlineAfter(now: number, ms: number): number {
  return ms > 0 ? now + ms : Number.POSITIVE_INFINITY;
}
