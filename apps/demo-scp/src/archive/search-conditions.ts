/** What of a query the index can answer, as SQL. What it can't is left to the engine, which looks at every entity again. */
import type { Criterion, Query, QueryKey, QueryLevel } from '@dicomwire/services';
import { type SearchColumn, searchColumns } from './search-columns.js';

/** A condition and the values of its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly string[];
}

/** All conditions of a query; every entity that matches meets them. */
export function conditionsOf(query: Query, level: QueryLevel): readonly Condition[] {
  return query.keys.flatMap((key) => conditionOf(key, query, level) ?? []);
}

function conditionOf(key: QueryKey, { rules }: Query, level: QueryLevel): Condition | undefined {
  const column = Object.hasOwn(searchColumns, key.keyword) ? searchColumns[key.keyword] : undefined;
  const sql = column?.compared?.[level] ?? column?.sql[level];
  if (column === undefined || sql === undefined) return undefined;
  if (column.kind === 'name' && rules.names !== 'folded') return undefined;
  const condition = compare(sql, column, key.criterion);
  if (condition === undefined) return undefined;
  // An attribute without a value may match whatever is asked: PS3.4 C.2.2.1.2.
  return rules.unknownMatches ? either([condition, { sql: `${sql} = ''`, values: [] }]) : condition;
}

function compare(sql: string, column: SearchColumn, criterion: Criterion): Condition | undefined {
  if (criterion.kind === 'any-of') {
    const parts = criterion.criteria.map((each) => compare(sql, column, each));
    const known = parts.filter((part) => part !== undefined);
    return known.length === parts.length && known.length > 0 ? either(known) : undefined;
  }
  switch (column.kind) {
    case 'exact':
      return compareExactly(sql, criterion);
    case 'name':
      return compareName(sql, criterion);
    case 'date':
      return compareDate(sql, criterion);
    case 'none':
      return undefined;
  }
}

function compareExactly(sql: string, criterion: Criterion): Condition | undefined {
  switch (criterion.kind) {
    case 'value':
      return { sql: `${sql} = ?`, values: [criterion.value] };
    case 'uid-list':
      if (criterion.uids.length > maximumListed) return undefined;
      return { sql: `${sql} IN (${criterion.uids.map(() => '?').join(', ')})`, values: criterion.uids };
    case 'wildcard':
      return beginsWith(sql, criterion.prefix);
    default:
      return undefined;
  }
}

/** A key may be any of the groups of a name that has several. */
function compareName(sql: string, criterion: Criterion): Condition | undefined {
  if (criterion.kind !== 'value' && criterion.kind !== 'wildcard') return undefined;
  if (criterion.folded.includes('=')) return undefined;
  const condition =
    criterion.kind === 'value' ? { sql: `${sql} = ?`, values: [criterion.folded] } : beginsWith(sql, criterion.prefix);
  return condition === undefined ? undefined : either([condition, { sql: `instr(${sql}, '=') > 0`, values: [] }]);
}

function compareDate(sql: string, criterion: Criterion): Condition | undefined {
  if (criterion.kind !== 'date-range') return undefined;
  const { from, to } = criterion;
  if (from !== undefined && to !== undefined) return { sql: `${sql} BETWEEN ? AND ?`, values: [from, to] };
  if (from !== undefined) return { sql: `${sql} >= ?`, values: [from] };
  return to === undefined ? undefined : { sql: `${sql} <= ?`, values: [to] };
}

/** U+10FFFF is behind every character that can follow. */
function beginsWith(sql: string, prefix: string): Condition | undefined {
  return prefix === '' ? undefined : { sql: `${sql} BETWEEN ? AND ?`, values: [prefix, `${prefix}\u{10ffff}`] };
}

function either(conditions: readonly Condition[]): Condition {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
    values: conditions.flatMap(({ values }) => values),
  };
}

/** SQLite takes 32,766 values in one statement; longer lists are rare and left to the engine. */
const maximumListed = 10_000;
