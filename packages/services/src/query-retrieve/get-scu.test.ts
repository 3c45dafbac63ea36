import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import { settle } from '@dicomwire/dimse/testing';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, makeDirectory, makeInstance, mrImageStorage } from '../../test/objects.js';
import { sourceOf } from '../../test/retrieving.js';
import { connect, get, type InstanceToSend, type PeerOptions, type RetrieveProgress, verification } from '../index.js';

/** A client of an archive that gives these instances. */
async function open(instances: readonly InstanceToSend[], peerOptions: Partial<PeerOptions> = {}) {
  const source = sourceOf(instances);
  const line = memoryLine({ services: [get({ source }), verification()] });
  const client = await connect({ ...line.peer, services: [], ...peerOptions });
  onTestFinished(() => client.abort());
  return { ...line, source, client };
}

const study = { StudyInstanceUID: '1.2.3' };
const five = ['1.1', '1.2', '1.3', '1.4', '1.5'].map((uid) => makeInstance(uid));

test('gives instances one by one, byte for byte, and how it ended', async () => {
  const { client, source } = await open(five);
  const progress: RetrieveProgress[] = [];
  const retrieval = client.retrieve(study, { onProgress: (step) => progress.push(step) });
  const received: InstanceToSend[] = [];
  for await (const instance of retrieval) {
    const { sopClassUid, sopInstanceUid, transferSyntaxUid } = instance;
    received.push({ sopClassUid, sopInstanceUid, transferSyntaxUid, dataSet: await instance.dataSet.bytes() });
  }
  expect(received).toEqual(five);
  expect(retrieval.summary).toEqual({
    status: 0,
    category: 'Success',
    meaning: 'Success',
    comment: undefined,
    remaining: undefined,
    completed: 5,
    failed: 0,
    warning: 0,
    failedSopInstanceUids: [],
    isComplete: true,
  });
  expect(progress.map(({ remaining, completed }) => [remaining, completed])).toEqual([
    [5, 0],
    [4, 1],
    [3, 2],
    [2, 3],
    [1, 4],
    [undefined, 5],
  ]);
  expect(source.queries).toMatchObject([{ model: 'study-root', level: 'STUDY', studyInstanceUids: ['1.2.3'] }]);
});

test('saves what it gets', async () => {
  const directory = makeDirectory();
  const { client } = await open(five);
  for await (const instance of client.retrieve(study)) await instance.saveTo(directory, { sync: false });
  expect(readdirSync(directory).sort()).toEqual(['1.1.dcm', '1.2.dcm', '1.3.dcm', '1.4.dcm', '1.5.dcm']);
});

test('the peer waits while an instance is looked at', async () => {
  const { client } = await open(five);
  const progress: (number | undefined)[] = [];
  for await (const { dataSet } of client.retrieve(study, { onProgress: ({ completed }) => progress.push(completed) })) {
    await dataSet.discard();
    const before = progress.length;
    await settle();
    expect(progress.length - before).toBeLessThanOrEqual(before === 0 ? 1 : 0);
  }
});

test('waits for what was begun to be saved before the peer is answered', async () => {
  const directory = makeDirectory();
  const { client } = await open(five);
  let last = '';
  for await (const instance of client.retrieve(study)) {
    if (last !== '') expect(existsSync(join(directory, `${last}.dcm`))).toBe(true);
    void instance.saveTo(directory, { sync: false });
    last = instance.sopInstanceUid;
  }
  expect(readdirSync(directory)).toHaveLength(5);
});

test('an instance that could not be saved is counted as failed by the peer', async () => {
  const { client } = await open(five);
  const retrieval = client.retrieve(study);
  for await (const instance of retrieval) {
    if (instance.sopInstanceUid === '1.3') await instance.saveTo('/proc/nowhere').catch(() => undefined);
  }
  expect(retrieval.summary).toMatchObject({
    status: 0xb000,
    category: 'Warning',
    completed: 4,
    failed: 1,
    failedSopInstanceUids: ['1.3'],
    isComplete: false,
  });
});

test('throws when nothing could be sent, with the counters and UIDs', async () => {
  const { client } = await open([makeInstance('1.9', { sopClassUid: '1.2.840.10008.5.1.4.1.1.481.25' })]);
  const first = client.retrieve(study)[Symbol.asyncIterator]().next();
  await expect(first).rejects.toMatchObject({
    code: 'refused',
    status: 0xa702,
    retrieval: { completed: 0, failed: 1, failedSopInstanceUids: ['1.9'] },
  });
});

test('leaving the loop cancels the rest, and the association is good for the next call', async () => {
  const { client, transports } = await open(five);
  for await (const instance of client.retrieve(study)) {
    await instance.dataSet.discard();
    if (instance.sopInstanceUid === '1.2') break;
  }
  const again: string[] = [];
  for await (const { sopInstanceUid } of client.retrieve(study)) again.push(sopInstanceUid);
  expect(again).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5']);
  expect(transports.length).toBeLessThanOrEqual(2);
  await client.release();
});

test('a signal cancels: the iteration throws its reason, and nothing is left open', async () => {
  const { client } = await open(five);
  const stop = new AbortController();
  const received: string[] = [];
  const retrieving = async () => {
    for await (const { sopInstanceUid } of client.retrieve(study, { signal: stop.signal })) {
      received.push(sopInstanceUid);
      if (sopInstanceUid === '1.2') stop.abort(new Error('Enough'));
    }
  };
  await expect(retrieving()).rejects.toThrow('Enough');
  expect(received).toEqual(['1.1', '1.2']);
  await client.release();
});

