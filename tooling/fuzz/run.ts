/** `pnpm fuzz`: mutations of valid input until time is up, or until a decoder fails at one, which is then kept. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FuzzOutcome, fuzz } from './fuzz.ts';
import type { FuzzTarget } from './target.ts';
import { TARGETS } from './targets.ts';

const USAGE = `usage: pnpm fuzz [options]

  --target NAME  ${TARGETS.map(({ name }) => name).join(', ')}; may be given several times (default: all, one after the other)
  --seconds N    how long for each (default: 300)
  --seed N       where to begin, to try the same inputs again (default: the time)
  --replay FILE  tries one input of the target, as hex digits in a file, which a failed run left`;

/** What a decoder and this program may hold at most. */
const MEMORY_BOUND = 512 * 1024 * 1024;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      target: { type: 'string', multiple: true },
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
  const targets = (values.target ?? TARGETS.map(({ name }) => name)).map(targetOf);
  const [first] = targets;
  if (values.replay !== undefined) {
    if (first === undefined || targets.length > 1) throw new Error(USAGE);
    return replay(first, values.replay);
  }
  const seconds = Number(values.seconds);
  const seed = Number(values.seed);
  if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error(USAGE);
  let exitCode = 0;
  for (const target of targets) exitCode = Math.max(exitCode, await fuzzTarget(target, seconds, seed));
  return exitCode;
}

function targetOf(name: string): FuzzTarget {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) throw new Error(USAGE);
  return target;
}

async function fuzzTarget(target: FuzzTarget, seconds: number, seed: number): Promise<number> {
  console.log(`${target.name}: seed ${seed}, ${seconds} s`);
  const startedAt = performance.now();
  const say = (soFar: FuzzOutcome) => console.log(summary(soFar, (performance.now() - startedAt) / 1000));
  const outcome = await fuzz({ target, seconds, seed, onProgress: say });
  say(outcome);
  if (outcome.failure !== undefined) {
    console.error(outcome.failure.error);
    const file = save(outcome.failure.input, target.name, seed);
    console.error(`replay: pnpm fuzz --target ${target.name} --replay ${file}`);
    return 1;
  }
  if (outcome.peakBytes > MEMORY_BOUND) {
    console.error(`more than ${MEMORY_BOUND} bytes were held`);
    return 1;
  }
  console.log('clean');
  return 0;
}

function replay(target: FuzzTarget, file: string): number {
  target.testClaims(new Uint8Array(Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')));
  console.log('every claim holds');
  return 0;
}

function summary({ executions, kept, blocks, peakBytes }: FuzzOutcome, seconds: number): string {
  const rate = Math.round(executions / seconds);
  const memory = Math.round(peakBytes / 1024 / 1024);
  return `${Math.round(seconds)} s: ${executions} inputs (${rate}/s), ${kept} kept, ${blocks} blocks reached, ${memory} MiB held at most`;
}

function save(input: Uint8Array, target: string, seed: number): string {
  const folder = fileURLToPath(new URL('reports', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `failure-${target}-${seed}.hex`);
  writeFileSync(file, `${Buffer.from(input).toString('hex')}\n`);
  return file;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
