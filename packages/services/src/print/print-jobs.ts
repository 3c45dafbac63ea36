/**
 * Print jobs: one film after the other, and who hears how it went. PS3.4 H.4.5.
 */
import { DataSet, newUid } from '@dicomwire/dimse/dataset';
import type { AssociationFacts } from '../service.js';
import type { Film } from './film.js';
import type { PrintOptions } from './print-options.js';
import type { PrintJobStatus } from './print-sop-class.js';

/** Called with each change of a job. */
export type JobObserver = (sopInstanceUid: string, status: PrintJobStatus, attributes: DataSet) => void;

/** The jobs of a printer. */
export class PrintJobs {
  readonly #options: PrintOptions;
  readonly #jobs = new Map<string, DataSet>();
  #queued = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  /** True while so many films can be taken. */
  hasRoomFor(films: number): boolean {
    return this.#queued + films <= (this.#options.maximumQueuedFilms ?? 100);
  }

  /** A new job for films that are made with its UID; they are printed one after the other, after those of earlier jobs. */
  add(
    makeFilms: (printJobUid: string) => readonly Film[],
    association: AssociationFacts,
    observe: JobObserver,
  ): string {
    const sopInstanceUid = newUid();
    const films = makeFilms(sopInstanceUid);
    const attributes = DataSet.from({
      ExecutionStatus: 'PENDING',
      ExecutionStatusInfo: 'QUEUED',
      CreationDate: now().slice(0, 8),
      CreationTime: now().slice(8),
      PrintPriority: films[0]?.session.get('PrintPriority') ?? 'MED',
      PrinterName: this.#options.printer?.PrinterName ?? defaultPrinterName,
      Originator: association.callingAeTitle,
    });
    this.#remember(sopInstanceUid, attributes);
    this.#queued += films.length;
    const tell = (status: PrintJobStatus, info: string) => {
      attributes.set('ExecutionStatus', status).set('ExecutionStatusInfo', info);
      observe(sopInstanceUid, status, attributes);
    };
    this.#last = this.#last.then(() => this.#run(films, association, tell));
    return sopInstanceUid;
  }

  /** How a job stands. */
  get(sopInstanceUid: string): DataSet | undefined {
    return this.#jobs.get(sopInstanceUid);
  }

  async #run(
    films: readonly Film[],
    association: AssociationFacts,
    tell: (status: PrintJobStatus, info: string) => void,
  ): Promise<void> {
    // The answer to who asked for the job leaves before the first event.
    await new Promise((resolve) => setImmediate(resolve));
    tell('PRINTING', 'NORMAL');
    let hasFailed = false;
    for (const film of films) {
      try {
        await this.#options.printFilm(film, association);
      } catch (error) {
        hasFailed = true;
        reportTo(this.#options, error, film);
      }
      this.#queued -= 1;
    }
    tell(hasFailed ? 'FAILURE' : 'DONE', hasFailed ? 'ELEC DOWN' : 'NORMAL');
  }

  /** The oldest that is over is forgotten. */
  #remember(sopInstanceUid: string, attributes: DataSet): void {
    this.#jobs.set(sopInstanceUid, attributes);
    if (this.#jobs.size <= maximumJobs) return;
    for (const [uid, job] of this.#jobs) {
      if (job.get('ExecutionStatus') !== 'DONE' && job.get('ExecutionStatus') !== 'FAILURE') continue;
      this.#jobs.delete(uid);
      return;
    }
  }
}

function reportTo({ onError }: PrintOptions, error: unknown, film: Film): void {
  try {
    onError?.(error, film);
  } catch {
    // An observer that fails must not stop the printer.
  }
}

/** `YYYYMMDDHHMMSS`, UTC. */
function now(): string {
  return new Date().toISOString().replace(/[-:T]|\.\d+Z/g, '');
}

/** Printer Name (2110,0030) where none is given. */
export const defaultPrinterName = 'DICOMWIRE';

const maximumJobs = 1000;
