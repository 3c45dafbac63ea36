import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectSession } from '@dicomwire/dimse';
import {
  parsePart10,
  readFileMeta,
  storageSopClasses,
  TransferSyntax,
  transferSyntaxes,
} from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { nodeFileLayer, type ReceivedInstance, storage, storeInstances, verification } from '../src/index.js';
import { ctImageStorage, makeDirectory, makeFile, makeInstance, startScp } from './objects.js';

function dataSetOf(file: Uint8Array): Uint8Array {
  const read = readFileMeta(file, { isComplete: true });
  return file.subarray(read?.dataSetOffset ?? 0);
}

async function startArchive(directory: string, errors: unknown[] = []) {
  return startScp({
    services: [
      verification(),
      storage({
        async store(instance) {
          await instance.saveTo(directory);
        },
      }),
    ],
    onError: (error) => errors.push(error),
  });
}

test('keeps a file with the very bytes that were sent, and says where it came from', async () => {
  const directory = makeDirectory();
  const { peer } = await startArchive(directory);
  const instance = makeInstance('1.2.3.4.5', { pixelBytes: 300_000 });
  const summary = await storeInstances(peer, instance);
  expect(summary).toMatchObject({ isComplete: true, associations: 1, sentBytes: instance.dataSet.length });
  const file = readFileSync(join(directory, '1.2.3.4.5.dcm'));
  expect(dataSetOf(file).every((byte, at) => byte === instance.dataSet[at])).toBe(true);
  const { meta, dataSet } = parsePart10(file);
  expect(meta).toMatchObject({
    mediaStorageSopClassUid: ctImageStorage,
    mediaStorageSopInstanceUid: '1.2.3.4.5',
    transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
    sourceApplicationEntityTitle: 'MODALITY',
    receivingApplicationEntityTitle: 'ARCHIVE',
  });
  expect(dataSet.get('PatientID')).toBe('4711');
  expect(readdirSync(directory)).toEqual(['1.2.3.4.5.dcm']);
});

test('takes every storage SOP class and every transfer syntax of the standard', async () => {
  const received: string[] = [];
  const { peer } = await startScp({
    services: [
      storage({
        store: async (instance) => void received.push(`${instance.sopClassUid} ${instance.transferSyntaxUid}`),
      }),
    ],
  });
  const objects = [
    ...storageSopClasses.map((sopClassUid, index) => makeInstance(`1.2.${index + 1}`, { sopClassUid, pixelBytes: 8 })),
    ...transferSyntaxes.map(({ uid }, index) =>
      makeInstance(`1.3.${index + 1}`, { transferSyntaxUid: uid, pixelBytes: 8 }),
    ),
  ];
  const summary = await storeInstances(peer, objects);
  expect(summary.results.filter(({ outcome }) => outcome !== 'stored')).toEqual([]);
  expect(summary.associations).toBeGreaterThan(2);
  expect(received.length).toBe(objects.length);
  expect(new Set(received)).toEqual(
    new Set(objects.map((object) => `${object.sopClassUid} ${object.transferSyntaxUid}`)),
  );
});

test('gives a data set of odd length one zero byte more', async () => {
  const directory = makeDirectory();
  const { peer } = await startArchive(directory);
  const { dataSet, ...instance } = makeInstance('1.2.3');
  const odd = dataSet.subarray(0, dataSet.length - 1);
  await storeInstances(peer, { ...instance, dataSet: odd });
  const stored = dataSetOf(readFileSync(join(directory, '1.2.3.dcm')));
  expect(stored.length).toBe(odd.length + 1);
  expect(stored.at(-1)).toBe(0);
});

test('passes an object far larger than any buffer, at both ends', async () => {
  const chunk = new Uint8Array(256 * 1024).fill(0x5a);
  const chunks = 96;
  const head = makeInstance('1.2.3.4', { pixelBytes: 0 }).dataSet;
  const sent = createHash('sha256').update(head);
  for (let count = 0; count < chunks; count += 1) sent.update(chunk);
  const received = createHash('sha256');
  let largestFragment = 0;
  const { peer } = await startScp({
    services: [
      storage({
        async store({ dataSet }) {
          await dataSet.pipe({
            write(data) {
              largestFragment = Math.max(largestFragment, data.length);
              received.update(data);
              return undefined;
            },
          });
        },
      }),
    ],
  });
  const dataSet = {
    byteLength: head.length + chunks * chunk.length,
    reusesBuffers: true,
    *chunks() {
      yield head;
      for (let count = 0; count < chunks; count += 1) yield chunk;
    },
  };
  const summary = await storeInstances(peer, { ...makeInstance('1.2.3.4'), dataSet });
  expect(summary).toMatchObject({ isComplete: true, sentBytes: dataSet.byteLength });
  expect(received.digest('hex')).toBe(sent.digest('hex'));
  expect(largestFragment).toBeLessThanOrEqual(131_072);
});

