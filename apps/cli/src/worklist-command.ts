/** `dicomwire worklist`: scheduled procedure steps. PS3.4 Annex K. */
import type { DataSet } from '@dicomwire/dimse';
import type { QueryResults, WorklistItem } from '@dicomwire/services';
import { type GivenElement, queryKeysOf } from './attributes.js';
import type { ConnectionOptions } from './connection-options.js';
import { printMatches } from './find-command.js';
import { runWithClient } from './run-command.js';

/** Options of the command. */
export interface WorklistOptions extends ConnectionOptions {
  readonly key?: readonly GivenElement[] | undefined;
  readonly date?: string | undefined;
  readonly modality?: string | undefined;
  readonly station?: string | undefined;
  readonly limit?: number | undefined;
}

const SCHEDULED_PROCEDURE_STEP_SEQUENCE = 0x00400100;
/** What is shown: (sequence, element) pairs flattened by {@link flat}. */
const columns = [
  0x00400002, 0x00400003, 0x00080060, 0x00400001, 0x00100010, 0x00100020, 0x00080050, 0x00400007, 0x0020000d,
];

/** Runs the command. Resolves to its exit code. */
export function worklist(host: string, port: number, options: WorklistOptions): Promise<number> {
  // The library knows which keys belong into the sequence.
  const given = (options.key ?? []).map((element) =>
    element.path[0]?.tag === SCHEDULED_PROCEDURE_STEP_SEQUENCE ? { ...element, path: element.path.slice(1) } : element,
  );
  const keys = {
    ...queryKeysOf(given),
    ...(options.date === undefined ? {} : { ScheduledProcedureStepStartDate: dateOf(options.date) }),
    ...(options.modality === undefined ? {} : { Modality: options.modality }),
    ...(options.station === undefined ? {} : { ScheduledStationAETitle: options.station }),
  };
  return runWithClient(host, port, options, (client, signal) => {
    const items: QueryResults<WorklistItem> = client.worklist.find(keys, { limit: options.limit, signal });
    return printMatches(items, columns, options.json ? ({ dataSet }) => dataSet : flat, options);
  });
}

/** `today`, or a date or range as it is. */
function dateOf(word: string): string {
  if (word !== 'today') return word;
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('');
}

/** The step's elements beside the others, for the table. */
function flat({ dataSet, step }: WorklistItem): DataSet {
  for (const { tag, vr, texts } of step) {
    if (columns.includes(tag) && vr !== 'SQ' && !dataSet.has(tag)) dataSet.set(tag, vr, texts);
  }
  return dataSet;
}
