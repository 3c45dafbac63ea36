import {
  appendFileSync,
  createReadStream,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createSessionServer, type SessionServerOptions, StatusError } from '@dicomwire/dimse';
import { DataSet, encodePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, onTestFinished, test } from 'vitest';
import { connect, type StoreInput, type StoreProgress, storage, storeInstances, verification } from '../src/index.js';
import { ctImageStorage, makeDirectory, makeFile, makeInstance, mrImageStorage, startScp } from './objects.js';

/** A provider that notes what it gets. */
async function startNotebook() {
  const received: { readonly uid: string; readonly bytes: Uint8Array }[] = [];
  const started = await startScp({
    services: [
      verification(),
      storage({
        async store({ sopInstanceUid, dataSet }) {
          received.push({ uid: sopInstanceUid, bytes: await dataSet.bytes() });
        },
      }),
    ],
  });
  return { ...started, peer: { ...started.peer, maximumOperations: 1 }, received };
}

/** A peer made of the layer beneath, for what a good provider never does. */
async function startPeer(options: SessionServerOptions) {
  const server = createSessionServer(options);
  onTestFinished(() => server.close());
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { host: '127.0.0.1', port, maximumOperations: 1 };
}

const acceptCt = {
  presentationContexts: [{ abstractSyntax: ctImageStorage, transferSyntaxes: [TransferSyntax.ExplicitVRLittleEndian] }],
};

test('sends files, directories, bytes, instances and streams, nested as they come', async () => {
  const directory = makeDirectory();
  mkdirSync(join(directory, 'b', 'c'), { recursive: true });
  writeFileSync(join(directory, 'single.dcm'), makeFile('1.1'));
  writeFileSync(join(directory, 'b', '1.dcm'), makeFile('1.2', { pixelBytes: 20_000 }));
  writeFileSync(join(directory, 'b', 'c', '2.dcm'), makeFile('1.3', { pixelBytes: 1_200_000 }));
  async function* later(): AsyncGenerator<StoreInput> {
    yield makeFile('1.5');
    yield [[makeInstance('1.6')]];
  }
  async function* bytewise(file: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += 7) yield file.slice(at, at + 7);
  }
  const { peer, received } = await startNotebook();
  const summary = await storeInstances(peer, [
    join(directory, 'single.dcm'),
    join(directory, 'b'),
    makeFile('1.4'),
    later(),
    { stream: bytewise(makeFile('1.7')) },
    createReadStream(join(directory, 'b', 'c', '2.dcm')),
    new Blob([makeFile('1.9')]).stream(),
  ]);
  expect(summary.results.map(({ outcome }) => outcome)).toEqual(Array(9).fill('stored'));
  expect(received.map(({ uid }) => uid)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.3', '1.9']);
  expect(received[2]?.bytes).toEqual(makeInstance('1.3', { pixelBytes: 1_200_000 }).dataSet);
  expect(received[7]?.bytes).toEqual(received[2]?.bytes);
  expect(received[6]?.bytes).toEqual(makeInstance('1.7').dataSet);
});

test('passes over what is no DICOM instance in a directory, and says so; a file that was named is an error', async () => {
  const directory = makeDirectory();
  writeFileSync(join(directory, 'a.dcm'), makeFile('1.1'));
  writeFileSync(join(directory, 'empty'), '');
  writeFileSync(
    join(directory, 'notes.txt'),
    'These are notes, and rather long ones, of no use to any archive of this world.',
  );
  writeFileSync(join(directory, 'DICOMDIR'), makeFile('1.2', { sopClassUid: '1.2.840.10008.1.3.10' }));
  symlinkSync(directory, join(directory, 'loop'));
  const { peer } = await startNotebook();
  const results: string[] = [];
  const summary = await storeInstances(peer, directory, {
    collectResults: false,
    onProgress: ({ result }) => {
      if (result !== undefined) results.push(`${result.source.slice(directory.length + 1)} ${result.outcome}`);
    },
  });
  expect(results.sort()).toEqual([
    'DICOMDIR skipped',
    'a.dcm stored',
    'empty skipped',
    'loop skipped',
    'notes.txt skipped',
  ]);
  expect(summary).toMatchObject({ results: [], counts: { stored: 1, skipped: 4 }, isComplete: true });
  const named = await storeInstances(peer, [join(directory, 'notes.txt'), join(directory, 'absent')]);
  expect(named.results).toMatchObject([
    { outcome: 'not-sent', reason: 'not-dicom' },
    { outcome: 'not-sent', reason: 'unreadable', error: { code: 'ENOENT' } },
  ]);
  expect(named).toMatchObject({ associations: 0, isComplete: false });
});

