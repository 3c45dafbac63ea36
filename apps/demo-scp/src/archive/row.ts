/** Typed reading of SQLite rows. */
import type { SQLOutputValue } from 'node:sqlite';

/** A row as `node:sqlite` gives it. */
export type Row = Record<string, SQLOutputValue>;

/** A text column. @throws TypeError when the column holds something else. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} of the index holds ${typeof value}, not text`);
  return value;
}

/** A numeric column. @throws TypeError when the column holds something else. */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number')
    throw new TypeError(`column ${column} of the index holds ${typeof value}, not a number`);
  return value;
}
