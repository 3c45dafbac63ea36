/** Differences of data sets. */
import type { DataSet } from './data-set.js';
import { type DataSetDifference, type DiffOptions, differences } from './diff.js';
import { nameInPath } from './path/element-path.js';

/**
 * What differs between two data sets, in order of the tags. Values count, not how they are written: padding, byte order, kinds of length,
 * character sets and group lengths make no difference; the digits of a DS or IS do. `DataSet.equals` is quicker where a yes or no is enough.
 *
 * @throws DataSetError when a sequence's items are damaged.
 *
 * @example
 * ```ts
 * import { DataSet, diffDataSets } from '@dicomwire/dimse/dataset';
 *
 * const before = DataSet.from({ PatientID: '4711', Rows: 512 });
 * const after = before.clone().set('PatientID', '0815');
 * for (const { path, kind, left, right } of diffDataSets(before, after)) console.log(path, kind, left?.values, right?.values);
 * // PatientID changed [ '4711' ] [ '0815' ]
 * ```
 */
export function diffDataSets(left: DataSet, right: DataSet, options: DiffOptions = {}): DataSetDifference<DataSet>[] {
  return [...differences<DataSet>(left, right, nameInPath, options)];
}
