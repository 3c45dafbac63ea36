/** Objects that were not stored as they should, gathered by reason. */
import type { StoreResult } from '@dicomwire/services';
import { count, printable, statusInHex } from './quantities.js';
import { adviceOnResult } from './store-advice.js';

/** How many objects of a group are named unless all are asked for. */
const NAMED_PER_GROUP = 5;

interface Trouble {
  readonly title: string;
  readonly advice: string | undefined;
  readonly sources: string[];
  number: number;
}

/** Gathers results; memory grows with the number of troubles, not of objects. */
export class StoreTroubles {
  readonly #groups = new Map<string, Trouble>();

  /** Takes a result in; those that are stored or skipped are none of its business. */
  add(result: StoreResult): void {
    if (['stored', 'already-stored', 'skipped'].includes(result.outcome)) return;
    const title = titleOf(result);
    let group = this.#groups.get(title);
    if (group === undefined) {
      group = { title, advice: adviceOnResult(result), sources: [], number: 0 };
      this.#groups.set(title, group);
    }
    group.number++;
    group.sources.push(sourceLine(result));
  }

  /** A heading per reason, then the objects, then what to do about it; the most frequent reason first. */
  *lines(namesAll: boolean): IterableIterator<string> {
    const groups = [...this.#groups.values()].sort((a, b) => b.number - a.number);
    for (const { title, advice, sources, number } of groups) {
      yield '';
      yield `${count(number, 'object')} ${title}`;
      const named = namesAll ? sources : sources.slice(0, NAMED_PER_GROUP);
      for (const source of named) yield `    ${source}`;
      if (named.length < number) yield `    and ${number - named.length} more (--verbose names all)`;
      if (advice !== undefined) yield `  → ${advice}`;
    }
  }
}

/** The reason as a heading; equal for all that belong together. */
function titleOf(result: StoreResult): string {
  const verb = result.outcome === 'not-sent' ? 'not sent' : result.outcome;
  if (result.outcome === 'warning' || result.reason === 'peer-status') {
    const status = result.status === undefined ? '' : ` ${statusInHex(result.status)}`;
    const comment = result.comment === undefined || result.comment === '' ? '' : `: ${printable(result.comment)}`;
    const words = result.outcome === 'warning' ? 'stored with warning' : verb;
    return `${words}${status} ${printable(result.meaning ?? '')}`.trimEnd() + comment;
  }
  if (result.reason === 'unreadable') return `${verb}: can't be read`;
  if (result.reason === 'not-dicom') return `${verb}: no DICOM object`;
  if (result.reason === 'missing-identity') return `${verb}: SOP class, SOP instance or transfer syntax is missing`;
  return `${verb}: ${printable(result.error?.message ?? result.reason ?? 'unknown reason')}`;
}

/** Where an object came from; with its own words where the heading does not say them. */
function sourceLine(result: StoreResult): string {
  const source = printable(result.source);
  const saysMore =
    result.reason === 'unreadable' || result.reason === 'missing-identity' || result.reason === 'not-dicom';
  return saysMore && result.error !== undefined ? `${source}: ${printable(result.error.message)}` : source;
}
