import { StatusError } from '@dicomwire/dimse';
import {
  DataSet,
  encodeDataSet,
  type PixelCodec,
  parseDataSet,
  setEncapsulatedFrames,
  TransferSyntax,
} from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, makeInstance, mrImageStorage } from '../../test/objects.js';
import { ctInExplicit, getAll, oneStudy, openRequestor, sourceOf, studyRootGet } from '../../test/retrieving.js';
import { get, type InstanceSource } from '../index.js';

async function open(source: InstanceSource, options: Partial<Parameters<typeof openRequestor>[1]> = {}) {
  const { peer, clock } = memoryLine({ services: [get({ source })] });
  return { clock, ...(await openRequestor(peer, { sopClassUid: studyRootGet, ...options })) };
}

const three = ['1.1', '1.2', '1.3'].map((uid) => makeInstance(uid));

test('sends each instance as it stands, and tells the counters after each', async () => {
  const source = sourceOf(three);
  const requestor = await open(source);
  expect(await getAll(requestor)).toEqual([
    { status: 0xff00, counts: [3, 0, 0, 0] },
    { status: 0xff00, counts: [2, 1, 0, 0] },
    { status: 0xff00, counts: [1, 2, 0, 0] },
    { status: 0x0000, counts: [undefined, 3, 0, 0] },
  ]);
  expect(requestor.received.map(({ bytes }) => bytes)).toEqual(three.map(({ dataSet }) => dataSet));
  expect(source.queries).toMatchObject([{ model: 'study-root', level: 'STUDY', studyInstanceUids: ['1.2.3'] }]);
});

test('answers B000 with the UIDs that failed when some were refused', async () => {
  const requestor = await open(sourceOf(three), {
    answer: (_request, { affectedSopInstanceUid }) => (affectedSopInstanceUid === '1.2' ? 0xa700 : 0x0000),
  });
  expect((await getAll(requestor)).at(-1)).toEqual({
    status: 0xb000,
    counts: [undefined, 2, 1, 0],
    failedUids: ['1.2'],
  });
});

test('answers B000 without a list when there were only warnings', async () => {
  const requestor = await open(sourceOf(three), { answer: () => 0xb007 });
  expect((await getAll(requestor)).at(-1)).toEqual({ status: 0xb000, counts: [undefined, 0, 0, 3] });
});

test('answers A702 with all UIDs when everything failed', async () => {
  const requestor = await open(sourceOf(three), { answer: () => 0xc001 });
  expect((await getAll(requestor)).at(-1)).toEqual({
    status: 0xa702,
    counts: [undefined, 0, 3, 0],
    failedUids: ['1.1', '1.2', '1.3'],
  });
});

test('counts an instance as failed for which no context was accepted', async () => {
  const source = sourceOf([
    makeInstance('1.1'),
    makeInstance('1.2', { sopClassUid: mrImageStorage }),
    makeInstance('1.3', { transferSyntaxUid: TransferSyntax.JPEG2000 }),
  ]);
  const requestor = await open(source);
  expect((await getAll(requestor)).at(-1)).toEqual({
    status: 0xb000,
    counts: [undefined, 1, 2, 0],
    failedUids: ['1.2', '1.3'],
  });
  expect(requestor.received).toHaveLength(1);
});

test('sends nothing to a peer that did not ask to be storage SCP', async () => {
  const requestor = await open(sourceOf(three), { asksForRole: false });
  expect((await getAll(requestor)).at(-1)).toMatchObject({ status: 0xa702 });
  expect(requestor.received).toHaveLength(0);
});

test('answers Success with nothing sent when nothing is there', async () => {
  expect(await getAll(await open(sourceOf([])))).toEqual([{ status: 0x0000, counts: [undefined, 0, 0, 0] }]);
});

