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
      const fresh = [...(await coverage.take())].filter((block) => !reached.has(block));
      if (fresh.length > 0) {
        if (executions > inputs.length) inputs.push(...(await thoseThatReach(fresh, batch, target, coverage)));
        for (const block of fresh) reached.add(block);
      }
      const { heapUsed, external } = process.memoryUsage();
      peakBytes = Math.max(peakBytes, heapUsed + external);
      if (performance.now() - reportedAt > PROGRESS_MS) {
        reportedAt = performance.now();
        onProgress?.(outcome());
      }
      batch = Array.from({ length: target.inputsABatch }, () => target.mutate(random.pick(inputs), inputs, random));
    }
    return outcome();
  } finally {
    coverage.stop();
  }
}

/** The inputs of a batch, run once more and one by one, that reach some of `blocks` that none before them did. */
async function thoseThatReach(
  blocks: readonly string[],
  batch: readonly Uint8Array[],
  target: FuzzTarget,
  coverage: Coverage,
): Promise<Uint8Array[]> {
  const open = new Set(blocks);
  const found: Uint8Array[] = [];
  for (const input of batch) {
    if (open.size === 0) break;
    failureOf(target, input);
    const openBefore = open.size;
    for (const block of await coverage.take()) open.delete(block);
    if (open.size < openBefore) found.push(input);
  }
  return found;
}

function failureOf(target: FuzzTarget, input: Uint8Array): unknown {
  try {
    target.testClaims(input);
    return undefined;
  } catch (error) {
    return error ?? new Error('nothing was thrown, as an error');
  }
}