test('sends the files that a DICOMDIR lists, in its order, and reports those that are not there', async () => {
  const directory = makeDirectory();
  for (const uid of ['1.1', '1.2']) writeFileSync(join(directory, `IM${uid.slice(2)}`), makeFile(uid));
  const record = (name: string) => ({ DirectoryRecordType: 'IMAGE', ReferencedFileID: [name] });
  const dicomdir = DataSet.from({
    FileSetID: 'TEST',
    DirectoryRecordSequence: [record('IM2'), record('IM9'), record('IM1'), record('DICOMDIR')],
  });
  const meta = {
    mediaStorageSopClassUid: '1.2.840.10008.1.3.10',
    mediaStorageSopInstanceUid: '1.9',
    transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
  };
  writeFileSync(join(directory, 'DICOMDIR'), encodePart10(dicomdir, meta));
  const { peer, received } = await startNotebook();
  const { results } = await storeInstances(peer, join(directory, 'DICOMDIR'));
  expect(received.map(({ uid }) => uid)).toEqual(['1.2', '1.1']);
  expect(results.map(({ outcome, reason }) => [outcome, reason]).sort()).toEqual([
    ['not-sent', 'not-dicom'],
    ['not-sent', 'unreadable'],
    ['stored', undefined],
    ['stored', undefined],
  ]);
});

test.each<[string, (file: Uint8Array) => Uint8Array]>([
  ['no preamble', (file) => file.subarray(128)],
  ['no file meta information', (file) => file.subarray(file.length - makeInstance('1.2.3').dataSet.length)],
])('takes files with %s', async (_name, change) => {
  const { peer, received } = await startNotebook();
  expect((await storeInstances(peer, change(makeFile('1.2.3')))).results).toMatchObject([{ outcome: 'stored' }]);
  expect(received[0]?.bytes).toEqual(makeInstance('1.2.3').dataSet);
});

test('announces the UIDs of the data set rather than those of the file meta information', async () => {
  const { peer, received } = await startNotebook();
  const other = makeFile('1.9.9');
  const head = other.subarray(0, other.length - makeInstance('1.9.9').dataSet.length);
  const mixed = Buffer.concat([head, makeInstance('1.2.3').dataSet]);
  expect((await storeInstances(peer, mixed)).results).toMatchObject([{ outcome: 'stored', sopInstanceUid: '1.2.3' }]);
  expect(received[0]?.uid).toBe('1.2.3');
});

test('reports objects without an identity', async () => {
  const { peer } = await startNotebook();
  const { dataSet } = makeInstance('1.2.3');
  const nameless = {
    sopClassUid: ctImageStorage,
    sopInstanceUid: 'x',
    transferSyntaxUid: '1.2',
    dataSet,
    source: 'me',
  };
  expect((await storeInstances(peer, nameless)).results).toMatchObject([
    { source: 'me', outcome: 'not-sent', reason: 'missing-identity' },
  ]);
});

test('opens a second association when 128 contexts do not do', async () => {
  const { peer } = await startScp({ services: [storage({ promiscuous: true, store: async () => undefined })] });
  const objects = Array.from({ length: 70 }, (_, index) =>
    makeInstance(`1.2.${index + 1}`, { sopClassUid: `1.3.99.${index + 1}` }),
  );
  const summary = await storeInstances(peer, objects);
  expect(summary).toMatchObject({ associations: 2, counts: { stored: 70 }, isComplete: true });
});