test.each<[string, Record<string, string | readonly string[]>, number]>([
  ['no level', { StudyInstanceUID: '1.2' }, 0xa900],
  ['a level that the model has not', { QueryRetrieveLevel: 'PATIENT', PatientID: '1' }, 0xa900],
  ['no unique key', { QueryRetrieveLevel: 'SERIES', StudyInstanceUID: '1.2' }, 0xa900],
  ['an empty unique key', { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '' }, 0xa900],
])('refuses an identifier with %s', async (_name, identifier, status) => {
  const source = sourceOf(three);
  expect(await getAll(await open(source), identifier)).toMatchObject([{ status }]);
  expect(source.queries).toEqual([]);
});

test('answers what the source throws', async () => {
  const source: InstanceSource = {
    instances() {
      throw new StatusError(0x0124, 'Not for you');
    },
  };
  expect(await getAll(await open(source))).toMatchObject([{ status: 0x0124 }]);
});

test('stops at a C-CANCEL: what is on its way is finished, the rest remains', async () => {
  const many = Array.from({ length: 50 }, (_, index) => makeInstance(`1.2.${index + 1}`));
  const stop = new AbortController();
  const requestor = await open(sourceOf(many), {
    answer: (_request, { affectedSopInstanceUid }) => {
      if (affectedSopInstanceUid === '1.2.3') stop.abort(new Error('Enough'));
      return 0x0000;
    },
    storage: [ctInExplicit],
  });
  await expect(
    requestor.session.request(
      { type: 'C-GET-RQ', affectedSopClassUid: studyRootGet, priority: 0 },
      {
        dataSet: DataSet.from(oneStudy),
        signal: stop.signal,
      },
    ),
  ).rejects.toThrow('Enough');
  await requestor.session.release();
  expect(requestor.received.length).toBeLessThanOrEqual(4);
});

/** A codec for which JPEG 2000 is samples without a change, if the first is 1. */
const plainCodec: PixelCodec = {
  name: 'Plain',
  decodes: [TransferSyntax.JPEG2000],
  encodes: [],
  decode(frame) {
    if (frame[0] !== 1) throw new Error('not 1');
    return { bytes: frame, isLossy: false };
  },
  encode: () => Promise.reject(new Error('no')),
};

function compressedImage(sopInstanceUid: string, samples: readonly number[]) {
  const dataSet = DataSet.from({
    SOPClassUID: ctImageStorage,
    SOPInstanceUID: sopInstanceUid,
    Rows: 1,
    Columns: samples.length,
    BitsAllocated: 8,
  });
  setEncapsulatedFrames(dataSet, [Uint8Array.from(samples)]);
  const transferSyntaxUid = TransferSyntax.JPEG2000;
  return {
    sopClassUid: ctImageStorage,
    sopInstanceUid,
    transferSyntaxUid,
    dataSet: encodeDataSet(dataSet, transferSyntaxUid),
  };
}

test('who takes no compressed transfer syntax gets instances decompressed, and those that can not be count as failed', async () => {
  const source = sourceOf([
    compressedImage('1.1', [1, 2]),
    compressedImage('1.2', [2, 2]),
    compressedImage('1.3', [1, 4]),
  ]);
  const archive = memoryLine({ services: [get({ source, codecs: [plainCodec] })] });
  const requestor = await openRequestor(archive.peer, { sopClassUid: studyRootGet });
  const responses = await getAll(requestor);
  expect(responses.at(-1)).toEqual({ status: 0xb000, counts: [undefined, 2, 1, 0], failedUids: ['1.2'] });
  const pixels = requestor.received.map(({ bytes, transferSyntaxUid }) => [
    ...(parseDataSet(bytes, transferSyntaxUid ?? '').bytes('PixelData') ?? []),
  ]);
  expect(pixels).toEqual([
    [1, 2],
    [1, 4],
  ]);
});

test('without a codec they all count as failed', async () => {
  const archive = memoryLine({ services: [get({ source: sourceOf([compressedImage('1.1', [1, 2])]) })] });
  const requestor = await openRequestor(archive.peer, { sopClassUid: studyRootGet });
  expect((await getAll(requestor)).at(-1)).toMatchObject({ status: 0xa702, failedUids: ['1.1'] });
  expect(requestor.received).toEqual([]);
});
