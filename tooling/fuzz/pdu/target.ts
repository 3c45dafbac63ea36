import { mutate } from '../mutate.ts';
import type { FuzzTarget } from '../target.ts';
import { testClaims } from './claims.ts';
import { readCorpus } from './corpus.ts';
import { pduStructure } from './structure.ts';

/** PDUs. */
export const pduTarget: FuzzTarget = {
  name: 'pdu',
  code: /packages\/pdu\/(dist|src)\//,
  inputsABatch: 200,
  readCorpus,
  mutate: (bytes, others, random) => mutate(bytes, { ...pduStructure, others, random, longest: 20_000 }),
  testClaims,
};
