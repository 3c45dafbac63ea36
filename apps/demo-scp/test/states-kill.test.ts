/**
 * kill -9 at random instants while steps are made and changed, and commitment is asked for: what was acknowledged is there afterwards.
 *
 * KILL_SEED repeats a run (as far as instants can be repeated).
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, commitmentResults, connect, createScp } from '@dicomwire/services';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../src/testing/temporary-directory.js';
import { Server } from './server.js';

const seed = Number(process.env.KILL_SEED ?? randomInt(1_000_000));
const rounds = 8;

/** What a peer was told of a step. */
interface Told {
  status: string;
  /** A change that was asked for and not answered may have happened. */
  asked: string | undefined;
}

test(`kill -9 loses no step and no commitment that was acknowledged (KILL_SEED=${seed})`, {
  timeout: 300_000,
}, async () => {
  console.log(`KILL_SEED=${seed}`);
  const random = randomNumbers(seed);
  const heard = new Set<string>();
  const results = commitmentResults({ onResult: ({ transactionUid }) => void heard.add(transactionUid) });
  const listener = createScp({ aeTitle: 'WARD', services: [results.service] });
  onTestFinished(() => listener.close());
  const { port } = await listener.listen({ host: '127.0.0.1', port: 0 });
  const data = temporaryDirectory();
  const start = () => Server.start(['--data', data, '--peer', `WARD=127.0.0.1:${port}`]);
  const performed = new Map<string, Told>();
  const unified = new Map<string, Told>();
  const transactions = new Set<string>();
  let server = await start();
  for (let round = 1; round <= rounds; round += 1) {
    const client = await open(server);
    let left = 6 + Math.floor(random() * 12);
    let enough = () => {};
    const isEnough = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const acknowledged = () => {
      left -= 1;
      if (left === 0) enough();
    };
    const work = Promise.allSettled([
      steps(client, performed, round, acknowledged),
      orders(client, unified, round, acknowledged),
      commitments(client, transactions, round, acknowledged),
    ]);
    await isEnough;
    await delay(random() * 5);
    await server.kill();
    await work;
    client.abort();
    server = await start();
    const after = await open(server);
    for (const [uid, told] of performed) {
      const step = await after.mpps.get(uid);
      expect([told.status, told.asked], `${uid} in round ${round}`).toContain(step.get('PerformedProcedureStepStatus'));
    }
    for (const [uid, told] of unified) {
      const step = await after.ups.get(uid);
      expect([told.status, told.asked], `${uid} in round ${round}`).toContain(step.get('ProcedureStepState'));
    }
    await after.release();
  }
  expect(performed.size).toBeGreaterThan(rounds);
  expect(unified.size).toBeGreaterThan(rounds);
  for (let left = 200; left > 0 && [...transactions].some((uid) => !heard.has(uid)); left -= 1) await delay(50);
  expect([...transactions].filter((uid) => !heard.has(uid))).toEqual([]);
  expect(transactions.size).toBeGreaterThan(rounds);
  expect(await server.stop()).toMatchObject({ code: 0 });
});

function open(server: Server): Promise<Client> {
  return connect({
    host: '127.0.0.1',
    port: server.port,
    calledAeTitle: 'DEMO_SCP',
    callingAeTitle: 'WARD',
    services: [],
  });
}

/** Until the server is gone: begins a step, then ends it. */
async function steps(client: Client, told: Map<string, Told>, round: number, acknowledged: () => void): Promise<void> {
  for (let count = 0; ; count += 1) {
    const sopInstanceUid = `1.2.${round}.${count}`;
    await client.mpps.create({ PatientID: '7' }, { sopInstanceUid });
    const own: Told = { status: 'IN PROGRESS', asked: 'COMPLETED' };
    told.set(sopInstanceUid, own);
    await client.mpps.complete(sopInstanceUid, {});
    own.status = 'COMPLETED';
    own.asked = undefined;
    acknowledged();
  }
}

async function orders(client: Client, told: Map<string, Told>, round: number, acknowledged: () => void): Promise<void> {
  for (let count = 0; ; count += 1) {
    const sopInstanceUid = `1.3.${round}.${count}`;
    await client.ups.create({ PatientID: '7' }, { sopInstanceUid });
    const own: Told = { status: 'SCHEDULED', asked: 'IN PROGRESS' };
    told.set(sopInstanceUid, own);
    await client.ups.claim(sopInstanceUid);
    own.status = 'IN PROGRESS';
    own.asked = undefined;
    acknowledged();
  }
}

async function commitments(client: Client, told: Set<string>, round: number, acknowledged: () => void): Promise<void> {
  const instances = [{ sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '1.2.3' }];
  for (let count = 0; ; count += 1) {
    const transactionUid = `1.4.${round}.${count}`;
    await client.storageCommitment.request(instances, { transactionUid });
    told.add(transactionUid);
    acknowledged();
  }
}

/** Mulberry32. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