test.each(['../../1.2.3', '/etc/passwd', '1.2.3/../../x', 'CON', '..', '1.2.3\0x'])(
  'writes nothing anywhere for the SOP instance UID %j, and serves on',
  async (sopInstanceUid) => {
    const directory = makeDirectory();
    const { peer } = await startScp({
      services: [
        verification(),
        storage({ checkIdentity: false, store: async (instance) => void (await instance.saveTo(directory)) }),
      ],
    });
    const session = await connectSession({
      ...peer,
      presentationContexts: [
        { abstractSyntax: ctImageStorage, transferSyntaxes: [TransferSyntax.ExplicitVRLittleEndian] },
      ],
    });
    const { dataSet } = makeInstance('1.2.3');
    const command = { type: 'C-STORE-RQ', affectedSopClassUid: ctImageStorage, priority: 0 } as const;
    const bad = await session.request({ ...command, affectedSopInstanceUid: sopInstanceUid }, { dataSet });
    expect(bad.command.status & 0xf000).toBe(0xc000);
    expect(readdirSync(directory)).toEqual([]);
    const good = await session.request({ ...command, affectedSopInstanceUid: '1.2.3' }, { dataSet });
    expect(good.command.status).toBe(0);
    expect(readdirSync(directory)).toEqual(['1.2.3.dcm']);
    await session.release();
  },
);

test.each(['../../CT1', '/etc/passwd', 'CON', '..', '$(id)', '%2e%2e/x'])(
  'keeps files where they belong when a peer calls itself %j',
  async (callingAeTitle) => {
    const directory = makeDirectory();
    const { peer } = await startArchive(directory);
    const summary = await storeInstances({ ...peer, callingAeTitle }, makeInstance('1.2.3'));
    expect(summary.isComplete).toBe(true);
    expect(readdirSync(directory, { recursive: true })).toEqual(['1.2.3.dcm']);
  },
);

test('leaves no file when the association is lost inside a data set', async () => {
  const directory = makeDirectory();
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let outcome: unknown;
  let over: () => void = () => undefined;
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  const { peer } = await startScp({
    services: [
      storage({
        async store(instance) {
          const saved = instance.saveTo(directory);
          begun();
          try {
            await saved;
          } catch (error) {
            outcome = error;
            throw error;
          } finally {
            over();
          }
        },
      }),
    ],
  });
  const { dataSet, ...instance } = makeInstance('1.2.3', { pixelBytes: 100_000 });
  const stop = new AbortController();
  const stored = storeInstances(
    peer,
    {
      ...instance,
      dataSet: {
        byteLength: dataSet.length,
        async *chunks() {
          yield dataSet.subarray(0, 50_000);
          await hasBegun;
          stop.abort(new Error('pulled'));
          yield dataSet.subarray(50_000);
        },
      },
    },
    { signal: stop.signal },
  );
  expect((await stored).results).toMatchObject([
    { outcome: 'failed', reason: 'aborted', error: { message: 'pulled' } },
  ]);
  await isOver;
  expect(outcome).toMatchObject({ code: 'association-ended' });
  expect(readdirSync(directory)).toEqual([]);
});

test('answers A700 when the disk is full, tells its operator, and serves on', async () => {
  const directory = makeDirectory();
  const errors: unknown[] = [];
  let isFull = true;
  const files = {
    ...nodeFileLayer,
    writevSync(descriptor: number, views: readonly Uint8Array[]) {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return nodeFileLayer.writevSync(descriptor, views);
    },
  };
  const { peer } = await startScp({
    services: [storage({ store: async (instance) => void (await instance.saveTo(directory, { files })) })],
    onError: (error) => errors.push(error),
  });
  const instance = makeInstance('1.2.3');
  expect((await storeInstances(peer, instance)).results).toMatchObject([{ outcome: 'refused', status: 0xa700 }]);
  expect(errors).toMatchObject([{ code: 'no-space', status: 0xa700 }]);
  expect(readdirSync(directory)).toEqual([]);
  isFull = false;
  expect((await storeInstances(peer, instance)).isComplete).toBe(true);
});

test('syncs data, then moves, then syncs the directory, then answers', async () => {
  const directory = makeDirectory();
  const order: string[] = [];
  const files = {
    ...nodeFileLayer,
    syncData(descriptor: number, done: (error: Error | null) => void) {
      nodeFileLayer.syncData(descriptor, (error) => {
        order.push('data synced');
        done(error);
      });
    },
    link(from: string, to: string) {
      order.push('in place');
      nodeFileLayer.link(from, to);
    },
    syncEntries(descriptor: number, done: (error: Error | null) => void) {
      nodeFileLayer.syncEntries(descriptor, (error) => {
        order.push('directory synced');
        done(error);
      });
    },
  };
  const { peer } = await startScp({
    services: [storage({ store: async (instance) => void (await instance.saveTo(directory, { files })) })],
  });
  await storeInstances(peer, makeInstance('1.2.3'), {
    onProgress: ({ result }) => {
      if (result !== undefined) order.push('answered');
    },
  });
  expect(order).toEqual(['data synced', 'in place', 'directory synced', 'answered']);
});

