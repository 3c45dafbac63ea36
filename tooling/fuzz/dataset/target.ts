import { mutate } from '../mutate.ts';
import type { FuzzTarget } from '../target.ts';
import { changeSpecially } from './change.ts';
import { testClaims } from './claims.ts';
import { readCorpus } from './corpus.ts';
import { dataSetStructure } from './structure.ts';

/** Data sets in every uncompressed transfer syntax, encapsulated and deflated ones, and files. */
export const dataSetTarget: FuzzTarget = {
  name: 'dataset',
  code: /packages\/dimse\/(dist|src)\//,
  inputsABatch: 16,
  readCorpus,
  mutate: (bytes, others, random) =>
    mutate(bytes, { ...dataSetStructure, others, random, longest: 8_000, changeSpecially }),
  testClaims,
};
