/**
 * Modality Worklist, as user. PS3.4 K.4.1.2, K.6.1.
 */
import type { DataSet } from '@dicomwire/dimse';
import type { QueryCallOptions } from '../c-find/query-call-options.js';
import type { QueryResults } from '../c-find/query-results.js';
import { resultsOver } from '../c-find/query-scu.js';
import { modalityWorklistSopClass } from '../query/query-model.js';
import type { SessionLender } from '../session-lender.js';
import { type WorklistKeys, worklistIdentifier } from './scheduled-step-keys.js';
import { type WorklistItem, worklistItemOf } from './worklist-item.js';

/** Modality worklists. Group of a client: `client.worklist`. */
export interface Worklist {
  /**
   * Scheduled procedure steps: C-FIND of the Modality Worklist Information Model. What a modality usually wants to know is asked for by itself;
   * keys only have to say which steps. An identifier that is given as a data set is sent as it is.
   *
   * ```ts no-run
   * import { connect } from '@dicomwire/services';
   *
   * await using ris = await connect({ host: 'ris.example', port: 104, calledAeTitle: 'RIS', services: [] });
   * for await (const item of ris.worklist.find({ ScheduledStationAETitle: 'CT1', ScheduledProcedureStepStartDate: '20260131' })) {
   *   console.log(item.patientName?.toDisplayString(), item.scheduledStart?.toIsoString(), item.scheduledProcedureStepDescription);
   * }
   * ```
   *
   * @throws from the iteration: ServiceError `refused`, `no-accepted-context`, or what ended the association; the `signal`'s reason.
   * ServiceError `invalid-option` at once.
   */
  find(keys: WorklistKeys | DataSet, options?: QueryCallOptions): QueryResults<WorklistItem>;
}

/** The same over sessions that are lent. */
export function worklistOver(lender: SessionLender): Worklist {
  return {
    find: (keys, options = {}) =>
      resultsOver(lender, modalityWorklistSopClass, worklistIdentifier(keys), options, worklistItemOf),
  };
}
