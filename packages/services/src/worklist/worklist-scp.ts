/**
 * Modality Worklist, as provider. PS3.4 K.4.1.3, K.6.1.
 */
import type { DataSet } from '@dicomwire/dimse';
import { queryService } from '../c-find/query-scp.js';
import { decideQuerySettings, type QueryServiceOptions } from '../c-find/query-service-options.js';
import { modalityWorklistSopClass } from '../query/query-model.js';
import type { QuerySource } from '../query/query-source.js';
import type { Service } from '../service.js';

/** Options of {@link worklist}. */
export interface WorklistOptions extends QueryServiceOptions {}

/**
 * Answers modalities that ask for their work. The source yields items of the worklist as data sets, each with its Scheduled Procedure Step
 * Sequence (0040,0100); of those with several steps each step is an item. {@link worklistFolder} is a source over a folder of files.
 *
 * Statuses as those of {@link find}.
 *
 * @throws ServiceError `invalid-option` for a limit that is none.
 *
 * @example
 * ```ts
 * import { connect, createScp, DataSet, worklist } from '@dicomwire/services';
 *
 * const item = DataSet.from({
 *   PatientName: 'DOE^JANE',
 *   StudyInstanceUID: '1.2.3',
 *   ScheduledProcedureStepSequence: [
 *     { Modality: 'CT', ScheduledStationAETitle: 'CT1', ScheduledProcedureStepStartDate: '20260131', ScheduledProcedureStepStartTime: '1015' },
 *   ],
 * });
 * const scp = createScp({ aeTitle: 'RIS', services: [worklist({ source: () => [item] })] });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const ris = await connect({ host: '127.0.0.1', port, calledAeTitle: 'RIS', services: [] });
 * for await (const { patientName, scheduledStart } of ris.worklist.find({ Modality: 'CT' })) {
 *   console.log(patientName?.toDisplayString(), scheduledStart?.toIsoString()); // JANE DOE 2026-01-31T10:15
 * }
 * await ris.release();
 * await scp.close();
 * ```
 */
export function worklist(options: WorklistOptions): Service {
  const { source } = decideQuerySettings(options);
  return queryService({
    ...options,
    source: byStep(source),
    name: 'worklist',
    sopClasses: [modalityWorklistSopClass],
  });
}

/** PS3.4 K.6.1.2.1: one response for each scheduled procedure step. */
function byStep(source: QuerySource): QuerySource {
  return {
    isExact: source.isExact,
    ...(source.supports === undefined ? {} : { supports: source.supports.bind(source) }),
    async *find(query, context) {
      for await (const item of source.find(query, context)) yield* steps(item);
    },
  };
}

function* steps(item: DataSet): Generator<DataSet, void, undefined> {
  const all = item.get('ScheduledProcedureStepSequence');
  if (all.length < 2) {
    yield item;
    return;
  }
  for (const at of all.keys()) {
    const single = item.clone();
    yield single.setItems(stepSequenceTag, single.items(stepSequenceTag).slice(at, at + 1));
  }
}

/** Scheduled Procedure Step Sequence. */
const stepSequenceTag = 0x00400100;
