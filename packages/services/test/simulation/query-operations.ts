/** Queries as operations of the simulation: studies, worklist items, and a SOP class of any kind. */
import { SopClass } from '@dicomwire/dimse/dataset';
import { settle } from '@dicomwire/dimse/testing';
import { expect } from 'vitest';
import { DataSet, find, type QueryResults, type QuerySource, query, worklist } from '../../src/index.js';
import { oneOf } from './random.js';
import type { Play, World } from './world.js';

const total = 25;

/** C-FIND of studies. */
export function findStudies(world: World): Play {
  const source = sourceOf(world, (index) =>
    DataSet.from({ StudyInstanceUID: `1.2.${index}`, PatientName: 'DOE^JANE' }),
  );
  return playOf(world, [find({ source })], (client, options) => client.find('STUDY', { PatientName: 'DOE*' }, options));
}

/** The modality worklist. */
export function worklistItems(world: World): Play {
  const source = sourceOf(world, (index) =>
    DataSet.from({
      PatientName: 'DOE^JANE',
      StudyInstanceUID: `1.2.${index}`,
      ScheduledProcedureStepSequence: [{ Modality: 'CT', ScheduledProcedureStepStartDate: '20260131' }],
    }),
  );
  return playOf(world, [worklist({ source })], (client, options) => client.worklist.find({ Modality: 'CT' }, options));
}

/** C-FIND of another SOP class. */
export function queryProtocols(world: World): Play {
  const sopClassUid = SopClass.HangingProtocolInformationModelFind;
  const source = sourceOf(world, (index) =>
    DataSet.from({ SOPInstanceUID: `1.2.${index}`, HangingProtocolName: 'CHEST' }),
  );
  return playOf(world, [query({ sopClasses: [sopClassUid], source })], (client, options) =>
    client.query(sopClassUid, { HangingProtocolName: 'CHEST', SOPInstanceUID: null }, options),
  );
}

function sourceOf({ random, running }: World, make: (index: number) => DataSet): QuerySource['find'] {
  const isSlow = random(2) === 0;
  return async function* () {
    running.count += 1;
    try {
      for (let index = 1; index <= total; index += 1) {
        if (isSlow && index % 5 === 0) await settle();
        yield make(index);
      }
    } finally {
      running.count -= 1;
    }
  };
}

function playOf(
  { random }: World,
  services: Play['services'],
  ask: (
    client: Parameters<Play['run']>[0],
    options: { readonly signal: AbortSignal | undefined; readonly limit: number | undefined },
  ) => QueryResults<unknown>,
): Play {
  const limit = oneOf(random, [undefined, undefined, 7]);
  const takes = oneOf(random, [total + 1, total + 1, 4]);
  return {
    services,
    async run(client, { signal }) {
      const results = ask(client, { signal, limit });
      let taken = 0;
      try {
        for await (const _match of results) {
          taken += 1;
          if (taken === takes) break;
        }
        expect(results.matchCount).toBeGreaterThanOrEqual(taken);
        expect(taken).toBe(Math.min(takes, limit ?? total));
        if (limit === undefined && takes > total) expect(results.isComplete).toBe(true);
        return [];
      } catch (error) {
        expect(taken).toBeLessThanOrEqual(total);
        expect(results.isComplete).toBe(false);
        return [error];
      }
    },
  };
}
