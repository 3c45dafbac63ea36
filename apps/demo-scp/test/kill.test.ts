/**
 * kill -9 at random instants while objects stream in over several associations, new ones and new versions of old ones.
 *
 * KILL_SEED repeats a run (as far as instants can be repeated), KILL_ROUNDS sets the number of rounds.
 */
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeDataSet, makeObject, type ObjectSpec } from '../src/testing/objects.js';
import { temporaryDirectory } from '../src/testing/temporary-directory.js';
import { listedInstances, Server, storedDataSet } from './server.js';

const seed = Number(process.env.KILL_SEED ?? randomInt(1_000_000));
const rounds = Number(process.env.KILL_ROUNDS ?? 20);
const associations = 4;
const objectsPerAssociation = 30;

test(`kill -9 loses nothing that was acknowledged (KILL_SEED=${seed})`, { timeout: 300_000 }, async () => {
  console.log(`KILL_SEED=${seed} KILL_ROUNDS=${rounds}`);
  const random = randomNumbers(seed);
  const data = temporaryDirectory();
  const expected = new Map<string, Expectation>();
  const start = (round: number) =>
    Server.start(['--data', data, '--on-duplicate', 'replace', '--durability', round % 2 === 0 ? 'full' : 'os']);

  let unanswered = 0;
  let server = await start(0);
  for (let round = 1; round <= rounds; round += 1) {
    const versions = Array.from({ length: associations }, (_, association) => versionsOf(association, round, random));
    const killAfter = Math.floor(random() * associations * objectsPerAssociation * 0.8);
    let acknowledged = 0;
    let kill = () => {};
    const killed = new Promise<void>((resolve) => {
      kill = resolve;
    })
      .then(() => delay(random() * 4))
      .then(() => server.kill());
    if (killAfter === 0) kill();
    const sending = versions.map((specs, association) =>
      server.send(specs.map(makeObject), `MODALITY_${association}`, () => {
        acknowledged += 1;
        if (acknowledged === killAfter) kill();
      }),
    );
    const summaries = await Promise.all(sending);
    await killed;
    for (const [association, specs] of versions.entries()) {
      const results = new Map(summaries[association]?.results.map((result) => [result.sopInstanceUid, result.outcome]));
      for (const spec of specs) {
        const isAcknowledged = results.get(spec.sopInstanceUid) === 'stored';
        if (!isAcknowledged) unanswered += 1;
        const before = expected.get(spec.sopInstanceUid) ?? { mayBeAbsent: true, versions: [] };
        expected.set(
          spec.sopInstanceUid,
          isAcknowledged ? only(spec) : { ...before, versions: [...before.versions, spec] },
        );
      }
    }

    server = await start(round);
    expect(readdirSync(join(data, 'incoming'))).toEqual([]);
    expect(server.stderr).not.toMatch(/ (warn|error) /);
    expectIntact(data, expected, `round ${round}`);
    const again = await server.send(versions.flat().map(makeObject));
    expect(again.isComplete, `sending again in round ${round}`).toBe(true);
    for (const spec of versions.flat()) expected.set(spec.sopInstanceUid, only(spec));
  }
  expectIntact(data, expected, 'at the end');
  expect(unanswered, 'objects that the end overtook').toBeGreaterThan(rounds);
  expect(await server.stop()).toMatchObject({ code: 0 });
});

/** What may be found of an instance. */
interface Expectation {
  /** True until a version of it was acknowledged. */
  readonly mayBeAbsent: boolean;
  /** The version that was acknowledged last, and those sent since without an answer. */
  readonly versions: readonly ObjectSpec[];
}

function only(spec: ObjectSpec): Expectation {
  return { mayBeAbsent: false, versions: [spec] };
}

function expectIntact(data: string, expected: ReadonlyMap<string, Expectation>, when: string): void {
  const listed = listedInstances(data);
  const wrong: string[] = [];
  for (const [uid, { mayBeAbsent, versions }] of expected) {
    const instance = listed.get(uid);
    if (instance === undefined) {
      if (!mayBeAbsent) wrong.push(`${uid} is gone`);
      continue;
    }
    const stored = storedDataSet(data, instance);
    const version = versions.find((spec) => Buffer.compare(makeDataSet(spec), stored) === 0);
    if (version === undefined) wrong.push(`${uid} is none of the versions that were sent`);
    else if (!instance.path.startsWith(`objects/${version.studyInstanceUid}/`))
      wrong.push(`${uid} lies in another study`);
  }
  expect(wrong, when).toEqual([]);
}

/** About half new objects, half new versions of those of earlier rounds; every third version belongs to another study. */
function versionsOf(association: number, round: number, random: () => number): ObjectSpec[] {
  return Array.from({ length: objectsPerAssociation }, (_, n) => ({
    sopInstanceUid: `1.2.3.${association}.${random() < 0.5 ? `${round}.${n}` : `0.${n}`}`,
    studyInstanceUid: `1.2.3.${round % 3}`,
    seriesInstanceUid: `1.2.3.${round % 3}.${association}`,
    variant: round,
    pixelBytes: 2 * Math.floor(500 * 400 ** random()),
  }));
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