test('acknowledges the same object again, and refuses another one under its UID unless it may overwrite', async () => {
  const directory = makeDirectory();
  let overwrite = false;
  const saved: boolean[] = [];
  const { peer } = await startScp({
    services: [
      storage({
        async store(instance) {
          const { wasThere } = await instance.saveTo(directory, { overwrite });
          saved.push(wasThere);
        },
      }),
    ],
  });
  const first = makeInstance('1.2.3', { pixelBytes: 600_000 });
  const other = makeInstance('1.2.3', { pixelBytes: 600_002 });
  expect((await storeInstances(peer, first)).isComplete).toBe(true);
  expect((await storeInstances(peer, first)).isComplete).toBe(true);
  expect((await storeInstances(peer, other)).results).toMatchObject([{ outcome: 'refused', status: 0xc000 }]);
  expect(dataSetOf(readFileSync(join(directory, '1.2.3.dcm'))).length).toBe(first.dataSet.length);
  overwrite = true;
  expect((await storeInstances(peer, other)).isComplete).toBe(true);
  expect(dataSetOf(readFileSync(join(directory, '1.2.3.dcm'))).length).toBe(other.dataSet.length);
  expect(saved).toEqual([false, true, false]);
  expect(readdirSync(directory)).toEqual(['1.2.3.dcm']);
});

test('takes unknown SOP classes and transfer syntaxes only when it is promiscuous', async () => {
  const unknown = {
    ...makeInstance('1.2.3'),
    sopClassUid: '1.3.6.1.4.1.99999.1',
    transferSyntaxUid: '1.3.6.1.4.1.99999.2',
    dataSet: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  };
  const search = { ...makeInstance('1.2.4'), sopClassUid: '1.2.840.10008.5.1.4.1.2.1.1' };
  const strict = await startArchive(makeDirectory());
  expect((await storeInstances(strict.peer, [unknown, search])).results).toMatchObject([
    { outcome: 'not-sent', reason: 'no-accepted-context' },
    { outcome: 'not-sent', reason: 'no-accepted-context' },
  ]);
  const directory = makeDirectory();
  const open = await startScp({
    services: [storage({ promiscuous: true, store: async (instance) => void (await instance.saveTo(directory)) })],
  });
  expect((await storeInstances(open.peer, [unknown, search])).results).toMatchObject([
    { outcome: 'not-sent', reason: 'no-accepted-context', sopInstanceUid: '1.2.4' },
    { outcome: 'stored', sopInstanceUid: '1.2.3' },
  ]);
  expect(dataSetOf(readFileSync(join(directory, '1.2.3.dcm')))).toEqual(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
});

test('tells the handler who sent what', async () => {
  let seen: ReceivedInstance | undefined;
  const { peer } = await startScp({
    services: [
      storage({
        store: async (instance) => {
          seen = instance;
        },
      }),
    ],
  });
  const session = await connectSession({
    ...peer,
    presentationContexts: [
      { abstractSyntax: ctImageStorage, transferSyntaxes: [TransferSyntax.ExplicitVRLittleEndian] },
    ],
  });
  await session.request(
    {
      type: 'C-STORE-RQ',
      affectedSopClassUid: ctImageStorage,
      affectedSopInstanceUid: '1.2.3',
      priority: 0,
      moveOriginatorApplicationEntityTitle: 'WORKSTATION',
      moveOriginatorMessageId: 42,
    },
    { dataSet: makeInstance('1.2.3').dataSet },
  );
  await session.release();
  expect(seen).toMatchObject({
    sopClassUid: ctImageStorage,
    sopInstanceUid: '1.2.3',
    transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
    association: { callingAeTitle: 'MODALITY', calledAeTitle: 'ARCHIVE', peer: { address: '127.0.0.1' } },
    moveOriginator: { aeTitle: 'WORKSTATION', messageId: 42 },
  });
});

test('saves below the directory where a path says so', async () => {
  const directory = makeDirectory();
  const { peer } = await startScp({
    services: [storage({ store: async (instance) => void (await instance.saveTo(directory, { path: '1.2/3.dcm' })) })],
  });
  await storeInstances(peer, makeFile('1.2.3'));
  expect(existsSync(join(directory, '1.2', '3.dcm'))).toBe(true);
});
