/** Levels and information models, as the commands of query/retrieve take them. */
import type { FindLevel, RetrieveModel } from '@dicomwire/services';
import { InvalidArgumentError, Option } from 'commander';

/** A level. */
export type Level = FindLevel['level'];

const levels: readonly Level[] = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'];
const findModels: readonly NonNullable<FindLevel['model']>[] = ['patient-root', 'study-root', 'patient-study-only'];
const retrieveModels: readonly RetrieveModel[] = [
  ...findModels,
  'composite-instance-root',
  'composite-instance-without-bulk-data',
];

/** `--level`; `text` says what holds without it. */
export function levelOption(text: string): Option {
  return choiceOption(
    '--level <level>',
    text,
    levels.map((level) => level.toLowerCase()),
    parseLevel,
  );
}

/** `--model` of a query. */
export function findModelOption(): Option {
  return choiceOption('--model <model>', 'information model (default: by the level)', findModels, parseFindModel);
}

/** `--model` of a retrieval. */
export function retrieveModelOption(): Option {
  return choiceOption(
    '--model <model>',
    'information model (default: by the level)',
    retrieveModels,
    parseRetrieveModel,
  );
}

/** Choices that help and completion show, and a parser that is more generous. */
function choiceOption<T>(flags: string, text: string, choices: readonly string[], parse: (word: string) => T): Option {
  return new Option(flags, text).choices(choices).argParser(parse);
}

/** `study`, `STUDY`; `instance` is IMAGE. */
function parseLevel(word: string): Level {
  const level = word.toUpperCase() === 'INSTANCE' ? 'IMAGE' : word.toUpperCase();
  return oneOf(levels, level);
}

/** Model of a query. */
function parseFindModel(word: string): NonNullable<FindLevel['model']> {
  return oneOf(findModels, word);
}

/** Model of a retrieval. */
function parseRetrieveModel(word: string): RetrieveModel {
  return oneOf(retrieveModels, word);
}

function oneOf<T extends string>(known: readonly T[], word: string): T {
  const found = known.find((each) => each === word);
  if (found === undefined) throw new InvalidArgumentError(`Give one of ${known.join(', ').toLowerCase()}.`);
  return found;
}
