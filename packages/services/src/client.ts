/**
 * What an application does with a peer: the user's side of the services.
 */
import type { DataSet, MessageSender } from '@dicomwire/dimse';
import { factsOf } from './association-facts.js';
import { AssociationKeeper, defaultCallingAeTitle } from './association-keeper.js';
import type { QueryCallOptions } from './c-find/query-call-options.js';
import type { QueryKeys } from './c-find/query-keys.js';
import type { QueryResults } from './c-find/query-results.js';
import { queryOver } from './c-find/query-scu.js';
import type { ContextProposal } from './context-proposal.js';
import { type Mpps, mppsOver } from './mpps/mpps-scu.js';
import { type NServices, nServicesOver } from './n-services/n-service-scu.js';
import type { PeerOptions } from './peer.js';
import { type Print, printOver } from './print/print-scu.js';
import type { QueryLevel } from './query/query-level.js';
import { type FindLevel, findOver } from './query-retrieve/find-scu.js';
import { type Retrieval, type RetrieveCallOptions, retrieveOver } from './query-retrieve/get-scu.js';
import { type MoveCallOptions, moveOver } from './query-retrieve/move-scu.js';
import type { RetrieveKeys } from './query-retrieve/retrieve-keys.js';
import type { RetrieveSummary } from './query-retrieve/retrieve-summary.js';
import type { AssociationFacts, Service } from './service.js';
import type { StoreInput } from './storage/store-input.js';
import type { StoreOptions, StoreSummary } from './storage/store-result.js';
import { runStore } from './storage/store-run.js';
import { type StorageCommitment, storageCommitmentOver } from './storage-commitment/commitment-scu.js';
import { type Ups, upsOver } from './ups/ups-scu.js';
import { type VerifyOptions, verificationContext, verifyOver } from './verification/verification-scu.js';
import { type WithSessionOptions, withSessionOver } from './with-session.js';
import { type Worklist, worklistOver } from './worklist/worklist-scu.js';

