/** Reading as the claims do it: a data set, or the error that says why not. */
import { DataSet, DataSetError, type ParseOptions, parseDataSet } from '@dicomwire/dimse/dataset';
import { dump } from './dump.ts';
import type { DecoderInput } from './input.ts';

/** Caps that an input of this size may reach. */
export const LIMITS = { maxInflatedBytes: 0x40_0000 } as const;

/** A private element that inputs hardly have. */
export const MARK = 0xfff10010;

/** Parses the whole. */
export function read({ bytes, transferSyntax }: DecoderInput, options: ParseOptions): DataSet | DataSetError {
  return attempt(() => parseDataSet(bytes, transferSyntax, { limits: LIMITS, ...options }));
}

/** What it says, or the code of the error. */
export function wordsOf(result: DataSet | DataSetError): string {
  return result instanceof DataSet ? dump(result).words : result.code;
}

/** The value of `work`, or the `DataSetError` that it throws; anything else escapes. */
export function attempt<T>(work: () => T): T | DataSetError {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataSetError) return error;
    throw error;
  }
}

/** True for what {@link attempt} gives when it fails. */
export function isError(result: unknown): result is DataSetError {
  return result instanceof DataSetError;
}
