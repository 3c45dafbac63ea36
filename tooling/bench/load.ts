/** Many associations: what they cost while they are there, what they leave behind, how fast they come and go. */
import { startStorescp, whatIsMissing } from '@dicomwire/interop/peers';
import { kilobytes, measuredLine, megabytes, milliseconds, percentile, verdict, withThousands } from './lines.ts';
import { type AskedProcess, startAsked } from './load/asked-process.ts';
import { median } from './measurement.ts';

const ACCEPTOR = new URL('load/acceptor.ts', import.meta.url);
const CALLER = new URL('load/caller.ts', import.meta.url);

const MEGABYTE = 1_000_000;

/** Associations that do nothing, and bytes that one may cost. */
const IDLE = 2000;
const IDLE_AT_MOST = 40_000;

/** Associations until memory is compared, and bytes that it may be apart. */
const CHURN = 20_000;
/** How many of them there are at a time. */
const CHURN_LANES = [100, 500];
const CHURN_AT_MOST = 10 * MEGABYTE;
/** How long the server bears a silent peer meanwhile. */
const SILENCE_MS = 200;

/**
 * Associations one after the other: in a turn, turns of everybody in a round (short ones, so that whatever else the machine does
 * falls on all alike), and before anything is measured. Our rate beside that of others, at least.
 */
const SEQUENTIAL = 250;
const TURNS = 8;
const WARM_UP = 5000;
const OF_DCMTK_AT_LEAST = 0.55;
const OF_BARE_AT_LEAST = 0.7;

/** Connections that say nothing while echoes are measured; how many echoes in a turn; their time beside the usual one, at most. */
const SILENT = 500;
const ECHOES = 200;
const ECHO_AT_MOST = 1.25;

/** Measures and prints. */
export async function benchLoad(rounds: number): Promise<void> {
  console.log('\nLoad: servers and callers in processes of their own, raw bytes over loopback\n');
  await inProcesses(benchIdle, 'ul');
  for (const lanes of CHURN_LANES) {
    await inProcesses((server, caller) => benchChurn(server, caller, lanes), 'ul', String(SILENCE_MS));
  }
  await benchSequential(rounds);
  await inProcesses((server, caller) => benchEcho(server, caller, rounds), 'sessions');
}

async function benchIdle(server: AskedProcess, caller: AskedProcess): Promise<void> {
  const port = await portOf(server);
  await caller.ask('associate', port, 20);
  const before = await memoryOf(server);
  const [accepted = 0] = await caller.ask('associate', port, IDLE);
  const after = await memoryOf(server);
  if (accepted !== IDLE)
    console.log(`only ${accepted} of ${IDLE} associations were accepted: enough file descriptors?`);
  const each = (kind: 'rss' | 'heap') => (after[kind] - before[kind]) / IDLE;
  measuredLine(
    `${withThousands(IDLE)} idle associations: resident memory for each`,
    kilobytes(each('rss')),
    verdict(each('rss') <= IDLE_AT_MOST, `at most ${kilobytes(IDLE_AT_MOST)}`),
  );
  measuredLine('of which heap and external memory', kilobytes(each('heap')));
}

async function benchChurn(server: AskedProcess, caller: AskedProcess, lanes: number): Promise<void> {
  const port = await portOf(server);
  // Code is compiled and tables are grown in the first ones.
  await caller.ask('churn', port, 700, lanes);
  await server.ask('emptied');
  const before = await memoryOf(server);
  const startedAt = performance.now();
  const asMeant = await caller.ask('churn', port, CHURN, lanes);
  const seconds = (performance.now() - startedAt) / 1000;
  const [left = 0] = await server.ask('emptied');
  const after = await memoryOf(server);
  await caller.ask('churn', port, CHURN, lanes);
  await server.ask('emptied');
  const later = await memoryOf(server);
  const heap = after.heap - before.heap;
  const rss = later.rss - after.rss;
  const wanted = `at most ${megabytes(CHURN_AT_MOST)}`;
  measuredLine(
    `After ${withThousands(CHURN)} associations, ${lanes} at a time: heap and external memory`,
    megabytes(heap),
    verdict(heap <= CHURN_AT_MOST, wanted),
  );
  measuredLine(
    `after ${withThousands(CHURN)} more: resident memory beyond`,
    megabytes(rss),
    verdict(rss <= CHURN_AT_MOST, wanted),
  );
  measuredLine('connections left', String(left), verdict(left === 0, 'none'));
  console.log(
    `(released, aborted, closed, reset, cut in the request, silent before and after it: ${asMeant.map(withThousands).join(', ')} as meant, in ${seconds.toFixed(0)} s)\n`,
  );
}