/** Options of {@link connect}. */
export interface ConnectOptions extends PeerOptions {
  /** Services whose contexts are proposed at once. Default: `['verification']`. */
  readonly services?: readonly 'verification'[] | undefined;
  /** More contexts to propose at once: those of objects to be stored later on the same association, say. */
  readonly presentationContexts?: readonly ContextProposal[] | undefined;
  /**
   * What the peer may ask of us on our own associations: N-EVENT-REPORT, say. What a call needs for itself (the C-STOREs of a C-GET) it
   * brings along. Default: nothing.
   */
  readonly performs?: readonly Service[] | undefined;
  /** Hears of services in `performs` that threw, and of a peer that breaks the rules. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /**
   * A pool: calls that run at the same time are spread over so many associations, all of which are kept for the next calls until they are idle
   * for `idleTimeoutMs`; beyond that they share them, and wait where they can't. Default: as few associations as can be, and one that is kept.
   */
  readonly maximumAssociations?: number | undefined;
  /** Ends the attempt to connect, and later aborts the client with whatever it is doing. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A peer, and the associations with it, which come and go as calls need them: one that was lost or released is replaced at the next call. Calls that
 * need presentation contexts which the present association lacks are given another one: in place of the present association when
 * nothing runs on it, beside it otherwise.
 */
export interface Client extends AsyncDisposable {
  /** The present association; `undefined` when it was released, lost, or none was needed yet. */
  readonly association: AssociationFacts | undefined;
  /**
   * C-ECHO: resolves when the peer answers Success. PS3.7 9.1.5.
   *
   * @throws ServiceError `refused`, `no-accepted-context`, `closed`, or what kept the answer away
   */
  verify(options?: VerifyOptions): Promise<void>;
  /**
   * C-STORE for each object of the inputs: works out contexts, associates, and sends each data set exactly as it stands, where the
   * peer takes it so. What happens to objects, the loss of the association included, is in the summary and rejects nothing.
   *
   * @throws ServiceError `invalid-input` for what can't be stored, `invalid-option`; whatever an iterable, `onProgress` or `isStored` throws; the
   * operating system's error for a report that can't be read or written
   */
  store(inputs: StoreInput, options?: StoreOptions): Promise<StoreSummary>;
  /**
   * C-FIND: patients, studies, series or instances that match keys, one by one as they come. PS3.4 C.4.1. The unique key of the level is
   * always asked for.
   *
   * ```ts no-run
   * import { connect } from '@dicomwire/services';
   *
   * await using pacs = await connect({ host: 'pacs.example', port: 104, calledAeTitle: 'PACS', services: [] });
   * for await (const study of pacs.find('STUDY', { PatientName: 'DOE*', StudyDate: '20260101-', StudyDescription: null })) {
   *   console.log(study.get('StudyInstanceUID'), study.get('StudyDescription'));
   * }
   * ```
   *
   * @param what the level; with the information model, if it is not to be patient root for patients and study root for the others
   * @param keys values, patterns and ranges to match, `null` for what is to be returned; or a whole identifier
   * @throws from the iteration: ServiceError `refused` (with the elements that the peer did not like), `no-accepted-context`, or what ended
   * the association; the `signal`'s reason. ServiceError `invalid-option` at once.
   */
  find(what: QueryLevel | FindLevel, keys: QueryKeys | DataSet, options?: QueryCallOptions): QueryResults;
  /**
   * C-FIND of any SOP class: hanging protocols, colour palettes, relevant patient information, … {@link find} is for query/retrieve.
   *
   * @throws as {@link find}.
   */
  query(sopClassUid: string, keys: QueryKeys | DataSet, options?: QueryCallOptions): QueryResults;
  /** Modality worklists. PS3.4 Annex K. */
  readonly worklist: Worklist;
  /**
   * C-GET: instances come on our own association, one by one, as streams. PS3.4 C.4.3.
   *
   * ```ts no-run
   * import { connect } from '@dicomwire/services';
   *
   * await using pacs = await connect({ host: 'pacs.example', port: 104, calledAeTitle: 'PACS', services: [] });
   * for await (const instance of pacs.retrieve({ StudyInstanceUID: '1.2.3' })) await instance.saveTo('incoming');
   * ```
   *
   * @param keys the study, series, … that is wanted, or a whole identifier
   * @throws from the iteration: ServiceError `refused` (its `retrieval` has counters and failed UIDs), `no-accepted-context`, or what
   * ended the association; the `signal`'s reason. ServiceError `invalid-option` at once.
   */
  retrieve(keys: RetrieveKeys | DataSet, options?: RetrieveCallOptions): Retrieval;
  /**
   * C-MOVE: the peer sends instances to `destination`, an AE title that it knows. PS3.4 C.4.2.
   *
   * @param keys the study, series, … that is wanted, or a whole identifier
   * @returns how it ended, with the counters: completely, with failures (B000), or cancelled
   * @throws ServiceError `refused` (its `retrieval` has counters and failed UIDs), `no-accepted-context`, `invalid-option`, or what
   * ended the association
   */
  move(destination: string, keys: RetrieveKeys | DataSet, options?: MoveCallOptions): Promise<RetrieveSummary>;
  /** Storage commitment. PS3.4 Annex J. */
  readonly storageCommitment: StorageCommitment;
  /** Modality Performed Procedure Steps. PS3.4 Annex F. */
  readonly mpps: Mpps;
  /** Unified Procedure Steps. PS3.4 Annex CC. */
  readonly ups: Ups;
  /** Print management. PS3.4 Annex H. */
  readonly print: Print;
  /** The N-services of any SOP class. PS3.7 10. */
  readonly nServices: NServices;
  /**
   * Lends an association to a function, for what no service here has: requests of any kind, and messages that are sent as they stand. What comes in beside
   * responses goes to `rawMessages` and `performs` of the options.
   *
   * ```ts no-run
   * import { connect } from '@dicomwire/services';
   *
   * const sopClass = '1.2.840.10008.1.1';
   * await using pacs = await connect({ host: 'pacs.example', port: 104, calledAeTitle: 'PACS', services: [] });
   * const { command } = await pacs.withSession(
   *   [{ abstractSyntax: sopClass, transferSyntaxes: ['1.2.840.10008.1.2'] }],
   *   (session) => session.request({ type: 'C-ECHO-RQ', affectedSopClassUid: sopClass }),
   * );
   * console.log(command.status);
   * ```
   *
   * @param contexts what the association is to be good for; which of them the peer accepted is said by `session.findContext`
   * @returns what the function returned, once the association was given back
   * @throws what the function throws; what keeps an association from being opened; the `signal`'s reason
   */
  withSession<T>(
    contexts: readonly ContextProposal[],
    use: (session: MessageSender, association: AssociationFacts) => T | Promise<T>,
    options?: WithSessionOptions,
  ): Promise<T>;
  /** Ends every association in order. Afterwards the client can't be used. Never hangs. */
  release(): Promise<void>;
  /** Ends every association at once. Afterwards the client can't be used. */
  abort(): void;
}

/**
 * Associates with a peer. With `services: []` and no contexts nothing is opened before the first call needs it.
 *
 * @throws AssociationError of `@dicomwire/ul`, by its `code`: `invalid-option`, `connect-failed`, `timeout`, `rejected`, `aborted`,
 * `connection-lost`, `protocol-violation`, `cancelled`
 *
 * @example
 * ```ts
 * import { connect, createScp, storage, verification } from '@dicomwire/services';
 *
 * const scp = createScp({ aeTitle: 'PACS', services: [verification(), storage({ store: async () => {} })] });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const pacs = await connect({ host: '127.0.0.1', port, calledAeTitle: 'PACS', callingAeTitle: 'CT1' });
 * await pacs.verify();
 * const summary = await pacs.store([]);
 * console.log(summary.counts.stored); // 0
 * await pacs.release();
 * await scp.close();
 * ```
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  const {
    services = ['verification'],
    presentationContexts = [],
    performs,
    onError,
    maximumAssociations,
    signal,
  } = options;
  const contexts = [...presentationContexts];
  if (services.includes('verification')) contexts.unshift(verificationContext);
  const keeper = new AssociationKeeper(peerOf(options), contexts, performs, onError, maximumAssociations);
  if (contexts.length > 0) await (await keeper.borrow(contexts, signal)).giveBack();
  return clientOver(keeper, options.callingAeTitle, signal);
}

/** A client over associations that are kept already. */
export function clientOver(
  keeper: AssociationKeeper,
  callingAeTitle: string | undefined,
  signal?: AbortSignal | undefined,
): Client {
  return new PeerClient(keeper, callingAeTitle ?? defaultCallingAeTitle, signal);
}

/** What of the options concerns the peer: it goes on to the layers beneath as it is. */
function peerOf(options: ConnectOptions): PeerOptions {
  const { services, presentationContexts, performs, onError, maximumAssociations, signal, ...peer } = options;
  return peer;
}

class PeerClient implements Client {
  readonly worklist: Worklist;
  readonly storageCommitment: StorageCommitment;
  readonly mpps: Mpps;
  readonly ups: Ups;
  readonly print: Print;
  readonly nServices: NServices;
  readonly #keeper: AssociationKeeper;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#keeper.abort();

