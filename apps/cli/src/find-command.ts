/** `dicomwire find`: C-FIND of patients, studies, series and instances. PS3.4 C.4.1. */
import type { DataSet, Keyword } from '@dicomwire/dimse';
import { elementDefinition, formatTag, stringifyDicomJson, tagOfKeyword, toDicomJson } from '@dicomwire/dimse/dataset';
import type { FindLevel, QueryResults } from '@dicomwire/services';
import { dataSetOf, type GivenElement } from './attributes.js';
import type { ConnectionOptions } from './connection-options.js';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { say } from './output.js';
import { count, printable, statusInHex } from './quantities.js';
import type { Level } from './query-options.js';
import { runWithClient } from './run-command.js';
import { Table } from './table.js';

/** Options of the command. */
export interface FindOptions extends ConnectionOptions {
  readonly level: Level;
  readonly model?: FindLevel['model'];
  readonly key?: readonly GivenElement[] | undefined;
  /** No keys but those that were given. */
  readonly onlyKeys?: true | undefined;
  readonly limit?: number | undefined;
  readonly relational?: true | undefined;
  readonly fuzzy?: true | undefined;
}

/** What is asked for unless told otherwise. */
const usualKeys: Readonly<Record<Level, readonly Keyword[]>> = {
  PATIENT: ['PatientName', 'PatientID', 'PatientBirthDate', 'PatientSex'],
  STUDY: [
    'StudyDate',
    'StudyTime',
    'PatientName',
    'PatientID',
    'AccessionNumber',
    'ModalitiesInStudy',
    'StudyDescription',
    'StudyInstanceUID',
  ],
  SERIES: ['Modality', 'SeriesNumber', 'SeriesDescription', 'SeriesInstanceUID'],
  IMAGE: ['InstanceNumber', 'SOPClassUID', 'SOPInstanceUID'],
};

/** Runs the command. Resolves to its exit code. */
export function find(host: string, port: number, options: FindOptions): Promise<number> {
  const given = options.key ?? [];
  const keys = dataSetOf(given);
  const usual = options.onlyKeys ? [] : usualKeys[options.level];
  for (const keyword of usual) if (!keys.has(keyword)) keys.set(tagOf(keyword), vrOf(tagOf(keyword)), null);
  const columns = new Set([...usual.map(tagOf), ...given.map(({ path, tag }) => path[0]?.tag ?? tag)]);
  const { level, model, limit } = options;
  return runWithClient(host, port, options, (client, signal) => {
    const matches = client.find({ level, model }, keys, {
      limit,
      signal,
      relationalQueries: options.relational === true,
      fuzzySemanticMatching: options.fuzzy === true,
    });
    return printMatches(matches, [...columns], (dataSet) => dataSet, options);
  });
}

/** Prints matches, and how the query ended. Resolves to the exit code. */
export async function printMatches<Match>(
  matches: QueryResults<Match>,
  columns: readonly number[],
  dataSetOfMatch: (match: Match) => DataSet,
  options: Pick<ConnectionOptions, 'json'> & { readonly limit?: number | undefined },
): Promise<number> {
  const table = new Table(columns.map(titleOf), say);
  try {
    for await (const match of matches) {
      const dataSet = dataSetOfMatch(match);
      if (options.json) say(stringifyDicomJson(toDicomJson(dataSet)));
      else table.add(columns.map((tag) => cellOf(dataSet, tag)));
    }
  } finally {
    table.flush();
  }
  const notes: string[] = [];
  if (!options.json) notes.push(count(matches.matchCount, 'match', 'matches'));
  if (matches.hasUnsupportedKeys) notes.push('the peer does not match by all of the keys');
  const { end } = matches;
  const isWhole = end === undefined || end.category === 'Success';
  if (end === undefined && matches.matchCount >= (options.limit ?? Number.POSITIVE_INFINITY)) {
    notes.push('there may be more (--limit)');
  }
  if (!isWhole)
    notes.push(`incomplete: ${statusInHex(end.status)} ${end.meaning}${end.comment ? `, ${end.comment}` : ''}`);
  if (notes.length > 0) process.stderr.write(`${printable(notes.join('; '))}\n`);
  return isWhole ? EXIT_OK : EXIT_FAILED;
}

function cellOf(dataSet: DataSet, tag: number): string {
  if (dataSet.vr(tag) === 'SQ') return count(dataSet.items(tag).length, 'item');
  return dataSet.texts(tag).join('\\');
}

function titleOf(tag: number): string {
  return elementDefinition(tag)?.keyword || formatTag(tag);
}

function tagOf(keyword: Keyword): number {
  return tagOfKeyword(keyword) ?? 0;
}

function vrOf(tag: number) {
  return elementDefinition(tag)?.vrs[0] ?? 'UN';
}
