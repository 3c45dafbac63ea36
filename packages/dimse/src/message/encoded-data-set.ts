/** Where messages meet data sets: parsed when they came, encoded when they go. */
import { DataSet, type EncodeOptions, encodeDataSet, parseDataSet } from '../dataset/index.js';
import { DimseError } from '../errors.js';
import type { DataSetSource } from './types.js';

/** @throws DimseError `malformed-data-set`. */
export function parseReceived(bytes: Uint8Array, transferSyntax: string): DataSet {
  try {
    return parseDataSet(bytes, transferSyntax);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DimseError('malformed-data-set', `Data set can't be parsed: ${reason}`, { cause: error });
  }
}

/**
 * What goes on the wire.
 *
 * @param invalidText - `write` for what answers with values that others have given, who may have been careless.
 * @throws DimseError `data-set-source` when it can't be encoded.
 */
export function encodedSource(
  dataSet: DataSetSource | DataSet,
  transferSyntax: string,
  invalidText: EncodeOptions['invalidText'] = 'error',
): DataSetSource {
  if (!(dataSet instanceof DataSet)) return dataSet;
  try {
    return encodeDataSet(dataSet, transferSyntax, { invalidText });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DimseError('data-set-source', `Data set can't be encoded: ${reason}`, { cause: error });
  }
}
