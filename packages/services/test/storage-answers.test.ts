import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectSession, StatusError } from '@dicomwire/dimse';
import { encodeDataSet, parseDataSet, parseElements, TransferSyntax } from '@dicomwire/dimse/dataset';
import { describe, expect, test } from 'vitest';
import { type ReceivedInstance, storage, storeInstances, verification } from '../src/index.js';
import { ctImageStorage, makeDataSet, makeDirectory, makeInstance, startScp } from './objects.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const ctContext = { abstractSyntax: ctImageStorage, transferSyntaxes: [explicit] };
const storeRequest = { type: 'C-STORE-RQ', affectedSopClassUid: ctImageStorage, priority: 0 } as const;

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

describe('a data set that is none', () => {
  const good = encodeDataSet(makeDataSet('1.2.3'), explicit);
  const bad: readonly (readonly [name: string, dataSet: Uint8Array])[] = [
    ['garbage', new Uint8Array(1000).fill(0xff)],
    ['text', new TextEncoder().encode('GET / HTTP/1.1\r\n'.repeat(20))],
    ['zeros', new Uint8Array(1000)],
    ['nothing', new Uint8Array(0)],
    ['half an element header', good.slice(0, 6)],
    ['cut off inside its SOP class', good.slice(0, 20)],
    ['cut off before its SOP instance', good.slice(0, 40)],
    ['an element longer than the data set', Uint8Array.of(8, 0, 5, 0, 0x55, 0x54, 0, 0, 0xff, 0xff, 0xff, 0x7f)],
  ];

  test.each(bad)('%s is answered from the C000 range, and the association goes on', async (_name, dataSet) => {
    const directory = makeDirectory();
    const handlers: ((instance: ReceivedInstance) => Promise<unknown>)[] = [
      (instance) => instance.saveTo(directory),
      (instance) => instance.dataSet.bytes(),
      (instance) => instance.dataSet.parse(),
    ];
    for (const handle of handlers) {
      const { peer } = await startScp({ services: [storage({ store: async (each) => void (await handle(each)) })] });
      const session = await connectSession({ ...peer, presentationContexts: [ctContext] });
      const send = (bytes: Uint8Array) =>
        session.request({ ...storeRequest, affectedSopInstanceUid: '1.2.3' }, { dataSet: bytes });
      expect((await send(dataSet)).command.status & 0xf000).toBe(0xc000);
      expect(readdirSync(directory)).toEqual([]);
      expect((await send(good)).command.status).toBe(0);
      expect((await send(dataSet)).command.status & 0xf000).toBe(0xc000);
      await session.release();
      for (const name of readdirSync(directory)) rmSync(join(directory, name));
    }
  });

  test('one that is cut off anywhere is answered from the C000 range by a handler that parses it', async () => {
    const { peer } = await startScp({
      services: [storage({ store: async ({ dataSet }) => void (await dataSet.parse()) })],
    });
    const session = await connectSession({ ...peer, presentationContexts: [ctContext] });
    const ends = new Set(
      parseElements(good, explicit)
        .tags()
        .map((tag) => endBefore(good, tag)),
    );
    for (let length = 2; length < good.length; length += 10) {
      if (ends.has(length)) continue;
      const dataSet = good.slice(0, length);
      const { command } = await session.request({ ...storeRequest, affectedSopInstanceUid: '1.2.3' }, { dataSet });
      expect(command.status & 0xf000, String(length)).toBe(0xc000);
    }
    const { command } = await session.request({ ...storeRequest, affectedSopInstanceUid: '1.2.3' }, { dataSet: good });
    expect(command.status).toBe(0);
    await session.release();
  });
});

/** Length of what stands before an element: a data set may be cut there and be one all the same. */
function endBefore(bytes: Uint8Array, tag: number): number {
  return encodeDataSet(parseDataSet(bytes, explicit, { stopBefore: tag }), explicit).length;
}
