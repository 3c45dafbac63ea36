import { readdirSync } from 'node:fs';
import { StatusError } from '@dicomwire/dimse';
import { expect, test } from 'vitest';
import { type ReceivedInstance, storage, storeInstances, verification } from '../src/index.js';
import { makeDirectory, makeInstance, startScp } from './objects.js';

async function startArchive(directory: string) {
  return startScp({ services: [storage({ store: async (instance) => void (await instance.saveTo(directory)) })] });
}

test.each<[string, (instance: ReceivedInstance) => Promise<number | undefined>, object]>([
  ['nothing', async () => undefined, { outcome: 'stored', status: 0 }],
  ['a warning', async () => 0xb000, { outcome: 'warning', status: 0xb000 }],
  [
    'a StatusError',
    async () => {
      throw new StatusError(0xa701, 'Full since Monday');
    },
    { outcome: 'refused', reason: 'peer-status', status: 0xa701, comment: 'Full since Monday' },
  ],
  [
    'any other error',
    async () => {
      throw new Error('with /a/secret/path');
    },
    { outcome: 'refused', status: 0xc000, comment: undefined },
  ],
])('answers for a handler that gives %s without taking the data set', async (_name, store, result) => {
  const errors: unknown[] = [];
  const { peer } = await startScp({
    services: [storage({ store }), verification()],
    onError: (error) => errors.push(error),
  });
  const objects = ['1.1', '1.2', '1.3'].map((uid) => makeInstance(uid, { pixelBytes: 400_000 }));
  const summary = await storeInstances(peer, objects);
  expect(summary.associations).toBe(1);
  for (const each of summary.results) expect(each).toMatchObject(result);
  expect(errors.length).toBe(_name === 'any other error' ? 3 : 0);
});

test.each<[string, Partial<{ sopInstanceUid: string; sopClassUid: string }>]>([
  ['SOP instance', { sopInstanceUid: '1.2.3.99' }],
  ['SOP class', { sopClassUid: '1.2.840.10008.5.1.4.1.1.4' }],
])('answers A900 when the data set is of another %s than the command says', async (_name, announced) => {
  const directory = makeDirectory();
  const { peer } = await startArchive(directory);
  for (const pixelBytes of [10, 2_000_000]) {
    const summary = await storeInstances(peer, { ...makeInstance('1.2.3', { pixelBytes }), ...announced });
    expect(summary.results).toMatchObject([{ outcome: 'refused', status: 0xa900 }]);
  }
  expect(readdirSync(directory)).toEqual([]);
});

test('compares identity however the handler takes the data set', async () => {
  const ways: ((instance: ReceivedInstance) => Promise<unknown>)[] = [
    ({ dataSet }) => dataSet.bytes(),
    ({ dataSet }) => dataSet.parse(),
    async ({ dataSet }) => {
      for await (const fragment of dataSet) void fragment;
    },
    ({ dataSet }) => dataSet.pipe({ write: () => undefined }),
  ];
  for (const way of ways) {
    const { peer } = await startScp({ services: [storage({ store: async (instance) => void (await way(instance)) })] });
    const good = makeInstance('1.2.3');
    const inOrder = { ...peer, maximumOperations: 1 };
    const summary = await storeInstances(inOrder, [good, { ...good, sopInstanceUid: '1.2.4' }]);
    expect(summary.results.map(({ status }) => status)).toEqual([0, 0xa900]);
  }
});

test('answers C000 for a data set that is garbage where its identity should be', async () => {
  const { peer } = await startArchive(makeDirectory());
  const garbage = new Uint8Array(1000).fill(0xff, 0, 8);
  const summary = await storeInstances(peer, [{ ...makeInstance('1.2.3'), dataSet: garbage }, makeInstance('1.2.4')]);
  expect(summary.results).toMatchObject([{ status: expect.any(Number) }, { outcome: 'stored' }]);
});
