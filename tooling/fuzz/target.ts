/** Something that can be fuzzed. */
import type { Random } from './random.ts';

/** A decoder, what it is fed with and what has to hold. */
export interface FuzzTarget {
  /** As in `--target`. */
  readonly name: string;
  /** Path of the scripts whose coverage counts. */
  readonly code: RegExp;
  /** Inputs between two looks at coverage, memory and clock: what takes long is looked at more often. */
  readonly inputsABatch: number;
  /** What mutation begins with. */
  readCorpus(): readonly Uint8Array[];
  /** A changed input. */
  mutate(bytes: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array;
  /** Tests every claim. @throws whatever the decoder should not have thrown, or an error that names the claim. */
  testClaims(bytes: Uint8Array): void;
}
