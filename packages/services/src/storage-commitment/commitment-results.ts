/**
 * Where the results of storage commitment are heard and waited for. PS3.4 J.3.3.
 */
import { nService } from '../n-services/n-service-scp.js';
import type { AssociationFacts, Service } from '../service.js';
import { type CommitmentResult, commitmentEvents, commitmentSopClass, readReport } from './commitment-data.js';

/** Hears results. Made by {@link commitmentResults}. */
export interface CommitmentResults {
  /** For `createScp`, since providers report on associations of their own as well; and for `connect({ performs })`. */
  readonly service: Service;
  /**
   * Waits for the result of a transaction; call it before the request is made, or soon after: results that nobody waits for are told to
   * `onResult` alone.
   *
   * @throws the signal's reason
   */
  waitFor(transactionUid: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<CommitmentResult>;
}

/** Options of {@link commitmentResults}. */
export interface CommitmentResultsOptions {
  /** Hears every result, waited for or not, before the provider is answered; what it throws answers 0110, and the provider will report again. */
  readonly onResult?: ((result: CommitmentResult, association: AssociationFacts) => void | Promise<void>) | undefined;
}

/**
 * A listener for results of storage commitment.
 *
 * @example
 * ```ts no-run
 * import { commitmentResults, connect, createScp } from '@dicomwire/services';
 *
 * const results = commitmentResults({ onResult: ({ transactionUid, failed }) => console.log(transactionUid, failed.length) });
 * const scp = createScp({ aeTitle: 'CT1', services: [results.service] });
 * await scp.listen({ port: 11112 });
 *
 * await using pacs = await connect({ host: 'pacs', port: 104, calledAeTitle: 'PACS', callingAeTitle: 'CT1' });
 * await pacs.storageCommitment.commit([{ sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '1.2.3' }], { results });
 * ```
 */
export function commitmentResults(options: CommitmentResultsOptions = {}): CommitmentResults {
  return new Results(options);
}

class Results implements CommitmentResults {
  readonly service: Service;
  readonly #waiting = new Map<string, Set<(result: CommitmentResult) => void>>();

  constructor({ onResult }: CommitmentResultsOptions) {
    this.service = nService({
      name: 'storage-commitment-results',
      role: 'scu',
      sopClasses: [commitmentSopClass],
      eventReport: async ({ eventTypeId, dataSet, association }) => {
        if (eventTypeId !== commitmentEvents.successful && eventTypeId !== commitmentEvents.failuresExist) {
          return { status: noSuchEventType };
        }
        const result = readReport(dataSet);
        await onResult?.(result, association);
        for (const resolve of this.#waiting.get(result.transactionUid) ?? []) resolve(result);
        return undefined;
      },
    });
  }

  waitFor(
    transactionUid: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<CommitmentResult> {
    return new Promise((resolve, reject) => {
      const settle = (result: CommitmentResult) => {
        leave();
        resolve(result);
      };
      const giveUp = () => {
        leave();
        reject(signal?.reason);
      };
      const leave = () => {
        signal?.removeEventListener('abort', giveUp);
        const others = this.#waiting.get(transactionUid);
        others?.delete(settle);
        if (others?.size === 0) this.#waiting.delete(transactionUid);
      };
      const waiting = this.#waiting.get(transactionUid) ?? new Set();
      this.#waiting.set(transactionUid, waiting.add(settle));
      signal?.addEventListener('abort', giveUp, { once: true });
      if (signal?.aborted === true) giveUp();
    });
  }
}

/** PS3.7 C.5.13. */
const noSuchEventType = 0x0113;