async function benchSequential(rounds: number): Promise<void> {
  const caller = startAsked(CALLER);
  const ours = startAsked(ACCEPTOR, 'ul');
  const bare = startAsked(ACCEPTOR, 'bare');
  const missing = whatIsMissing('DCMTK');
  const dcmtk = missing === undefined ? await startStorescp() : undefined;
  try {
    const contenders = [
      { name: 'ours', port: await portOf(ours), rates: [] as number[] },
      { name: 'a bare Node acceptor', port: await portOf(bare), rates: [] as number[] },
      ...(dcmtk === undefined ? [] : [{ name: dcmtk.name, port: dcmtk.port, rates: [] as number[] }]),
    ];
    for (const { port } of contenders) await caller.ask('sequential', port, WARM_UP);
    for (let round = 0; round < rounds * TURNS; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const contender = contenders[(round + turn) % contenders.length];
        const [seconds = Number.NaN] = await caller.ask('sequential', contender?.port ?? 0, SEQUENTIAL);
        contender?.rates.push(SEQUENTIAL / seconds);
      }
    }
    const [our = Number.NaN, ofBare, ofDcmtk] = contenders.map(({ rates }) => median(rates));
    measuredLine('Associations one after the other in a second, ours', withThousands(our));
    lineOfRatio('a bare Node acceptor', our, ofBare, OF_BARE_AT_LEAST);
    lineOfRatio('DCMTK storescp', our, ofDcmtk, OF_DCMTK_AT_LEAST);
    if (missing !== undefined) console.log(`DCMTK storescp is left out: ${missing}`);
    console.log();
  } finally {
    await dcmtk?.stop();
    for (const process of [caller, ours, bare]) process.stop();
  }
}

function lineOfRatio(name: string, our: number, theirs: number | undefined, atLeast: number): void {
  if (theirs === undefined) return;
  const ratio = our / theirs;
  measuredLine(
    `${name}`,
    withThousands(theirs),
    `${verdict(ratio >= atLeast, `at least ${atLeast}`)}, ours is ${ratio.toFixed(2)} of it`,
  );
}

async function benchEcho(server: AskedProcess, caller: AskedProcess, rounds: number): Promise<void> {
  const port = await portOf(server);
  await caller.ask('echo', port, ECHOES);
  const usual: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < rounds; round++) {
    usual.push(...(await caller.ask('echo', port, ECHOES)));
    const [silent = 0] = await caller.ask('connect', port, SILENT);
    beside.push(...(await caller.ask('echo', port, ECHOES)));
    const [left = 0] = await caller.ask('drop');
    if (silent < SILENT || left < SILENT) console.log(`only ${silent}, later ${left} of ${SILENT} silent connections`);
  }
  const [usualMs = Number.NaN, besideMs = Number.NaN] = [median(usual), median(beside)];
  measuredLine(
    'Echo on an association of its own, from the call to the answer',
    milliseconds(usualMs),
    `99 of 100 within ${milliseconds(percentile(usual))}`,
  );
  measuredLine(
    `while ${SILENT} connections say nothing`,
    milliseconds(besideMs),
    `99 of 100 within ${milliseconds(percentile(beside))}   ${verdict(besideMs <= ECHO_AT_MOST * usualMs, `at most ${ECHO_AT_MOST} times the usual`)}`,
  );
}

/** Runs with a server of a kind and a caller, both new. */
async function inProcesses(
  act: (server: AskedProcess, caller: AskedProcess) => Promise<void>,
  ...server: readonly string[]
): Promise<void> {
  const processes = [startAsked(ACCEPTOR, ...server), startAsked(CALLER)] as const;
  try {
    await act(...processes);
  } finally {
    for (const process of processes) process.stop();
  }
}

async function portOf(server: AskedProcess): Promise<number> {
  return (await server.ask('port'))[0] ?? 0;
}

/** After a collection, bytes. */
async function memoryOf(server: AskedProcess): Promise<{ readonly rss: number; readonly heap: number }> {
  const [rss = 0, heap = 0] = await server.ask('memory');
  return { rss, heap };
}
