/** Runs the rows of the table against whoever answers. */
import { type Client, ServiceError } from '@dicomwire/services';
import type { RunnableRow } from './query-table.ts';

/** Unique keys of what is found, in order, or the status of a failure. */
export async function runQuery(client: Client, row: RunnableRow): Promise<readonly string[] | number> {
  const uniqueKey = uniqueKeys[row.level];
  const found: string[] = [];
  try {
    for await (const match of client.find({ level: row.level, model: row.model }, row.keys, row.options)) {
      found.push(match.text(uniqueKey) ?? '');
    }
  } catch (error) {
    if (error instanceof ServiceError && error.status !== undefined) return error.status;
    throw error;
  }
  return found.sort();
}

/** Unique keys of the levels. PS3.4 C.6. */
export const uniqueKeys = {
  PATIENT: 'PatientID',
  STUDY: 'StudyInstanceUID',
  SERIES: 'SeriesInstanceUID',
  IMAGE: 'SOPInstanceUID',
} as const;
