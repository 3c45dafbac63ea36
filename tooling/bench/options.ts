/** The command line of `pnpm bench`. */
import { parseArgs } from 'node:util';
import { WORKLOADS, type Workload } from './workload.ts';

/** The tables: the codec alone, data sets, many associations, programs in either role; then archives: queries, retrieval, many senders. */
export const ROLES = ['codec', 'dataset', 'load', 'server', 'client', 'query', 'retrieve', 'senders'] as const;

/** Name of a table. */
export type Role = (typeof ROLES)[number];

/** What to measure. */
export interface BenchOptions {
  readonly roles: readonly Role[];
  readonly workloads: readonly Workload[];
  /** Only contenders whose name contains one of these; all when empty. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Instances of the archive that is queried. */
  readonly instances: number;
}

/** What `--help` prints. */
export const USAGE = `usage: pnpm bench [options]

  --role codec|dataset|load|server|client|query|retrieve|senders
                            one of the tables; may be repeated (default: all)
  --workload ct|small|echo  one of the workloads; may be repeated (default: all)
  --only WORD               contenders whose name contains the word; may be repeated (default: all that are installed)
  --rounds N                rounds to take the median of (default: 5)
  --instances N             in the archive that is queried (default: 1000000, which takes a minute to make)

Of servers and clients, results are wall times of whole client processes, all on the loopback interface.`;

/** Reads the command line. @throws an error with a sentence for the user. */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      role: { type: 'string', multiple: true },
      workload: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '5' },
      instances: { type: 'string', default: '1000000' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  return {
    roles: chosen('--role', values.role, ROLES),
    workloads: chosen('--workload', values.workload, WORKLOADS),
    only: values.only ?? [],
    rounds: wholeNumber('--rounds', values.rounds),
    instances: wholeNumber('--instances', values.instances),
  };
}

function wholeNumber(option: string, word: string): number {
  const value = Number(word);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option} wants a whole number from 1`);
  return value;
}

function chosen<T extends string>(
  option: string,
  given: readonly string[] | undefined,
  all: readonly T[],
): readonly T[] {
  const unknown = given?.find((value) => !all.some((name) => name === value));
  if (unknown !== undefined) throw new Error(`${option} wants one of ${all.join(', ')}, not ${unknown}`);
  return all.filter((name) => given?.includes(name) ?? true);
}
