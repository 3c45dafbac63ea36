import { Coverage } from './coverage.ts';
import { Random } from './random.ts';
import type { FuzzTarget } from './target.ts';

/** What to fuzz, how long, and from which seed. */
export interface FuzzOptions {
  readonly target: FuzzTarget;
  readonly seconds: number;
  readonly seed: number;
  /** Called every ten seconds or so. */
  readonly onProgress?: ((soFar: FuzzOutcome) => void) | undefined;
}

/** What fuzzing came to. */
export interface FuzzOutcome {
  /** Inputs tried. */
  readonly executions: number;
  /** Inputs that mutation goes on from: the corpus, and those that reached a block of the code that none had. */
  readonly kept: number;
  readonly blocks: number;
  /** Most that the heap and the buffers outside of it held, bytes. */
  readonly peakBytes: number;
  /** The first input on which a claim did not hold, which ended it. */
  readonly failure: { readonly input: Uint8Array; readonly error: unknown } | undefined;
}

/** Inputs between two looks at coverage, memory and clock. */
const BATCH = 200;
const PROGRESS_MS = 10_000;

/** Tries mutations of the corpus, and of those that led somewhere new, until time is up or a claim does not hold. */
export async function fuzz({ target, seconds, seed, onProgress }: FuzzOptions): Promise<FuzzOutcome> {
  const random = new Random(seed);
  const inputs = [...target.readCorpus()];
  const coverage = new Coverage(target.code);
  const reached = new Set<string>();
  await coverage.start();
  let executions = 0;
  let peakBytes = 0;
  const outcome = (failure?: FuzzOutcome['failure']): FuzzOutcome => ({
    executions,
    kept: inputs.length,
    blocks: reached.size,
    peakBytes,
    failure,
  });
  try {
    const startedAt = performance.now();
    let reportedAt = startedAt;
    let batch = inputs.slice();
    while (performance.now() - startedAt < seconds * 1000) {
      for (const input of batch) {
        executions++;
        const error = failureOf(target, input);
        if (error !== undefined) return outcome({ input, error });
      }
      const fresh = new Set([...(await coverage.take())].filter((block) => !reached.has(block)));
      if (fresh.size > 0) {
        if (executions > inputs.length) inputs.push(...(await thoseThatReach(fresh, batch, target, coverage)).inputs);
        for (const block of fresh) reached.add(block);
      }
      const { heapUsed, external } = process.memoryUsage();
      peakBytes = Math.max(peakBytes, heapUsed + external);
      if (performance.now() - reportedAt > PROGRESS_MS) {
        reportedAt = performance.now();
        onProgress?.(outcome());
      }
      batch = Array.from({ length: BATCH }, () => target.mutate(random.pick(inputs), inputs, random));
    }
    return outcome();
  } finally {
    coverage.stop();
  }
}

/** The inputs of a batch, run once more, that reach some of `blocks` that none before them did. Halving saves looks at coverage. */
async function thoseThatReach(
  blocks: ReadonlySet<string>,
  batch: readonly Uint8Array[],
  target: FuzzTarget,
  coverage: Coverage,
): Promise<{ readonly inputs: readonly Uint8Array[]; readonly reached: ReadonlySet<string> }> {
  for (const input of batch) failureOf(target, input);
  const ran = await coverage.take();
  const reached = new Set([...blocks].filter((block) => ran.has(block)));
  if (reached.size === 0 || batch.length === 1) return { inputs: reached.size === 0 ? [] : batch, reached };
  const middle = batch.length >> 1;
  const first = await thoseThatReach(reached, batch.slice(0, middle), target, coverage);
  const open = new Set([...reached].filter((block) => !first.reached.has(block)));
  if (open.size === 0) return { inputs: first.inputs, reached };
  const second = await thoseThatReach(open, batch.slice(middle), target, coverage);
  return { inputs: [...first.inputs, ...second.inputs], reached };
}

function failureOf(target: FuzzTarget, input: Uint8Array): unknown {
  try {
    target.testClaims(input);
    return undefined;
  } catch (error) {
    return error ?? new Error('nothing was thrown, as an error');
  }
}
