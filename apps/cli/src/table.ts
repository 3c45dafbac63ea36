/** Rows as a table of text; the widths are those of the first rows, so that nothing waits for the last. */
import { printable } from './quantities.js';

/** Rows that are looked at for the widths. */
const MEASURED_ROWS = 40;
const WIDEST = 66;

/** A table that prints itself as rows come. */
export class Table {
  readonly #print: (line: string) => void;
  readonly #titles: readonly string[];
  #waiting: string[][] = [];
  #widths: readonly number[] | undefined;

  constructor(titles: readonly string[], print: (line: string) => void) {
    this.#titles = titles;
    this.#print = print;
  }

  add(cells: readonly string[]): void {
    const row = cells.map(printable);
    if (this.#widths !== undefined) this.#printRow(row);
    else if (this.#waiting.push(row) >= MEASURED_ROWS) this.flush();
  }

  /** Prints what waits; to be called after the last row, and before a long wait. */
  flush(): void {
    if (this.#widths !== undefined || this.#waiting.length === 0) return;
    this.#widths = this.#titles.map((title, column) =>
      Math.min(WIDEST, Math.max(title.length, ...this.#waiting.map((row) => row[column]?.length ?? 0))),
    );
    this.#printRow(this.#titles);
    for (const row of this.#waiting) this.#printRow(row);
    this.#waiting = [];
  }

  #printRow(row: readonly string[]): void {
    this.#print(
      row
        .map((cell, column) => cell.padEnd(this.#widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
