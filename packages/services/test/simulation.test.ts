/**
 * Peers that vanish in the middle of any operation: of each service, on each side, in each way, at any PDU or in the middle of one, with the bytes in
 * pieces of any length. Whatever happens, every call settles in time and says why, counters are true, what was acknowledged is there, nothing is left at work, and
 * the server answers the next one.
 *
 * A scenario is a number: `FUZZ_SEED=… pnpm exec vitest run test/simulation.test.ts -t 'C-MOVE'` plays it again; `FUZZ_RUNS` asks for more of
 * them than the few of each that `npm test` plays.
 */
import { expect, test } from 'vitest';
import { moveAll, pools, retrieve, store, verify } from './simulation/instance-operations.js';
import { anyNService, printFilms } from './simulation/normalized-operations.js';
import { commitment, performedStep, unifiedStep } from './simulation/procedure-operations.js';
import { findStudies, queryProtocols, worklistItems } from './simulation/query-operations.js';
import { countPdus, type Operation, playScenario } from './simulation/scenario.js';

const operations: Readonly<Record<string, Operation>> = {
  'C-ECHO': verify,
  'pools of peers': pools,
  'C-STORE': store,
  'C-FIND': findStudies,
  worklist: worklistItems,
  'a query of another class': queryProtocols,
  'C-GET': retrieve,
  'C-MOVE': moveAll,
  'storage commitment': commitment,
  'a performed procedure step': performedStep,
  'a unified procedure step': unifiedStep,
  print: printFilms,
  'any N-service': anyNService,
};

const { FUZZ_SEED, FUZZ_RUNS = '40' } = process.env;
const first = FUZZ_SEED === undefined ? Date.now() % 0x7fffffff : Number(FUZZ_SEED);
const runs = FUZZ_SEED === undefined ? Number(FUZZ_RUNS) : 1;

test.each(Object.entries(operations))(
  '%s: whoever vanishes leaves nothing stuck',
  { timeout: 600_000 },
  async (name, operation) => {
    const pdus = Math.max(await countPdus(operation, 1), await countPdus(operation, 2));
    expect(pdus).toBeGreaterThan(3);
    for (let seed = first; seed < first + runs; seed += 1) {
      try {
        await playScenario(operation, seed, pdus);
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed} -t '${name}': ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    }
  },
);
