import { commandStructure } from '../dataset/structure.ts';
import { mutate } from '../mutate.ts';
import type { FuzzTarget } from '../target.ts';
import { testClaims } from './claims.ts';
import { readCorpus } from './corpus.ts';

/** Command sets. */
export const commandTarget: FuzzTarget = {
  name: 'command',
  code: /packages\/dimse\/(dist|src)\//,
  inputsABatch: 200,
  readCorpus,
  mutate: (bytes, others, random) => mutate(bytes, { ...commandStructure, others, random, longest: 5_000 }),
  testClaims,
};
