/** Timing whole processes, round by round, so that whatever else the machine does falls on all alike. */
import { run } from '@dicomwire/interop/peers';
import type { Command } from './contenders.ts';

/** Something to be timed. */
export interface Trial {
  readonly name: string;
  readonly command: Command;
}

/** What a trial came to. */
export interface Outcome {
  /** Seconds of each round that succeeded. */
  readonly seconds: readonly number[];
  /** What the first failed round said. */
  readonly failure: string | undefined;
}

/** A trial that takes longer than this has failed. */
const TIMEOUT_MS = 180_000;

/** Runs the trials in turn, `rounds` times, each round beginning with another one. `prepare` is called before each round. */
export async function measure(
  trials: readonly Trial[],
  rounds: number,
  prepare: () => void,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map(
    trials.map(({ name }) => [name, { seconds: [] as number[], failure: undefined as string | undefined }]),
  );
  for (let round = 0; round < rounds; round++) {
    prepare();
    for (let turn = 0; turn < trials.length; turn++) {
      const trial = trials[(round + turn) % trials.length];
      const outcome = trial && outcomes.get(trial.name);
      // A contender that fails once is not asked again: a timeout in every round would take all day.
      if (trial === undefined || outcome === undefined || outcome.failure !== undefined) continue;
      const startedAt = performance.now();
      const end = await run(...trial.command, { timeoutMs: TIMEOUT_MS });
      // pynetdicom tells of a lost response and exits with 0.
      if (end.exitCode === 0 && !/^E: /m.test(end.stderr)) outcome.seconds.push((performance.now() - startedAt) / 1000);
      else
        outcome.failure = `${end.stderr || end.stdout || `exit code ${end.exitCode ?? end.signal}`}`
          .trim()
          .slice(0, 300);
    }
  }
  return outcomes;
}

/** The middle value; `undefined` of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [upper, lower] = [sorted[middle], sorted[middle - 1]];
  if (upper === undefined || sorted.length % 2 === 1 || lower === undefined) return upper;
  return (lower + upper) / 2;
}
