/**
 * Storage commitment, as user: asks a provider to keep instances safely, and hears whether it does. PS3.4 Annex J.
 */

import { type Clock, StatusError, systemClock } from '@dicomwire/dimse';
import { newUid } from '@dicomwire/dimse/dataset';
import { nServiceTransferSyntaxes } from '../n-services/n-service-scu.js';
import { acceptedContext, type CallOptions, overLoan, throwIfRefused } from '../request-over.js';
import { ServiceError } from '../service-error.js';
import type { Loan, SessionLender } from '../session-lender.js';
import {
  type CommitmentResult,
  commitmentRequest,
  commitmentSopClass,
  commitmentSopInstance,
  type ReferencedInstance,
  requestCommitment,
} from './commitment-data.js';
import { type CommitmentResults, commitmentResults } from './commitment-results.js';

/** Options of a request for commitment. */
export interface CommitmentRequestOptions extends CallOptions {
  /** Default: a new UID. */
  readonly transactionUid?: string | undefined;
}

/** Options of {@link StorageCommitment.commit}. */
export interface CommitOptions extends CommitmentRequestOptions {
  /** Where results arrive that the provider reports on an association of its own. Default: only those on this association are heard. */
  readonly results?: CommitmentResults | undefined;
  /** For the result, from the answer to the request, milliseconds; 0 is no limit. Default: 60000. */
  readonly resultTimeoutMs?: number | undefined;
}

/** Storage commitment. Group of a client: `client.storageCommitment`. */
export interface StorageCommitment {
  /**
   * Asks for commitment and waits for the result: on this association, which is kept open meanwhile, or wherever `results` hears it.
   *
   * @throws ServiceError `refused`, `no-accepted-context`, `no-result` (its `transactionUid` in the message; the result may still
   * come to `results`); the signal's reason; what kept the answer away
   */
  commit(instances: readonly ReferencedInstance[], options?: CommitOptions): Promise<CommitmentResult>;
  /**
   * Asks for commitment and does not wait for the result: N-ACTION alone.
   *
   * @returns the transaction UID, by which the result can be told
   */
  request(instances: readonly ReferencedInstance[], options?: CommitmentRequestOptions): Promise<string>;
}

/** The same over sessions that are lent. */
export function storageCommitmentOver(lender: SessionLender): StorageCommitment {
  const ask = async (
    { session }: Loan,
    instances: readonly ReferencedInstance[],
    transactionUid: string,
    options: CallOptions,
  ) => {
    if (instances.length === 0) throw new ServiceError('invalid-option', 'Commitment needs at least one instance');
    const { command } = await session.request(
      {
        type: 'N-ACTION-RQ',
        requestedSopClassUid: commitmentSopClass,
        requestedSopInstanceUid: commitmentSopInstance,
        actionTypeId: requestCommitment,
      },
      {
        contextId: acceptedContext(session, commitmentSopClass).id,
        dataSet: commitmentRequest(transactionUid, instances),
        timeoutMs: options.timeoutMs ?? lender.responseTimeoutMs,
      },
    );
    throwIfRefused('N-ACTION-RQ', command, 'storageCommitment');
  };
  return {
    commit: (instances, options = {}) => {
      const { transactionUid = newUid(), results, resultTimeoutMs = 60_000, signal } = options;
      return overLoan(lender, contexts, signal, async (loan) => {
        // Those of other transactions are refused: who asked for them hears them elsewhere, when the provider reports again.
        const here = commitmentResults({
          onResult: (result) => {
            if (result.transactionUid !== transactionUid)
              throw new StatusError(processingFailure, 'Not waited for here');
          },
        });
        const stopServing = loan.serve(here.service);
        const stop = new AbortController();
        const waits = [here, ...(results === undefined ? [] : [results])].map((each) =>
          each.waitFor(transactionUid, { signal: stop.signal }),
        );
        const result = Promise.race(waits);
        result.catch(() => undefined);
        const lost = whenLost(loan, results !== undefined, stop.signal);
        lost.catch(() => undefined);
        try {
          await ask(loan, instances, transactionUid, options);
          const late = timeout(resultTimeoutMs, transactionUid, loan, stop.signal, lender.clock);
          return await Promise.race([result, lost, late]);
        } finally {
          stop.abort();
          stopServing();
        }
      });
    },
    request: (instances, options = {}) => {
      const { transactionUid = newUid(), signal } = options;
      return overLoan(lender, contexts, signal, async (loan) => {
        await ask(loan, instances, transactionUid, options);
        return transactionUid;
      });
    },
  };
}

/** Rejects when the association is over, unless the result may come by another. */
function whenLost({ session }: Loan, mayComeElsewhere: boolean, done: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (mayComeElsewhere) return;
    const { signal } = session.association;
    const lost = () =>
      reject(new ServiceError('no-result', 'The association ended before the result came', { cause: signal.reason }));
    signal.addEventListener('abort', lost, { once: true });
    done.addEventListener('abort', () => signal.removeEventListener('abort', lost), { once: true });
    if (signal.aborted) lost();
  });
}

/** Rejects when the result is late; that the association had ended before is its cause. */
function timeout(
  ms: number,
  transactionUid: string,
  { session }: Loan,
  done: AbortSignal,
  clock: Clock = systemClock,
): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (ms === 0) return;
    const message = `No result of storage commitment ${transactionUid} within ${ms} ms`;
    const tooLate = () => {
      const { aborted, reason } = session.association.signal;
      reject(new ServiceError('no-result', message, aborted ? { cause: reason } : {}));
    };
    const timer = clock.setTimer(tooLate, ms);
    done.addEventListener('abort', () => timer.cancel(), { once: true });
  });
}

/** PS3.7 C.5.16. */
const processingFailure = 0x0110;

const contexts = [{ abstractSyntax: commitmentSopClass, transferSyntaxes: nServiceTransferSyntaxes }];