test('offers implicit VR little endian beside, and converts nothing where it is told not to', async () => {
  const peer = await startPeer({
    policy: {
      presentationContexts: [
        { abstractSyntax: ctImageStorage, transferSyntaxes: [TransferSyntax.ImplicitVRLittleEndian] },
      ],
    },
    session: { handler: async () => ({ status: 0 }) },
  });
  const objects = [
    makeInstance('1.1'),
    makeInstance('1.2', { transferSyntaxUid: TransferSyntax.ImplicitVRLittleEndian }),
    makeInstance('1.3', { sopClassUid: mrImageStorage }),
  ];
  const summary = await storeInstances(peer, objects, { convert: false });
  expect(summary.results).toMatchObject([
    { sopInstanceUid: '1.1', outcome: 'not-sent', reason: 'no-accepted-context', sentBytes: 0 },
    { sopInstanceUid: '1.2', outcome: 'stored' },
    { sopInstanceUid: '1.3', outcome: 'not-sent', reason: 'no-accepted-context' },
  ]);
  expect(summary.results[0]?.error?.message).toContain('Implicit VR Little Endian');
});

test('goes on after objects that were refused or can not be read', async () => {
  const directory = makeDirectory();
  const path = join(directory, 'shrinks.dcm');
  writeFileSync(path, makeFile('1.3', { pixelBytes: 100_000 }));
  const { peer } = await startScp({
    services: [
      storage({
        async store({ sopInstanceUid }) {
          if (sopInstanceUid === '1.2') throw new StatusError(0xc123, 'Not today');
          if (sopInstanceUid === '1.1') truncateSync(path, 50_000);
        },
      }),
    ],
  });
  const inOrder = { ...peer, maximumOperations: 1 };
  const summary = await storeInstances(inOrder, [makeInstance('1.1'), makeInstance('1.2'), path, makeInstance('1.4')]);
  expect(summary.results).toMatchObject([
    { outcome: 'stored' },
    { outcome: 'refused', status: 0xc123, comment: 'Not today', reason: 'peer-status' },
    { outcome: 'not-sent', reason: 'unreadable' },
    { outcome: 'stored' },
  ]);
  expect(summary).toMatchObject({ associations: 1, isComplete: false });
});

test('takes a new association for the rest when an object breaks off inside', async () => {
  const { peer, received } = await startNotebook();
  const broken = {
    ...makeInstance('1.2'),
    dataSet: {
      byteLength: 1_000_000,
      *chunks() {
        yield new Uint8Array(500_000);
        throw new Error('The tape tore');
      },
    },
  };
  const summary = await storeInstances(peer, [makeInstance('1.1'), broken, makeInstance('1.3')]);
  expect(summary.results).toMatchObject([
    { sopInstanceUid: '1.1', outcome: 'stored' },
    { sopInstanceUid: '1.2', outcome: 'failed', reason: 'unreadable' },
    { sopInstanceUid: '1.3', outcome: 'stored' },
  ]);
  expect(summary.results[1]?.error?.message).toContain('The tape tore');
  expect(summary.associations).toBe(2);
  expect(received.map(({ uid }) => uid)).toEqual(['1.1', '1.3']);
});

test('takes a new association for the rest when the peer breaks off at one object', async () => {
  let count = 0;
  const peer = await startPeer({
    policy: acceptCt,
    session: {
      async handler(request) {
        count += 1;
        if (count === 2) request.association.abort();
        return { status: 0 };
      },
    },
  });
  const summary = await storeInstances(
    peer,
    ['1.1', '1.2', '1.3', '1.4'].map((uid) => makeInstance(uid)),
  );
  expect(summary.results).toMatchObject([
    { outcome: 'stored' },
    { outcome: 'failed', reason: 'association-lost' },
    { outcome: 'stored' },
    { outcome: 'stored' },
  ]);
  expect(summary.results[1]?.error?.message).toBeTruthy();
  expect(summary.associations).toBe(2);
});

