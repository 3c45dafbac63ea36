/** The input tables, read and checked for shape. */
import { readFileSync } from 'node:fs';

/** A row of PS3.6 tables 6-1, 7-1, 8-1, 9-1 or PS3.7 E. */
export interface ElementRow {
  /** Eight hex digits; `x` stands for any digit in repeating groups. */
  readonly tag: string;
  readonly name: string;
  readonly keyword: string;
  /** Value representations; more than one where the context decides, joined by `|`. */
  readonly vr: string;
  readonly vm: string;
  readonly isRetired: boolean;
}

/** A row of PS3.6 Table A-1. */
export interface UidRow {
  readonly uid: string;
  readonly name: string;
  readonly keyword: string;
  readonly type: string;
  readonly isRetired: boolean;
}

/** A status of one service. */
export interface StatusRow {
  readonly code: number;
  readonly codeEnd: number;
  readonly category: string;
  readonly meaning: string;
}

/** A table with the words that tell where it came from. */
export interface Table<Row> {
  readonly origin: string;
  readonly rows: readonly Row[];
}

/** Data elements, ascending by tag. */
export function readElements(): Table<ElementRow> {
  const file = readJson('data-elements.json');
  const rows = listOf(file.elements).map((row) => {
    const [tag, name, keyword, vr, vm, retired] = listOf(row);
    return {
      tag: text(tag),
      name: text(name),
      keyword: text(keyword),
      vr: text(vr),
      vm: text(vm),
      isRetired: retired === 1,
    };
  });
  return { origin: origin(file), rows: rows.sort((a, b) => (a.tag < b.tag ? -1 : 1)) };
}

/** UIDs in the standard's order. */
export function readUids(): Table<UidRow> {
  const file = readJson('uids.json');
  const rows = listOf(file.uids).map((row) => {
    const [uid, name, keyword, type, retired] = listOf(row);
    return { uid: text(uid), name: text(name), keyword: text(keyword), type: text(type), isRetired: retired === 1 };
  });
  return { origin: origin(file), rows };
}

/** UIDs of the SOP classes of each service, and the retired storage classes. */
export function readSopClasses(): {
  origin: string;
  services: Map<string, readonly string[]>;
  retiredStorage: string[];
} {
  const file = readJson('sop-classes.json');
  const services = new Map(
    Object.entries(record(file.services)).map(([key, service]) => [key, listOf(record(service).sopClasses).map(text)]),
  );
  return { origin: origin(file), services, retiredStorage: listOf(file.retiredStorage).map(text) };
}

/** Statuses of each service by its key, with the clause that lists them. */
export function readStatuses(): { origin: string; services: Map<string, { ref: string; rows: StatusRow[] }> } {
  const file = readJson('statuses.json');
  const services = new Map(
    Object.entries(record(file.services)).map(([key, value]) => {
      const service = record(value);
      return [key, { ref: text(service.ref), rows: listOf(service.statuses).map(statusRow) }];
    }),
  );
  return { origin: origin(file), services };
}

function statusRow(row: unknown): StatusRow {
  const [codes, category, meaning] = listOf(row);
  const [first, last] = text(codes).split('-');
  const code = Number.parseInt(first ?? '', 16);
  const codeEnd = last === undefined ? code : Number.parseInt(last, 16);
  return { code, codeEnd, category: text(category), meaning: text(meaning) };
}

function readJson(file: string): Record<string, unknown> {
  return record(JSON.parse(readFileSync(new URL(`input/${file}`, import.meta.url), 'utf8')));
}

function origin(file: Record<string, unknown>): string {
  return `${text(file.standard)}; edition ${text(file.edition)}.`;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('An object was expected.');
  return { ...value };
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error('A list was expected.');
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`A string was expected, found ${JSON.stringify(value)}.`);
  return value;
}
