/**
 * C-GET, as user. PS3.4 C.4.3.
 */
import type { CGetRsp, DataSet, IncomingResponse } from '@dicomwire/dimse';
import { errorFrom } from '../error-from.js';
import { priorityCode } from '../priority.js';
import { acceptedContext } from '../request-over.js';
import { ServiceError } from '../service-error.js';
import type { Loan, SessionLender } from '../session-lender.js';
import type { ReceivedInstance } from '../storage/received-instance.js';
import { InstanceHandover } from './instance-handover.js';
import { type ExpectedInstances, retrieveContexts } from './retrieve-contexts.js';
import { type RetrievalOptions, type RetrievalRequest, type RetrieveKeys, retrievalRequest } from './retrieve-keys.js';
import { progressOf, type RetrieveSummary, summaryOf } from './retrieve-summary.js';

/** Options of {@link Client.retrieve}. */
export interface RetrieveCallOptions extends RetrievalOptions, ExpectedInstances {
  /** Cancels: C-CANCEL is sent, what still comes is refused, and the iteration throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whether an instance that is another than its command says is refused with A900. Default: true. */
  readonly checkIdentity?: boolean | undefined;
  /** For each response or instance, milliseconds; 0 is no limit. Default: the peer's `responseTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Instances as they come. Each is answered with Success when the loop asks for the next one, and what was begun to be saved is saved; until then the
 * peer waits. Leaving the loop cancels the rest.
 */
export interface Retrieval extends AsyncIterable<ReceivedInstance> {
  /** How it ended; `undefined` until the peer has said so. */
  readonly summary: RetrieveSummary | undefined;
}

/** C-GET over a session that is lent. */
export function retrieveOver(
  lender: SessionLender,
  keys: RetrieveKeys | DataSet,
  options: RetrieveCallOptions,
): Retrieval {
  const request = retrievalRequest(keys, options);
  const contexts = retrieveContexts(request.definition.get, options);
  const run = new RetrievalRun(request, options);
  const instances = run.instances(() => lender.borrow(contexts, options.signal, { isExclusive: true }), lender);
  return {
    get summary() {
      return run.summary;
    },
    [Symbol.asyncIterator]: () => instances,
  };
}

class RetrievalRun {
  summary: RetrieveSummary | undefined;
  readonly #request: RetrievalRequest;
  readonly #options: RetrieveCallOptions;
  readonly #handover: InstanceHandover;
  /** Sends C-CANCEL. */
  readonly #cancel = new AbortController();

  constructor(request: RetrievalRequest, options: RetrieveCallOptions) {
    this.#request = request;
    this.#options = options;
    this.#handover = new InstanceHandover(options.checkIdentity ?? true);
  }

  async *instances(
    borrow: () => Loan | Promise<Loan>,
    { responseTimeoutMs }: SessionLender,
  ): AsyncGenerator<ReceivedInstance, void, undefined> {
    const { signal, timeoutMs = responseTimeoutMs } = this.#options;
    const loan = await borrow();
    const stopServing = loan.serve(this.#handover);
    const stop = () => {
      this.#handover.fail(errorFrom(signal?.reason));
      this.#cancel.abort(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
    const over = this.#askFor(loan, timeoutMs).finally(() => {
      stopServing();
      return loan.giveBack();
    });
    // Heard of through the handover.
    over.catch(() => undefined);
    let isWhole = false;
    try {
      for (let handed = await this.#handover.next(); handed !== undefined; handed = await this.#handover.next()) {
        yield handed.instance;
        await handed.accept();
      }
      isWhole = true;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#handover.close();
      this.#cancel.abort(new Error('The retrieval is not wanted any more'));
      // Whoever leaves early does not wait for the peer to stop.
      if (isWhole) await over;
    }
  }

  /** Makes the request and follows its responses to the last one. */
  async #askFor(loan: Loan, timeoutMs: number | undefined): Promise<void> {
    try {
      const { definition, identifier } = this.#request;
      const context = acceptedContext(loan.session, definition.get);
      const responses = loan.session.requestMany(
        {
          type: 'C-GET-RQ',
          affectedSopClassUid: definition.get,
          priority: priorityCode(this.#options.priority),
        },
        { dataSet: identifier, contextId: context.id, timeoutMs, cancelSignal: this.#cancel.signal },
      );
      let last: IncomingResponse<CGetRsp> | undefined;
      for await (const response of responses) {
        last = response;
        this.#tell(response);
      }
      if (last === undefined) throw new ServiceError('invalid-response', 'The peer gave no response to C-GET');
      this.summary = summaryOf(last);
      this.#handover.finish();
    } catch (error) {
      this.#handover.fail(error);
      throw error;
    }
  }

  /** An `onProgress` that throws ends the call, but not before the peer has heard of it. */
  #tell(response: IncomingResponse<CGetRsp>): void {
    if (this.#cancel.signal.aborted) return;
    try {
      this.#options.onProgress?.(progressOf(response));
    } catch (error) {
      this.#handover.fail(error);
    }
  }
}
