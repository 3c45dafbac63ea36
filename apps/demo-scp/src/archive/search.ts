/**
 * Finds patients, studies, series and instances in the index: for C-FIND, C-GET and C-MOVE.
 *
 * It reads by a connection of its own, page by page: no statement stays open while a slow peer takes its answers, so that the log of the
 * database can be written back, and nobody who stores waits.
 */
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  DataSet,
  type InstanceFile,
  type InstanceSource,
  type Query,
  type QueryLevel,
  type QuerySource,
  type RetrieveQuery,
  readPart10File,
} from '@dicomwire/services';
import { type Row, text } from './row.js';
import { anyFile, levelTables, searchColumns } from './search-columns.js';
import { conditionsOf } from './search-conditions.js';

/** What is searched. */
export interface SearchOptions {
  /** Data directory: paths in the index are relative to it. */
  readonly directory: string;
  /** The index's file. */
  readonly indexPath: string;
  /** Writes what has been acknowledged and is not in the index yet. */
  readonly flush: () => void;
}

/** Both sources over one index. */
export class ArchiveSearch implements QuerySource, InstanceSource {
  readonly #options: SearchOptions;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#database = new DatabaseSync(options.indexPath, { readOnly: true });
    this.#database.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8192;');
  }

  async *find(query: Query): AsyncGenerator<DataSet, void, undefined> {
    const { level } = query;
    if (level === undefined) return;
    this.#options.flush();
    const keywords = query.keys.flatMap(({ keyword }) => (keyword === '' ? [] : [keyword]));
    const indexed = keywords.filter((keyword) => columnOf(keyword, level) !== undefined);
    const fromFile = query.keys.filter(({ keyword }) => !indexed.some((each) => each === keyword));
    const needsFile = fromFile.some(({ keyword }) => !answeredByProvider.has(keyword));
    for (const row of this.#rows(query, level, indexed, needsFile)) {
      const entity = entityOf(row, indexed);
      if (needsFile)
        await this.#addFromFile(
          entity,
          row,
          fromFile.map(({ tag }) => tag),
        );
      yield entity;
    }
  }

  instances(query: RetrieveQuery): readonly InstanceFile[] {
    this.#options.flush();
    const lists: readonly (readonly [column: string, values: readonly string[]])[] = [
      ['s.patient_id', query.patientIds],
      ['i.study_uid', query.studyInstanceUids],
      ['i.series_uid', query.seriesInstanceUids],
      ['i.sop_instance_uid', query.sopInstanceUids],
    ];
    const given = lists.filter(([, values]) => values.length > 0);
    const conditions = given.map(([column, values]) => `${column} IN (${values.map(() => '?').join(', ')})`);
    const sql = `SELECT i.sop_class_uid, i.sop_instance_uid, i.transfer_syntax, i.path, i.byte_length
      FROM instance i LEFT JOIN study s ON s.study_uid = i.study_uid
      WHERE i.is_missing = 0 AND ${conditions.join(' AND ')} ORDER BY i.study_uid, i.series_uid, i.id`;
    const rows = this.#database.prepare(sql).all(...given.flatMap(([, values]) => values));
    return rows.map((row) => ({
      sopClassUid: text(row, 'sop_class_uid'),
      sopInstanceUid: text(row, 'sop_instance_uid'),
      transferSyntaxUid: text(row, 'transfer_syntax'),
      path: join(this.#options.directory, text(row, 'path')),
      byteLength: Number(row.byte_length),
    }));
  }

  /** Nothing can be found any more. */
  close(): void {
    this.#database.close();
  }

  /** In order of row numbers: through what an index narrows down, as far as it narrows, else through the table. */
  *#rows(
    query: Query,
    level: QueryLevel,
    indexed: readonly string[],
    needsFile: boolean,
  ): Generator<Row, void, undefined> {
    const { from, id } = levelTables[level];
    const conditions = conditionsOf(query, level);
    const values = conditions.flatMap((condition) => condition.values);
    const isThere = level === 'IMAGE' ? ['i.is_missing = 0'] : [];
    const where = [...conditions.map(({ sql }) => sql), ...isThere];
    const columns = indexed.map((keyword, at) => `${columnOf(keyword, level)} AS c${at}`);
    const wanted = [`${id} AS id`, ...columns, ...(needsFile ? [`${anyFile[level]} AS file`] : [])].join(', ');
    const narrowed =
      conditions.length === 0 ? undefined : this.#narrowedIds(`SELECT ${id} AS id FROM ${from}`, where, values);
    if (narrowed !== undefined) {
      for (let at = 0; at < narrowed.length; at += pageLength) {
        const ids = narrowed.slice(at, at + pageLength);
        const page = this.#prepare(
          `SELECT ${wanted} FROM ${from} WHERE ${id} IN (${'?, '.repeat(ids.length - 1)}?) ORDER BY ${id}`,
        );
        yield* page.all(...ids);
      }
      return;
    }
    // The plus keeps SQLite from an index, whose matches it would sort anew for each page.
    const unindexed = where.map((condition) => `+(${condition})`).join(' AND ');
    const page = this.#prepare(
      `SELECT ${wanted} FROM ${from} WHERE ${id} > ?${unindexed === '' ? '' : ` AND ${unindexed}`} ORDER BY ${id} LIMIT ?`,
    );
    for (let last = 0, limit = firstPageLength; ; limit = Math.min(limit * 2, pageLength)) {
      const rows = page.all(last, ...values, limit);
      yield* rows;
      const end = rows[rows.length - 1];
      if (end === undefined || rows.length < limit) return;
      last = Number(end.id);
    }
  }

  /** Row numbers of all that meets the conditions; `undefined` when these are so many that going through the table is better. */
  #narrowedIds(select: string, where: readonly string[], values: readonly string[]): number[] | undefined {
    const sql = `${select} WHERE ${where.join(' AND ')} LIMIT ${maximumNarrowed + 1}`;
    const rows = this.#database.prepare(sql).all(...values);
    if (rows.length > maximumNarrowed) return undefined;
    return rows.map((row) => Number(row.id)).sort((a, b) => a - b);
  }

  async #addFromFile(entity: DataSet, row: Row, tags: readonly number[]): Promise<void> {
    if (typeof row.file !== 'string') return;
    const dataSet = await this.#header(row.file);
    if (dataSet === undefined) return;
    for (const tag of tags) {
      const vr = dataSet.vr(tag);
      if (vr !== undefined) entity.set(tag, vr, vr === 'SQ' ? dataSet.items(tag) : dataSet.values(tag));
    }
  }

  /** A file that is gone or can't be read has no more attributes to tell. */
  async #header(path: string): Promise<DataSet | undefined> {
    try {
      const { dataSet } = await readPart10File(join(this.#options.directory, path), { stopBefore: pixelDataTag });
      return dataSet;
    } catch {
      return undefined;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= maximumStatements) this.#statements.clear();
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function columnOf(keyword: string, level: QueryLevel): string | undefined {
  return Object.hasOwn(searchColumns, keyword) ? searchColumns[keyword]?.sql[level] : undefined;
}

function entityOf(row: Row, indexed: readonly string[]): DataSet {
  const values: Record<string, string | readonly string[] | null> = {};
  let isAscii = true;
  for (const [at, keyword] of indexed.entries()) {
    const value = row[`c${at}`];
    const words = value === null || value === undefined ? '' : String(value);
    values[keyword] = severalValued.has(keyword)
      ? words.split('\\').filter((word) => word !== '')
      : words === ''
        ? null
        : words;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the default repertoire is just that
    isAscii &&= /^[\x00-\x7f]*$/.test(words);
  }
  return DataSet.from(isAscii ? values : { SpecificCharacterSet: 'ISO_IR 192', ...values });
}

const severalValued: ReadonlySet<string> = new Set(['ModalitiesInStudy', 'SOPClassesInStudy']);

/** What the service fills in. */
const answeredByProvider: ReadonlySet<string> = new Set([
  'RetrieveAETitle',
  'InstanceAvailability',
  'QueryRetrieveLevel',
  'SpecificCharacterSet',
  'StorageMediaFileSetID',
  'StorageMediaFileSetUID',
]);

const pixelDataTag = 0x7fe00010;
/** The first match should not wait for hundreds of others. */
const firstPageLength = 16;
const pageLength = 256;
const maximumNarrowed = 50_000;
const maximumStatements = 200;
