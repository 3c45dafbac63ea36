/** What the log says about associations and the objects that come on them. */
import { type AssociationFacts, DimseError, type ReceivedInstance, StatusError } from '@dicomwire/services';
import type { IngestOutcome } from '../archive/ingest.js';
import type { Logger } from './log.js';

/** Counts objects by what became of them, and says so when their association is over. */
export class AssociationLog {
  readonly #log: Logger;
  readonly #tallies = new Map<number, Tally>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** An association was accepted. */
  began(association: AssociationFacts): void {
    this.#tallies.set(association.id, { stored: 0, known: 0, replaced: 0, failed: 0 });
    this.#log.info(`${nameOf(association)} associated, calling ${association.calledAeTitle}`);
  }

  /** An association is over. */
  ended(association: AssociationFacts, error: Error | undefined): void {
    const tally = this.#tallies.get(association.id);
    this.#tallies.delete(association.id);
    const words = `${nameOf(association)} ${error === undefined ? 'released' : `gone: ${error.message}`}; ${wordsOf(tally)}`;
    if (error === undefined) this.#log.info(words);
    else this.#log.warn(words);
  }

  /** Follows an instance to its end. */
  async watch(instance: ReceivedInstance, outcome: Promise<IngestOutcome>): Promise<void> {
    const tally = this.#tallies.get(instance.association.id);
    try {
      const became = await outcome;
      if (tally !== undefined) tally[became] += 1;
      const words = `${nameOf(instance.association)} ${outcomeWords[became]} ${instance.sopInstanceUid}`;
      if (became === 'replaced') this.#log.info(words);
      else this.#log.debug(words);
    } catch (error) {
      if (tally !== undefined) tally.failed += 1;
      this.#log.warn(`${nameOf(instance.association)} not stored ${instance.sopInstanceUid}: ${reasonOf(error)}`);
      throw error;
    }
  }

  /**
   * A handler threw, or a peer broke the rules. Refusals have been logged with their instance, and faults of a peer that end its
   * association come with that end: they are no errors of ours.
   */
  failed(error: unknown, association: AssociationFacts | undefined): void {
    if (error instanceof StatusError) return;
    if (association === undefined && error instanceof DimseError) {
      this.#log.debug(error.message);
      return;
    }
    const who = association === undefined ? '' : `${nameOf(association)} `;
    this.#log.error(`${who}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

type Tally = Record<IngestOutcome | 'failed', number>;

const outcomeWords: Readonly<Record<IngestOutcome, string>> = {
  stored: 'stored',
  known: 'sent again',
  replaced: 'replaced',
};

function nameOf({ callingAeTitle, peer, id }: AssociationFacts): string {
  return `[${id}] ${callingAeTitle} (${peer.address}:${peer.port})`;
}

function wordsOf(tally: Tally | undefined): string {
  const counts = Object.entries(tally ?? {}).filter(([, count]) => count > 0);
  return counts.length === 0 ? 'nothing stored' : counts.map(([what, count]) => `${count} ${what}`).join(', ');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof StatusError)) return error.message;
  const status = error.status.toString(16).toUpperCase().padStart(4, '0');
  return error.message.includes(status) ? error.message : `${error.message} (status ${status}H)`;
}
