/** Servers, each measured with DCMTK's clients. */
import { commandOf, DCMTK_CLIENTS, DCMTK_SERVER, OUR_SERVER, type ServerContender } from './contenders.ts';
import { measure } from './measurement.ts';
import { failureLines, type Results, tableLines, targetLines } from './report.ts';
import type { FileSet, Workload } from './workload.ts';

/** Measures and prints. `files` has what each workload but `echo` sends. */
export async function benchServers(
  contenders: readonly ServerContender[],
  files: ReadonlyMap<Workload, FileSet | undefined>,
  rounds: number,
): Promise<void> {
  const running: { readonly name: string; readonly server: Awaited<ReturnType<ServerContender['start']>> }[] = [];
  const startUps: string[] = [];
  try {
    for (const contender of contenders) {
      const startedAt = performance.now();
      running.push({ name: contender.name, server: await contender.start() });
      startUps.push(`${contender.name} ${((performance.now() - startedAt) / 1000).toFixed(2)} s`);
    }
    const results = new Map<Workload, Awaited<ReturnType<typeof measure>>>();
    for (const [workload, fileSet] of files) {
      const trials = running.map(({ name, server }) => ({
        name,
        command: commandOf(DCMTK_CLIENTS, server, fileSet?.paths ?? []),
      }));
      results.set(workload, await measure(trials, rounds, () => fileSet?.refresh()));
    }
    print(contenders, results, rounds, startUps);
  } finally {
    for (const { server } of running) await server.stop();
  }
}

/** Wall time of the server beside DCMTK storescp's, at most. */
const AT_MOST: Readonly<Record<Workload, number>> = { ct: 1.3, small: 1.3, echo: 1.4 };

function print(
  contenders: readonly ServerContender[],
  results: Results,
  rounds: number,
  startUps: readonly string[],
): void {
  const names = contenders.map(({ name }) => name);
  console.log(`\nServers, called by storescu and echoscu: median of ${rounds}, and times ${DCMTK_SERVER}\n`);
  for (const line of tableLines(names, results, DCMTK_SERVER)) console.log(line);
  console.log(`\nFrom start to listening: ${startUps.join(', ')}\n`);
  for (const line of failureLines(results)) console.log(line);
  for (const line of targetLines(results, OUR_SERVER, DCMTK_SERVER, AT_MOST)) console.log(line);
}
