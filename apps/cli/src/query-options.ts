/** Levels and information models, as the commands of query/retrieve take them. */
import type { FindLevel, RetrieveModel } from '@dicomwire/services';
import { InvalidArgumentError } from 'commander';

/** A level. */
export type Level = FindLevel['level'];

const levels: readonly Level[] = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'];
const findModels: readonly NonNullable<FindLevel['model']>[] = ['patient-root', 'study-root', 'patient-study-only'];
const retrieveModels: readonly RetrieveModel[] = [
  ...findModels,
  'composite-instance-root',
  'composite-instance-without-bulk-data',
];

/** `study`, `STUDY`; `instance` is IMAGE. */
export function parseLevel(word: string): Level {
  const level = word.toUpperCase() === 'INSTANCE' ? 'IMAGE' : word.toUpperCase();
  return oneOf(levels, level);
}

/** Model of a query. */
export function parseFindModel(word: string): NonNullable<FindLevel['model']> {
  return oneOf(findModels, word);
}

/** Model of a retrieval. */
export function parseRetrieveModel(word: string): RetrieveModel {
  return oneOf(retrieveModels, word);
}

function oneOf<T extends string>(known: readonly T[], word: string): T {
  const found = known.find((each) => each === word);
  if (found === undefined) throw new InvalidArgumentError(`Give one of ${known.join(', ').toLowerCase()}.`);
  return found;
}
