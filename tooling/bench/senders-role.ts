/** Sixteen senders at once, 50 CT each, into the demo SCP and into `storescp --fork`, which has a process for each. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, startDemoScp, startStorescp, temporaryDirectory, whatIsMissing } from '@dicomwire/interop/peers';
import { commandOf, DCMTK_CLIENTS, type Target } from './contenders.ts';
import { measuredLine, megabytes, verdict } from './lines.ts';
import { median } from './measurement.ts';
import { figuresOf } from './process-figures.ts';
import { writeFileSet } from './workload.ts';

const SENDERS = 16;
const EACH = 50;
const AT_MOST = 1.25;
const MEMORY_AT_MOST = 64 * 1_000_000;
const TIMEOUT_MS = 300_000;

/** Measures and prints. */
export async function benchSenders(rounds: number): Promise<void> {
  console.log(`\n${SENDERS} senders at once, ${EACH} CT of 525 kB each: median of ${rounds}, in turn\n`);
  const missing = whatIsMissing('DCMTK');
  if (missing !== undefined) {
    console.log(`Nothing can be measured: ${missing}; it has the senders and the server to compare with.`);
    return;
  }
  const directory = await temporaryDirectory('bench-senders');
  const ours = await startDemoScp();
  const forking = await startStorescp({ args: ['--fork'] });
  try {
    const sets = Array.from({ length: SENDERS }, (_, sender) => {
      const folder = join(directory.path, String(sender));
      mkdirSync(folder);
      return writeFileSet('ct', folder, EACH);
    });
    const paths = sets.map((set) => set.paths);
    const contenders = [
      { name: 'demo-scp', server: ours, seconds: [] as number[] },
      { name: 'DCMTK storescp --fork', server: forking, seconds: [] as number[] },
    ];
    for (const set of sets) set.refresh();
    // Once for nothing: code is compiled, and memory is what it is under this load.
    for (const { server } of contenders) await sendAll(server, paths);
    const before = figuresOf(ours.pid);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const contender = contenders[(round + turn) % contenders.length];
        for (const set of sets) set.refresh();
        if (contender !== undefined) contender.seconds.push(await sendAll(contender.server, paths));
      }
    }
    const after = figuresOf(ours.pid);
    const [our = Number.NaN, theirs = Number.NaN] = contenders.map(({ seconds }) => median(seconds));
    const ratio = our / theirs;
    for (const { name, seconds } of contenders) measuredLine(name, `${median(seconds)?.toFixed(2)} s`);
    measuredLine('ours beside it', ratio.toFixed(2), verdict(ratio <= AT_MOST, `at most ${AT_MOST}`));
    const kept = (await ours.list()).length;
    const sent = SENDERS * EACH * (rounds + 1);
    measuredLine('objects kept by the demo SCP', String(kept), verdict(kept === sent, String(sent)));
    if (before === undefined || after === undefined) return;
    const growth = after.resident - before.resident;
    measuredLine(
      `resident memory ${megabytes(after.resident)}, beyond that after the first of them`,
      megabytes(growth),
      verdict(growth <= MEMORY_AT_MOST, `at most ${megabytes(MEMORY_AT_MOST)}`),
    );
  } finally {
    await forking.stop();
    await ours.stop();
    await directory.remove();
  }
}

/** Seconds until the last sender has ended. @throws when one fails. */
async function sendAll(server: Target, paths: readonly (readonly string[])[]): Promise<number> {
  const startedAt = performance.now();
  const ends = await Promise.all(
    paths.map((files) => run(...commandOf(DCMTK_CLIENTS, server, files), { timeoutMs: TIMEOUT_MS })),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const failed = ends.find(({ exitCode }) => exitCode !== 0);
  if (failed !== undefined) throw new Error(`a sender failed: ${failed.stderr}`);
  return seconds;
}
