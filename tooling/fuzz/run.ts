/** `pnpm fuzz`: mutations of valid PDUs until time is up, or until the codec fails at one, which is then kept. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { testClaims } from './claims.ts';
import { type FuzzOutcome, fuzz } from './fuzz.ts';

const USAGE = `usage: pnpm fuzz [options]

  --seconds N    how long (default: 300)
  --seed N       where to begin, to try the same inputs again (default: the time)
  --replay FILE  tries one input, as hex digits in a file, which a failed run left`;

/** What the codec and this program may hold at most. */
const MEMORY_BOUND = 512 * 1024 * 1024;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      seconds: { type: 'string', default: '300' },
      seed: { type: 'string', default: process.env.FUZZ_SEED ?? `${Date.now() % 0x7fffffff}` },
      replay: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.replay !== undefined) return replay(values.replay);
  const seconds = Number(values.seconds);
  const seed = Number(values.seed);
  if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error(USAGE);
  console.log(`seed ${seed}, ${seconds} s`);
  const startedAt = performance.now();
  const say = (soFar: FuzzOutcome) => console.log(summary(soFar, (performance.now() - startedAt) / 1000));
  const outcome = await fuzz({ seconds, seed, onProgress: say });
  say(outcome);
  if (outcome.failure !== undefined) {
    console.error(outcome.failure.error);
    console.error(`replay: pnpm fuzz --replay ${save(outcome.failure.input, seed)}`);
    return 1;
  }
  if (outcome.peakBytes > MEMORY_BOUND) {
    console.error(`more than ${MEMORY_BOUND} bytes were held`);
    return 1;
  }
  console.log('clean');
  return 0;
}

function replay(file: string): number {
  testClaims(new Uint8Array(Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')));
  console.log('every claim holds');
  return 0;
}

function summary({ executions, kept, blocks, peakBytes }: FuzzOutcome, seconds: number): string {
  const rate = Math.round(executions / seconds);
  const memory = Math.round(peakBytes / 1024 / 1024);
  return `${Math.round(seconds)} s: ${executions} inputs (${rate}/s), ${kept} kept, ${blocks} blocks reached, ${memory} MiB held at most`;
}

function save(input: Uint8Array, seed: number): string {
  const folder = fileURLToPath(new URL('reports', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `failure-${seed}.hex`);
  writeFileSync(file, `${Buffer.from(input).toString('hex')}\n`);
  return file;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
