/** Plays many scenarios, many at a time: each waits for the event loop, which is the same for all. */
import { playScenario, type Role } from './scenario.js';

/** Scenarios of one run, unless `FUZZ_RUNS` says otherwise. */
export const scenarioCount = Number(process.env.FUZZ_RUNS ?? 10_000);

/** Seeds of the scenarios that failed, and why. `FUZZ_SEED` plays that one alone. */
export async function simulate(role: Role): Promise<{ readonly played: number; readonly failures: readonly string[] }> {
  const { FUZZ_SEED } = process.env;
  const first = Number(FUZZ_SEED ?? 1);
  const end = FUZZ_SEED === undefined ? first + scenarioCount : first + 1;
  const failures: string[] = [];
  for (let seed = first; seed < end; seed += atOnce) {
    const seeds = Array.from({ length: Math.min(atOnce, end - seed) }, (_, index) => seed + index);
    await Promise.all(
      seeds.map((one) =>
        playScenario(role, one).catch((error: unknown) => failures.push(`FUZZ_SEED=${one} ${role}: ${String(error)}`)),
      ),
    );
  }
  return { played: end - first, failures };
}

const atOnce = 50;
