/**
 * Sequences of data sets that may be damaged: one that can't be read must not keep the others from being found.
 */
import type { DataSet } from '@dicomwire/dimse';
import { DataSetError } from '@dicomwire/dimse/dataset';

/** The items of a sequence; none where they can't be read. */
export function readableItems(dataSet: DataSet, tag: number): readonly DataSet[] {
  return unlessDamaged(() => dataSet.items(tag)) ?? [];
}

/** What reading gives; `undefined` where something is damaged. */
export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DataSetError) return undefined;
    throw error;
  }
}
