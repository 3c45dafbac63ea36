/** `pnpm bench`: dicomwire beside its peers, in one go, in both roles. Nothing is asserted: it prints. */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import {
  DEMO_SCP_PROGRAM,
  DICOMWIRE_PROGRAM,
  type PeerName,
  temporaryDirectory,
  whatIsMissing,
} from '@dicomwire/interop/peers';
import { benchClients } from './client-role.ts';
import { benchCodec } from './codec.ts';
import { CLIENTS, SERVERS } from './contenders.ts';
import { benchDataSets } from './data-set-role.ts';
import { benchLoad } from './load.ts';
import { type BenchOptions, parseOptions, USAGE } from './options.ts';
import { benchQuery } from './query-role.ts';
import { benchRetrieve } from './retrieve-role.ts';
import { benchSenders } from './senders-role.ts';
import { benchServers } from './server-role.ts';
import { type FileSet, type Workload, writeFileSet } from './workload.ts';

async function main(options: BenchOptions): Promise<void> {
  for (const program of [DICOMWIRE_PROGRAM, DEMO_SCP_PROGRAM]) {
    if (!existsSync(program)) throw new Error(`${program} is not built: run pnpm build first`);
  }
  console.log(`Node ${process.version}, ${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}), loopback`);
  if (options.roles.includes('codec')) benchCodec(options.rounds);
  if (options.roles.includes('dataset')) await benchDataSets(options.rounds);
  if (options.roles.includes('load')) await benchLoad(options.rounds);
  if (options.roles.includes('query')) await benchQuery(options.instances);
  if (options.roles.includes('retrieve')) await benchRetrieve(options.rounds);
  if (options.roles.includes('senders')) await benchSenders(options.rounds);
  if (options.roles.includes('server') || options.roles.includes('client')) await benchPrograms(options);
}

async function benchPrograms(options: BenchOptions): Promise<void> {
  const missing = whatIsMissing('DCMTK');
  if (missing !== undefined) {
    console.log(
      `Nothing can be measured: ${missing}; its clients and its server are the fixed end of every measurement.`,
    );
    return;
  }
  const directory = await temporaryDirectory('bench');
  try {
    const files = new Map<Workload, FileSet | undefined>();
    for (const workload of options.workloads) {
      files.set(workload, workload === 'echo' ? undefined : writeFileSet(workload, directory.path));
    }
    if (options.roles.includes('server')) await benchServers(here(SERVERS, options), files, options.rounds);
    if (options.roles.includes('client')) await benchClients(here(CLIENTS, options), files, options.rounds);
  } finally {
    await directory.remove();
  }
}

/** Those that were asked for and that this machine has; says which are left out. */
function here<T extends { readonly name: string; readonly needs: readonly PeerName[] }>(
  contenders: readonly T[],
  { only }: BenchOptions,
): T[] {
  return contenders.filter(({ name, needs }) => {
    if (only.length > 0 && !only.some((word) => name.toLowerCase().includes(word.toLowerCase()))) return false;
    const missing = needs.map(whatIsMissing).find((reason) => reason !== undefined);
    if (missing !== undefined) console.log(`${name} is left out: ${missing}`);
    return missing === undefined;
  });
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await main(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