test('reports everything as not sent, with the reason, when there is no association', async () => {
  const { scp, peer } = await startNotebook();
  await scp.close();
  const summary = await storeInstances(peer, [makeInstance('1.1'), makeInstance('1.2')]);
  expect(summary.results).toMatchObject([
    { outcome: 'not-sent', reason: 'association-failed', error: { code: 'connect-failed' } },
    { outcome: 'not-sent', reason: 'association-failed', error: { code: 'connect-failed' } },
  ]);
  expect(summary.associations).toBe(0);
});

test('gives up on a peer that never answers', async () => {
  const peer = await startPeer({ policy: acceptCt, session: { handler: () => new Promise(() => undefined) } });
  const summary = await storeInstances({ ...peer, responseTimeoutMs: 50 }, [makeInstance('1.1'), makeInstance('1.2')]);
  expect(summary.results).toMatchObject([
    { outcome: 'failed', reason: 'timeout' },
    { outcome: 'not-sent', reason: 'timeout' },
  ]);
});

test('stops at the signal, in the middle of an object or between two', async () => {
  const stop = new AbortController();
  const { peer } = await startScp({
    services: [
      storage({
        async store({ sopInstanceUid }) {
          if (sopInstanceUid === '1.2') stop.abort(new Error('Enough'));
          await new Promise((resolve) => setImmediate(resolve));
        },
      }),
    ],
  });
  const inOrder = { ...peer, maximumOperations: 1 };
  async function* endless(): AsyncGenerator<StoreInput> {
    for (let count = 1; ; count += 1) yield makeInstance(`1.${count}`);
  }
  const summary = await storeInstances(inOrder, endless(), { signal: stop.signal, scanAhead: 1 });
  expect(summary.results.slice(0, 2)).toMatchObject([
    { outcome: 'stored' },
    { outcome: 'failed', reason: 'aborted', error: { message: 'Enough' } },
  ]);
  expect(summary.results.length).toBeLessThan(5);
  expect((await storeInstances(inOrder, makeInstance('1.1'), { signal: stop.signal })).results).toMatchObject([
    { outcome: 'not-sent', reason: 'aborted', error: { message: 'Enough' } },
  ]);
});

test('aborts at the signal while answers are outstanding', async () => {
  const stop = new AbortController();
  const ends: string[] = [];
  const peer = await startPeer({
    policy: acceptCt,
    session: {
      handler: (request) => {
        void request.association.closed.then((end) => ends.push(end.kind));
        stop.abort(new Error('Enough'));
        return new Promise(() => undefined);
      },
    },
  });
  const summary = await storeInstances(peer, [makeInstance('1.1'), makeInstance('1.2')], { signal: stop.signal });
  expect(summary.results).toMatchObject([
    { outcome: 'failed', reason: 'aborted', error: { message: 'Enough' } },
    { outcome: 'not-sent', reason: 'aborted', error: { message: 'Enough' } },
  ]);
  await expect.poll(() => ends).toEqual(['aborted']);
});

test('tells how far it is', async () => {
  const { peer } = await startNotebook();
  const seen: StoreProgress[] = [];
  const objects = [makeInstance('1.1', { pixelBytes: 5_000_000 }), makeInstance('1.2')];
  const summary = await storeInstances(peer, objects, { onProgress: (progress) => seen.push(progress) });
  const totalBytes = objects.reduce((sum, { dataSet }) => sum + dataSet.length, 0);
  expect(seen.length).toBeGreaterThan(4);
  expect(seen.at(-1)).toMatchObject({ total: 2, finished: 2, sentBytes: totalBytes, totalBytes, isScanning: false });
  expect(summary.sentBytes).toBe(totalBytes);
  const sent = seen.map(({ sentBytes }) => sentBytes);
  expect(sent).toEqual([...sent].sort((a, b) => a - b));
  expect(seen.filter(({ result }) => result !== undefined).map(({ result }) => result?.sopInstanceUid)).toEqual([
    '1.1',
    '1.2',
  ]);
});

