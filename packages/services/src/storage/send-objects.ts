/**
 * Sends objects over one association, as many at once as its operations window allows.
 */
import { type Association, DimseError, describeStatus, type Invoker, statusCategory } from '@dicomwire/dimse';
import { errorFrom } from '../error-from.js';
import { priorityCode } from '../priority.js';
import type { BufferPool } from './buffer-pool.js';
import { type Conversion, convertObject } from './conversion.js';
import type { FileAccess } from './file-access.js';
import type { ObjectQueue } from './object-queue.js';
import { canBeSentAgain, makeReady, type ObjectToSend, type ReadyDataSet } from './object-to-send.js';
import { type ChosenContext, StoreContexts } from './store-contexts.js';
import type { StoreFailureReason, StoreOptions, StoreOutcome, StoreResult } from './store-result.js';
import { identityOf, notSent } from './store-tally.js';

/** What sending needs. */
export interface Sending {
  /** Makes the requests. */
  readonly session: Invoker;
  /** The association that they go over. */
  readonly association: Association;
  readonly books: SendingBooks;
  readonly access: FileAccess;
  readonly pool: BufferPool;
  readonly conversion: Conversion;
  readonly options: Pick<StoreOptions, 'signal' | 'priority' | 'moveOriginator'>;
  readonly responseTimeoutMs: number | undefined;
  /** True once nothing more is to be sent. */
  isOver(): boolean;
}

/** Hears what becomes of objects. */
export interface SendingBooks {
  /** So many bytes more (or less, where they have to be sent again) are sent. */
  moved(bytes: number): void;
  /** An object's story is at its end; `moved` of its bytes were reported by {@link moved}. */
  settled(object: ObjectToSend, result: StoreResult, moved: number): void;
}

/** Why the rest of a run is not sent. */
export interface RunEnd {
  readonly reason: StoreFailureReason;
  readonly error: Error;
}

/** How it went: every object that was taken from the queue was given to the tally, or back to the queue. */
export interface Sent {
  /** How many objects the peer answered. */
  readonly answered: number;
  /** Set when the association is over and it was not we who gave it up: what ended it. */
  readonly lost: RunEnd | undefined;
}

/**
 * Sends objects of the queue until it is empty or the association is over, and waits for all answers. Never rejects.
 *
 * When the association breaks off, it may be for the object that was on its way: that one has failed. Of several on their way nobody knows which
 * it was: they become suspects, to be sent again alone. Those that were not begun go back to the queue.
 */
export async function sendObjects(queue: ObjectQueue, sending: Sending): Promise<Sent> {
  const sender = new Sender(queue, sending, queue.hasSuspects);
  const lanes: Promise<void>[] = [];
  for (let lane = sender.lanes; lane > 0; lane -= 1) lanes.push(sender.sendOneByOne());
  await Promise.all(lanes);
  return sender.conclude();
}

/** More than this at once gains nothing and costs a buffer each. */
const maximumLanes = 16;

/** An object that was on its way when the association ended. */
interface Interrupted {
  readonly object: ObjectToSend;
  readonly result: StoreResult;
}

class Sender {
  readonly #queue: ObjectQueue;
  readonly #sending: Sending;
  readonly #contexts: StoreContexts;
  readonly #isForSuspects: boolean;
  /** The object that is made ready while others are on their way. */
  #ahead: { readonly object: ObjectToSend; readonly ready: Promise<ReadyDataSet> } | undefined;
  #answered = 0;
  #again: ObjectToSend[] = [];
  #interrupted: Interrupted[] = [];
  /** Set when it was we who gave the association up, for an object that could not be read to its end. */
  #isGivenUp = false;
  #lost: RunEnd | undefined;

  constructor(queue: ObjectQueue, sending: Sending, isForSuspects: boolean) {
    this.#queue = queue;
    this.#sending = sending;
    this.#isForSuspects = isForSuspects;
    this.#contexts = new StoreContexts(sending.association, sending.conversion);
  }

  get lanes(): number {
    if (this.#isForSuspects) return 1;
    const window = this.#sending.association.negotiated.maximumOperationsInvoked;
    return window === 0 ? maximumLanes : Math.min(window, maximumLanes);
  }

  async sendOneByOne(): Promise<void> {
    while (this.#mayGoOn()) {
      const next = this.#take();
      if (next === undefined) return;
      await this.#send(next.object, next.ready);
    }
  }

  async conclude(): Promise<Sent> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined) {
      const ready = await ahead.ready.catch(() => undefined);
      await ready?.release();
      this.#again.push(ahead.object);
    }
    this.#judge();
    this.#queue.giveBack(this.#again);
    const { association } = this.#sending;
    if (this.#isGivenUp || association.isEstablished) return { answered: this.#answered, lost: undefined };
    const reason = 'association-lost';
    return {
      answered: this.#answered,
      lost: this.#lost ?? { reason, error: errorFrom(association.signal.reason) },
    };
  }

