/** Tables and targets. */
import { BARE_NODE } from './contenders.ts';
import { median, type Outcome } from './measurement.ts';
import { WORKLOAD_TITLES, type Workload } from './workload.ts';

/** Outcomes of one table: by workload, then by contender. */
export type Results = ReadonlyMap<Workload, ReadonlyMap<string, Outcome>>;

/** Lines of a table: seconds, and the ratio to the contender that all are compared with. */
export function tableLines(names: readonly string[], results: Results, reference: string): string[] {
  const head = ['', ...[...results.keys()].map((workload) => WORKLOAD_TITLES[workload])];
  const rows = names.map((name) => [name, ...[...results.values()].map((outcomes) => cell(outcomes, name, reference))]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('   '),
  );
}

/** What each failed contender said. */
export function failureLines(results: Results): string[] {
  const lines: string[] = [];
  for (const [workload, outcomes] of results) {
    for (const [name, { failure }] of outcomes) {
      if (failure !== undefined) lines.push(`${name} failed at ${WORKLOAD_TITLES[workload]}: ${failure}`);
    }
  }
  return lines;
}

/** Whether ours keeps within `atMost` times the reference's time, and is ahead of all others. */
export function targetLines(
  results: Results,
  ours: string,
  reference: string,
  atMost: Readonly<Record<Workload, number>>,
): string[] {
  const lines: string[] = [];
  for (const [workload, outcomes] of results) {
    const title = WORKLOAD_TITLES[workload];
    const our = secondsOf(outcomes, ours);
    if (our === undefined) continue;
    const ratio = our / (secondsOf(outcomes, reference) ?? Number.NaN);
    if (Number.isFinite(ratio)) {
      const verdict = ratio <= atMost[workload] ? 'reached' : 'MISSED';
      lines.push(`${verdict}  ${title}: ${ratio.toFixed(2)} times ${reference}, at most ${atMost[workload]} wanted`);
    }
    for (const name of outcomes.keys()) {
      const theirs = secondsOf(outcomes, name);
      if (name === ours || name === reference || name === BARE_NODE || theirs === undefined) continue;
      lines.push(
        `${our < theirs ? 'reached' : 'MISSED'}  ${title}: ahead of ${name} (${(theirs / our).toFixed(1)} times its pace)`,
      );
    }
  }
  return lines;
}

function cell(outcomes: ReadonlyMap<string, Outcome>, name: string, reference: string): string {
  const seconds = secondsOf(outcomes, name);
  if (seconds === undefined) return outcomes.get(name)?.failure === undefined ? '-' : 'failed';
  const ratio = seconds / (secondsOf(outcomes, reference) ?? Number.NaN);
  return `${seconds.toFixed(3)} s${Number.isFinite(ratio) ? ratio.toFixed(2).padStart(7) : ''}`;
}

function secondsOf(outcomes: ReadonlyMap<string, Outcome>, name: string): number | undefined {
  return median(outcomes.get(name)?.seconds ?? []);
}