test('a loop that throws cancels, too', async () => {
  const { client } = await open(five);
  const retrieving = async () => {
    for await (const { sopInstanceUid } of client.retrieve(study)) throw new Error(`I do not like ${sopInstanceUid}`);
  };
  await expect(retrieving()).rejects.toThrow('I do not like 1.1');
  await client.release();
});

test('an onProgress that throws ends the iteration', async () => {
  const { client } = await open(five);
  const retrieval = client.retrieve(study, {
    onProgress: () => {
      throw new Error('bar is closed');
    },
  });
  const retrieving = async () => {
    for await (const { dataSet } of retrieval) await dataSet.discard();
  };
  await expect(retrieving()).rejects.toThrow('bar is closed');
  await client.release();
});

test('the association that goes away ends the iteration with the reason', async () => {
  const { client, transports } = await open(five);
  const retrieving = async () => {
    for await (const { sopInstanceUid } of client.retrieve(study)) {
      if (sopInstanceUid === '1.2') transports[0]?.[1].reset();
    }
  };
  await expect(retrieving()).rejects.toMatchObject({ code: 'association-ended' });
});

test('compressed and uncompressed instances of several classes come in one go', async () => {
  const mixed = [
    makeInstance('1.1'),
    makeInstance('1.2', { transferSyntaxUid: TransferSyntax.JPEG2000Lossless }),
    makeInstance('1.3', { sopClassUid: mrImageStorage, transferSyntaxUid: TransferSyntax.JPEGBaseline8Bit }),
    makeInstance('1.4', { sopClassUid: SopClass.EncapsulatedPDFStorage }),
  ];
  const { client } = await open(mixed);
  const received: string[] = [];
  for await (const { transferSyntaxUid } of client.retrieve(study)) received.push(transferSyntaxUid);
  expect(received).toEqual(mixed.map(({ transferSyntaxUid }) => transferSyntaxUid));
});

test('few SOP classes leave a context for each transfer syntax', async () => {
  const every = [
    TransferSyntax.ExplicitVRLittleEndian,
    TransferSyntax.JPEG2000Lossless,
    TransferSyntax.JPEGLSLossless,
    TransferSyntax.RLELossless,
    TransferSyntax.JPEGBaseline8Bit,
    TransferSyntax.JPEG2000,
  ].map((transferSyntaxUid, index) => makeInstance(`1.${index + 1}`, { transferSyntaxUid }));
  const { client } = await open(every);
  const received: string[] = [];
  const expected = { sopClasses: [ctImageStorage, mrImageStorage] };
  for await (const { transferSyntaxUid } of client.retrieve(study, expected)) received.push(transferSyntaxUid);
  expect(received).toEqual(every.map(({ transferSyntaxUid }) => transferSyntaxUid));
});

test.each<[string, Parameters<Awaited<ReturnType<typeof connect>>['retrieve']>, object]>([
  [
    'a patient by the patient root',
    [{ PatientID: 'PÄT' }],
    { model: 'patient-root', level: 'PATIENT', patientIds: ['PÄT'] },
  ],
  [
    'several instances of a series',
    [{ ...study, SeriesInstanceUID: '1.4', SOPInstanceUID: ['1.1', '1.2'] }],
    { level: 'IMAGE', seriesInstanceUids: ['1.4'], sopInstanceUids: ['1.1', '1.2'] },
  ],
  [
    'instances by their UIDs alone',
    [{ SOPInstanceUID: ['1.1', '1.2'] }, { model: 'composite-instance-root' }],
    { model: 'composite-instance-root', level: 'IMAGE', sopInstanceUids: ['1.1', '1.2'] },
  ],
  [
    'what an identifier says',
    [DataSet.from({ QueryRetrieveLevel: 'SERIES', SeriesInstanceUID: '1.4' })],
    { model: 'study-root', level: 'SERIES', seriesInstanceUids: ['1.4'] },
  ],
])('asks for %s', async (_name, [keys, options], expected) => {
  const { client, source } = await open([]);
  for await (const _instance of client.retrieve(keys, options)) throw new Error('Nothing should come');
  expect(source.queries).toMatchObject([expected]);
});

test('a list of thousands of UIDs is asked for in one go', async () => {
  const uids = Array.from({ length: 3000 }, (_, index) => `1.2.840.113619.2.55.3.604688119.971.1234567890.${index}`);
  const { client, source } = await open([]);
  for await (const _instance of client.retrieve({ SOPInstanceUID: uids })) throw new Error('Nothing should come');
  expect(source.queries[0]?.sopInstanceUids).toEqual(uids);
});

test.each<[string, Parameters<Awaited<ReturnType<typeof connect>>['retrieve']>]>([
  ['no key', [{}]],
  ['empty keys', [{ StudyInstanceUID: '' }]],
  ['a level that the model has not', [{ PatientID: '4711' }, { model: 'study-root' }]],
  [
    'more SOP classes than there are contexts',
    [study, { sopClasses: Array.from({ length: 128 }, (_, at) => `1.${at}`) }],
  ],
])('refuses %s at once', async (_name, [keys, options]) => {
  const { client } = await open([]);
  expect(() => client.retrieve(keys, options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
});
