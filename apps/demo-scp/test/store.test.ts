/** Objects through the whole program: kept, listed, sent again, refused, replaced, and what a full disk does. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeDataSet, makeObject } from '../src/testing/objects.js';
import { temporaryDirectory } from '../src/testing/temporary-directory.js';
import { listedInstances, listing, Server, storedDataSet } from './server.js';

const someObject = { sopInstanceUid: '1.2.3.4.5', pixelBytes: 50_000 };

describe.each(['full', 'os'])('durability %s', (durability) => {
  test('objects of several associations at once are kept byte for byte, and listed while the server runs', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data, '--durability', durability]);
    const specs = Array.from({ length: 6 }, (_, association) =>
      Array.from({ length: 20 }, (_, n) => ({
        sopInstanceUid: `1.2.3.4.${association}.${n}`,
        seriesInstanceUid: `1.2.3.4.${association}`,
        instanceNumber: n + 1,
        pixelBytes: 2 * (100 + n * 9001),
      })),
    );
    const summaries = await Promise.all(specs.map((ofOne, n) => server.send(ofOne.map(makeObject), `CT${n}`)));
    expect(summaries.every(({ isComplete }) => isComplete)).toBe(true);
    const listed = listedInstances(data);
    expect(listed.size).toBe(120);
    for (const [association, ofOne] of specs.entries()) {
      for (const spec of ofOne) {
        const instance = listed.get(spec.sopInstanceUid);
        expect(instance).toMatchObject({
          callingAeTitle: `CT${association}`,
          instanceNumber: String(spec.instanceNumber),
        });
        expect(instance && Buffer.compare(storedDataSet(data, instance), makeDataSet(spec))).toBe(0);
      }
    }
    expect(listing(data).studies).toHaveLength(1);
    expect((await server.stop()).code).toBe(0);
  });
});

describe('the same instance again', () => {
  test('is acknowledged when identical, refused with C000 otherwise, and that is logged', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data]);
    expect((await server.send(makeObject(someObject))).counts.stored).toBe(1);
    expect((await server.send(makeObject(someObject))).counts.stored).toBe(1);
    const { results } = await server.send(makeObject({ ...someObject, variant: 1 }));
    expect(results).toMatchObject([
      { outcome: 'refused', status: 0xc000, comment: expect.stringContaining('is stored') },
    ]);
    const { stderr } = await server.stop();
    expect(stderr).toMatch(/warn .* not stored 1\.2\.3\.4\.5: .*C000/);
    const instance = listedInstances(data).get('1.2.3.4.5');
    expect(instance && Buffer.compare(storedDataSet(data, instance), makeDataSet(someObject))).toBe(0);
  });

  test('takes the place of the stored one with --on-duplicate replace, and that is logged', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data, '--on-duplicate', 'replace']);
    await server.send(makeObject(someObject));
    const later = { ...someObject, variant: 1, studyInstanceUid: '1.9' };
    expect((await server.send(makeObject(later))).counts.stored).toBe(1);
    const { stderr } = await server.stop();
    expect(stderr).toMatch(/info .* replaced 1\.2\.3\.4\.5/);
    const [instance, ...others] = listedInstances(data).values();
    expect(others).toEqual([]);
    expect(instance && Buffer.compare(storedDataSet(data, instance), makeDataSet(later))).toBe(0);
    expect(existsSync(join(data, 'objects/1.2.3/1.2.3.4/1.2.3.4.5.dcm'))).toBe(false);
  });
});

describe('what can not be kept', () => {
  test('a disk without room: A700 for that object, nothing left of it, others are kept', async () => {
    const data = temporaryDirectory();
    // A limit on the length of files acts like a full disk, and only on this process.
    const wrapper = ['bash', '-c', 'ulimit -f 300; exec "$@"', 'bash'];
    const server = await Server.start(['--data', data], { wrapper });
    const specs = [10_000, 700_000, 5_000_000, 20_000].map((pixelBytes, n) => ({
      sopInstanceUid: `1.2.3.4.${n}`,
      pixelBytes,
    }));
    const { results } = await server.send(specs.map(makeObject));
    const outcomes = new Map(results.map(({ sopInstanceUid, outcome, status }) => [sopInstanceUid, [outcome, status]]));
    expect(outcomes).toEqual(
      new Map([
        ['1.2.3.4.0', ['stored', 0]],
        ['1.2.3.4.1', ['refused', 0xa700]],
        ['1.2.3.4.2', ['refused', 0xa700]],
        ['1.2.3.4.3', ['stored', 0]],
      ]),
    );
    expect([...listedInstances(data).keys()].sort()).toEqual(['1.2.3.4.0', '1.2.3.4.3']);
    expect((await server.stop()).code).toBe(0);
    expect(readdirSync(join(data, 'incoming'))).toEqual([]);
  });

  test('an object of another name than its command: A900', async () => {
    const server = await Server.start(['--data', temporaryDirectory()]);
    const object = { ...makeObject(someObject), dataSet: makeDataSet({ sopInstanceUid: '1.2.3.4.6' }) };
    expect((await server.send(object)).results).toMatchObject([{ outcome: 'refused', status: 0xa900 }]);
  });

  test('garbage: from the C000 range, and the association goes on', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data]);
    const garbage = { ...makeObject(someObject), dataSet: Buffer.alloc(40_000, 0xfe) };
    const { results, associations } = await server.send([garbage, makeObject({ sopInstanceUid: '1.2.3.4.6' })]);
    expect(results.find(({ sopInstanceUid }) => sopInstanceUid === '1.2.3.4.5')).toMatchObject({
      outcome: 'refused',
      status: 0xc000,
    });
    expect([...listedInstances(data).keys()]).toEqual(['1.2.3.4.6']);
    expect(associations).toBe(1);
  });
});

describe('start-up', () => {
  test('removes unfinished files, and says what it found', async () => {
    const data = temporaryDirectory();
    const first = await Server.start(['--data', data]);
    await first.send(makeObject(someObject));
    await first.kill();
    writeFileSync(join(data, 'incoming', '.0123456789abcdef-1.part'), 'half');
    writeFileSync(join(data, 'objects', 'strange\n.dcm'), 'no object');
    const second = await Server.start(['--data', data]);
    expect(readdirSync(join(data, 'incoming'))).toEqual([]);
    expect(second.stdout).toContain('(1 there,');
    expect(second.stderr).toMatch(/removed 1 unfinished files/);
    expect(second.stderr).toMatch(/can't be read as an object: objects\/strange\\n\.dcm/);
  });
});
