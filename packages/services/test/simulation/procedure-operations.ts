/** Storage commitment, performed and unified procedure steps, as operations of the simulation. */
import { expect } from 'vitest';
import {
  commitmentResults,
  DataSet,
  memoryCommitmentStore,
  memoryInstanceStore,
  memoryUpsStore,
  mpps,
  mppsListener,
  notifyMpps,
  storageCommitment,
  ups,
  upsListener,
} from '../../src/index.js';
import { ctImageStorage } from '../objects.js';
import { oneOf } from './random.js';
import type { Play, World } from './world.js';

/** N-ACTION, and the report on the same association, or on another. */
export function commitment(world: World): Play {
  const { clock, random, peer } = world;
  const heard = new Set<string>();
  const acknowledged = new Set<string>();
  const results = commitmentResults({
    onResult: async ({ transactionUid }) => {
      await world.work();
      heard.add(transactionUid);
    },
  });
  const pending = memoryCommitmentStore();
  const listensHere = random(2) === 0;
  const instances = [1, 2, 3].map((at) => ({ sopClassUid: ctImageStorage, sopInstanceUid: `1.2.${at}` }));
  return {
    services: [
      storageCommitment({
        async check(asked) {
          await world.work();
          return asked.map(({ sopInstanceUid }) => (sopInstanceUid === '1.2.3' ? 0x0112 : undefined));
        },
        peers: () => peer('LISTENER', 'ARCHIVE'),
        store: pending,
        retryDelaysMs: [1000, 5000, 20_000],
        clock,
      }),
    ],
    others: { LISTENER: [results.service] },
    async run(client, { round, signal }) {
      try {
        const transactionUid = `1.9.${round}`;
        const wanted = { transactionUid, signal, ...(listensHere ? {} : { results }) };
        const { committed, failed } = await client.storageCommitment.commit(instances, wanted);
        expect([committed.length, failed.length]).toEqual([2, 1]);
        const other = await client.storageCommitment.request(instances, { transactionUid: `1.8.${round}`, signal });
        acknowledged.add(other);
        return [];
      } catch (error) {
        return [error];
      }
    },
    async check() {
      expect(await pending.all()).toEqual([]);
      for (const transactionUid of acknowledged) expect(heard).toContain(transactionUid);
    },
  };
}

/** A step that is begun, changed and completed, and others who hear of it. */
export function performedStep(world: World): Play {
  const steps = memoryInstanceStore();
  const heard: string[] = [];
  const untold: string[] = [];
  const changes: string[] = [];
  const acknowledged = new Map<string, string>();
  return {
    services: [
      mpps({
        store: steps,
        validate: () => world.work(),
        async onChange({ event, sopInstanceUid }) {
          changes.push(`${sopInstanceUid} ${event}`);
          await notifyMpps(world.peer('LISTENER', 'ARCHIVE'), { event, sopInstanceUid });
        },
        onError: (_error, { sopInstanceUid, event }) => untold.push(`${sopInstanceUid} ${event}`),
      }),
    ],
    others: {
      LISTENER: [mppsListener(({ event, sopInstanceUid }) => void heard.push(`${sopInstanceUid} ${event}`))],
    },
    async run(client, { round, signal }) {
      const sopInstanceUid = `1.4.${round}`;
      try {
        await client.mpps.create({ PatientID: '4711', Modality: 'CT' }, { sopInstanceUid, signal });
        acknowledged.set(sopInstanceUid, 'IN PROGRESS');
        await client.mpps.set(sopInstanceUid, { PatientName: 'DOE^JANE' }, { signal });
        await client.mpps.complete(sopInstanceUid, { PerformedProcedureStepEndDate: '20260131' }, { signal });
        acknowledged.set(sopInstanceUid, 'COMPLETED');
        const step = await client.mpps.get(sopInstanceUid, { signal });
        expect(step.get('PerformedProcedureStepStatus')).toBe('COMPLETED');
        return [];
      } catch (error) {
        return [error];
      }
    },
    async check() {
      for (const [sopInstanceUid, status] of acknowledged) {
        const kept = (await steps.read(sopInstanceUid))?.get('PerformedProcedureStepStatus');
        expect(status === 'COMPLETED' ? [status] : ['IN PROGRESS', 'COMPLETED']).toContain(kept);
      }
      for (const change of changes) expect([...heard, ...untold]).toContain(change);
      expect(heard.length).toBeLessThanOrEqual(changes.length);
    },
  };
}

/** A step that is ordered, watched, claimed and completed. */
export function unifiedStep(world: World): Play {
  const { clock, peer, random } = world;
  const stored = memoryUpsStore();
  const heard = new Map<string, string[]>();
  const dropped = new Set<string>();
  const acknowledged = new Map<string, string>();
  const subscribed = new Set<string>();
  const subscribesToAll = oneOf(random, [true, false]);
  return {
    services: [
      ups({
        aeTitle: 'ARCHIVE',
        clock,
        store: stored,
        checksFinalState: false,
        peers: () => peer('LISTENER', 'ARCHIVE'),
        retryDelaysMs: [1000, 5000, 20_000],
        onReportFailed: (_error, _aeTitle, { sopInstanceUid }) => dropped.add(sopInstanceUid),
      }),
    ],
    others: {
      LISTENER: [
        upsListener(async ({ event, sopInstanceUid, information }) => {
          if (event === 'stateReport') {
            const states = heard.get(sopInstanceUid) ?? [];
            heard.set(sopInstanceUid, [...states, information.get('ProcedureStepState') ?? '']);
          }
          await world.work();
        }),
      ],
    },
    async run(client, { round, signal }) {
      const sopInstanceUid = `1.6.${round}`;
      try {
        if (subscribesToAll) await client.ups.subscribe('all', { receivingAeTitle: 'LISTENER', signal });
        await client.ups.create(
          { ProcedureStepLabel: 'Segment the liver', PatientID: '4711' },
          { sopInstanceUid, signal },
        );
        acknowledged.set(sopInstanceUid, 'SCHEDULED');
        if (!subscribesToAll) await client.ups.subscribe(sopInstanceUid, { receivingAeTitle: 'LISTENER', signal });
        subscribed.add(sopInstanceUid);
        const step = await client.ups.claim(sopInstanceUid, { signal });
        acknowledged.set(sopInstanceUid, 'IN PROGRESS');
        await client.ups.reportProgress(step, { percent: 50 }, { signal });
        await client.ups.complete(step, undefined, { signal });
        acknowledged.set(sopInstanceUid, 'COMPLETED');
        const found = await client.ups.find({ ProcedureStepState: 'COMPLETED' }, { signal }).toArray();
        expect(found.length).toBeGreaterThan(0);
        return [];
      } catch (error) {
        return [error];
      }
    },
    async check() {
      const order = ['SCHEDULED', 'IN PROGRESS', 'COMPLETED'];
      for (const [sopInstanceUid, state] of acknowledged) {
        const step = (await stored.steps.read(sopInstanceUid)) ?? new DataSet();
        expect(order.indexOf(step.get('ProcedureStepState') ?? '')).toBeGreaterThanOrEqual(order.indexOf(state));
        const states = heard.get(sopInstanceUid) ?? [];
        const places = states.map((each) => order.indexOf(each));
        expect(places, 'events in order').toEqual([...places].sort((one, other) => one - other));
        if (subscribed.has(sopInstanceUid) && !dropped.has(sopInstanceUid)) expect(states).toContain(state);
      }
    },
  };
}
