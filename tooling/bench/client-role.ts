/** Clients, each measured against DCMTK's `storescp --ignore`. */
import { startStorescp } from '@dicomwire/interop/peers';
import { type ClientContender, commandOf, DCMTK_CLIENT, OUR_CLIENT } from './contenders.ts';
import { measure, median, type Outcome } from './measurement.ts';
import { failureLines, type Results, tableLines, targetLines } from './report.ts';
import type { FileSet, Workload } from './workload.ts';

/** Measures and prints. `files` has what each workload but `echo` sends. */
export async function benchClients(
  contenders: readonly ClientContender[],
  files: ReadonlyMap<Workload, FileSet | undefined>,
  rounds: number,
): Promise<void> {
  const server = await startStorescp({ ignores: true });
  const whole = new Map<Workload, ReadonlyMap<string, Outcome>>();
  const startUp = new Map<Workload, ReadonlyMap<string, Outcome>>();
  try {
    for (const [workload, fileSet] of files) {
      const paths = fileSet?.paths ?? [];
      const all = contenders.map((client) => ({ name: client.name, command: commandOf(client, server, paths) }));
      const one = contenders.map((client) => ({
        name: client.name,
        command: commandOf(client, server, paths.slice(0, 1), 1),
      }));
      whole.set(workload, await measure(all, rounds, () => fileSet?.refresh()));
      startUp.set(workload, await measure(one, rounds, () => fileSet?.refresh()));
    }
  } finally {
    await server.stop();
  }
  print(contenders, whole, startUp, rounds);
}

/** Wall time beside DCMTK's clients, start-up apart, at most. */
const AT_MOST: Readonly<Record<Workload, number>> = { ct: 1.3, small: 1.3, echo: 1.4 };

function print(contenders: readonly ClientContender[], whole: Results, startUp: Results, rounds: number): void {
  const names = contenders.map(({ name }) => name);
  const net = withoutStartUp(whole, startUp);
  console.log(`\nClients, calling storescp --ignore: median of ${rounds}, and times ${DCMTK_CLIENT}`);
  console.log('\nThe work alone: the whole process less its start-up\n');
  for (const line of tableLines(names, net, DCMTK_CLIENT)) console.log(line);
  console.log('\nStart-up: the same process with one object or echo\n');
  for (const line of tableLines(names, startUp, DCMTK_CLIENT)) console.log(line);
  console.log('\nThe whole process\n');
  for (const line of tableLines(names, whole, DCMTK_CLIENT)) console.log(line);
  console.log('');
  for (const line of failureLines(whole)) console.log(line);
  for (const line of targetLines(net, OUR_CLIENT, DCMTK_CLIENT, AT_MOST)) console.log(line);
}

function withoutStartUp(whole: Results, startUp: Results): Results {
  const net = new Map<Workload, Map<string, Outcome>>();
  for (const [workload, outcomes] of whole) {
    const rest = new Map<string, Outcome>();
    for (const [name, { seconds, failure }] of outcomes) {
      const before = median(startUp.get(workload)?.get(name)?.seconds ?? []) ?? 0;
      rest.set(name, { seconds: seconds.map((value) => Math.max(value - before, 0)), failure });
    }
    net.set(workload, rest);
  }
  return net;
}