  #mayGoOn(): boolean {
    return this.#sending.association.isEstablished && !this.#sending.isOver();
  }

  #take(): { readonly object: ObjectToSend; readonly ready: Promise<ReadyDataSet> | undefined } | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined) return ahead;
    const object = this.#isForSuspects ? this.#queue.takeSuspect() : this.#queue.take();
    return object === undefined ? undefined : { object, ready: undefined };
  }

  async #send(object: ObjectToSend, started: Promise<ReadyDataSet> | undefined): Promise<void> {
    const { books } = this.#sending;
    const chosen = this.#contexts.choose(object);
    if (chosen === undefined) {
      if (object.content.kind === 'bytes') object.content.release();
      books.settled(object, notSent(object, 'no-accepted-context', this.#contexts.explain(object)), 0);
      return;
    }
    let ready: ReadyDataSet;
    try {
      ready = await (started ?? this.#makeReady(object));
    } catch (error) {
      books.settled(object, notSent(object, 'unreadable', errorFrom(error)), 0);
      return;
    }
    try {
      if (this.#mayGoOn()) await this.#sendReady(object, ready, chosen);
      else this.#again.push(object);
    } finally {
      await ready.release();
    }
  }

  async #sendReady(object: ObjectToSend, { dataSet }: ReadyDataSet, { context, convertTo }: ChosenContext) {
    const { books, session, options, conversion } = this.#sending;
    let converted = dataSet;
    try {
      if (convertTo !== undefined) converted = await convertObject(object, dataSet, convertTo, conversion);
    } catch (error) {
      books.settled(object, notSent(object, 'not-convertible', errorFrom(error)), 0);
      return;
    }
    let sentBytes = 0;
    try {
      const answered = session.request(
        {
          type: 'C-STORE-RQ',
          affectedSopClassUid: object.sopClassUid,
          affectedSopInstanceUid: object.sopInstanceUid,
          priority: priorityCode(options.priority),
          moveOriginatorApplicationEntityTitle: options.moveOriginator?.aeTitle,
          moveOriginatorMessageId: options.moveOriginator?.messageId,
        },
        {
          dataSet: converted,
          contextId: context.id,
          timeoutMs: this.#sending.responseTimeoutMs,
          onProgress: (bytes) => {
            books.moved(bytes - sentBytes);
            sentBytes = bytes;
          },
        },
      );
      this.#makeNextReady();
      const { command } = await answered;
      this.#answered += 1;
      const result = answeredResult(object, command.status, command.errorComment, sentBytes);
      const told = convertTo === undefined ? result : { ...result, sentTransferSyntaxUid: convertTo };
      books.settled(object, told, sentBytes);
    } catch (error) {
      this.#failed(object, error, sentBytes, convertTo !== undefined);
    }
  }

  #makeReady(object: ObjectToSend): ReadyDataSet | Promise<ReadyDataSet> {
    return makeReady(object, this.#sending.access, this.#sending.pool);
  }

  /** Reads the next file while the peer has this one: the disk is hidden behind the wait for the answer. */
  #makeNextReady(): void {
    if (this.#ahead !== undefined || this.#isForSuspects) return;
    const object = this.#queue.takeIf(isOnDisk);
    if (object === undefined) return;
    const ready = Promise.resolve(this.#makeReady(object));
    ready.catch(() => undefined);
    this.#ahead = { object, ready };
  }

  #failed(object: ObjectToSend, thrown: unknown, sentBytes: number, isConverted: boolean): void {
    const { books, options, association } = this.#sending;
    const isAborted = options.signal?.aborted === true;
    const reason = isAborted ? 'aborted' : isConverted && isOfSource(thrown) ? 'not-convertible' : reasonOf(thrown);
    const error = errorFrom(isAborted ? options.signal?.reason : thrown);
    const outcome: StoreOutcome = sentBytes === 0 ? 'not-sent' : 'failed';
    const result: StoreResult = { ...identityOf(object), outcome, reason, error, sentBytes };
    const isOver = !association.isEstablished;
    if (isOver && isOfSource(thrown)) this.#isGivenUp = true;
    else if (isOver) this.#lost ??= { reason, error };
    if (isOver && reason === 'association-lost') {
      books.moved(-sentBytes);
      this.#interrupted.push({ object, result });
      return;
    }
    books.settled(object, result, sentBytes);
  }

  /** Whose fault it was that the association ended, as far as that can be told. */
  #judge(): void {
    const begun = this.#interrupted.filter(({ result }) => result.sentBytes > 0);
    const hasCulprit = this.#isGivenUp || this.#lost?.reason !== 'association-lost';
    const culprit = !hasCulprit && begun.length === 1 ? begun[0] : undefined;
    const suspects: ObjectToSend[] = [];
    for (const interrupted of this.#interrupted) {
      const { object, result } = interrupted;
      const wasBegun = result.sentBytes > 0;
      if (interrupted === culprit || !canBeSentAgain(object)) this.#sending.books.settled(object, result, 0);
      else if (wasBegun && !hasCulprit) suspects.push(object);
      else this.#again.push(object);
    }
    this.#queue.suspect(suspects);
    this.#interrupted = [];
  }
}

function isOnDisk({ content }: ObjectToSend): boolean {
  return content.kind === 'file' || content.kind === 'unread-file';
}

function answeredResult(
  object: ObjectToSend,
  status: number,
  comment: string | undefined,
  sentBytes: number,
): StoreResult {
  const category = statusCategory(status);
  const outcome: StoreOutcome = category === 'Success' ? 'stored' : category === 'Warning' ? 'warning' : 'refused';
  return {
    ...identityOf(object),
    outcome,
    status,
    meaning: describeStatus(status, 'storage'),
    comment,
    reason: outcome === 'refused' ? 'peer-status' : undefined,
    sentBytes,
  };
}

function isOfSource(error: unknown): boolean {
  return error instanceof DimseError && error.code === 'data-set-source';
}

function reasonOf(error: unknown): StoreFailureReason {
  if (!(error instanceof DimseError)) return 'association-lost';
  switch (error.code) {
    case 'data-set-source':
      return 'unreadable';
    case 'response-timeout':
      return 'timeout';
    case 'invalid-command':
      return 'missing-identity';
    case 'unexpected-response':
      return 'invalid-response';
    default:
      return 'association-lost';
  }
}
