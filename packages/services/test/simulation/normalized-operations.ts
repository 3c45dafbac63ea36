/** Printing, and the N-services of any SOP class, as operations of the simulation. */
import { expect } from 'vitest';
import { DataSet, memoryInstanceStore, nService, print, StatusError } from '../../src/index.js';
import { oneOf } from './random.js';
import type { Play, World } from './world.js';

/** Two films, whose jobs are waited for or not. */
export function printFilms(world: World): Play {
  const { random } = world;
  const printed: string[] = [];
  const waitForJobsMs = oneOf(random, [0, 20_000]);
  const image = {
    rows: 40,
    columns: 30,
    photometricInterpretation: 'MONOCHROME2',
    pixelData: new Uint8Array(1200),
  } as const;
  const film = { imageDisplayFormat: 'STANDARD\\1,1', images: [image] };
  return {
    services: [
      print({
        async printFilm({ printJobUid }) {
          await world.work();
          printed.push(printJobUid);
        },
      }),
    ],
    async run(client, { signal }) {
      const done: string[] = [];
      try {
        const films = await client.print.films(
          { films: [film, film], presentationLut: 'IDENTITY' },
          {
            signal,
            waitForJobsMs,
            onJob: ({ sopInstanceUid, status }) => {
              if (status === 'DONE') done.push(sopInstanceUid);
            },
          },
        );
        expect(films.map(({ status }) => status)).toEqual([0, 0]);
        expect(new Set(done).size).toBe(done.length);
        if (waitForJobsMs > 0) {
          for (const { printJobUid = '' } of films) {
            expect(done).toContain(printJobUid);
            expect(printed).toContain(printJobUid);
          }
        }
        const printer = await client.print.printer({ signal });
        expect(printer.get('PrinterStatus')).toBe('NORMAL');
        return [];
      } catch (error) {
        return [error];
      }
    },
  };
}

const sopClassUid = '1.2.826.0.1.3680043.2.1125.77';

/** N-CREATE, N-SET, N-GET, N-ACTION and N-DELETE; the action is reported back on the same association. */
export function anyNService(world: World): Play {
  const kept = memoryInstanceStore();
  const acknowledged = new Map<string, string>();
  const heard: string[] = [];
  const target = { sopClassUid, sopInstanceUid: '' };
  const missing = () => new StatusError(0x0112);
  return {
    services: [
      nService({
        sopClasses: [sopClassUid],
        async create({ sopInstanceUid = '', dataSet }) {
          await world.work();
          if (!(await kept.insert(sopInstanceUid, dataSet))) throw new StatusError(0x0111);
        },
        async set({ sopInstanceUid = '', dataSet }) {
          await world.work();
          await kept.update(sopInstanceUid, dataSet);
        },
        async get({ sopInstanceUid = '' }) {
          const dataSet = await kept.read(sopInstanceUid);
          if (dataSet === undefined) throw missing();
          return dataSet;
        },
        async action({ sopInstanceUid = '', message }) {
          const context = message.session.findContext(sopClassUid);
          await message.session.request(
            {
              type: 'N-EVENT-REPORT-RQ',
              affectedSopClassUid: sopClassUid,
              affectedSopInstanceUid: sopInstanceUid,
              eventTypeId: 1,
            },
            { contextId: context?.id ?? 1 },
          );
        },
        async delete({ sopInstanceUid = '' }) {
          if (!(await kept.delete(sopInstanceUid))) throw missing();
        },
      }),
    ],
    client: {
      performs: [
        nService({
          role: 'scu',
          sopClasses: [sopClassUid],
          eventReport: async ({ sopInstanceUid = '' }) => void heard.push(sopInstanceUid),
        }),
      ],
    },
    async run(client, { round, signal }) {
      const { nServices } = client;
      const instance = { ...target, sopInstanceUid: `1.7.${round}` };
      const { sopInstanceUid } = instance;
      try {
        await nServices.create({ ...instance, attributes: { PatientID: '1' } }, { signal });
        acknowledged.set(sopInstanceUid, '1');
        await nServices.set({ ...instance, modifications: { PatientID: '2' } }, { signal });
        acknowledged.set(sopInstanceUid, '2');
        const { dataSet } = await nServices.get({ ...instance, attributes: ['PatientID'] }, { signal });
        expect(dataSet?.get('PatientID')).toBe('2');
        await nServices.action({ ...instance, actionTypeId: 1 }, { signal });
        expect(heard).toContain(sopInstanceUid);
        acknowledged.delete(sopInstanceUid);
        await nServices.delete(instance, { signal });
        acknowledged.set(sopInstanceUid, '');
        return [];
      } catch (error) {
        return [error];
      }
    },
    async check() {
      for (const [sopInstanceUid, patientId] of acknowledged) {
        const dataSet = (await kept.read(sopInstanceUid)) ?? new DataSet();
        expect(Number(dataSet.get('PatientID') ?? 0)).toBeGreaterThanOrEqual(Number(patientId));
        if (patientId === '') expect(dataSet.size).toBe(0);
      }
    },
  };
}