  constructor(keeper: AssociationKeeper, callingAeTitle: string, signal: AbortSignal | undefined) {
    this.#keeper = keeper;
    this.worklist = worklistOver(keeper);
    this.storageCommitment = storageCommitmentOver(keeper);
    this.mpps = mppsOver(keeper);
    this.ups = upsOver(keeper, callingAeTitle);
    this.print = printOver(keeper);
    this.nServices = nServicesOver(keeper);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted === true) this.abort();
  }

  get association(): AssociationFacts | undefined {
    const session = this.#keeper.currentSession;
    return session === undefined ? undefined : factsOf(session.association);
  }

  verify(options: VerifyOptions = {}): Promise<void> {
    return verifyOver(this.#keeper, options);
  }

  store(inputs: StoreInput, options: StoreOptions = {}): Promise<StoreSummary> {
    return runStore(inputs, options, this.#keeper);
  }

  find(what: QueryLevel | FindLevel, keys: QueryKeys | DataSet, options: QueryCallOptions = {}): QueryResults {
    return findOver(this.#keeper, what, keys, options);
  }

  query(sopClassUid: string, keys: QueryKeys | DataSet, options: QueryCallOptions = {}): QueryResults {
    return queryOver(this.#keeper, sopClassUid, keys, options);
  }

  retrieve(keys: RetrieveKeys | DataSet, options: RetrieveCallOptions = {}): Retrieval {
    return retrieveOver(this.#keeper, keys, options);
  }

  move(destination: string, keys: RetrieveKeys | DataSet, options: MoveCallOptions = {}): Promise<RetrieveSummary> {
    return moveOver(this.#keeper, destination, keys, options);
  }

  withSession<T>(
    contexts: readonly ContextProposal[],
    use: (session: MessageSender, association: AssociationFacts) => T | Promise<T>,
    options: WithSessionOptions = {},
  ): Promise<T> {
    return withSessionOver(this.#keeper, contexts, use, options);
  }

  async release(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#keeper.release();
  }

  abort(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#keeper.abort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