test('rejects with what onProgress throws', async () => {
  const { peer } = await startNotebook();
  const stored = storeInstances(peer, [makeInstance('1.1'), makeInstance('1.2')], {
    onProgress: () => {
      throw new Error('bar is closed');
    },
  });
  await expect(stored).rejects.toThrow('bar is closed');
});

test.each<[string, unknown, RegExp]>([
  ['a number', 42, /^42 \(number\) can't be stored/],
  ['nothing', undefined, /^Nothing \(undefined\)/],
  ['null', null, /^null/],
  ['another object', { path: 'x' }, /^An object with path can't/],
  ['elements that are no data set', { SOPClassUID: '1.2' }, /DataSet\.from makes a DataSet/],
  ['a stream that is none', { stream: 42 }, /^An object with stream/],
  [
    'a data set that is none',
    { sopClassUid: '1', sopInstanceUid: '2', transferSyntaxUid: '3', dataSet: 'x' },
    /dataSet/,
  ],
])('rejects inputs that are none, and says what would be some: %s', async (_name, input, message) => {
  const { peer } = await startNotebook();
  // @ts-expect-error what the types forbid
  const stored = storeInstances(peer, [input]);
  await expect(stored).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringMatching(message) });
  await expect(stored).rejects.toThrow(/path .*DataSet.*iterable of these/);
});

test('has as many requests outstanding as the peer allows, and no more', async () => {
  let now = 0;
  let most = 0;
  const { peer } = await startScp({
    maximumOperations: 4,
    services: [
      storage({
        async store({ dataSet }) {
          now += 1;
          most = Math.max(most, now);
          await dataSet.discard();
          for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          now -= 1;
        },
      }),
    ],
  });
  const objects = Array.from({ length: 40 }, (_, index) => makeInstance(`1.2.${index + 1}`));
  expect((await storeInstances(peer, objects)).counts.stored).toBe(40);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(4);
});

test('a client stores and verifies, with one association at a time when calls follow each other', async () => {
  const { scp, peer, received } = await startNotebook();
  const client = await connect(peer);
  await client.verify();
  expect((await client.store(makeInstance('1.1'))).associations).toBe(1);
  expect(scp.associations.size).toBe(1);
  await client.verify();
  expect((await client.store([makeInstance('1.2'), makeInstance('1.3')])).associations).toBe(0);
  expect(scp.associations.size).toBe(1);
  const both = await Promise.all([client.store(makeInstance('1.4', { sopClassUid: mrImageStorage })), client.verify()]);
  expect(both[0].isComplete).toBe(true);
  await client.release();
  expect(received.map(({ uid }) => uid)).toEqual(['1.1', '1.2', '1.3', '1.4']);
});

test('sends file after file as they are on disk, large ones piece by piece', async () => {
  const directory = makeDirectory();
  const sizes = [0, 10, 16_000, 16_384, 200_000, 1_048_576, 3_333_334];
  for (const [index, pixelBytes] of sizes.entries()) {
    writeFileSync(join(directory, `${index}.dcm`), makeFile(`1.2.${index}`, { pixelBytes }));
  }
  appendFileSync(join(directory, '1.dcm'), '\n');
  const { peer, received } = await startNotebook();
  expect((await storeInstances(peer, directory)).counts.stored).toBe(sizes.length);
  for (const [index, { bytes }] of received.entries()) {
    const file = readFileSync(join(directory, `${index}.dcm`));
    const sent = file.subarray(file.length - (bytes.length - (index === 1 ? 1 : 0)));
    expect(Buffer.from(bytes).subarray(0, sent.length).equals(sent)).toBe(true);
  }
});
