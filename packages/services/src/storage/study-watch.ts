/**
 * Studies as they come: when one has come to its end, as far as that can be told.
 */
import { type Clock, systemClock, type Timer } from '@dicomwire/dimse';
import type { IncomingInstance } from './incoming-instance.js';

/** A study of which nothing has come for a while. */
export interface ReceivedStudy {
  /** Study Instance UID (0020,000D), as the instances have it. */
  readonly studyInstanceUid: string;
  /** What was stored of it since it began to come, in that order; an instance that came again is there again. */
  readonly instances: readonly StudyInstance[];
  /** Who sent it. */
  readonly callingAeTitles: readonly string[];
  /** `'quiet'`: nothing has come for so long. `'closed'`: the provider was closed meanwhile, and there may be more. */
  readonly reason: 'quiet' | 'closed';
}

/** An instance of a {@link ReceivedStudy}. */
export interface StudyInstance {
  /** SOP Class UID. */
  readonly sopClassUid: string;
  /** SOP Instance UID. */
  readonly sopInstanceUid: string;
  /** The transfer syntax in which it came. */
  readonly transferSyntaxUid: string;
  /** Where it was saved by `saveTo`; `undefined` when it was kept otherwise. */
  readonly path: string | undefined;
}

/** What to do at the end of a study. */
export interface StudyOptions {
  /** So long nothing of a study has to come for it to be at its end, milliseconds. Default: 30000. */
  readonly quietMs?: number | undefined;
  /** Gets the study. Its instances were answered long before. */
  onEnd(study: ReceivedStudy): void | Promise<void>;
  /** Hears of an `onEnd` that failed. Default: nobody. */
  readonly onError?: ((error: unknown, study: ReceivedStudy) => void) | undefined;
}

/** Watches for ends of studies. */
export class StudyWatch {
  readonly #options: StudyOptions;
  readonly #studies = new Map<string, OpenStudy>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: StudyOptions) {
    this.#options = options;
  }

  /** An instance was stored. */
  stored(studyInstanceUid: string, instance: IncomingInstance, clock: Clock = systemClock): void {
    let study = this.#studies.get(studyInstanceUid);
    if (study === undefined) {
      study = { instances: [], callingAeTitles: new Set(), timer: undefined };
      this.#studies.set(studyInstanceUid, study);
    }
    const { sopClassUid, sopInstanceUid, transferSyntaxUid, association, saved } = instance;
    study.instances.push({ sopClassUid, sopInstanceUid, transferSyntaxUid, path: saved?.path });
    study.callingAeTitles.add(association.callingAeTitle);
    study.timer?.cancel();
    study.timer = clock.setTimer(() => this.#end(studyInstanceUid, 'quiet'), this.#options.quietMs ?? defaultQuietMs);
  }

  /** The provider is closed: every study is at its end. Resolves when all were handed over. */
  async close(): Promise<void> {
    for (const studyInstanceUid of [...this.#studies.keys()]) this.#end(studyInstanceUid, 'closed');
    await Promise.all(this.#underWay);
  }

  #end(studyInstanceUid: string, reason: ReceivedStudy['reason']): void {
    const study = this.#studies.get(studyInstanceUid);
    if (study === undefined) return;
    this.#studies.delete(studyInstanceUid);
    study.timer?.cancel();
    const { instances, callingAeTitles } = study;
    const handing = this.#hand({ studyInstanceUid, instances, callingAeTitles: [...callingAeTitles], reason });
    this.#underWay.add(handing);
    void handing.then(() => this.#underWay.delete(handing));
  }

  async #hand(study: ReceivedStudy): Promise<void> {
    try {
      await this.#options.onEnd(study);
    } catch (error) {
      this.#options.onError?.(error, study);
    }
  }
}

interface OpenStudy {
  readonly instances: StudyInstance[];
  readonly callingAeTitles: Set<string>;
  timer: Timer | undefined;
}

const defaultQuietMs = 30_000;
