/**
 * A C-GET or C-MOVE while it is performed: its identifier, its instances, and the responses that tell how it goes.
 */
import { type Clock, DataSet, type IncomingRequest, type OutgoingResponse, StatusError } from '@dicomwire/dimse';
import { factsOf } from '../association-facts.js';
import { FileAccess } from '../storage/file-access.js';
import type { ObjectToSend } from '../storage/object-to-send.js';
import { scanInputs } from '../storage/scan-inputs.js';
import { withoutPadding } from '../storage/storage-path.js';
import type { StoreResult } from '../storage/store-result.js';
import type { InstanceSource, RetrieveContext } from './instance-source.js';
import { modelOfSopClass, type RetrieveModel } from './retrieve-models.js';
import { type RetrieveQuery, readRetrieveQuery } from './retrieve-query.js';
import { Suboperations } from './suboperations.js';

/** What the peer asked for, found. */
export interface FoundInstances {
  readonly objects: readonly ObjectToSend[];
  /** Instances that can't be sent, as far as they can be told. */
  readonly rejected: readonly StoreResult[];
}

/** How often the peer hears of a retrieval. */
export interface ProgressPace {
  /** At most one pending response in so many milliseconds; 0 for one after each sub-operation. */
  readonly progressIntervalMs: number;
  /** At least one in so many milliseconds, since peers wait for a response only so long; 0 for none in between. */
  readonly reassuranceIntervalMs: number;
}

/** Reads the query of a C-GET or C-MOVE. @throws StatusError A900, C000, 0122 */
export async function queryOf(request: IncomingRequest, models: readonly RetrieveModel[]): Promise<RetrieveQuery> {
  const { command, dataSet } = request;
  const isRetrieval = command.type === 'C-GET-RQ' || command.type === 'C-MOVE-RQ';
  const definition = isRetrieval ? modelOfSopClass(withoutPadding(command.affectedSopClassUid)) : undefined;
  if (definition === undefined || !models.includes(definition.model)) throw new StatusError(sopClassNotSupported);
  return readRetrieveQuery(definition, await identifierOf(dataSet));
}

/** Asks the source, and looks at what it names. */
export async function findInstances(
  source: InstanceSource,
  query: RetrieveQuery,
  context: Omit<RetrieveContext, 'association' | 'signal'>,
  request: IncomingRequest,
): Promise<FoundInstances> {
  const { signal } = request;
  const input = await source.instances(query, { ...context, association: factsOf(request.association), signal });
  const objects: ObjectToSend[] = [];
  const rejected: StoreResult[] = [];
  const scan = { scanAhead: scanAhead, access: new FileAccess(), isOver: () => signal.aborted };
  for await (const found of scanInputs(input, scan)) {
    if (found.kind === 'object') objects.push(found.object);
    else if (found.result.outcome !== 'skipped') rejected.push(found.result);
  }
  return { objects, rejected };
}

/**
 * Runs the sub-operations, and yields pending responses while they go on, the final one when they are over. After a C-CANCEL, or when the association
 * is over, nothing more is begun; what is on its way is waited for.
 *
 * @param send - Sends the objects and tells of each; stops by itself when the request's signal fires. Never rejects for an object's sake.
 */
export async function* performSuboperations(
  request: IncomingRequest,
  { objects, rejected }: FoundInstances,
  pace: ProgressPace,
  send: (objects: readonly ObjectToSend[], done: (result: StoreResult) => void) => Promise<void>,
): AsyncGenerator<OutgoingResponse, void, undefined> {
  const { transferSyntax } = request.context;
  const books = new Suboperations(objects.length + rejected.length);
  for (const result of rejected) books.record(result);
  const news = new News(request.association.clock);
  const sending = send(objects, (result) => {
    books.record(result);
    news.tell();
  }).finally(() => news.end());
  // Whoever waits for the end hears of a failure.
  sending.catch(() => undefined);
  if (books.remaining > 0) yield books.pending();
  while (await news.wait(pace)) {
    if (!request.signal.aborted && books.remaining > 0) yield books.pending();
  }
  await sending;
  yield request.isCancelled && books.remaining > 0 ? books.cancelled(transferSyntax) : books.final(transferSyntax);
}

/** Wakes the one who reports: after something happened, though not too soon, and when nothing happened for long. */
class News {
  readonly #clock: Clock;
  #isNew = false;
  #isOver = false;
  #wake: () => void = () => undefined;
  #reportedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#reportedAt = clock.now();
  }

  tell(): void {
    this.#isNew = true;
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Resolves with true when it is time for a report, with false when everything is over. */
  async wait({ progressIntervalMs, reassuranceIntervalMs }: ProgressPace): Promise<boolean> {
    for (;;) {
      if (this.#isOver) return false;
      const silentMs = this.#clock.now() - this.#reportedAt;
      const dueMs = this.#isNew ? progressIntervalMs : reassuranceIntervalMs;
      if ((this.#isNew || dueMs > 0) && silentMs >= dueMs) break;
      await this.#sleep(dueMs === 0 ? undefined : dueMs - silentMs);
    }
    this.#isNew = false;
    this.#reportedAt = this.#clock.now();
    return true;
  }

  #sleep(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : this.#clock.setTimer(resolve, ms);
      this.#wake = () => {
        timer?.cancel();
        resolve();
      };
    });
  }
}

/** @throws StatusError C000 when it can't be read. */
async function identifierOf(dataSet: IncomingRequest['dataSet']): Promise<DataSet> {
  if (dataSet === undefined) return new DataSet();
  try {
    return await dataSet.parse({ maxBytes: maximumIdentifierBytes });
  } catch (error) {
    throw new StatusError(unableToProcess, 'The identifier can not be read', { cause: error });
  }
}

/** A list of a hundred thousand UIDs. */
const maximumIdentifierBytes = 8 * 1024 * 1024;
/** Files that are looked at ahead of others. */
const scanAhead = 8;

/** PS3.7 C.5.6: "SOP class not supported". */
const sopClassNotSupported = 0x0122;
/** PS3.4 C.4.2.1.5: "Unable to Process". */
const unableToProcess = 0xc000;
